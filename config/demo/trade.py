"""The everyday trade of a customer: goods, invoices, now and then a return, in the rhythm of the seasons. Pure."""

from bisect import bisect_left
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import accumulate
from random import Random

from config.demo.account import SERVICE_TAX, Account
from config.demo.products import basket
from config.demo.profiles import Billing
from config.demo.workdays import demand, workday
from ledger.money import ZERO

_RETURN_REASONS = ("规格不符", "运输破损", "来料检验不合格", "客户退回余料")
_SERVICES = ("安装调试服务费", "年度维保服务费", "技术培训服务费")
_BILLING_DAY = 25


def trade(account: Account, invoices: int) -> None:
    """Plans about so many invoices, with the goods behind them."""
    profile = account.profile
    days = order_days(account.rng, profile.buys_from, min(profile.buys_until, account.today), invoices)
    for day in days:
        dice = account.rng.random()
        if dice < 0.03:
            _service(account, day)
        elif dice < 0.05:
            _invoiced_ahead(account, day)
        else:
            _goods(account, day)


def order_days(rng: Random, first: date, last: date, count: int) -> list[date]:
    """`count` workdays from `first` to `last`, evenly spread over what the season lets a customer buy."""
    until = _demand_until(first, last)
    if not until or not until[-1]:
        return []
    share = until[-1] / max(count, 1)
    places = (share * (place + rng.uniform(0.15, 0.85)) for place in range(count))
    return [first + timedelta(days=bisect_left(until, place)) for place in places]


@cache
def _demand_until(first: date, last: date) -> tuple[int, ...]:
    return tuple(accumulate(demand(first + timedelta(days=n)) for n in range((last - first).days + 1)))


def _goods(account: Account, day: date) -> None:
    rng, billing = account.rng, account.profile.billing
    collected = billing is Billing.COLLECTED
    count = rng.choice((2, 3, 3, 4)) if collected else rng.choice((1, 1, 1, 1, 2))
    goods, shipped_on = [], day
    for _ in range(count):
        goods.append(account.ship(shipped_on, account.a_sale() // count))
        shipped_on = workday(shipped_on + timedelta(days=rng.randint(1, 5)))
    bill_on = _billing_day(rng, goods[-1].date, billing)
    invoice = account.bill(bill_on, *goods)
    dice = rng.random()
    if dice < 0.04:
        back_on = workday(bill_on + timedelta(days=rng.randint(3, 9)))
        account.take_back(back_on, goods[0], invoice, rng.randint(10, 60), rng.choice(_RETURN_REASONS))
    elif dice < 0.06:
        allowed_on = workday(bill_on + timedelta(days=rng.randint(2, 12)))
        allowance = Decimal(max(1, int(invoice.amount) // rng.choice((50, 100, 200))))
        account.allow(allowed_on, allowance, invoice, "商业折扣")


def _billing_day(rng: Random, shipped_on: date, billing: Billing) -> date:
    if billing is Billing.LATE:
        return workday(shipped_on + timedelta(days=rng.randint(18, 45)))
    if billing is Billing.COLLECTED:
        this_month = shipped_on.replace(day=_BILLING_DAY)
        if shipped_on <= this_month:
            return workday(this_month)
        return workday((this_month + timedelta(days=15)).replace(day=_BILLING_DAY))
    return workday(shipped_on + timedelta(days=rng.choice((0, 0, 1, 1, 2, 3, 5))))


def _service(account: Account, day: date) -> None:
    amount = Decimal(account.rng.randint(20, 160)) * 100
    tax_percent = 0 if account.profile.is_foreign else SERVICE_TAX
    account.bill(day, amount=amount, tax_percent=tax_percent, memo=account.rng.choice(_SERVICES))


def _invoiced_ahead(account: Account, day: date) -> None:
    """The customer wanted the invoice first; the goods follow and add nothing to what it owes."""
    lines = basket(account.rng, account.a_sale(), account.profile.currency)
    invoice = account.bill(day, amount=sum((line.amount for line in lines), ZERO), memo="先票后货")
    account.ship(workday(day + timedelta(days=account.rng.randint(3, 12))), lines=lines, invoice=invoice)
