"""The database keeps what the bank said by itself: each law attacked below the services, on both engines."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from reconciliation.bank.models import BankAccount, BankLine, BankStatement
from tests.reconciliation.bank.building import a_line, a_statement, an_account, line_facts, set_aside

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], Any]) -> None:
    before = list(BankLine.objects.order_by("pk").values()), list(BankStatement.objects.order_by("pk").values())
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    assert before == (
        list(BankLine.objects.order_by("pk").values()),
        list(BankStatement.objects.order_by("pk").values()),
    )


def run(sql: str) -> Callable[[], Any]:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return act


def test_nothing_that_the_bank_said_is_edited_or_deleted() -> None:
    a_line()
    for model in (BankStatement, BankLine):
        table = connection.ops.quote_name(model._meta.db_table)
        refused(run(f"DELETE FROM {table}"))
        for field in model._meta.concrete_fields:
            if field.column != "open_amount":
                column = connection.ops.quote_name(str(field.column))
                refused(run(f"UPDATE {table} SET {column} = {column}"))


@pytest.mark.parametrize(
    "facts",
    [
        {"amount": Decimal(0), "open_amount": Decimal(0)},
        {"open_amount": Decimal(0)},
        {"open_amount": Decimal(99)},
        {"open_amount": Decimal(-100)},
        {"currency": "USD"},
        {"date": date(1989, 12, 31)},
    ],
)
def test_a_line_that_breaks_a_law_is_refused(facts: dict[str, Any]) -> None:
    statement = a_statement()
    refused(lambda: BankLine.objects.create(**{**line_facts(statement, 100), **facts}))
    a_line(statement)


def test_a_line_has_the_account_of_its_statement() -> None:
    statement, other = a_statement(), an_account()
    refused(lambda: a_line(statement, account=other))


def test_a_line_is_taken_once_in_an_account() -> None:
    line = a_line(fingerprint="x")
    refused(lambda: a_line(a_statement(line.account), fingerprint="x"))
    a_line(fingerprint="x")  # another account's


@pytest.mark.parametrize(("amount", "wrong"), [(100, (-1, 101)), (-100, (1, -101))])
def test_what_is_not_matched_lies_between_nothing_and_the_amount(amount: int, wrong: tuple[int, int]) -> None:
    line = a_line(amount=amount)
    for value in wrong:
        refused(lambda: BankLine.objects.filter(pk=line.pk).update(open_amount=Decimal(value)))  # noqa: B023
    set_aside(line, amount // 2)
    set_aside(line, amount // 2)
    line.refresh_from_db()
    assert line.open_amount == 0


@pytest.mark.parametrize(
    "facts",
    [{"first_date": date(2026, 4, 1)}, {"new_count": 2}, {"digest": "same"}],
    ids=lambda facts: next(iter(facts)),
)
def test_a_statement_that_breaks_a_law_is_refused(facts: dict[str, Any]) -> None:
    account = an_account()
    a_statement(account, digest="same")
    refused(lambda: a_statement(account, **facts))


def test_an_account_with_statements_keeps_its_currency_and_stays() -> None:
    free, used = an_account(), a_statement().account
    BankAccount.objects.filter(pk=free.pk).update(currency="USD")
    refused(lambda: BankAccount.objects.filter(pk=used.pk).update(currency="USD"))
    refused(lambda: used.delete())
    refused(lambda: an_account(number=free.number, currency="USD"))
    an_account(number=free.number)  # the same number in another currency


def test_unmatched_lines_are_found_on_either_side() -> None:
    statement = a_statement()
    came, went, done = a_line(statement), a_line(statement, amount=-5), a_line(statement)
    set_aside(done, 100)
    assert set(BankLine.objects.unmatched()) == {came, went}
    assert list(BankLine.objects.unmatched_receipts()) == [came]
    assert set(BankLine.objects.received()) == {came, done}
    assert list(BankLine.objects.paid()) == [went]
