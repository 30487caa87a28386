"""Builders of bank accounts, statements and lines, below the services."""

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from reconciliation.bank.models import BankAccount, BankLine, BankStatement
from reconciliation.matching.models import AsideKind, SetAside

_count = itertools.count(1)


def an_account(**facts: Any) -> BankAccount:
    n = next(_count)
    return BankAccount.objects.create(
        **{"name": f"Account {n}", "bank": "Bank of China", "number": f"62220000{n:08}", **facts}
    )


def a_statement(account: BankAccount | None = None, **facts: Any) -> BankStatement:
    n = next(_count)
    return BankStatement.objects.create(
        **{
            "account": account or an_account(),
            "file_name": f"{n}.csv",
            "digest": f"{n:064}",
            "format": "csv",
            "first_date": date(2026, 3, 1),
            "last_date": date(2026, 3, 31),
            "line_count": 1,
            "new_count": 1,
            "imported_at": timezone.now(),
            **facts,
        }
    )


def a_line(statement: BankStatement | None = None, *, amount: int | str | Decimal = 100, **facts: Any) -> BankLine:
    """A line of `amount`, not matched."""
    statement = statement or a_statement()
    return BankLine.objects.create(**line_facts(statement, amount, **facts))


def set_aside(line: BankLine, amount: int | str | Decimal) -> None:
    """So much of the line is dealt with; the database wants to see why."""
    row = {"line": line, "kind": AsideKind.values[0], "amount": Decimal(amount), "recorded_at": line.recorded_at}
    SetAside.objects.create(**row)
    line.refresh_from_db()
    BankLine.objects.filter(pk=line.pk).update(open_amount=line.open_amount - Decimal(amount))


def line_facts(statement: BankStatement, amount: int | str | Decimal, **facts: Any) -> dict[str, Any]:
    return {
        "statement": statement,
        "account": statement.account,
        "date": date(2026, 3, 15),
        "amount": Decimal(amount),
        "open_amount": Decimal(amount),
        "currency": statement.account.currency,
        "fingerprint": f"{next(_count):064}",
        "recorded_at": statement.imported_at,
        **facts,
    }
