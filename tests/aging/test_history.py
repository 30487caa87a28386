"""Month ends are stored by customer; each says what the aging report of its day says, whatever comes late."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from aging.history import MonthEnd, figures, keeping, month_ends, month_ends_before, stale_since
from aging.models import FilledDay, StaleCustomer, StoredMonthEnd
from aging.queries import reports
from aging.question import Question
from customers.models import Role, User
from ledger import posting
from tests.build import a_customer, a_team, a_user
from tests.laws import examples
from tests.ledger.desk import Desk, day, money
from tests.ledger.test_laws import FIRST, LedgerMachine
from tests.ledger.workbook.files import FIRM, a_workbook, imported

pytestmark = pytest.mark.django_db

TODAY = day("2026-04-15")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_moment: TODAY)


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


@pytest.fixture
def auditor() -> User:
    return a_user(role=Role.AUDITOR)


def said(end: MonthEnd) -> dict[str, str]:
    """What is not zero, as text; buckets by their number."""
    amounts = {"unbilled": end.unbilled, "unapplied": end.unapplied, "sales": end.sales, "received": end.received}
    amounts |= {f"bucket {n}": amount for n, amount in enumerate(end.buckets, 1)}
    return {name: str(amount) for name, amount in amounts.items() if amount}


def series(user: User, **asked: Any) -> dict[str, dict[str, str]]:
    """The month ends of the only currency that say anything, by day."""
    [ends] = month_ends(user, **asked).values()
    return {str(end.day): told for end in ends if (told := said(end))}


def reckoned_anew() -> list[tuple[Any, ...]]:
    """The rows of every filled day, straight from the ledger."""
    rows: list[tuple[Any, ...]] = []
    for filled in FilledDay.objects.order_by("day"):
        piece = figures.by_customer(figures.scope_of(filled.day))
        with connection.cursor() as cursor:
            cursor.execute(piece.sql, piece.params)
            rows += sorted((filled.day, *row) for row in cursor.fetchall())
    return rows


def stored() -> list[tuple[Any, ...]]:
    names = ("day", "customer_id", "currency", *figures.COLUMNS)
    rows = StoredMonthEnd.objects.values_list(*names)
    return sorted((*row[:3], *(int(amount.scaleb(2)) for amount in row[3:])) for row in rows)


# --- what a month end says ------------------------------------------------------------------------------------


def test_the_days_are_the_last_of_each_month_also_over_the_turn_of_a_year_and_in_february() -> None:
    assert [str(found) for found in month_ends_before(day("2026-03-01"), 4)] == [
        "2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28",
    ]  # fmt: skip
    assert month_ends_before(day("2024-03-31"), 1) == [day("2024-02-29")]
    assert month_ends_before(day("2026-03-31"), 0) == []


def test_a_series_tells_each_month_end_and_today(desk: Desk, auditor: User) -> None:
    """Invoice 1,000 of 1 January, due 31 January; 400 paid on 20 February, allocated as of 5 March; a credit note of
    100 on 10 March, not allocated: DESIGN's worked aging, month by month.
    """
    invoice = desk.invoice(1000, "2026-01-01", due_date=day("2026-01-31"))
    payment = desk.payment(400, "2026-02-20", automatic=False)
    desk.allocate(payment, invoice, 400, "2026-03-05")
    desk.credit_note(100, "2026-03-10")
    desk.shipment(50, "2026-04-02")
    assert series(auditor, months=5) == {
        "2026-01-31": {"bucket 1": "1000.00", "sales": "1000.00"},
        "2026-02-28": {"bucket 2": "1000.00", "unapplied": "-400.00", "received": "400.00"},
        "2026-03-31": {"bucket 3": "600.00", "unapplied": "-100.00", "sales": "-100.00"},
        "2026-04-15": {"unbilled": "50.00", "bucket 4": "600.00", "unapplied": "-100.00", "sales": "50.00"},
    }
    ends = month_ends(auditor, months=5)["CNY"]
    assert [str(end.day) for end in ends] == ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-15"]
    assert [end.is_current for end in ends] == [False, False, False, False, True]
    assert (ends[3].balance, ends[3].receivable, ends[3].overdue, ends[3].not_due) == (
        money(500), money(600), money(600), money(0),
    )  # fmt: skip


def test_sales_are_what_documents_add_to_what_is_owed(desk: Desk, auditor: User) -> None:
    """An invoice of 80 that bills a shipment of 60 adds 20; an opening, a refund and a discount are no sale."""
    desk.opening(500, "2026-02-01")
    goods = desk.shipment(60, "2026-02-02")
    desk.invoice(80, "2026-02-10", shipments=[goods])
    desk.goods_return(5, "2026-02-11")
    desk.payment(30, "2026-02-12")
    desk.refund(10, "2026-02-13")
    desk.discount(1, "2026-02-14")
    wrong = desk.invoice(999, "2026-02-15")
    desk.reverse(wrong, "2026-03-03")
    ends = {end.day: end for end in month_ends(auditor, months=4)["CNY"]}
    february, march = ends[day("2026-02-28")], ends[day("2026-03-31")]
    assert (february.sales, february.received) == (money(60 + 20 - 5 + 999), money(30 - 10))
    assert (march.sales, march.received) == (money(-999), money(0))
    assert march.sales_90 == money(75)


def test_the_sales_of_ninety_days_begin_with_the_eighty_ninth_day_before(desk: Desk, auditor: User) -> None:
    """Ninety days up to 31 March begin on 1 January in a year of 28 days in February."""
    desk.invoice(1, "2025-12-31")
    desk.invoice(10, "2026-01-01")
    desk.invoice(100, "2026-03-31")
    desk.invoice(1000, "2026-04-01")
    [end] = [end for end in month_ends(auditor, months=2)["CNY"] if not end.is_current]
    assert end.sales_90 == money(110)


def test_currencies_stand_apart_and_a_firm_without_entries_has_none(desk: Desk, auditor: User) -> None:
    assert month_ends(auditor) == {}
    desk.invoice(100, "2026-01-05")
    Desk(a_customer(owner=desk.by, currency="USD")).invoice(7, "2026-04-05")
    found = month_ends(auditor, months=4)
    assert list(found) == ["CNY", "USD"]
    assert [str(end.receivable) for end in found["CNY"]] == ["100.00", "100.00", "100.00", "100.00"]
    assert [str(end.receivable) for end in found["USD"]] == ["0.00", "0.00", "0.00", "7.00"]


@pytest.mark.parametrize("role", Role.values)
def test_everyone_sees_the_past_of_the_customers_that_they_see_now(role: str, desk: Desk) -> None:
    team = a_team()
    desk.by.team = team
    desk.by.save()
    desk.invoice(100, "2026-01-05")
    Desk(a_customer(owner=a_user())).invoice(1000, "2026-01-05")
    person = desk.by if role == Role.SALESPERSON else a_user(role=role, team=team)
    seen = month_ends(person, months=3)["CNY"]
    expected = "100.00" if role in (Role.SALESPERSON, Role.MANAGER) else "1100.00"
    assert [str(end.receivable) for end in seen] == [expected] * 3


def test_a_customer_that_was_handed_over_takes_its_past_along(desk: Desk) -> None:
    desk.invoice(100, "2026-01-05")
    heir, before = a_user(), desk.by
    assert len(month_ends(before)) == 1
    desk.customer.owner = heir
    desk.customer.save()
    assert month_ends(before) == {}
    assert str(month_ends(heir)["CNY"][0].receivable) == "0.00"
    assert str(month_ends(heir)["CNY"][-2].receivable) == "100.00"


def test_filters_leave_a_salesperson_a_region_or_key_accounts(desk: Desk, auditor: User) -> None:
    desk.customer.region, desk.customer.key_account = "East", True
    desk.customer.save()
    desk.invoice(100, "2026-01-05")
    Desk(a_customer(owner=a_user())).invoice(1000, "2026-01-05")
    for filters in ({"salesperson": desk.by.pk}, {"region": "East"}, {"key_account": True}):
        assert [str(end.receivable) for end in month_ends(auditor, months=2, **filters)["CNY"]] == ["100.00"] * 2
    assert month_ends(auditor, region="West") == {}


def test_each_month_end_is_what_the_aging_report_of_its_day_says(desk: Desk, auditor: User) -> None:
    for month in range(1, 5):
        desk.invoice(100 * month, f"2026-0{month}-03", due_date=day(f"2026-0{month}-20"))
        desk.payment(70, f"2026-0{month}-11")
        desk.shipment(9, f"2026-0{month}-12")
    for end in month_ends(auditor, months=5)["CNY"]:
        [report] = reports(Question(as_of=end.day), user=auditor)
        totals = report.totals
        assert (end.unbilled, end.buckets, end.unapplied) == (totals.unbilled, totals.buckets, totals.unapplied)
        assert (end.balance, end.overdue) == (totals.balance, totals.overdue)


# --- what it costs --------------------------------------------------------------------------------------------


def test_a_series_that_is_stored_costs_a_handful_of_statements_however_long_it_is(desk: Desk, auditor: User) -> None:
    desk.invoice(100, "2026-01-05")
    month_ends(auditor, months=24)
    counts = set()
    for months in (2, 24):
        with CaptureQueriesContext(connection) as queries:
            month_ends(auditor, months=months)
        counts.add(len(queries))
    assert len(counts) == 1
    assert max(counts) <= 8


# --- what comes late ------------------------------------------------------------------------------------------


def test_an_act_of_the_month_leaves_the_month_ends_alone(desk: Desk, auditor: User) -> None:
    desk.invoice(100, "2026-01-05")
    month_ends(auditor)
    StaleCustomer.objects.all().delete()
    desk.payment(40, "2026-04-01")
    assert not StaleCustomer.objects.exists()


def test_an_act_that_is_dated_back_marks_its_customer_from_that_day_on(desk: Desk, auditor: User) -> None:
    desk.invoice(100, "2026-01-05")
    month_ends(auditor)
    Desk(a_customer(owner=desk.by)).invoice(5, "2026-04-02")
    desk.payment(40, "2026-03-31")
    assert list(StaleCustomer.objects.values_list("customer", "since")) == [(desk.customer.pk, day("2026-03-31"))]
    desk.payment(40, "2026-02-10")
    desk.payment(1, "2026-03-10")
    assert StaleCustomer.objects.get().since == day("2026-02-10")


def test_who_looks_next_finds_it_made_again(desk: Desk, auditor: User) -> None:
    desk.invoice(100, "2026-01-05")
    month_ends(auditor)
    desk.payment(40, "2026-02-10")
    ends = month_ends(auditor, months=4)["CNY"]
    assert [str(end.receivable) for end in ends] == ["100.00", "60.00", "60.00", "60.00"]
    assert not any(end.is_stale for end in ends)
    assert stale_since(auditor) is None
    assert not StaleCustomer.objects.exists()


def test_a_mark_stands_or_falls_with_its_act(desk: Desk, auditor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    month_ends(auditor)

    def fail(book: object) -> None:
        assert StaleCustomer.objects.exists()
        raise RuntimeError("no")

    monkeypatch.setattr(posting, "WITNESSES", [*posting.WITNESSES, fail])
    with pytest.raises(RuntimeError):
        desk.invoice(100, "2026-01-05")
    assert not StaleCustomer.objects.exists()


def test_what_there_is_no_time_for_is_left_to_a_worker_and_said(
    desk: Desk, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [Desk(a_customer(owner=a_user())) for _n in range(2)]
    for one in (desk, *others):
        one.invoice(100, "2026-01-05")
    month_ends(auditor)
    monkeypatch.setattr(keeping, "PATIENCE", -1)
    desk.payment(40, "2026-02-10")
    others[0].payment(40, "2026-03-10")
    ends = month_ends(auditor, months=4)["CNY"]
    assert [str(end.receivable) for end in ends] == ["300.00", "300.00", "300.00", "220.00"]
    assert [end.is_stale for end in ends] == [False, True, True, False]
    assert stale_since(auditor) == day("2026-02-10")
    assert stale_since(others[0].by) == day("2026-03-10"), "each is told of the own customers"
    assert stale_since(others[1].by) is None
    assert keeping.refresh() == 2
    assert stale_since(auditor) is None
    assert [str(end.receivable) for end in month_ends(auditor, months=4)["CNY"]] == [
        "300.00", "260.00", "220.00", "220.00",
    ]  # fmt: skip


def test_marks_from_before_the_first_filling_are_forgotten_with_it(
    desk: Desk, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.invoice(100, "2026-01-05")
    assert StaleCustomer.objects.exists()
    monkeypatch.setattr(keeping, "_refresh", lambda *_args, **_facts: pytest.fail("it is all in there"))
    month_ends(auditor)
    assert not StaleCustomer.objects.exists()


def test_a_mark_outlives_the_filling_of_one_day_where_it_stands_for_another(desk: Desk) -> None:
    keeping.fill([day("2026-02-28")])
    desk.invoice(100, "2026-01-05")
    keeping.fill([day("2026-03-31")])
    assert StaleCustomer.objects.exists()
    keeping.refresh()
    assert stored() == reckoned_anew() != []


def test_few_at_a_time_are_made_again_while_there_is_time(
    desk: Desk, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [Desk(a_customer(owner=a_user())) for _n in range(3)]
    month_ends(auditor)
    monkeypatch.setattr(keeping, "FEW", 2)
    for one in (desk, *others):
        one.invoice(100, "2026-01-05")
    assert stale_since(auditor) == day("2026-01-05")
    assert [str(end.receivable) for end in month_ends(auditor, months=2)["CNY"]] == ["400.00", "400.00"]
    assert not StaleCustomer.objects.exists()


def test_an_import_marks_its_customers_and_calls_a_worker(
    tmp_path: Path,
    auditor: User,
    monkeypatch: pytest.MonkeyPatch,
    sent_tasks: list[tuple[str, tuple[Any, ...]]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    from aging.history import following

    monkeypatch.setattr(following, "FEW", 0)
    month_ends(auditor)
    with django_capture_on_commit_callbacks(execute=True):
        imported(a_workbook(tmp_path / "firm.xlsx", FIRM))
    assert ("aging.tasks.refresh_month_ends", ()) in sent_tasks
    assert StaleCustomer.objects.exists()
    keeping.refresh()
    assert stored() == reckoned_anew() != []


def test_a_mark_that_comes_while_month_ends_are_made_outlives_it(
    desk: Desk, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.invoice(100, "2026-01-05")
    month_ends(auditor)
    desk.payment(40, "2026-02-10")
    made: Callable[..., None] = keeping._make

    def make_and_be_overtaken(*args: Any) -> None:
        made(*args)
        monkeypatch.setattr(keeping, "_make", made)
        desk.payment(7, "2026-02-11")

    monkeypatch.setattr(keeping, "_make", make_and_be_overtaken)
    keeping.refresh()
    assert StaleCustomer.objects.get().since == day("2026-02-10")
    keeping.refresh()
    assert not StaleCustomer.objects.exists()
    assert stored() == reckoned_anew()


def test_many_stale_customers_are_made_again_by_whole_days(
    desk: Desk, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MANY", 0)
    desk.invoice(100, "2026-01-05")
    month_ends(auditor)
    desk.payment(40, "2026-02-10")
    keeping.refresh()
    assert stored() == reckoned_anew()
    assert not StaleCustomer.objects.exists()


def test_on_the_last_two_days_of_a_month_every_act_leaves_a_mark(
    desk: Desk, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that begins before midnight and ends after the month's end was stored must not be lost."""
    monkeypatch.setattr(timezone, "localdate", lambda *_moment: day("2026-04-28"))
    desk.invoice(100, "2026-04-28")
    assert not StaleCustomer.objects.exists()
    monkeypatch.setattr(timezone, "localdate", lambda *_moment: day("2026-04-29"))
    desk.invoice(100, "2026-04-29")
    assert StaleCustomer.objects.get().since == day("2026-04-29")


def test_other_limits_of_the_buckets_make_every_month_end_again(desk: Desk, auditor: User) -> None:
    desk.invoice(100, "2026-01-05", due_date=day("2026-01-10"))
    assert series(auditor, months=2)["2026-03-31"]["bucket 4"] == "100.00"
    with override_settings(AGING_LIMITS=(10, 100)):
        ends = month_ends(auditor, months=2)["CNY"]
        assert [str(amount) for amount in ends[0].buckets] == ["0.00", "0.00", "100.00", "0.00"]
        assert FilledDay.objects.get().limits == "10,100"


def test_who_finds_another_at_it_is_told_that_the_figures_are_stale(
    desk: Desk, auditor: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.invoice(100, "2026-01-05")
    month_ends(auditor)
    desk.payment(40, "2026-02-10")

    def taken(*, wait: bool = True) -> Iterator[None]:
        raise OperationalError("database is locked")

    monkeypatch.setattr(keeping, "turn", taken)
    ends = month_ends(auditor, months=3)["CNY"]
    assert [end.is_stale for end in ends] == [True, True, False]
    assert "left as they are" in caplog.text


def test_the_night_fills_what_is_missing_refreshes_and_drops_the_oldest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.invoice(100, "2020-01-05")
    keeping.fill([day("2022-12-31")])
    kept = keeping.keep(today=TODAY)
    assert (kept.filled, kept.refreshed, kept.removed) == (37, 0, 1)
    assert FilledDay.objects.count() == StoredMonthEnd.objects.count() == 37
    assert keeping.keep(today=TODAY) == keeping.Kept(0, 0, 0)
    assert keeping.keep(today=TODAY + timedelta(days=20)).filled == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_makers_at_once_take_turns(desk: Desk) -> None:
    desk.invoice(100, "2026-01-05")
    errors: list[BaseException] = []

    def run() -> None:
        try:
            keeping.fill(month_ends_before(TODAY, 6))
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert stored() == reckoned_anew()


# --- under random acts ----------------------------------------------------------------------------------------


class MonthEndMachine(LedgerMachine):
    """The acts of the ledger's laws, on a day when the months that they touch are over: each comes late."""

    @rule(days=st.integers(min_value=0, max_value=3))
    def a_page_is_looked_at(self, days: int) -> None:
        keeping.catch_up(month_ends_before(FIRST + timedelta(days=31 * days), 2))

    @rule()
    def a_night_goes_by(self) -> None:
        keeping.keep(today=FIRST + timedelta(days=100))

    @invariant()
    def stored_is_reckoned_anew(self) -> None:
        """What no mark excuses is what the ledger says; once the marks are worked off, all of it is."""
        excused = dict(StaleCustomer.objects.values_list("customer", "since"))

        def kept(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
            return [row for row in rows if row[1] not in excused or row[0] < excused[row[1]]]

        assert kept(stored()) == kept(reckoned_anew())


@pytest.mark.django_db
class TestMonthEnds(TestCase):
    def test_stored_month_ends_are_what_the_ledger_says_after_every_act(self) -> None:
        run_state_machine_as_test(
            MonthEndMachine,
            settings=hypothesis_settings(
                max_examples=examples(15),
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_a_mark_is_of_the_earliest_day_of_an_act(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    payment = desk.payment(100, "2026-02-05", automatic=False)
    StaleCustomer.objects.all().delete()
    desk.allocate(payment, bill, 100, "2026-03-05")
    assert StaleCustomer.objects.get().since == date(2026, 3, 5)


# --- the command ----------------------------------------------------------------------------------------------


def command(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("month_ends", *arguments, "--format", "json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def test_the_command_keeps_month_ends_and_finds_one_that_was_tampered_with(desk: Desk) -> None:
    desk.invoice(100, "2026-01-05")
    assert command() == {"filled": 37, "refreshed": 1, "removed": 0}
    assert command("--check") == {"ok": True, "differences": []}
    desk.payment(30, "2026-02-05")
    assert command("--check")["ok"], "a mark says that it is stale"
    assert command() == {"filled": 0, "refreshed": 1, "removed": 0}
    StoredMonthEnd.objects.filter(day=day("2026-02-28")).update(unapplied=money(-7))
    with pytest.raises(CommandError, match="1 stored figures are wrong"):
        command("--check")
