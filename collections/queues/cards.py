"""How much waits in each queue, and where: counted over the rows that its list shows, so that the two agree."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.models import User, home_first
from ledger.models import Entry, Kind, Side
from ledger.models.entries import GOODS_KINDS
from ledger.money import ZERO
from queues.filters import SendFilter
from queues.queries.allocating import credits_to_allocate
from queues.queries.issuing import shipments_to_bill, sums_by_customer_and_month
from queues.queries.waiting import entries_waiting_for_confirmation, invoices_on_their_way


@dataclass(slots=True)
class Waiting:
    """How many rows wait, and what they come to in each currency."""

    count: int
    sums: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class QueueCard:
    label: Promise
    url: str
    count: int
    sums: Mapping[str, Decimal]


def queue_cards(user: User) -> list[QueueCard]:
    """Those of the queues in which something waits."""
    confirm, send = reverse("queues:confirm"), reverse("queues:send")
    unapplied = _apart(credits_to_allocate(user), "open_amount", Q(side=Side.CREDIT))[True]
    confirmable = _apart(entries_waiting_for_confirmation(user), "face", Q(kind__in=GOODS_KINDS))
    invoices = invoices_on_their_way(user).filter(kind=Kind.INVOICE)
    on_way = _apart(invoices, "face", Q(invoice__sent_on__isnull=False))
    goods = sums_by_customer_and_month(shipments_to_bill(user))
    cards = [
        _card(_("To allocate"), reverse("queues:allocate"), unapplied, sign=-1),
        _card(_("Money to confirm"), f"{confirm}?what=money", confirmable[False]),
        _card(_("Goods to confirm"), f"{confirm}?what=goods", confirmable[True]),
        _card(
            _("Invoices to issue"), reverse("queues:issue"), _added((currency, 1, total) for currency, total in goods)
        ),
        _card(_("Invoices to send"), send, on_way[False]),
        _card(_("Receipts to record"), f"{send}?state={SendFilter.SENT}", on_way[True]),
    ]
    return [card for card in cards if card.count]


def _card(label: Promise, url: str, waiting: Waiting, *, sign: int = 1) -> QueueCard:
    """`sign` turns what the ledger takes from a debt into money as a bank says it."""
    sums = {currency: sign * waiting.sums[currency] for currency in sorted(waiting.sums, key=home_first)}
    return QueueCard(label, url, waiting.count, sums)


def _apart(entries: QuerySet[Entry], amount: str, part: Q) -> dict[bool, Waiting]:
    """What waits of the entries that are of the part, under True, and of the others: one question."""
    counted: Any = (
        entries.order_by()
        .values("currency", is_part=part)
        .annotate(count=Count("pk"), total=Sum(amount, output_field=ExactDecimalField()))
    )
    rows = list(counted)
    return {
        is_part: _added((row["currency"], row["count"], row["total"]) for row in rows if row["is_part"] == is_part)
        for is_part in (False, True)
    }


def _added(rows: Iterable[tuple[str, int, Decimal]]) -> Waiting:
    count, sums = 0, defaultdict[str, Decimal](lambda: ZERO)
    for currency, number, amount in rows:
        count += number
        sums[currency] += amount
    return Waiting(count, sums)
