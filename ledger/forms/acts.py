"""Allocating, undoing, reversing, and the steps of an invoice's way."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ledger import allocation, reversal
from ledger.errors import OverAllocation
from ledger.forms.base import DayField, MoneyField, PostingForm
from ledger.forms.payments import EntryChoiceField
from ledger.invoice_way import possible_steps
from ledger.models import Allocation, Entry, Invoice, InvoiceStep
from ledger.queries.documents import counterparts


class AllocationForm(PostingForm):
    """Settles `entry` (a debt, or by it, a credit) against one of its counterparts."""

    act = staticmethod(allocation.allocate)

    counterpart = EntryChoiceField(label=_("Against"), empty_label=None)
    amount = MoneyField(label=_("Amount"))
    date = DayField(label=_("Date"), required=False, help_text=_("Empty: the later of the two documents' dates."))

    def __init__(self, data: Any = None, *, entry: Entry, **kwargs: Any) -> None:
        self.entry = entry
        super().__init__(data, **kwargs)
        field: Any = self.fields["counterpart"]
        field.required = True
        field.queryset = counterparts(entry)

    def refuse(self, refusal: Any) -> None:
        if refusal.field in ("credit", "debt"):
            refusal.field = "amount" if isinstance(refusal, OverAllocation) else "counterpart"
        super().refuse(refusal)

    def arguments(self) -> Mapping[str, Any]:
        other = self.cleaned_data["counterpart"]
        credit, debt = (other, self.entry) if self.entry.is_debt else (self.entry, other)
        return {
            "credit": credit,
            "debt": debt,
            "amount": self.cleaned_data["amount"],
            "date": self.cleaned_data["date"],
        }


class AutomaticForm(PostingForm):
    """One button: all open credits settle the open debts in the firm's order."""

    act = staticmethod(allocation.allocate_automatically)

    def arguments(self) -> Mapping[str, Any]:
        return {}


class UndoForm(PostingForm):
    act = staticmethod(allocation.undo_allocation)

    date = DayField(label=_("Date"), help_text=_("From this day on both documents are open again."))

    def __init__(self, data: Any = None, *, allocation: Allocation, **kwargs: Any) -> None:
        self.allocation = allocation
        earliest = max(timezone.localdate(), allocation.date)
        super().__init__(data, **{**kwargs, "initial": {"date": earliest, **(kwargs.get("initial") or {})}})

    def arguments(self) -> Mapping[str, Any]:
        return {"allocation": self.allocation, "date": self.cleaned_data["date"]}


class ReversalForm(PostingForm):
    act = staticmethod(reversal.reverse)

    date = DayField(label=_("Date"), help_text=_("The document counts until the day before."))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, data: Any = None, *, entry: Entry, **kwargs: Any) -> None:
        self.entry = entry
        earliest = max(timezone.localdate(), entry.date)
        super().__init__(data, **{**kwargs, "initial": {"date": earliest, **(kwargs.get("initial") or {})}})

    def arguments(self) -> Mapping[str, Any]:
        return {"entry": self.entry, "date": self.cleaned_data["date"], "reason": self.cleaned_data["reason"]}


class DeliveryForm(forms.Form):
    """The day of arrival. Sent twice it says the same, so it needs no key."""

    date = DayField(label=_("Delivered on"))


class StepForm(forms.Form):
    """A step of an invoice's way. Sent twice it is refused the second time, so it needs no key."""

    step = forms.ChoiceField(label=_("Step"))
    date = DayField(label=_("Date"))
    carrier = forms.CharField(label=_("Carrier"), max_length=80, required=False)
    tracking_number = forms.CharField(label=_("Tracking number or address"), max_length=120, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, invoice: Invoice, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        offered = InvoiceStep.Step.values if data is not None else possible_steps(invoice)
        choices = [(step, label) for step, label in InvoiceStep.Step.choices if step in offered]
        self.fields["step"].choices = choices  # type: ignore[attr-defined]
