"""A shipment or a payment in a few strokes: the fields that one always gives, what is remembered for the others."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date as Date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from ledger import documents
from ledger.allocation_order import ORDERS
from ledger.exact_match import Match, matches
from ledger.forms.base import DocumentForm, DueDateField
from ledger.forms.doubts import doubts_about
from ledger.forms.goods import GoodsForm
from ledger.models import Entry, Kind, Payment
from ledger.money import ZERO, NotAnAmount, parsed
from ledger.queries.accounts import AccountTotals, account_totals
from ledger.queries.documents import open_debts
from ledger.queries.quick import last_method, next_number

MOST_DEBTS = 200
# While the amount is typed the server says what it would settle.
SUGGEST = {
    "hx-post": "",
    "hx-trigger": "input changed delay:250ms",
    "hx-select": "#settles",
    "hx-target": "#settles",
    "hx-swap": "outerHTML",
    "hx-sync": "this:queue last",
    "hx-vals": '{"_redraw": "amount"}',
}


class Quick:
    """What both forms know of the customer that is chosen."""

    chosen: Customer | None

    @cached_property
    def totals(self) -> AccountTotals | None:
        return account_totals(self.chosen, on=timezone.localdate()) if self.chosen is not None else None

    @property
    def credit_left(self) -> Decimal | None:
        """What may still be owed; below zero beyond the limit, None where there is none."""
        limit = self.chosen.credit_limit if self.chosen is not None else None
        return limit - self.totals.balance if limit is not None and self.totals is not None else None

    def doubts_of(self, kind: Kind, cleaned: Mapping[str, Any], amount: Decimal) -> list[str]:
        if self.chosen is None or self.totals is None:
            return []
        return doubts_about(kind, self.chosen, self.totals, amount=amount, day=cleaned["date"])


class QuickPaymentForm(Quick, DocumentForm):
    """`settles` names debts by their keys; empty, the oldest due debts are settled."""

    act = staticmethod(documents.payment)
    title = _("Quick entry")
    grid = ("amount", "date", "method", "matures_on", "bank_reference", "memo")

    number = None  # type: ignore[assignment]
    method = forms.ChoiceField(label=_("Method"), choices=Payment.Method.choices, initial=Payment.Method.TRANSFER)
    bank_reference = forms.CharField(label=_("Bank reference"), max_length=80, required=False)
    matures_on = DueDateField(label=_("Bill matures on"), required=False, help_text=_("Of an acceptance bill."))
    settles = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if self.chosen is not None and not self.is_bound and (method := last_method(self.chosen)):
            self.initial["method"] = method
        if self.chosen is not None:
            self.fields["amount"].widget.attrs |= {"autofocus": True, **SUGGEST}

    @cached_property
    def debts(self) -> list[Entry]:
        """What the customer owes, the longest due first."""
        return list(open_debts(self.chosen)[:MOST_DEBTS]) if self.chosen is not None else []

    @property
    def amount_so_far(self) -> Decimal:
        try:
            return parsed(str(self["amount"].value() or ""))
        except NotAnAmount:
            return ZERO

    @property
    def matches(self) -> list[Match]:
        return matches(self.debts, self.amount_so_far)

    @property
    def chosen_match(self) -> str:
        """The match that is chosen, so long as the amount still fits it."""
        chosen = str(self["settles"].value() or "")
        return chosen if chosen in [match.value for match in self.matches] else ""

    @property
    def oldest_due(self) -> list[Entry]:
        """The debts that the amount reaches by the rule, as a foretaste: the ledger itself decides when it posts."""
        left, reached = self.amount_so_far, []
        for debt in sorted(self.debts, key=ORDERS[settings.ALLOCATION_ORDER]):
            if left <= 0:
                break
            reached.append(debt)
            left -= debt.open_amount
        return reached

    def clean_settles(self) -> list[tuple[Entry, None]]:
        keys = [key for key in str(self.cleaned_data["settles"]).split(",") if key]
        known = {str(debt.pk): debt for debt in self.debts}
        if not known.keys() >= set(keys):
            raise forms.ValidationError(_("What was chosen to be settled is not open any more; choose again."))
        return [(known[key], None) for key in keys]

    def doubts(self) -> list[str]:
        return self.doubts_of(Kind.PAYMENT, self.cleaned_data, self.cleaned_data["amount"])

    def clean(self) -> None:
        super().clean()
        is_bill = self.cleaned_data.get("method") == Payment.Method.BILL
        if is_bill and not self.cleaned_data.get("matures_on") and "matures_on" not in self.errors:
            self.add_error("matures_on", _("Say when the bill matures."))

    def arguments(self) -> Mapping[str, Any]:
        plain = dict(super().arguments())
        named = plain.pop("settles", [])
        return {**plain, "invoices": named}


class QuickShipmentForm(Quick, GoodsForm):
    """`customer` given, the number follows the last one that the user gave."""

    act = staticmethod(documents.shipment)
    title = _("Quick entry")
    grid = ("number", "date", "due_date", "amount", "memo")

    delivered_on = None  # type: ignore[assignment]
    due_date = DueDateField(label=_("Due date"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not self.is_bound and not self.initial.get("number"):
            self.initial["number"] = next_number(kwargs["user"])
        self.fields["amount"].help_text = _("Without lines.")
        if self.chosen is not None:
            self.lines[0].fields["product"].widget.attrs["autofocus"] = True

    def clean(self) -> None:
        super().clean()
        self.refuse_early(self)

    def doubts(self) -> list[str]:
        amount = self.cleaned_data["amount"] or self.lines.total_so_far
        return self.doubts_of(Kind.SHIPMENT, self.cleaned_data, amount)


def kept_in(query: QueryDict) -> dict[str, Any]:
    """What the address says of the next form: its date and its method."""
    kept: dict[str, Any] = {}
    with suppress(ValueError):
        kept["date"] = Date.fromisoformat(query.get("date", ""))
    if query.get("method") in Payment.Method.values:
        kept["method"] = query["method"]
    return kept
