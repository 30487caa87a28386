"""Finance confirms the demo firm's past: money within days, goods once the delivery note is back, most of both."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from config.demo.workdays import workday
from customers.models import Role, User
from ledger.bulk import insert, new
from ledger.models import Confirmation, Entry, Kind, Shipment

# Of the delivery notes so many in a hundred went astray, and of the money so much still waits to be looked for.
_LOST_NOTES, _UNSEEN_MONEY = 8, 3


def confirm_the_past(staff: dict[str, User], *, now: datetime, seed: int) -> None:
    """The latest days are left to be confirmed, and of the last quarter a few more."""
    rng = Random(seed)
    finance = [user for user in staff.values() if user.role == Role.FINANCE]
    today = timezone.localdate(now)
    rows = []
    for entry in Entry.objects.unconfirmed().select_related("shipment").order_by("pk"):
        is_money = entry.kind in (Kind.PAYMENT, Kind.REFUND)
        days = rng.randint(1, 3) if is_money else rng.randint(4, 12)
        is_forgotten = rng.randrange(100) < (_UNSEEN_MONEY if is_money else _LOST_NOTES)
        seen_on = workday(timezone.localdate(entry.recorded_at) + timedelta(days=days))
        if seen_on >= today or (is_forgotten and entry.date > today - timedelta(days=90)):
            continue
        rows.append(
            new(
                Confirmation,
                entry=entry,
                date=min(_of_evidence(entry), seen_on),
                by=finance[entry.customer_id % len(finance)],
                recorded_at=timezone.make_aware(datetime.combine(seen_on, time(16, rng.randrange(60)))),
            )
        )
    insert(Confirmation, rows)
    said = Confirmation.objects.filter(entry=OuterRef("pk")).values("date")
    Entry.objects.filter(confirmations__isnull=False).update(confirmed_on=Subquery(said))


def _of_evidence(entry: Entry) -> date:
    """As in the ledger: the day on which the goods were delivered, where that is known, else the entry's own."""
    goods: Shipment | None = getattr(entry, "shipment", None)
    return (goods.delivered_on if goods else None) or entry.date
