"""What a statement says is what the ledger says."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from aging.buckets import Basis, buckets
from aging.queries import reports
from aging.question import Question
from ledger.errors import LedgerError
from ledger.models import Entry
from ledger.money import ZERO
from reconciliation.statements.account import Account, Column
from reconciliation.statements.capitals import in_capitals
from reconciliation.statements.limitation import Reason, Said, reason_to_restart
from reconciliation.statements.queries.accounts import accounts
from tests.build import a_customer, a_user
from tests.laws import examples
from tests.ledger.desk import Desk, money
from tests.reconciliation.statements.building import JULY, SEPTEMBER, an_account

LIMITS = (30, 60, 90, 180, 365)


def account_of(desk: Desk, first: date = JULY, last: date = SEPTEMBER) -> Account:
    return accounts([desk.customer], first=first, last=last)[desk.customer.pk]


@pytest.mark.django_db
class TestWorkedExample:
    def test_every_figure_of_a_quarter(self) -> None:
        account = account_of(an_account())
        assert account.opening == money(500)
        said = [(line.number, line.column, line.face, line.amount, line.balance) for line in account.lines]
        assert said == [
            ("FH-1", Column.SHIPPED, money(300), money(300), money(800)),
            # It bills what was owed already.
            ("FP-1", Column.INVOICED, money(300), ZERO, money(800)),
            ("SK-1", Column.RECEIVED, money(200), money(-200), money(600)),
            ("FH-2", Column.SHIPPED, money(80), money(80), money(680)),
        ]
        assert account.closing == money(680)
        totals = [account.column_total(column) for column in Column]
        assert totals == [money(380), money(300), money(200), ZERO]
        assert (account.receivable, account.unbilled, account.unapplied) == (money(600), money(80), ZERO)
        # The opening balance was due on 30 June, less what was paid; the invoice on 19 August.
        aged = [amount for _bucket, amount in account.aged(buckets(Basis.DUE, LIMITS))]
        assert aged == [ZERO, ZERO, money(300), ZERO, money(300), ZERO, ZERO]
        assert account.overdue == money(600)

    def test_the_aging_report_says_the_same(self) -> None:
        desk = an_account()
        [report] = reports(Question(as_of=SEPTEMBER))
        [row] = list(report)
        account = account_of(desk)
        assert row.amounts.buckets == tuple(amount for _bucket, amount in account.aged(report.buckets))
        assert (row.amounts.unbilled, row.amounts.balance) == (account.unbilled, account.closing)

    def test_what_was_put_right_within_the_period_is_left_out_and_later_it_stands(self) -> None:
        desk = an_account()
        wrong = desk.shipment(1000, "2026-08-01", number="FH-9")
        desk.reverse(wrong, "2026-10-05")
        assert "FH-9" in [line.number for line in account_of(desk).lines]
        account = account_of(desk, last=date(2026, 10, 31))
        assert "FH-9" not in [line.number for line in account.lines]
        assert account.closing == money(680)
        later = account_of(desk, first=date(2026, 10, 1), last=date(2026, 10, 31))
        assert [(line.is_reversal, line.amount) for line in later.lines] == [(True, money(-1000))]

    def test_a_statement_of_the_past_does_not_know_what_came_after(self) -> None:
        desk = an_account()
        before = account_of(desk)
        desk.payment(680, "2026-10-02")
        after = account_of(desk)
        assert (after.closing, after.receivable, after.unbilled) == (
            before.closing,
            before.receivable,
            before.unbilled,
        )

    def test_it_is_kept_as_plain_values_and_read_again(self) -> None:
        account = account_of(an_account())
        assert Account.from_data(account.as_data()) == account

    def test_as_many_queries_for_many_customers_as_for_one(self) -> None:
        desks = [an_account() if n == 0 else Desk(a_customer(owner=a_user())) for n in range(3)]
        for n, desk in enumerate(desks[1:]):
            desk.shipment(10, "2026-08-01", number=f"F-{n}")

        def count(some: list[Desk]) -> int:
            with CaptureQueriesContext(connection) as queries:
                accounts([desk.customer for desk in some], first=JULY, last=SEPTEMBER)
            return len(queries)

        assert count(desks) == count(desks[:1]) <= 4


FIRST = date(2026, 1, 1)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["shipment", "invoice", "payment", "goods_return", "discount", "reverse"]),
        st.integers(1, 100_000),
        st.integers(0, 120),
    ),
    max_size=12,
)


class TestLaw(TestCase):
    @settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=ACTS, start=st.integers(0, 100), length=st.integers(0, 60))
    def test_opening_and_lines_are_the_closing_balance_and_the_open_items(
        self, acts: list[tuple[str, int, int]], start: int, length: int
    ) -> None:
        desk = Desk(a_customer(owner=a_user()))
        for act, cents, days in acts:
            on = (FIRST + timedelta(days=days)).isoformat()
            try:
                if act == "reverse":
                    standing = Entry.objects.filter(customer=desk.customer, reverses=None, reversed_on=None)
                    if (entry := standing.order_by("pk").first()) is not None:
                        desk.reverse(entry, on)
                else:
                    getattr(desk, act)(str(Decimal(cents) / 100), on)
            except LedgerError:
                continue
        first = FIRST + timedelta(days=start)
        last = first + timedelta(days=length)
        account = account_of(desk, first, last)
        until = Entry.objects.filter(customer=desk.customer, date__lte=last).aggregate(total=Sum("amount"))["total"]
        assert account.closing == (until or ZERO)
        assert account.opening + sum((line.amount for line in account.lines), ZERO) == account.closing
        assert account.receivable + account.unbilled + account.unapplied == account.closing
        assert sum((amount for _b, amount in account.aged(buckets(Basis.DUE, LIMITS))), ZERO) == account.receivable


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # The examples of the People's Bank's own rules …
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # … and what they leave open.
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("-12.30", "负壹拾贰元叁角"),
        ("100000.00", "壹拾万元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("30050000.00", "叁仟零伍万元整"),
        ("1000200000000.00", "壹万零贰亿元整"),
        ("9999999999999.99", "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_amounts_in_capitals(amount: str, words: str) -> None:
    assert in_capitals(Decimal(amount)) == words


@pytest.mark.any_engine
def test_what_restarts_the_limitation_period() -> None:
    assert reason_to_restart(Said()) == Reason.NOTHING
    # A bare balance that was agreed; a demand of which nobody knows whether it arrived.
    assert reason_to_restart(Said(is_answered=True)) == Reason.NOTHING
    assert reason_to_restart(Said(demands_payment=True)) == Reason.NOTHING
    assert reason_to_restart(Said(demands_payment=True, is_answered=True)) == Reason.DEMAND
    assert reason_to_restart(Said(is_answered=True, promises_payment=True)) == Reason.PROMISE
