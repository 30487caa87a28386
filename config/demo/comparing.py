"""A customer of the demo firm gives us its own account of the last half year, with what such lists have in them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count
from django.utils import timezone

from config.demo.workdays import month_start
from customers.models import Customer, Role, User
from ledger.models import Kind
from reconciliation.comparison.amounts import net
from reconciliation.comparison.lines import Line
from reconciliation.comparison.models import CustomerList
from reconciliation.comparison.previewing import preview
from reconciliation.comparison.queries.our_lines import our_ledger
from reconciliation.comparison.taking import Asked, keep_upload, take

HEADING = "日期,凭证号,发票号,摘要,借方金额,贷方金额,方向,余额"
_BOUGHT, _PAID, _CREDITED = "采购入库", "支付货款", "红字冲销"
# Of a week before its end a customer has not booked everything.
_DAYS_LATE = 6


def give_lists(people: dict[str, User], *, now: datetime, seed: int) -> CustomerList | None:
    """The busiest customer's list, compared by finance; none where nobody traded then."""
    today = timezone.localdate(now)
    since, on = month_start(today, 6), month_start(today, 0) - timedelta(days=1)
    trading = Customer.objects.filter(currency="CNY", owner__isnull=False, entries__date__range=(since, on))
    customer = trading.annotate(n=Count("entries")).order_by("-n", "code").first()
    if customer is None:
        return None
    ledger = our_ledger(customer, since=since, on=on)
    file = _file(
        _booked([line for line in ledger.lines if not line.is_prior], on, Random(seed)), ledger.opening, since
    )
    finance = next(user for user in people.values() if user.role == Role.FINANCE)
    upload = keep_upload(by=finance, customer=customer, file=file)
    shown = preview(upload)
    given = shown.given
    return take(
        by=finance,
        upload=upload,
        now=now,
        asked=Asked(shown.columns, shown.direction, since, on, given.opening, given.closing),
    )


def _booked(ours: list[Line], on: date, rng: Random) -> list[tuple[date, str, str, Decimal]]:
    """Day, number, memo and amount of their lines: ours, but for what people do to lists."""
    quirks = ["noise", "net", "swapped", "twice", "cut", "price"]
    rows: list[tuple[date, str, str, Decimal]] = []
    for line in sorted(ours, key=lambda one: (one.day, one.key)):
        late = on - line.day < timedelta(days=_DAYS_LATE)
        if line.kind == Kind.SHIPMENT or (late and line.amount > 0):
            continue
        number = next(iter(line.numbers), "") if line.amount > 0 else ""
        memo = _BOUGHT if line.amount > 0 else _PAID if line.kind == Kind.PAYMENT else _CREDITED
        day = min(line.day + timedelta(days=rng.randint(0, 3)), on)
        quirk = quirks.pop(0) if quirks and number and rng.random() < 0.8 else ""
        rows.append(_with_quirk(quirk, day, number, memo, line.amount))
        if quirk == "twice":
            rows.append((min(day + timedelta(days=5), on), number, memo, line.amount))
    rows.append((on - timedelta(days=2), "", "支付货款 网银", Decimal("-18600.00")))
    rows.append((on - timedelta(days=9), f"YF{on:%m}07", "代垫运费", Decimal("-860.00")))
    return sorted(rows, key=lambda row: row[0])


def _with_quirk(quirk: str, day: date, number: str, memo: str, amount: Decimal) -> tuple[date, str, str, Decimal]:
    match quirk:
        case "noise":
            return day, f"No.{number}", memo, amount
        case "cut":
            return day, number[-8:], memo, amount
        case "net":
            return day, number, f"{memo} 不含税", net(amount, 13)
        case "swapped":
            return day, _swapped(number), memo, amount
        case "price":
            return day, number, f"{memo} 单价按新合同", amount - Decimal("120.00")
    return day, number, memo, amount


def _swapped(number: str) -> str:
    """The last two digits that differ, the wrong way round."""
    for place in range(len(number) - 1, 0, -1):
        one, other = number[place - 1], number[place]
        if one != other and one.isdigit() and other.isdigit():
            return number[: place - 1] + other + one + number[place + 1 :]
    return number


def _file(rows: list[tuple[date, str, str, Decimal]], opening: Decimal, since: date) -> SimpleUploadedFile:
    balance = opening
    lines = ["应付账款明细账", HEADING, f"{since},,,期初余额,,,{_side(balance)},{abs(balance)}"]
    for place, (day, number, memo, amount) in enumerate(rows, start=1):
        balance += amount
        debit, credit = ("", amount) if amount > 0 else (-amount, "")
        lines.append(f"{day},记-{place * 3},{number},{memo},{debit},{credit},{_side(balance)},{abs(balance)}")
    lines.append(f"{rows[-1][0]},,,本期合计,,,{_side(balance)},{abs(balance)}")
    return SimpleUploadedFile("应付账款明细账.csv", "\n".join([*lines, ""]).encode("gb18030"))


def _side(balance: Decimal) -> str:
    return "贷" if balance >= 0 else "借"
