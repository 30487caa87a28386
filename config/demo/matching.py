"""What finance of the demo firm has made of its bank's lines: the past is matched, the latest wait for a look."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from customers.models import HOME_CURRENCY, Role, User
from ledger.bulk import insert, new
from ledger.models import Confirmation, Entry, Kind
from reconciliation.bank.models import BankLine
from reconciliation.matching.claiming import claim, release
from reconciliation.matching.models import AsideKind, Match, SetAside
from reconciliation.matching.recording import learn, lock_lines, record, store_open_amounts
from reconciliation.matching.running import OwnAccounts, weigh_all

# Of the latest days nothing that is no customer's was set aside yet.
_DAYS_LEFT = 20
_TO_CLAIM = 3


def match_the_past(staff: dict[str, User], *, now: datetime, seed: int) -> None:
    rng = Random(seed)
    finance = [user for user in staff.values() if user.role == Role.FINANCE]
    lines = lock_lines(BankLine.objects.values_list("pk", flat=True))
    if not lines:
        return
    _match_confirmed(lines)
    _set_aside(list(lines.values()), finance[0], now)
    weigh_all()
    _let_claim(rng, finance[0])


def _match_confirmed(lines: dict[int, BankLine]) -> None:
    """Money that finance has confirmed is the line of its day and amount, matched when it was confirmed."""
    waiting = {(line.date, line.amount): line for line in lines.values() if line.amount > 0}
    confirmed = Confirmation.objects.filter(entry__kind=Kind.PAYMENT, entry__confirmed_on__isnull=False)
    made: list[tuple[Match, Entry]] = []
    for row in confirmed.select_related("entry").order_by("pk"):
        entry = row.entry
        line = waiting.pop((entry.date, -entry.document_amount), None)
        if line is not None and line.currency == entry.currency:
            at = max(row.recorded_at, line.recorded_at)
            facts = {"line": line, "amount": line.amount, "by_id": row.by_id, "recorded_at": at}
            made.append((new(Match, entry=entry, **facts), entry))
    record([match for match, _entry in made], lines)
    learn(made, lines, at=max((match.recorded_at for match, _entry in made), default=timezone.now()))


def _set_aside(lines: Sequence[BankLine], by: User, now: datetime) -> None:
    """Fees, interest, wages and suppliers of all but the latest days."""
    own, until = OwnAccounts.read(), timezone.localdate(now) - timedelta(days=_DAYS_LEFT)
    rows = []
    for line in lines:
        kind = own.aside(line) or (AsideKind.OTHER if line.amount < 0 else "")
        if kind and line.open_amount and line.date < until:
            reason = line.memo if kind == AsideKind.OTHER else ""
            facts = {"line": line, "kind": kind, "reason": reason, "amount": line.open_amount}
            rows.append(new(SetAside, by=by, recorded_at=line.recorded_at, **facts))
            line.open_amount -= line.open_amount
    insert(SetAside, rows)
    store_open_amounts(row.line for row in rows)


def _let_claim(rng: Random, finance: User) -> None:
    """A few receipts that nobody has reported may be claimed, and one is."""
    unknown = (
        BankLine.objects.unmatched_receipts().filter(weighed__is_exact=False).order_by("weighed__score", "-date")
    )
    chosen = list(unknown[:_TO_CLAIM])
    release(lines=chosen, by=finance)
    owing = Entry.objects.open().debts().filter(customer__owner__isnull=False, customer__currency=HOME_CURRENCY)
    debt = owing.select_related("customer__owner").order_by("-open_amount", "pk").first()
    if chosen and debt is not None and debt.customer.owner is not None:
        reason = rng.choice(("客户来电确认，货款从个人账户汇出", "对方财务已发付款回单"))
        claim(line=chosen[0], by=debt.customer.owner, customer=debt.customer, reason=reason, debts=[debt])
