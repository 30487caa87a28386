"""Money in, money out again, discounts, and balances from before the ledger."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day
from customers.models import User
from ledger import documents
from ledger.errors import LedgerError, OverAllocation
from ledger.forms.base import DocumentForm, DueDateField, MoneyField
from ledger.models import Entry, Payment
from ledger.money import ZERO, formatted
from ledger.queries.documents import open_credits, open_debts

MOST_DEBTS = 100


class EntryChoiceField(forms.ModelChoiceField[Entry]):
    """One of a customer's open entries, with what is open of it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Entry.objects.none(), required=False, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {shown_day(obj.date)} · {abs(obj.open_amount):,.2f}"


class PaymentForm(DocumentForm):
    """Each open debt of the customer has a box to tick and an amount; ticked without an amount it is settled as
    far as the payment reaches. `debt` of the initial values is ticked from the start.
    """

    act = staticmethod(documents.payment)
    title = _("New payment")
    grid = ("date", "amount", "method", "matures_on", "bank_reference", "number", "memo")

    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    method = forms.ChoiceField(label=_("Method"), choices=Payment.Method.choices, initial=Payment.Method.TRANSFER)
    bank_reference = forms.CharField(label=_("Bank reference"), max_length=80, required=False)
    matures_on = DueDateField(label=_("Bill matures on"), required=False, help_text=_("Of an acceptance bill."))
    automatic = forms.BooleanField(label=_("What is left settles the oldest due debts"), required=False, initial=True)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.debts = list(open_debts(self.chosen)[:MOST_DEBTS]) if self.chosen is not None else []
        for debt in self.debts:
            self.fields[f"take_{debt.pk}"] = forms.BooleanField(
                label=_("Settle"),
                required=False,
                initial=debt.pk == self.initial.get("debt") or str(debt.pk) in self.initial.get("debts", ()),
            )
            pay = self.fields[f"pay_{debt.pk}"] = MoneyField(label=_("Amount"), required=False)
            pay.widget.attrs["aria-label"] = gettext("Amount for %(entry)s") % {"entry": debt}

    @property
    def debt_rows(self) -> list[tuple[Entry, forms.BoundField, forms.BoundField]]:
        return [(debt, self[f"take_{debt.pk}"], self[f"pay_{debt.pk}"]) for debt in self.debts]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_bill = cleaned.get("method") == Payment.Method.BILL
        if is_bill and not cleaned.get("matures_on") and "matures_on" not in self.errors:
            self.add_error("matures_on", gettext("Say when the bill matures."))
        return cleaned

    @property
    def taken(self) -> list[tuple[Entry, Decimal | None]]:
        """The debts that are ticked or have an amount."""
        rows = [(debt, self.cleaned_data.get(f"pay_{debt.pk}")) for debt in self.debts]
        return [
            (debt, amount) for debt, amount in rows if amount is not None or self.cleaned_data.get(f"take_{debt.pk}")
        ]

    def refuse(self, refusal: LedgerError) -> None:
        """An amount that is too large is said where it stands."""
        if isinstance(refusal, OverAllocation):
            self._mark_what_is_too_much()
        if not self.errors:
            super().refuse(refusal)

    def _mark_what_is_too_much(self) -> None:
        total = ZERO
        for debt, amount in self.taken:
            total += amount or ZERO
            if amount is not None and amount > debt.open_amount:
                said = gettext("Only %(open)s is open.") % {"open": formatted(debt.open_amount)}
                self.add_error(f"pay_{debt.pk}", said)
        if not self.errors and total > self.cleaned_data["amount"]:
            self.add_error(
                "amount", gettext("The amounts below add up to %(sum)s, more than this.") % {"sum": formatted(total)}
            )

    def arguments(self) -> Mapping[str, Any]:
        plain = {name: value for name, value in super().arguments().items() if not name.startswith(("take_", "pay_"))}
        return {**plain, "invoices": self.taken, "automatic": self.cleaned_data["automatic"]}


class RefundForm(DocumentForm):
    act = staticmethod(documents.refund)
    title = _("New refund")
    grid = ("date", "amount", "method", "payment", "bank_reference", "number", "memo")

    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    method = forms.ChoiceField(
        label=_("Method"),
        choices=[choice for choice in Payment.Method.choices if choice[0] != Payment.Method.BILL],
        initial=Payment.Method.TRANSFER,
    )
    bank_reference = forms.CharField(label=_("Bank reference"), max_length=80, required=False)
    payment = EntryChoiceField(
        label=_("Pays back"),
        empty_label=_("the oldest open credits"),
        help_text=_("What the customer had paid too much."),
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.chosen is not None:
            self.offer("payment", open_credits(self.chosen))

    def clean(self) -> dict[str, Any]:
        """More than the customer has to its credit is no refund but a slip: it would be owed back at once."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        amount, named = cleaned.get("amount"), cleaned.get("payment")
        if self.chosen is not None and amount is not None:
            taken_up = [named] if named is not None else open_credits(self.chosen)
            available = -sum((credit.open_amount for credit in taken_up), ZERO)
            if amount > available:
                said = gettext("Only %(open)s is there to be paid back.") % {"open": formatted(available)}
                self.add_error("amount", said)
        return cleaned


class DiscountForm(DocumentForm):
    act = staticmethod(documents.discount)
    title = _("New discount")
    grid = ("date", "amount", "debt", "number", "memo")

    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    debt = EntryChoiceField(
        label=_("On"), empty_label=_("not yet decided"), help_text=_("The debt that the discount settles.")
    )

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.chosen is not None:
            self.offer("debt", open_debts(self.chosen))


class OpeningForm(DocumentForm):
    act = staticmethod(documents.opening)
    title = _("New opening balance")
    grid = ("date", "amount", "due_date", "number", "salesperson", "memo")

    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    amount = MoneyField(label=_("Amount"), signed=True, help_text=_("Below zero: an advance of the customer."))
    due_date = DueDateField(label=_("Due date"), required=False)
    salesperson = forms.ModelChoiceField(
        User.objects.filter(is_active=True),
        label=_("Salesperson"),
        required=False,
        empty_label=_("the customer's own"),
    )
