"""The synthetic month of `bank_month` as rows of a database: in a currency of its own, beside whatever is there."""

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from bench.bank_month import FIRST, LIMITS, Month
from customers.models import Customer, Role, User
from ledger.bulk import insert, new
from ledger.models import Entry, Kind, Payment, Posting, Side
from reconciliation.bank.models import BankAccount, BankLine, BankStatement
from reconciliation.matching.models import Rule

CURRENCY = "HKD"


def store(month: Month) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Stores it; the keys of customers, items and lines by those of the month. Payers are not learned yet."""
    now = timezone.now()
    Rule.objects.get_or_create(currency=CURRENCY, defaults={"fee_limit": LIMITS.fee, "change_limit": LIMITS.change})
    customers = _customers(month)
    items = _items(month, customers, now)
    return customers, items, _lines(month, now)


def _customers(month: Month) -> dict[int, int]:
    owner = User.objects.create(username=f"month-{uuid4().hex[:8]}", role=Role.SALESPERSON)
    rows = [
        Customer(code=f"M{key:06}-{owner.pk}", name=name, owner=owner, currency=CURRENCY)
        for key, name in month.customers.names.items()
    ]
    Customer.objects.bulk_create(rows, batch_size=2_000)
    return dict(zip(month.customers.names, (row.pk for row in rows), strict=True))


def _items(month: Month, customers: dict[int, int], now: datetime) -> dict[int, int]:
    posting = Posting.objects.create(key=uuid4(), act="bench", digest="", recorded_at=now)
    entries = []
    for item in month.items:
        sign = -1 if item.is_money else 1
        entries.append(
            new(
                Entry,
                posting=posting,
                customer_id=customers[item.customer],
                kind=Kind.PAYMENT if item.is_money else Kind.INVOICE,
                side=Side.CREDIT if item.is_money else Side.DEBT,
                number=item.number,
                date=item.date,
                due_date=None if item.is_money else item.due_date,
                currency=CURRENCY,
                amount=item.open * sign,
                document_amount=item.open * sign,
                open_amount=item.open * sign,
                recorded_at=now,
            )
        )
    insert(Entry, entries)
    insert(Payment, [new(Payment, entry=entry) for entry in entries if entry.kind == Kind.PAYMENT])
    return {item.key: entry.pk for item, entry in zip(month.items, entries, strict=True)}


def _lines(month: Month, now: datetime) -> dict[int, int]:
    account = BankAccount.objects.create(name=uuid4().hex, bank="bench", number=uuid4().hex, currency=CURRENCY)
    statement = BankStatement.objects.create(
        account=account,
        file_name="month.csv",
        digest=uuid4().hex,
        format="csv",
        first_date=FIRST,
        last_date=date(2026, 6, 30),
        line_count=len(month.lines),
        new_count=len(month.lines),
        imported_at=now,
    )
    rows = []
    for line in month.lines:
        words, _space, reference = line.words.rpartition(" ")
        facts = {"payer_name": line.payer, "payer_account": line.account, "memo": words, "reference": reference}
        amount = Decimal(line.open)
        rows.append(
            new(
                BankLine,
                statement=statement,
                account=account,
                date=line.date,
                amount=amount,
                open_amount=amount,
                currency=CURRENCY,
                fingerprint=uuid4().hex,
                recorded_at=now,
                **facts,
            )
        )
    insert(BankLine, rows)
    return {line.key: row.pk for line, row in zip(month.lines, rows, strict=True)}
