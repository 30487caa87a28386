"""A round asks whom it should, takes the answers, reminds, flags and ends; coverage says who is missing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from customers.models import Customer, Role
from flags.models import Flag, FlagKind
from reconciliation.comparison.choices import ClassChoices
from reconciliation.rounds import services
from reconciliation.rounds.answers import take_answers
from reconciliation.rounds.asking import ask
from reconciliation.rounds.differences import Found, record, reopen, resolve_by_explanation
from reconciliation.rounds.errors import RoundRefused
from reconciliation.rounds.models import Difference, Policy, Reconciliation, Round, State
from reconciliation.rounds.opening import due_customers, open_round
from reconciliation.rounds.queries.coverage import confirmed_since, coverage, missing_customers
from reconciliation.rounds.rhythm import Every, last_month_end
from reconciliation.rounds.turn import turn
from reconciliation.statements.errors import StatementRefused
from reconciliation.statements.making import withdraw
from reconciliation.statements.models import Dispatch
from reconciliation.statements.sending import note_passed_on
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk
from tests.reconciliation.rounds.asked import a_statement, answered, line_of, under_way
from tests.reconciliation.statements.building import a_link, an_account
from tests.reconciliation.statements.building import a_statement as a_made_statement

pytestmark = pytest.mark.django_db


def owed_by(**facts: Any) -> Customer:
    return a_customer(**{"owner": a_user(), **facts})


MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)


def test_key_accounts_are_due_every_month_and_others_every_quarter() -> None:
    finance = a_user(Role.FINANCE)
    key, plain, yearly = owed_by(key_account=True), owed_by(), owed_by()
    services.decide_rhythm(customers=[yearly], every=Every.YEAR, by=finance)
    for customer in (key, plain, yearly):
        Desk(customer).invoice(100, "2026-01-10")
    assert {due.customer for due in due_customers(APRIL)} == {key.pk}
    assert {due.customer for due in due_customers(MARCH)} == {key.pk, plain.pk}


def test_only_who_owes_or_has_moved_is_asked_with_the_balance_of_the_day() -> None:
    quiet, owing, settled = (owed_by(key_account=True) for _n in range(3))
    Desk(owing).invoice(100, "2026-01-10")
    Desk(owing).payment(30, "2026-05-02")
    desk = Desk(settled)
    desk.invoice(50, "2026-04-02")
    desk.payment(50, "2026-04-20")
    found = {due.customer: due.balance for due in due_customers(APRIL)}
    assert found == {owing.pk: Decimal("100.00"), settled.pk: Decimal("0.00")}
    assert quiet.pk not in found


def test_opening_twice_asks_nobody_twice_and_adds_who_became_due() -> None:
    first, later = owed_by(key_account=True), owed_by(key_account=True)
    Desk(first).invoice(100, "2026-04-10")
    opened = open_round(last_day=APRIL)
    Desk(later).invoice(70, "2026-04-12")
    assert open_round(last_day=APRIL) == opened
    assert list(opened.reconciliations.order_by("pk").values_list("customer", "balance")) == [
        (first.pk, Decimal("100.00")),
        (later.pk, Decimal("70.00")),
    ]


def test_a_round_is_of_a_month_end_that_is_over_and_opened_by_finance() -> None:
    today = timezone.localdate()
    for day in (date(2026, 4, 29), today, last_month_end(today) + timedelta(days=40)):
        with pytest.raises(RoundRefused, match="not the end of a month"):
            open_round(last_day=day)
    with pytest.raises(RoundRefused, match="Only finance"):
        open_round(last_day=APRIL, by=a_user())
    assert not Round.objects.exists()


def test_an_answer_that_agrees_ends_the_reconciliation() -> None:
    asked = under_way(owed_by())
    answered(asked, agrees=True)
    today = timezone.localdate()
    assert (take_answers(today=today), take_answers(today=today)) == (1, 0)
    asked.refresh_from_db()
    assert (asked.state, asked.closed_on) == (State.AGREED, today)


def test_every_marked_line_is_a_difference_by_how_much_ours_is_above() -> None:
    customer = owed_by()
    desk = Desk(customer)
    one, two, three = (desk.invoice(100 * n, "2026-04-10") for n in (1, 2, 3))
    asked = under_way(customer)
    answered(
        asked,
        lines=[
            line_of(one, "unknown"),
            line_of(two, "wrong", "180.00", "price of the old list"),
            line_of(three, "paid", "250.00"),
            {"kind": "missing", "entry": None, "document": "P-77", "amount": Decimal("40.00")},
        ],
    )
    assert take_answers(today=timezone.localdate()) == 1
    asked.refresh_from_db()
    found = Difference.objects.order_by("pk").values_list("kind", "amount", "entry")
    assert asked.state == State.DIFFERS
    assert list(found) == [
        ("not_booked", Decimal("100.00"), one.pk),
        ("amount", Decimal("20.00"), two.pk),
        ("payment", Decimal("250.00"), three.pk),
        ("unknown", None, None),
    ]
    assert "price of the old list" in Difference.objects.order_by("pk")[1].words


def test_an_answer_that_says_no_more_is_a_difference_itself() -> None:
    asked = under_way(owed_by())
    answered(asked)
    take_answers(today=timezone.localdate())
    assert Difference.objects.get().reconciliation == asked


@pytest.mark.parametrize("agrees", [True, False])
def test_an_answer_is_taken_also_where_explanations_had_ended_it(*, agrees: bool) -> None:
    today, asked = timezone.localdate(), under_way(owed_by())
    found = Found("test:own", ClassChoices.AMOUNT, "Invoice F-1", Decimal(10))
    [own] = record([found], customer=asked.customer, by=None, today=today, reconciliation=asked)
    Reconciliation.objects.filter(pk=asked.pk).update(state=State.DIFFERS)
    resolve_by_explanation(difference=own, explanation="in transit", by=a_user(Role.FINANCE))
    asked.refresh_from_db()
    assert asked.state == State.EXPLAINED
    answered(asked, agrees=agrees)
    assert (take_answers(today=today), take_answers(today=today)) == (1, 0)
    asked.refresh_from_db()
    assert (asked.state, asked.closed_on) == ((State.AGREED, today) if agrees else (State.DIFFERS, None))
    assert asked.closed_by is None, "the customer's word ended it, or nothing has"
    assert Difference.objects.open().count() == (0 if agrees else 1)


@pytest.mark.parametrize("agrees", [True, False])
def test_an_answer_is_taken_also_where_we_found_a_difference_before(*, agrees: bool) -> None:
    today, asked = timezone.localdate(), under_way(owed_by())
    found = Found("test:own", ClassChoices.AMOUNT, "Invoice F-1", Decimal(10))
    [own] = record([found], customer=asked.customer, by=None, today=today, reconciliation=asked)
    answered(asked, agrees=agrees)
    take_answers(today=today)
    assert take_answers(today=today) == 0
    asked.refresh_from_db()
    assert (asked.state, asked.differences.count()) == (State.DIFFERS, 1 if agrees else 2)
    for one in asked.differences.all():
        resolve_by_explanation(difference=one, explanation="in transit", by=a_user(Role.FINANCE))
    asked.refresh_from_db()
    assert (asked.state, asked.closed_on) == (State.AGREED if agrees else State.EXPLAINED, today)
    reopen(difference=own, reason="it was not", by=a_user(Role.FINANCE))
    assert take_answers(today=today) == 0
    asked.refresh_from_db()
    assert asked.state == State.DIFFERS


def test_an_answer_outside_a_round_leaves_differences_too() -> None:
    today, customer = timezone.localdate(), owed_by()
    waiting: dict[str, Any] = {"statement": None, "asked_on": None, "answer_by": None}
    asked = under_way(customer, state=State.TO_SEND, **waiting)
    alone = Reconciliation(customer=customer, statement=a_statement(customer, last_date=today))
    entry = Desk(customer).invoice(100, "2026-04-10")
    answered(alone, lines=[line_of(entry, "unknown")])
    turn(today=today)
    turn(today=today)
    difference = Difference.objects.get()
    assert (difference.reconciliation, difference.entry, difference.amount) == (None, entry, Decimal("100.00"))
    asked.refresh_from_db()
    assert asked.state == State.TO_SEND


def test_who_has_a_statement_of_the_day_is_not_sent_another_one() -> None:
    customer = owed_by(key_account=True)
    Desk(customer).invoice(100, "2026-04-10")
    statement = a_statement(customer, last_date=APRIL)
    assert open_round(last_day=APRIL).reconciliations.get().statement == statement


def test_a_silent_customer_is_flagged_to_its_salesperson_until_it_answers() -> None:
    today = timezone.localdate()
    salesperson = a_user()
    asked = under_way(owed_by(owner=salesperson), asked_on=today - timedelta(days=15), reminded_on=today)
    turn(today=today)
    turn(today=today)
    flag = Flag.objects.open().get(kind=FlagKind.CUSTOMER_SILENT)
    assert (flag.customer, flag.raised_for, flag.since) == (asked.customer, salesperson, asked.asked_on)
    answered(asked, agrees=True)
    turn(today=today)
    assert not Flag.objects.open().filter(kind=FlagKind.CUSTOMER_SILENT).exists()
    assert Round.objects.get().closed_at is not None


def test_a_difference_that_nobody_owns_is_flagged_and_one_with_an_owner_is_not() -> None:
    today = timezone.localdate()
    asked = under_way(owed_by(owner=a_user()))
    answered(asked)
    turn(today=today)
    assert not Flag.objects.filter(kind=FlagKind.DIFFERENCE_UNOWNED).exists()
    turn(today=today + timedelta(days=3))
    assert Flag.objects.open().get(kind=FlagKind.DIFFERENCE_UNOWNED).customer == asked.customer
    difference = Difference.objects.get()
    difference.owner, difference.due_on = asked.customer.owner, today + timedelta(days=30)
    difference.save(update_fields=["owner", "due_on"])
    turn(today=today + timedelta(days=3))
    assert not Flag.objects.open().filter(kind=FlagKind.DIFFERENCE_UNOWNED).exists()


def test_nothing_is_opened_by_itself_until_finance_switches_it_on() -> None:
    today = timezone.localdate().replace(day=20)
    customer = owed_by(key_account=True)
    Desk(customer).invoice(100, f"{last_month_end(today):%Y-%m}-02")
    turn(today=today)
    assert not Round.objects.exists()
    rules = {"is_running": True, "sends": False, "opens_on": 3, "remind_after": 7, "answer_within": 14}
    rules |= {"own_within": 2, "resolve_within": 14}
    with pytest.raises(RoundRefused, match="Only finance"):
        services.change_policy(by=a_user(), **rules)
    with pytest.raises(RoundRefused, match="before the answer is due"):
        services.change_policy(by=a_user(Role.FINANCE), **{**rules, "remind_after": 14})
    assert not Policy.objects.exists()
    services.change_policy(by=a_user(Role.FINANCE), **rules)
    turn(today=today.replace(day=2))
    assert not Round.objects.exists()
    turn(today=today)
    assert list(Round.objects.values_list("last_day", flat=True)) == [last_month_end(today)]


def test_who_is_asked_no_further_is_dropped_with_a_reason() -> None:
    finance, asked = a_user(Role.FINANCE), under_way(owed_by())
    with pytest.raises(RoundRefused, match="Say why"):
        services.drop(reconciliations=[asked], reason=" ", by=finance)
    with pytest.raises(RoundRefused, match="Only finance"):
        services.drop(reconciliations=[asked], reason="in liquidation", by=a_user())
    assert Reconciliation.objects.under_way().count() == 1
    assert services.drop(reconciliations=[asked], reason="in liquidation", by=finance) == 1
    assert services.drop(reconciliations=[asked], reason="in liquidation", by=finance) == 0


def test_coverage_is_the_share_of_what_is_owed_that_was_confirmed_within_90_days() -> None:
    """Of 300.00 the customer has confirmed the 100.00 that its statement said."""
    finance, today = a_user(Role.FINANCE), timezone.localdate()
    confirmed, silent, in_credit, abroad = owed_by(), owed_by(), owed_by(), owed_by(currency="USD")
    Desk(confirmed).invoice(300, "2026-04-10")
    Desk(silent).invoice(100, "2026-04-10")
    Desk(in_credit).payment(50, "2026-04-10")
    Desk(abroad).invoice(80, "2026-04-10")
    answered(under_way(confirmed), agrees=True)
    said = [
        (part.currency, part.owed, part.confirmed, part.percent, part.missing)
        for part in coverage(finance, today=today)
    ]
    assert said == [
        ("CNY", Decimal("400.00"), Decimal("100.00"), 25, 1),
        ("USD", Decimal("80.00"), Decimal("0.00"), 0, 1),
    ]
    assert set(missing_customers(finance, today=today)) == {silent, abroad}
    later = today + timedelta(days=91)
    assert [part.percent for part in coverage(finance, today=later)] == [0, 0]


def test_two_workers_at_once_mail_once_and_a_refused_mail_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    finance, customer = a_user(Role.FINANCE), an_account().customer
    facts: dict[str, Any] = {"state": State.TO_SEND, "statement": a_made_statement(customer)}
    facts |= {"asked_on": None, "answer_by": None}
    waiting = under_way(customer, **facts)
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", Mock(side_effect=OSError("away")))
        with pytest.raises(StatementRefused, match="away"):
            ask(reconciliation=waiting, by=finance)

    def second(message: EmailMultiAlternatives) -> None:
        """Asks while the first one's mail is on its way."""
        with pytest.raises(StatementRefused, match="sent the statement before"):
            ask(reconciliation=waiting, by=finance)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("django.core.mail.EmailMultiAlternatives.send", second)
        ask(reconciliation=waiting, by=finance)
    assert (waiting.state, Dispatch.objects.arrived().count()) == (State.ASKED, 1)


def test_a_mail_whose_worker_died_is_sent_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    finance, customer = a_user(Role.FINANCE), an_account().customer
    facts: dict[str, Any] = {"state": State.TO_SEND, "statement": a_made_statement(customer)}
    waiting = under_way(customer, **facts, asked_on=None, answer_by=None)
    with monkeypatch.context() as killed:
        killed.setattr("django.core.mail.EmailMultiAlternatives.send", Mock(side_effect=SystemExit))
        with pytest.raises(SystemExit):
            ask(reconciliation=waiting, by=finance)
    with pytest.raises(StatementRefused, match="sent the statement before"):
        ask(reconciliation=waiting, by=finance)
    monkeypatch.setattr("reconciliation.rounds.asking.LOST_AFTER", timedelta(0))
    ask(reconciliation=waiting, by=finance)
    assert (waiting.state, Dispatch.objects.arrived().count(), len(mail.outbox)) == (State.ASKED, 1, 1)


def test_a_link_that_was_made_asks_nobody_until_it_is_known_to_have_gone() -> None:
    desk = an_account()
    statement = a_made_statement(desk.customer)
    asked = under_way(desk.customer, state=State.TO_SEND, statement=statement, asked_on=None, answer_by=None)
    a_link(statement)
    turn(today=timezone.localdate())
    asked.refresh_from_db()
    assert asked.state == State.TO_SEND
    note_passed_on(by=desk.by, statement=statement, way="messenger", day=timezone.localdate(), key=uuid4())
    turn(today=timezone.localdate())
    asked.refresh_from_db()
    assert (asked.state, asked.asked_on) == (State.ASKED, timezone.localdate())


def test_who_was_asked_with_a_statement_that_was_withdrawn_is_asked_with_a_new_one() -> None:
    desk, today = an_account(), timezone.localdate()
    old = a_made_statement(desk.customer)
    a_link(old)
    asked = under_way(desk.customer, statement=old, asked_on=today - timedelta(days=15), reminded_on=today)
    withdraw(by=desk.by, statement=old, reason="wrong period")
    turn(today=today)
    asked.refresh_from_db()
    assert (asked.state, asked.statement, asked.asked_on, asked.reminded_on) == (State.TO_SEND, None, None, None)
    assert not Flag.objects.open().filter(kind=FlagKind.CUSTOMER_SILENT).exists()
    ask(reconciliation=asked, by=desk.by)
    assert (asked.state, asked.statement == old) == (State.ASKED, False)


def test_what_we_explained_to_ourselves_confirms_nothing_until_the_customer_has_answered() -> None:
    today = timezone.localdate()
    asked = under_way(owed_by(), state=State.EXPLAINED, closed_on=today)
    assert confirmed_since(today) == {}
    answered(asked)
    assert confirmed_since(today) == {asked.customer_id: Decimal("100.00")}


def test_a_share_is_never_rounded_up_to_all_of_it() -> None:
    finance, today = a_user(Role.FINANCE), timezone.localdate()
    confirmed, silent = owed_by(), owed_by()
    Desk(confirmed).invoice(100_000, "2026-04-10")
    Desk(silent).invoice(1, "2026-04-10")
    statement = a_statement(confirmed, last_date=last_month_end(today), closing="100000.00")
    answered(under_way(confirmed, statement=statement), agrees=True)
    assert coverage(finance, today=today)[0].percent == 99
