"""What a grid has for columns: those of the import's sheets that one fills in by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.workbook.layout import PAYMENTS, SHIPMENTS, Column, Sheet, column_named

MOST_ROWS = 200

# Headings that a person's own list has for these columns, besides those of the import.
ALSO = {
    "customer": (
        "客户名称",
        "客户简称",
        "往来单位",
        "付款单位",
        "购货单位",
        "付款方",
        "customer name",
        "client",
        "payer",
    ),
    "date": ("回款日期", "收款日期", "付款日期", "到账日期", "发货日期", "出库日期", "payment date", "shipment date"),
    "amount": ("回款金额", "收款金额", "付款金额", "到账金额", "发货金额", "含税金额", "total"),
    "method": ("回款方式", "收款方式", "付款方式", "结算方式"),
    "bank_reference": ("银行流水号", "交易流水号", "凭证号", "reference"),
    "number": ("编号", "收款单号", "出库单号", "送货单号"),
    "product": ("品名", "产品名称", "货品", "规格型号", "item"),
    "quantity": ("发货数量", "qty"),
    "unit_price": ("含税单价", "price"),
    "memo": ("备注", "说明", "note", "remarks"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    sheet: Sheet
    keys: tuple[str, ...]
    labels: dict[str, str | Promise]
    required: tuple[str, ...]

    @property
    def columns(self) -> list[Column]:
        return [self.sheet.column(key) for key in self.keys]

    def heading(self, text: str) -> str | None:
        """The key of the column that a heading names; None where it names none of these."""
        column = column_named(self.sheet, text)
        if column is not None:
            return column.key if column.key in self.keys else None
        plain = "".join(text.lower().split())
        found = (key for key, names in ALSO.items() if key in self.keys and plain in _plain(names))
        return next(found, None)


def _plain(names: Sequence[str]) -> list[str]:
    return ["".join(name.split()) for name in names]


_LABELS: dict[str, str | Promise] = {
    "customer": _("Customer"),
    "date": _("Date"),
    "amount": _("Amount"),
    "method": _("Method"),
    "bank_reference": _("Bank reference"),
    "number": _("Number"),
    "due_date": _("Due date"),
    "product": _("Product"),
    "quantity": _("Quantity"),
    "unit": _("Unit"),
    "unit_price": _("Unit price"),
    "memo": _("Memo"),
}

PAYMENT_GRID = Layout(
    PAYMENTS,
    ("customer", "date", "amount", "method", "bank_reference", "number", "due_date", "memo"),
    {**_LABELS, "due_date": _("Bill matures on")},
    ("customer", "date", "amount"),
)
SHIPMENT_GRID = Layout(
    SHIPMENTS,
    ("customer", "date", "number", "product", "quantity", "unit", "unit_price", "amount", "due_date", "memo"),
    _LABELS,
    ("customer", "date", "number"),
)
LINE_GRID = Layout(SHIPMENTS, ("product", "quantity", "unit", "unit_price"), _LABELS, ())
