"""What the nightly sweep raises, on which day exactly, and what it leaves alone."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from customers.models import Role
from flags.models import SWEPT_KINDS, Flag, FlagKind
from flags.services import acknowledge, change_severity_limit, change_threshold, snooze
from flags.sweep import raise_flags
from ledger.documents import Instalment
from ledger.invoice_way import record_step
from ledger.models import Invoice
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def open_kinds(on: str) -> list[str]:
    raise_flags(as_of=day(on))
    return sorted(Flag.objects.open().values_list("kind", flat=True))


def sent(desk: Desk, on: str = "2026-01-01", **facts: Any) -> Any:
    """An invoice that nobody need worry about but for its due date."""
    way = {"sent_on": day(on), "received_on": day(on), "booked_on": day(on)}
    return desk.invoice(100, on, **{**way, **facts})


@pytest.mark.parametrize(
    ("on", "found"), [("2026-01-31", []), ("2026-02-01", ["overdue"]), ("2026-03-01", ["overdue"])]
)
def test_a_debt_is_overdue_the_day_after_its_due_date(desk: Desk, on: str, found: list[str]) -> None:
    sent(desk, due_date=day("2026-01-31"))
    assert open_kinds(on) == found


@pytest.mark.parametrize(("on", "found"), [("2026-01-15", []), ("2026-01-16", ["not_invoiced"])])
def test_goods_not_invoiced_after_fifteen_days(desk: Desk, on: str, found: list[str]) -> None:
    desk.shipment(100, "2026-01-01")
    assert open_kinds(on) == found


@pytest.mark.parametrize(("on", "found"), [("2026-01-03", []), ("2026-01-04", ["not_sent"])])
def test_an_invoice_not_sent_after_three_days(desk: Desk, on: str, found: list[str]) -> None:
    desk.invoice(113, "2026-01-01", tax=money(13))
    assert open_kinds(on) == found
    for flag in Flag.objects.all():
        assert (flag.amount_at_stake, flag.tax_at_stake) == (money(113), money(13))


@pytest.mark.parametrize(("on", "found"), [("2026-01-11", []), ("2026-01-12", ["not_received"])])
def test_an_invoice_not_received_ten_days_after_it_was_sent(desk: Desk, on: str, found: list[str]) -> None:
    desk.invoice(113, "2026-01-01", tax=money(13), sent_on=day("2026-01-02"))
    assert open_kinds(on) == found
    for flag in Flag.objects.all():
        assert (flag.since, flag.tax_at_stake) == (day("2026-01-02"), money(13))


@pytest.mark.parametrize(("on", "found"), [("2026-01-17", []), ("2026-01-18", ["not_booked"])])
def test_an_invoice_not_booked_fifteen_days_after_it_was_received(desk: Desk, on: str, found: list[str]) -> None:
    way = {"sent_on": day("2026-01-02"), "received_on": day("2026-01-03")}
    desk.invoice(113, "2026-01-01", tax=money(13), **way)
    assert open_kinds(on) == found
    assert all(flag.tax_at_stake == 0 for flag in Flag.objects.all()), "the customer has the invoice"


def test_a_mail_that_bounced_is_not_sent(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-01").invoice
    record_step(by=desk.by, invoice=invoice, step="sent", date=day("2026-01-02"))
    assert open_kinds("2026-01-10") == []
    record_step(by=desk.by, invoice=invoice, step="bounced", date=day("2026-01-11"))
    assert open_kinds("2026-01-12") == ["not_sent"]


def test_a_step_made_later_had_not_been_made_by_then(desk: Desk) -> None:
    desk.invoice(100, "2026-01-01", sent_on=day("2026-01-20"))
    assert open_kinds("2026-01-19") == ["not_sent"]


def test_a_paid_invoice_without_a_tax_document_and_a_reversed_one_raise_nothing(desk: Desk) -> None:
    desk.invoice(100, "2026-01-01")
    desk.payment(100, "2026-01-02")
    desk.invoice(100, "2026-01-03", kind=Invoice.TaxKind.NONE, due_date=day("2027-01-01"))
    desk.reverse(desk.invoice(100, "2026-01-03"), "2026-01-04")
    desk.credit_note(10, "2026-01-04")
    assert open_kinds("2026-06-01") == []


def test_each_instalment_is_overdue_by_itself_but_sent_with_the_document(desk: Desk) -> None:
    parts = [Instalment(day("2026-02-01"), money(60)), Instalment(day("2026-03-01"), money(40))]
    desk.invoice(100, "2026-01-01", instalments=parts)
    assert open_kinds("2026-02-10") == ["not_sent", "overdue"]
    assert Flag.objects.get(kind="overdue").amount_at_stake == money(60)
    assert Flag.objects.get(kind="not_sent").amount_at_stake == money(100)
    assert open_kinds("2026-03-02") == ["not_sent", "overdue", "overdue"]


def test_a_second_run_raises_nothing_twice(desk: Desk) -> None:
    sent(desk)
    first = raise_flags(as_of=day("2026-03-01"))
    again = raise_flags(as_of=day("2026-03-01"))
    assert (first.raised["overdue"], again.raised["overdue"], again.open["overdue"]) == (1, 0, 1)
    assert Flag.objects.count() == 1


def test_a_flag_is_cleared_when_its_cause_is_gone_and_raised_anew_when_it_is_back(desk: Desk) -> None:
    sent(desk)
    raise_flags(as_of=day("2026-03-01"))
    payment = desk.payment(100, "2026-03-02")
    assert raise_flags(as_of=day("2026-03-02")).cleared["overdue"] == 1
    assert Flag.objects.get().cleared_on == day("2026-03-02")
    desk.reverse(payment, "2026-03-05")
    assert raise_flags(as_of=day("2026-03-05")).raised["overdue"] == 1
    assert list(Flag.objects.order_by("pk").values_list("raised_on", "cleared_on")) == [
        (day("2026-03-01"), day("2026-03-02")),
        (day("2026-03-05"), None),
    ]


def test_a_missed_night_is_caught_up(desk: Desk) -> None:
    desk.invoice(100, "2026-01-01")
    assert open_kinds("2026-01-20") == ["not_sent"], "nobody looked on the fourth day"


def test_a_run_for_an_earlier_day_clears_nothing_that_a_later_one_raised(desk: Desk) -> None:
    sent(desk)
    raise_flags(as_of=day("2026-03-01"))
    result = raise_flags(as_of=day("2026-01-15"))
    assert (result.cleared["overdue"], result.open["overdue"]) == (0, 1)


def high_and_acknowledged(desk: Desk, *nights: str) -> Flag:
    """A debt due on 1 February that was high on 1 June, when somebody took it in hand."""
    sent(desk, due_date=day("2026-02-01"))
    for night in (*nights, "2026-06-01"):
        raise_flags(as_of=day(night))
    flag = Flag.objects.get()
    acknowledge(flag=flag, by=desk.by, note="the lawyer has it")
    return flag


def test_a_run_for_an_earlier_day_changes_nothing_that_a_later_one_raised(desk: Desk) -> None:
    flag = high_and_acknowledged(desk)
    raise_flags(as_of=day("2026-02-10"))
    flag.refresh_from_db()
    assert (flag.severity, flag.acknowledged_at is None) == (3, False)


def test_a_run_for_an_earlier_day_does_not_undo_an_acknowledgement(desk: Desk) -> None:
    flag = high_and_acknowledged(desk, "2026-02-02")
    raise_flags(as_of=day("2026-02-10"))
    raise_flags(as_of=day("2026-06-02"))
    flag.refresh_from_db()
    assert (flag.severity, flag.acknowledged_at is None) == (3, False)


def test_the_tax_of_a_credit_note_in_part_is_at_stake_no_more(desk: Desk) -> None:
    invoice = desk.invoice(226, "2026-01-01", tax=money(26))
    note = desk.credit_note(113, "2026-01-10", tax=money(13), reverses=invoice)
    stakes = {}
    for on in ("2026-01-09", "2026-01-10"):
        raise_flags(as_of=day(on))
        flag = Flag.objects.get()
        stakes[on] = (flag.amount_at_stake, flag.tax_at_stake)
    assert stakes == {"2026-01-09": (money(226), money(26)), "2026-01-10": (money(113), money(13))}
    desk.reverse(note, "2026-01-12")
    raise_flags(as_of=day("2026-01-12"))
    assert Flag.objects.get().tax_at_stake == money(26), "the note stands no more"


def test_the_tax_at_stake_never_falls_below_zero(desk: Desk) -> None:
    invoice = desk.invoice(226, "2026-01-01", tax=money(26))
    desk.credit_note(200, "2026-01-02", tax=money(30), reverses=invoice)
    raise_flags(as_of=day("2026-01-10"))
    assert Flag.objects.get().tax_at_stake == money(0)


def test_the_money_at_stake_follows_what_is_open(desk: Desk) -> None:
    sent(desk)
    raise_flags(as_of=day("2026-03-01"))
    desk.payment(30, "2026-03-02")
    raise_flags(as_of=day("2026-03-02"))
    assert Flag.objects.get().amount_at_stake == money(70)


@pytest.mark.parametrize(
    ("on", "amount", "severity"),
    [("2026-03-02", 100, 1), ("2026-03-03", 100, 2), ("2026-05-01", 100, 2), ("2026-05-02", 100, 3),
     ("2026-02-02", 99_999, 1), ("2026-02-02", 100_000, 2), ("2026-02-02", 500_000, 3)],
)  # fmt: skip
def test_severity_follows_days_past_due_and_the_amount(desk: Desk, on: str, amount: int, severity: int) -> None:
    way = {"sent_on": day("2026-01-01"), "received_on": day("2026-01-01"), "booked_on": day("2026-01-01")}
    desk.invoice(amount, "2026-01-01", due_date=day("2026-02-01"), **way)
    raise_flags(as_of=day(on))
    # 2 March is 29 days past due, 3 March 30; 1 May is 89, 2 May 90.
    assert Flag.objects.get().severity == severity


def test_a_flag_put_away_comes_back_when_it_grows_more_severe(desk: Desk) -> None:
    sent(desk, due_date=day("2026-02-01"))
    raise_flags(as_of=day("2026-02-10"))
    acknowledge(flag=Flag.objects.get(), by=desk.by, note="promised for next week")
    raise_flags(as_of=day("2026-02-11"))
    assert not Flag.objects.due(day("2026-02-11")).exists()
    raise_flags(as_of=day("2026-03-03"))
    assert Flag.objects.due(day("2026-03-03")).exists()


def test_a_snoozed_flag_clears_when_its_cause_is_gone(desk: Desk) -> None:
    sent(desk)
    raise_flags(as_of=day("2026-03-01"))
    snooze(flags=[Flag.objects.get()], by=desk.by, until=date(2026, 12, 31))
    desk.payment(100, "2026-03-02")
    assert raise_flags(as_of=day("2026-03-02")).cleared["overdue"] == 1


def test_finance_changes_from_when_on_a_delay_is_flagged(desk: Desk) -> None:
    finance = a_user(role=Role.FINANCE)
    desk.invoice(100, "2026-01-01")
    change_threshold(kind=FlagKind.NOT_SENT, days=7, active=True, by=finance)
    assert open_kinds("2026-01-07") == []
    assert open_kinds("2026-01-08") == ["not_sent"]
    change_threshold(kind=FlagKind.NOT_SENT, days=7, active=False, by=finance)
    assert open_kinds("2026-01-08") == []
    change_severity_limit(severity=3, days=5, amount=money(10), by=finance)
    change_threshold(kind=FlagKind.NOT_SENT, days=7, active=True, by=finance)
    raise_flags(as_of=day("2026-01-08"))
    assert Flag.objects.open().get().severity == 3


def test_a_sweep_is_a_handful_of_statements_whatever_the_number_of_invoices(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for _n in range(12):
        desk.invoice(100, "2026-01-01")
    with django_assert_max_num_queries(16):
        raise_flags(as_of=day("2026-03-01"))


def test_the_command_prints_one_object_with_every_kind(desk: Desk) -> None:
    sent(desk)
    out = StringIO()
    call_command("raise_flags", as_of="2026-03-01", format="json", stdout=out)
    counts = json.loads(out.getvalue())
    assert counts == {
        "raised": {"overdue": 1, "not_invoiced": 0, "not_sent": 0, "not_received": 0, "not_booked": 0},
        "cleared": dict.fromkeys(SWEPT_KINDS, 0),
        "open": {"overdue": 1, "not_invoiced": 0, "not_sent": 0, "not_received": 0, "not_booked": 0},
    }
    with pytest.raises(CommandError) as refusal:
        call_command("raise_flags", as_of="tomorrow")
    assert refusal.value.returncode == 2


@pytest.mark.postgresql
@pytest.mark.usefixtures("nobody_follows")
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_raise_nothing_twice(desk: Desk) -> None:
    for _n in range(20):
        sent(desk)

    def sweep(_n: int) -> int:
        try:
            return raise_flags(as_of=day("2026-03-01")).raised["overdue"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(sweep, range(4))) == [0, 0, 0, 20]
    assert Flag.objects.count() == 20


def test_amounts_are_exact(desk: Desk) -> None:
    way = {"sent_on": day("2026-01-01"), "received_on": day("2026-01-01"), "booked_on": day("2026-01-01")}
    desk.invoice("0.10", "2026-01-01", **way)
    raise_flags(as_of=day("2026-03-01"))
    assert Flag.objects.get().amount_at_stake == Decimal("0.10")
