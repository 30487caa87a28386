"""The demo firm's bank: two accounts, and a statement of each for the last months, taken by the door for files.

Most lines are the payments of the books. Some came under another payer's name, some receipts nobody has reported yet,
and the bank took its fees.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from django.db.models import QuerySet
from django.utils import timezone

from config.demo.names import person
from config.demo.workdays import workday
from customers.models import HOME_CURRENCY, Customer, Role, User
from ledger.models import Entry, Kind, Payment
from reconciliation.bank.intake import take
from reconciliation.bank.models import BankAccount

MONTHS = 4
HOLDER = "华锦机电设备有限公司"
# Of a hundred payments so many came from somebody else's account: an owner, a sister company.
_OTHER_PAYER = 7
_UNREPORTED = 7
# Of those, so many from people of whom nobody knows for whom they pay.
_UNKNOWN = 3
_SUPPLIERS = ("上海宝山钢材贸易有限公司", "苏州恒力轴承有限公司", "国网上海市电力公司", "顺丰速运有限公司")


@dataclass(frozen=True, slots=True)
class _Line:
    day: date
    amount: Decimal
    name: str
    account: str
    memo: str
    reference: str


@dataclass(frozen=True, slots=True)
class _Export:
    """How a bank writes its file."""

    heading: tuple[str, ...]
    opening: Decimal

    def row(self, line: _Line, balance: Decimal) -> list[str]:
        came, went = (f"{line.amount:,.2f}", "") if line.amount > 0 else ("", f"{-line.amount:,.2f}")
        facts = [f"{line.day:%Y%m%d}", went, came, f"{balance:,.2f}", line.name, line.account, line.memo]
        return [*facts, line.reference]


_ACCOUNTS = (
    (
        {"name": "工商银行基本户", "bank": "中国工商银行上海张江支行", "number": "1001244309000123456"},
        _Export(
            ("交易日期", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号", "摘要", "交易流水号"),
            Decimal("826415.30"),
        ),
    ),
    (
        {"name": "招商银行一般户", "bank": "招商银行上海分行", "number": "121908277310501"},
        _Export(
            ("交易日", "支出", "收入", "余额", "收(付)方名称", "收(付)方账号", "摘要", "流水号"),
            Decimal("391027.88"),
        ),
    ),
)


def keep_bank(staff: dict[str, User], *, now: datetime, seed: int) -> None:
    """The statements of the last months, each taken on the first workday after it; this month's until yesterday."""
    rng = Random(seed)
    finance = next(user for user in staff.values() if user.role == Role.FINANCE)
    today = timezone.localdate(now)
    accounts = [
        (BankAccount.objects.create(holder=HOLDER, is_printed=place == 0, **facts), export)
        for place, (facts, export) in enumerate(_ACCOUNTS)
    ]
    months = list(_months(today))
    lines = _lines(rng, months[0][0], today)
    for place, (account, export) in enumerate(accounts):
        own = sorted((line for at, line in lines if at == place), key=lambda line: (line.day, line.reference))
        balance = export.opening
        for first, last in months:
            part = [line for line in own if first <= line.day <= last]
            if part:
                taken_on = timezone.make_aware(datetime.combine(workday(last + timedelta(days=1)), time(9, 30)))
                balance = _take(account, export, part, balance, (first, last), by=finance, at=min(taken_on, now))


def _months(today: date) -> Iterator[tuple[date, date]]:
    """First and last day of the latest months, the running one until yesterday."""
    first = today.replace(day=1)
    starts = [first]
    for _n in range(MONTHS - 1):
        starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
    for start in reversed(starts):
        last = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        if start < today:
            yield start, min(last, today - timedelta(days=1))


def _payments(since: date, until: date) -> QuerySet[Entry]:
    """The transfers of the books that a statement of these days has to show."""
    paid = Entry.objects.standing().filter(kind=Kind.PAYMENT, currency=HOME_CURRENCY, date__range=(since, until))
    transferred = paid.filter(payment__method=Payment.Method.TRANSFER)
    return transferred.select_related("customer", "payment").order_by("date", "pk")


def _lines(rng: Random, since: date, today: date) -> list[tuple[int, _Line]]:
    """Each line with the place of its account: a customer always pays into the same."""
    yesterday = today - timedelta(days=1)
    found: list[tuple[int, _Line]] = []
    customers: dict[int, Customer] = {}
    for entry in _payments(since, yesterday):
        customers[entry.customer_id] = entry.customer
        if entry.confirmed_on is None and rng.randrange(3) == 0:
            continue  # reported, and never seen by the bank
        found.append(
            (_place(entry.customer), _receipt(rng, entry.customer, entry.date, -entry.document_amount, entry))
        )
    for place, customer in enumerate(rng.sample(list(customers.values()), min(_UNREPORTED, len(customers)))):
        day = max(since, yesterday - timedelta(days=rng.randint(0, 20)))
        amount = Decimal(rng.randint(20, 900) * 100)
        found.append((_place(customer), _receipt(rng, customer, day, amount, is_unknown=place < _UNKNOWN)))
    return [*found, *_of_every_month(rng, since, yesterday)]


def _place(customer: Customer) -> int:
    return 1 if Random(customer.code).randrange(3) == 0 else 0


def _receipt(
    rng: Random,
    customer: Customer,
    day: date,
    amount: Decimal,
    entry: Entry | None = None,
    *,
    is_unknown: bool = False,
) -> _Line:
    own = Random(customer.code)  # its account is the same whenever it pays
    account = f"6222{own.randrange(10**12):012}"
    name = customer.name
    if is_unknown or (entry is not None and rng.randrange(100) < _OTHER_PAYER):
        name, account = person(rng), f"6217{rng.randrange(10**15):015}"
    memo = rng.choice(("货款", "支付货款", "往来款", "电汇"))
    if entry is not None and rng.randrange(4) == 0:
        memo = f"货款 {entry.number}"
    reference = entry.payment.bank_reference if entry is not None and entry.payment.bank_reference else ""
    return _Line(day, amount, name, account, memo, reference or f"{day:%Y%m%d}{rng.randrange(10**8):08}")


def _of_every_month(rng: Random, since: date, until: date) -> Iterable[tuple[int, _Line]]:
    """What is no customer's: fees, wages, suppliers, interest."""
    day = since.replace(day=1)
    while day <= until:
        costs = [
            (28, "-65.00", "", "账户管理费"),
            (15, f"-{rng.randint(90, 140) * 1000}.00", "", "代发工资"),
            (10, f"-{rng.randint(80, 600) * 100}.00", rng.choice(_SUPPLIERS), "采购款"),
            (20, f"-{rng.randint(80, 600) * 100}.00", rng.choice(_SUPPLIERS), "采购款"),
        ]
        if day.month % 3 == 0:
            costs.append((21, f"{rng.randint(2000, 9000) / Decimal(100):.2f}", "", "结息"))
        for number, (of_month, amount, name, memo) in enumerate(costs):
            on = day.replace(day=of_month)
            if since <= on <= until:
                account = f"3100{rng.randrange(10**12):012}" if name else ""
                yield (
                    number % 2,
                    _Line(on, Decimal(amount), name, account, memo, f"{on:%Y%m%d}{rng.randrange(10**8):08}"),
                )
        day = (day + timedelta(days=32)).replace(day=1)


def _take(
    account: BankAccount,
    export: _Export,
    lines: list[_Line],
    opening: Decimal,
    days: tuple[date, date],
    *,
    by: User,
    at: datetime,
) -> Decimal:
    """Writes the bank's file and takes it; returns the closing balance."""
    balance = opening
    first, last = days
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        with path.open("w", encoding="gb18030", newline="") as file:
            rows = csv.writer(file)
            rows.writerow([f"{account.bank} 账户交易明细"])
            rows.writerow([f"账号:{account.number}", f"户名:{account.holder}", "币种:人民币"])
            rows.writerow([f"起始日期:{first}", f"终止日期:{last}", f"总笔数:{len(lines)}"])
            rows.writerow(export.heading)
            for line in lines:
                balance += line.amount
                rows.writerow(export.row(line, balance))
        taken = take(
            path,
            by=by,
            file_name=f"{account.name}{first:%Y-%m}.csv",
            now=at,
            today=last + timedelta(days=1),
            account=account,
        )
    assert not taken.errors, taken.errors
    return balance
