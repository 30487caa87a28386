"""What the queues ask for besides the rows."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.forms.fields import DayField
from ledger.models import Entry, InvoiceStep
from ledger.money import ZERO, NotAnAmount, parsed

LONGEST_NUMBER = InvoiceStep._meta.get_field("tracking_number").max_length or 120
LONGEST_PASTE = 200_000
LONGEST_INVOICE_NUMBER = Entry._meta.get_field("number").max_length or 60
NUMBER = "number-"


class SendForm(forms.Form):
    """How many invoices travel: one courier and day, one tracking number for all or one for each."""

    date = DayField(label=_("Sent on"), has_come=True)
    carrier = forms.CharField(label=_("Carrier"), max_length=80, required=False)
    tracking = forms.CharField(
        label=_("Tracking numbers"),
        required=False,
        max_length=LONGEST_PASTE,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "One for all, or one a line. Paste a column from Excel, or two: invoice number, tracking number."
        ),
    )

    def clean_tracking(self) -> str:
        text: str = self.cleaned_data["tracking"]
        too_long = [line for line in _lines(text) if len(line.split("\t")[-1].strip()) > LONGEST_NUMBER]
        if too_long:
            raise forms.ValidationError(
                gettext("A tracking number has at most %(n)d characters."), params={"n": LONGEST_NUMBER}
            )
        return text


class IssueForm(forms.Form):
    """The day of several invoices; their numbers stand in the rows."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    date = DayField(label=_("Date of the invoices"), has_come=True)


class ReceivedForm(forms.Form):
    date = DayField(label=_("Received on"), has_come=True)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


def tracking_numbers(text: str, numbers: list[str]) -> list[str]:
    """A tracking number for each of the invoices' `numbers`: the one that is given for all, those given in two
    columns by the invoice's number, else one a line in the order of the invoices. Empty where none is given.
    """
    lines = _lines(text)
    if not lines:
        return [""] * len(numbers)
    pairs = [line.split("\t") for line in lines]
    if all(len(pair) >= 2 for pair in pairs):
        by_number = {pair[0].strip(): pair[-1].strip() for pair in pairs}
        return [by_number.get(number, "") for number in numbers]
    plain = [line.strip() for line in lines]
    if len(plain) == 1:
        return plain * len(numbers)
    return [*plain, *[""] * len(numbers)][: len(numbers)]


def is_one_for_all(text: str) -> bool:
    """Whether nobody has to look whose tracking number is whose."""
    lines = _lines(text)
    return len(lines) <= 1 and "\t" not in "".join(lines)


def _lines(text: str) -> list[str]:
    return [line for line in text.replace("\r", "").split("\n") if line.strip()]


def dialog_form(form: type[forms.Form], **initial: Any) -> forms.Form:
    """A form whose fields stand in a dialog of a page that may have the same names elsewhere."""
    return form(initial=initial, auto_id="id_dialog_%s")


def parts_of(text: str) -> list[tuple[int, Decimal]]:
    """Which debt by how much, as a suggestion's button says it: "17:100.00 18:40.00". Empty where it says nothing."""
    found = []
    for part in text.split():
        key, _colon, amount = part.partition(":")
        try:
            found.append((key_of(key), parsed(amount)))
        except (ValueError, NotAnAmount):
            return []
    return found


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """A row of the list of invoices to issue that has a number: whose goods, of which month, as the list said."""

    customer: int
    month: date
    number: str
    amount: Decimal


def numbered_rows(post: QueryDict) -> list[NumberedRow]:
    """The rows that have a number; what no page of ours would send is no row."""
    found = []
    for name in post:
        number = str(post[name]).strip()[:LONGEST_INVOICE_NUMBER]
        if not name.startswith(NUMBER) or not number:
            continue
        row = name.removeprefix(NUMBER)
        key, _dash, month = row.partition("-")
        with suppress(ValueError):
            facts = key_of(key), date.fromisoformat(f"{month}-01")
            found.append(NumberedRow(*facts, number, _amount_said(post.get(f"amount-{row}", ""))))
    return found


def key_of(text: str) -> int:
    """A key that a row may have; raises ValueError."""
    key = int(text)
    if not 0 < key < 2**63:
        raise ValueError
    return key


def _amount_said(text: str) -> Decimal:
    """Zero where it is none: no goods come to that, so that the row is shown again."""
    try:
        return parsed(text)
    except NotAnAmount:
        return ZERO
