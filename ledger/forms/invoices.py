"""Invoices, credit notes and the red-letter invoice that comes before an invoice is issued again."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger import documents
from ledger.forms.base import DayField, DocumentForm, DueDateField, MoneyField, NumberField, PostingForm
from ledger.forms.rows import InstalmentRows
from ledger.models import Entry, Invoice, Kind
from ledger.money import ZERO
from ledger.queries.documents import standing, unbilled_goods

# Of a primary key: SQLite has no integer for one of more digits and would stop there.
MOST_DIGITS = 18


class GoodsChoiceField(forms.ModelMultipleChoiceField[Entry]):
    """Shipments (or returns) to bill."""

    default_error_messages = {"invalid_choice": _("This is billed already, or not this customer's.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Entry.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: Any) -> Any:
        if any(len(str(key)) > MOST_DIGITS for key in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class TaxDocumentForm(DocumentForm):
    """A document of `amount`, or of all that the goods ticked in the field `goods_name` are worth."""

    goods_name: str
    goods_kind: Kind

    amount = MoneyField(label=_("Amount, tax included"), required=False)
    kind = forms.ChoiceField(
        label=_("Invoice kind"), choices=Invoice.TaxKind.choices, initial=Invoice.TaxKind.SPECIAL
    )
    tax = MoneyField(label=_("Tax included"), required=False, zero=True)
    sent_on = DayField(label=_("Sent on"), required=False)
    received_on = DayField(label=_("Received on"), required=False)
    booked_on = DayField(label=_("Booked on"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.goods: list[Entry] = []
        if self.chosen is not None:
            offered = unbilled_goods(self.chosen, self.goods_kind)
            self.offer(self.goods_name, offered)
            self.goods = list(offered[:200])
        if self.goods:
            self.fields["amount"].help_text = gettext("Empty: all that is ticked below.")

    @property
    def goods_field(self) -> forms.BoundField:
        return self[self.goods_name]

    @property
    def goods_rows(self) -> list[tuple[Entry, bool]]:
        ticked = {str(value) for value in self[self.goods_name].value() or []}
        return [(entry, str(entry.pk) in ticked) for entry in self.goods]

    @property
    def total_so_far(self) -> Decimal:
        """What is left to bill of the goods that are ticked, positive."""
        return sum((abs(entry.to_bill) for entry, ticked in self.goods_rows if ticked), ZERO)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("amount") is None and "amount" not in self.errors:
            worth = sum((abs(entry.to_bill) for entry in cleaned.get(self.goods_name) or []), ZERO)
            if worth:
                cleaned["amount"] = worth
            else:
                self.add_error("amount", self.fields["amount"].error_messages["required"])
        return cleaned

    def arguments(self) -> Mapping[str, Any]:
        arguments = dict(super().arguments())
        goods = arguments.pop(self.goods_name, None)
        return {**arguments, **({self.goods_name: list(goods)} if goods else {})}


class InvoiceForm(TaxDocumentForm):
    act = staticmethod(documents.invoice)
    title = _("New invoice")
    goods_name = "shipments"
    goods_kind = Kind.SHIPMENT
    grid = ("date", "number", "kind", "amount", "tax", "due_date", "sent_on", "received_on", "booked_on", "memo")

    shipments = GoodsChoiceField(label=_("Shipments to bill"))
    due_date = DueDateField(label=_("Due date"), required=False)
    replaces = NumberField(
        label=_("Issued again for"),
        widget=forms.HiddenInput,
        missing=_("This customer has no invoice %(number)s."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.instalments = InstalmentRows(data, prefix="instalments", initial=self.initial.get("instalments"))
        if self.chosen is not None:
            self.offer("replaces", standing(self.chosen, Kind.INVOICE))

    @property
    def heading(self) -> str:
        number = self["replaces"].value()
        return gettext("Invoice in place of %(number)s") % {"number": number} if number else super().heading

    def is_valid(self) -> bool:
        both = [super().is_valid(), self.instalments.is_valid()]
        if not self["replaces"].value():
            for row in self.instalments.filled:
                self.refuse_early(row)
        return all(both) and not self.instalments.total_error_count()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self["replaces"].value():  # issued again, its debt may be overdue from the first day
            self.refuse_early(self)
        return cleaned

    def leave_unjudged(self) -> None:
        super().leave_unjudged()
        self.instalments.leave_unjudged()

    def arguments(self) -> Mapping[str, Any]:
        parts = [row.instalment for row in self.instalments.filled]
        return {**super().arguments(), **({"instalments": parts} if parts else {})}


class CreditNoteForm(TaxDocumentForm):
    act = staticmethod(documents.credit_note)
    title = _("New credit note")
    goods_name = "returns"
    goods_kind = Kind.RETURN
    grid = ("date", "number", "kind", "reverses", "amount", "tax", "sent_on", "received_on", "booked_on", "memo")

    returns = GoodsChoiceField(label=_("Returns to bill"))
    reverses = NumberField(
        label=_("Reverses invoice"),
        help_text=_("Settles that invoice as far as it is still open."),
        missing=_("This customer has no invoice %(number)s."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.chosen is not None:
            self.offer("reverses", standing(self.chosen, Kind.INVOICE))


class RedLetterForm(PostingForm):
    act = staticmethod(documents.red_letter)

    date = DayField(label=_("Date"))
    number = forms.CharField(label=_("Number of the red-letter invoice"), max_length=60)
    memo = forms.CharField(label=_("Memo"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, invoice: Entry, **kwargs: Any) -> None:
        self.invoice = invoice
        super().__init__(data, **kwargs)

    def arguments(self) -> Mapping[str, Any]:
        return {
            "invoice": self.invoice,
            "number": self.cleaned_data["number"],
            "date": self.cleaned_data["date"],
            "memo": self.cleaned_data["memo"],
        }
