"""How far a document has come: what is done of its way, on which day, and how much of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.translation import gettext as _

from ledger.models import Entry, Kind
from ledger.money import ZERO


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    is_done: bool
    day: date | None = None
    # Of what is half done, in hundredths.
    share: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    steps: Sequence[Step]


def way(entry: Entry, billings: Sequence[tuple[Entry, Decimal]]) -> Way:
    """Of goods: shipped, delivered, billed, settled; of an invoice: issued, sent, received, booked, settled; of
    money: received, allocated. A document that was reversed, or reverses another, goes nowhere.
    """
    if entry.reverses_id is not None or entry.reversed_on is not None:
        return Way(())
    first: Any = entry.instalment_of or entry
    match entry.kind:
        case Kind.SHIPMENT:
            billed = sum((amount for _other, amount in billings), ZERO)
            delivered = getattr(getattr(first, "shipment", None), "delivered_on", None)
            steps = [
                Step(_("shipped"), True, entry.date),
                Step(_("delivered"), delivered is not None, delivered),
                _part(
                    _("billed"),
                    billed,
                    entry.document_amount,
                    max((other.date for other, _a in billings), default=None),
                ),
            ]
        case Kind.INVOICE:
            invoice = getattr(first, "invoice", None)
            days = {
                _("issued"): first.date,
                _("sent"): getattr(invoice, "sent_on", None),
                _("received"): getattr(invoice, "received_on", None),
                _("booked"): getattr(invoice, "booked_on", None),
            }
            steps = [Step(label, day is not None, day) for label, day in days.items()]
        case Kind.PAYMENT:
            # An invoice is received by the customer, money by the firm: other languages have two words.
            steps = [Step(_("money received"), True, entry.date)]
        case _:
            steps = [Step(_("recorded"), True, entry.date)]
    moved = entry.document_amount - entry.open_amount
    last = _("settled") if entry.is_debt else _("allocated")
    if entry.kind == Kind.SHIPMENT and not entry.open_amount and billings:
        # The debt is the invoice's now.
        return Way(steps)
    return Way([*steps, _part(last, moved, entry.document_amount, entry.closed_on)])


def _part(label: str, done: Decimal, whole: Decimal, day: date | None) -> Step:
    if done == whole:
        return Step(label, True, day)
    return Step(label, False, None, int((done * 100 / whole).quantize(Decimal(1), ROUND_DOWN)))
