"""Sheets and columns of the import workbook: one table for the reader, the template and the messages."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language


class Holds(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    CODE = "code"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    PRICE = "price"
    DATE = "date"
    DAYS = "days"
    YES_NO = "yes_no"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    english: str
    chinese: str
    holds: Holds = Holds.TEXT
    required: bool = False
    # Other headings under which the column is found.
    also: tuple[str, ...] = ()
    # Of a choice: the stored value by each way of writing it.
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    longest: int = 200
    # Whether a line break in a cell is read as a blank; elsewhere it is a mistake.
    wraps: bool = False
    example: tuple[object, ...] = ()

    @property
    def choices_said(self) -> list[str]:
        """Each choice in English and Chinese."""
        return [
            f"{written[0]} {next(one for one in written if not one.isascii())}" for _stored, written in self.choices
        ]

    @property
    def choices_shown(self) -> list[str]:
        """Each choice as who reads this page would write it."""
        said = [(written[0], next(one for one in written if not one.isascii())) for _stored, written in self.choices]
        is_chinese = (get_language() or "").startswith("zh")
        return [chinese if is_chinese else english for english, chinese in said]


@dataclass(frozen=True, slots=True)
class Sheet:
    key: str
    english: str
    chinese: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


TAX_KINDS = (
    ("special", ("special", "专票", "增值税专用发票", "专用发票")),
    ("general", ("general", "普票", "增值税普通发票", "普通发票")),
    ("none", ("none", "无", "无票", "不开票")),
)
METHODS = (
    ("transfer", ("transfer", "bank transfer", "转账", "银行转账", "电汇")),
    ("cash", ("cash", "现金")),
    ("bill", ("acceptance bill", "bill", "承兑汇票", "承兑", "银行承兑汇票", "商业承兑汇票")),
    ("cheque", ("cheque", "check", "支票")),
)


def _customer(*example: object) -> Column:
    return Column(
        "customer",
        "customer",
        "客户编码",
        Holds.CODE,
        True,
        also=("客户", "customer code"),
        longest=40,
        example=example,
    )


def _salesperson(*example: object) -> Column:
    return Column("salesperson", "salesperson", "业务员", Holds.CODE, longest=150, example=example)


def _date(key: str, english: str, chinese: str, *example: object, required: bool = False) -> Column:
    return Column(key, english, chinese, Holds.DATE, required, example=example)


def _number(chinese: str, *example: object, required: bool = True) -> Column:
    return Column("number", "number", chinese, Holds.CODE, required, also=("单号",), longest=60, example=example)


def _numbers(key: str, english: str, chinese: str, *example: object) -> Column:
    """Numbers of several documents, separated by semicolons."""
    return Column(key, english, chinese, Holds.CODE, longest=20_000, wraps=True, example=example)


def _amount(*example: object, required: bool = True) -> Column:
    return Column("amount", "amount", "金额", Holds.AMOUNT, required, example=example)


CUSTOMERS = Sheet(
    "customers",
    "Customers",
    "客户",
    (
        Column("code", "code", "客户编码", Holds.CODE, True, longest=40, example=("C001", "0200769623")),
        Column("name", "name", "客户名称", required=True, example=("华东精密机械有限公司", "Southern Trading Ltd")),
        _salesperson("lina", "lina"),
        Column("region", "region", "区域", longest=80, example=("华东", "华南")),
        Column("terms_days", "terms days", "账期天数", Holds.DAYS, example=(30, 60)),
        Column("credit_limit", "credit limit", "信用额度", Holds.AMOUNT, example=(500000, None)),
        Column("currency", "currency", "币种", Holds.CODE, longest=3, example=("CNY", "USD")),
        Column("tax_id", "tax id", "统一社会信用代码", Holds.CODE, longest=40, example=("913100006072315198", None)),
        Column("contact", "contact", "联系人", longest=80, example=("王敏", "J. Smith")),
        Column("phone", "phone", "电话", Holds.CODE, longest=40, example=("021-55501234", None)),
        Column("email", "email", "邮箱", longest=254, example=("wangmin@example.com", "smith@example.com")),
        Column("key_account", "key account", "大客户", Holds.YES_NO, example=("是", "no")),
    ),
)
OPENING = Sheet(
    "opening",
    "Opening",
    "期初",
    (
        _customer("C001", "0200769623"),
        _date("date", "date", "日期", "2026-01-01", "2026-01-01", required=True),
        _amount(12000, -500),
        _number("单号", "OPEN-1", None, required=False),
        _date("due_date", "due date", "到期日", "2026-01-15", None),
        _salesperson(None, None),
    ),
)
SHIPMENTS = Sheet(
    "shipments",
    "Shipments",
    "发货",
    (
        _number("发货单号", "S-1001", "S-1001", "S-1002"),
        _customer("C001", "C001", "C001"),
        _date("date", "date", "日期", "2026-02-03", "2026-02-03", "2026-02-10", required=True),
        _amount(None, None, -90.5, required=False),
        Column("product", "product", "产品", wraps=True, example=("轴承 6204", "密封圈", None)),
        Column("quantity", "quantity", "数量", Holds.QUANTITY, example=(200, 50, None)),
        Column("unit", "unit", "单位", longest=20, example=("件", "件", None)),
        Column("unit_price", "unit price", "单价", Holds.PRICE, example=(18.1, 3.25, None)),
        _date("due_date", "due date", "到期日", None, None, None),
        _salesperson(None, None, None),
        _date("delivered_on", "delivered on", "签收日期", "2026-02-05", "2026-02-05", None),
        Column("memo", "memo", "摘要", wraps=True, example=(None, None, "退货")),
    ),
)
INVOICES = Sheet(
    "invoices",
    "Invoices",
    "发票",
    (
        _number("发票号", "INV-501", "INV-502"),
        _customer("C001", "C001"),
        _date("date", "date", "日期", "2026-02-08", "2026-02-20", required=True),
        _amount(3782.5, -90.5),
        Column(
            "kind",
            "kind",
            "发票类型",
            Holds.CHOICE,
            choices=TAX_KINDS,
            also=("发票种类",),
            example=("专票", "special"),
        ),
        Column("tax", "tax", "税额", Holds.AMOUNT, example=(435.15, -10.41)),
        _date("due_date", "due date", "到期日", "2026-03-10", None),
        _numbers("shipments", "shipments", "发货单号", "S-1001", "S-1002"),
        _date("sent_on", "sent on", "寄出日期", "2026-02-09", None),
        _date("received_on", "received on", "签收日期", "2026-02-12", None),
        _date("booked_on", "booked on", "入账日期", None, None),
        _salesperson(None, None),
        Column("reverses", "reverses", "红冲发票号", Holds.CODE, longest=60, example=(None, "INV-501")),
    ),
)
PAYMENTS = Sheet(
    "payments",
    "Payments",
    "回款",
    (
        _number("回款单号", "P-301", "P-302"),
        _customer("C001", "C001"),
        _date("date", "date", "日期", "2026-03-12", "2026-03-20", required=True),
        _amount(2000, 1500),
        Column("method", "method", "方式", Holds.CHOICE, choices=METHODS, example=("转账", "acceptance bill")),
        Column("bank_reference", "bank reference", "流水号", Holds.CODE, longest=80, example=("2026031200017", None)),
        _date("due_date", "due date", "到期日", None, "2026-09-20"),
        _numbers("invoices", "invoices", "核销发票", "INV-501:2000.00", None),
        _salesperson(None, None),
        Column("memo", "memo", "摘要", wraps=True),
    ),
)
ALLOCATIONS = Sheet(
    "allocations",
    "Allocations",
    "核销",
    (
        Column("from", "from", "来源单号", Holds.CODE, True, longest=60, example=("P-302",)),
        Column("to", "to", "目标单号", Holds.CODE, True, longest=60, example=("INV-501",)),
        _amount(1500),
        _date("date", "date", "日期", "2026-03-20"),
    ),
)

# In the order in which they are posted.
SHEETS = (CUSTOMERS, OPENING, SHIPMENTS, INVOICES, PAYMENTS, ALLOCATIONS)


def sheet_named(name: str) -> Sheet | None:
    """The sheet of that name, in either language and any case; a template's "Customers 客户" is found as well."""
    wanted = _plain(name)
    for sheet in SHEETS:
        if wanted in (_plain(sheet.english), _plain(sheet.chinese), _plain(sheet.english + sheet.chinese)):
            return sheet
    return None


def column_named(sheet: Sheet, heading: str) -> Column | None:
    wanted = _plain(heading)
    for column in sheet.columns:
        names = (column.english, column.chinese, column.english + column.chinese, *column.also)
        if wanted in map(_plain, names):
            return column
    return None


def _plain(heading: str) -> str:
    """Case, width, blanks, underscores and a star for "required" make no difference."""
    plain = unicodedata.normalize("NFKC", heading).lower()
    return "".join(plain.replace("_", " ").replace("*", "").split())
