"""How each kind of payer pays what it owes: on the day, late, in parts, round sums, short, or no more. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from config.demo.account import Account
from config.demo.acts import Act, Invoiced, Opened
from config.demo.workdays import month_start, workday
from ledger.money import ZERO

_DISPUTE_LASTS = timedelta(days=240)
_HALF_A_YEAR = timedelta(days=182)
# Bills are drawn for round sums from here on; the rest comes by transfer.
_BILL_UNIT = Decimal(10_000)


def settle(account: Account, told: set[Act]) -> None:
    """Plans the payments of every debt of the account but those of which a story tells itself."""
    debts = [act for act in account.acts if isinstance(act, Invoiced | Opened) and act.amount > 0 and act not in told]
    debts.sort(key=account.due)
    if account.profile.payer.round_sum:
        _pay_on_account(account, debts)
    else:
        _pay_debts(account, debts)


def _pay_debts(account: Account, debts: Sequence[Act]) -> None:
    payer, rng = account.profile.payer, account.rng
    by_day: dict[date, list[tuple[Act, Decimal]]] = defaultdict(list)
    alone: list[tuple[date, Act, Decimal]] = []
    for debt in debts:
        for due, amount in _owed(account, debt):
            for day, part in _parts(account, due, amount):
                paid_on = workday(max(day, debt.date))
                if payer.stops_on and paid_on > payer.stops_on:
                    continue
                account.expect_payment(paid_on, debt)
                if payer.runs:
                    by_day[paid_on].append((debt, part))
                else:
                    alone.append((paid_on, debt, part))
    for day, owed in by_day.items():
        names = rng.randrange(100) < payer.naming
        together = sum((part for _debt, part in owed), ZERO)
        account.pay(day, together, *(debt for debt, _part in owed if names))
    for day, debt, part in alone:
        named = (debt,) if rng.randrange(100) < payer.naming else ()
        _remit(account, day, part, named)


def _owed(account: Account, debt: Act) -> Iterator[tuple[date, Decimal]]:
    """What of the debt falls due when, less what was taken off it."""
    if isinstance(debt, Invoiced) and debt.instalments:
        yield from ((part.due_date, part.amount) for part in debt.instalments)
        return
    assert isinstance(debt, Invoiced | Opened)
    amount = debt.amount - account.taken_off[debt]
    due, (least, most) = account.due(debt), account.profile.payer.withholds
    if most:
        withheld = amount * account.rng.randint(least, most) // 1000
        amount -= withheld
        agreed_on = workday(due + _DISPUTE_LASTS)
        if withheld and agreed_on <= account.today:
            account.allow(agreed_on, withheld, debt, "质量扣款，协商让步")
    if amount > 0:
        yield due, amount


def _parts(account: Account, due: date, amount: Decimal) -> Iterator[tuple[date, Decimal]]:
    payer, rng = account.profile.payer, account.rng
    day = due + timedelta(days=rng.randint(payer.early, payer.late))
    for left in range(payer.parts, 1, -1):
        part = amount // left // 1000 * 1000
        if part > 0:
            yield _in_run(day, payer.runs), part
            amount -= part
        day += timedelta(days=rng.randint(payer.gap // 2, payer.gap + payer.gap // 2))
    yield _in_run(day, payer.runs), amount


def _in_run(day: date, runs: tuple[int, ...]) -> date:
    """The next day on which the payer runs its payments."""
    while runs and day.day not in runs:
        day += timedelta(days=1)
    return day


def _remit(account: Account, day: date, amount: Decimal, named: tuple[Act, ...]) -> None:
    by_bill = amount // _BILL_UNIT * _BILL_UNIT if account.profile.payer.by_bill else ZERO
    if by_bill > 0:
        account.pay(day, by_bill, *named, method="bill", matures_on=day + _HALF_A_YEAR, memo="银行承兑汇票")
    if amount > by_bill:
        account.pay(day, amount - by_bill, *named)


def _pay_on_account(account: Account, debts: Sequence[Act]) -> None:
    """Once a month the greater part of what is due, rounded down to a round sum."""
    unit = account.profile.payer.round_sum
    owed = [(due, amount) for debt in debts for due, amount in _owed(account, debt)]
    paid, month = ZERO, month_start(account.opened_on)
    while month <= account.today:
        day = workday(month + timedelta(days=account.rng.randint(15, 24)))
        due = sum((amount for due, amount in owed if due <= day), ZERO) - paid
        amount = due * account.rng.randint(70, 100) // 100 // unit * unit
        if amount > 0:
            account.pay(day, amount, memo="往来款")
            paid += amount
        month = month_start(month, -1)
