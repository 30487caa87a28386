"""The months that finance of the demo firm has closed, and what came into one of them afterwards."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from customers.models import Role, User
from ledger import documents, posting
from ledger.models import Allocation, Confirmation, Entry, Kind
from ledger.models.closing import last_of_month
from reconciliation.closing.services import close_month

# So many months that are over are closed, but for the latest one.
_CLOSED = 4
_FORGOTTEN = "销售漏报的返利，客户对账时提出，经财务负责人同意补记"


def close_the_past(people: dict[str, User], *, now: datetime, seed: int, told: Collection[int]) -> None:
    """Closes the last months but one, each a few days after its end, or once the last act into it was recorded. The
    customers of `told` have stories of their own, and nothing is forgotten with them.
    """
    by = next(user for user in people.values() if user.role == Role.FINANCE)
    today = timezone.localdate(now)
    months = _months_before(today, _CLOSED + 1)[1:]
    closed = None
    for month in sorted(months):
        moment = _last_act_into(month) + timedelta(minutes=1)
        if closed is not None:
            moment = max(moment, closed + timedelta(minutes=1))
        if moment > now:
            return
        closed = close_month(month=month, by=by, note="核对无误", now=moment).recorded_at
    _post_late(by, last=last_of_month(max(months)), now=now, seed=seed, told=told)


def _months_before(today: date, count: int) -> list[date]:
    """The first days of so many months that are over, the latest first."""
    found, month = [], today.replace(day=1)
    for _ in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
        found.append(month)
    return found


def _last_act_into(month: date) -> datetime:
    last = last_of_month(month)
    moments = [
        model.objects.filter(date__lte=last).aggregate(last=Max("recorded_at"))["last"]
        for model in (Entry, Allocation, Confirmation)
    ]
    end = timezone.make_aware(datetime.combine(last + timedelta(days=8), datetime.min.time())) + timedelta(hours=17)
    latest: datetime = max([end, *filter(None, moments)])
    return latest


def _post_late(by: User, *, last: date, now: datetime, seed: int, told: Collection[int]) -> None:
    """A discount that a customer was promised in the last closed month, and that nobody had recorded."""
    rng = Random(seed)
    owed = Entry.objects.open().debts().filter(kind=Kind.INVOICE, date__lte=last, open_amount__gt=5_000)
    owed = owed.exclude(customer__in=told)
    debt = rng.choice(
        list(owed.filter(instalment_of__isnull=True).select_related("customer").order_by("pk")) or [None]
    )
    if debt is None:
        return
    key = UUID(int=rng.getrandbits(128), version=4)
    customers = posting.lock_customers([debt.customer_id])
    book = posting.open_book("discount", by=by, key=key, digest=key.hex, now=now, late_reason=_FORGOTTEN)
    book.load_open_items(customers)
    documents.discount(
        book,
        customers[debt.customer_id],
        number=f"ZK{last:%y%m%d}901",
        date=last,
        amount=Decimal(rng.randrange(8, 30) * 100),
        debt=debt,
        memo=f"{last.month}月返利补记",
    )
    posting.write(book)
