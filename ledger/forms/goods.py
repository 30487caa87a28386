"""Goods out and goods back."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ledger import documents
from ledger.forms.base import DayField, DocumentForm, DueDateField, MoneyField, NumberField
from ledger.forms.rows import LineRows
from ledger.models import Kind
from ledger.queries.documents import standing
from ledger.queries.quick import Remembered, products_bought


class GoodsForm(DocumentForm):
    """A document with an amount, or with lines that add up to it."""

    amount = MoneyField(label=_("Amount"), required=False, help_text=_("Or lines below, which add up to it."))
    delivered_on = DayField(label=_("Delivered on"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.lines = LineRows(data, prefix="lines")
        for row in self.lines:
            row.fields["product"].widget.attrs |= {"list": "products", "autocomplete": "off"}

    @cached_property
    def products(self) -> list[Remembered]:
        """What the customer bought last, at which price."""
        return products_bought(self.chosen) if self.chosen is not None else []

    def is_valid(self) -> bool:
        both = [super().is_valid(), self.lines.is_valid()]
        return all(both)

    def leave_unjudged(self) -> None:
        super().leave_unjudged()
        self.lines.leave_unjudged()

    def arguments(self) -> Mapping[str, Any]:
        lines = [row.line for row in self.lines.filled]
        return {**super().arguments(), **({"lines": lines} if lines else {})}


class ShipmentForm(GoodsForm):
    act = staticmethod(documents.shipment)
    title = _("New shipment")
    grid = ("date", "number", "amount", "due_date", "delivered_on", "invoice", "memo")

    due_date = DueDateField(label=_("Due date"), required=False)
    invoice = NumberField(
        label=_("Invoiced ahead by"),
        help_text=_("The number of an invoice that was issued before the goods left."),
        missing=_("This customer has no invoice %(number)s."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.chosen is not None:
            self.offer("invoice", standing(self.chosen, Kind.INVOICE))

    def clean(self) -> None:
        super().clean()
        self.refuse_early(self)


class ReturnForm(GoodsForm):
    act = staticmethod(documents.goods_return)
    title = _("New return")
    grid = ("date", "number", "amount", "shipment", "delivered_on", "memo")

    shipment = NumberField(
        label=_("Of shipment"),
        help_text=_("Settles that shipment as far as it is still open."),
        missing=_("This customer has no shipment %(number)s."),
    )
    delivered_on = DayField(label=_("Arrived on"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.chosen is not None:
            self.offer("shipment", standing(self.chosen, Kind.SHIPMENT))
