"""The work that waits for finance, and where: each queue with what its own list adds up to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import User
from dashboard.queries.figures import UNAPPLIED, UNBILLED, UNCONFIRMED_GOODS, UNCONFIRMED_MONEY, Figure
from queues.filters import SendFilter
from queues.queries.waiting import invoices_waiting


@dataclass(frozen=True, slots=True)
class Waiting:
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class QueueCard:
    label: Promise
    url: str
    count: int
    sums: list[Waiting]


def queue_cards(user: User, found: Mapping[str, Sequence[Figure]]) -> list[QueueCard]:
    """Each with its sums by currency, as its list says them; those in which nothing waits are left out."""
    way, send = invoices_waiting(user), reverse("queues:send")
    cards = [
        _of_figures(_("To allocate"), reverse("queues:allocate"), UNAPPLIED, found, sign=-1),
        _of_figures(
            _("Money to confirm"), reverse("queues:confirm") + "?what=money", UNCONFIRMED_MONEY, found, sign=-1
        ),
        _of_figures(_("Goods to confirm"), reverse("queues:confirm") + "?what=goods", UNCONFIRMED_GOODS, found),
        _of_figures(_("Invoices to issue"), reverse("queues:issue"), UNBILLED, found),
        *(
            QueueCard(label, url, sum(one.count for one in rows), [Waiting(one.total, one.currency) for one in rows])
            for label, url, rows in (
                (_("Invoices to send"), send, way[False]),
                (_("Receipts to record"), f"{send}?state={SendFilter.SENT}", way[True]),
            )
        ),
    ]
    return [card for card in cards if card.count]


def _of_figures(
    label: Promise, url: str, key: str, found: Mapping[str, Sequence[Figure]], *, sign: int = 1
) -> QueueCard:
    """`sign` turns what the ledger takes from a debt into money as a bank says it."""
    figures = [one for row in found.values() for one in row if one.key == key and one.count]
    sums = [Waiting(sign * one.amount, one.currency) for one in figures]
    return QueueCard(label, url, sum(one.count for one in figures), sums)
