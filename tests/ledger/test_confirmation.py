"""Finance confirms goods and money; what it confirmed is guarded, and the difference is a list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from customers.models import Role, User
from ledger.confirmation import confirm, withdraw
from ledger.errors import InvalidDocument, NotPermitted, NotReversible
from ledger.models import Confirmation, Entry
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


@pytest.fixture
def finance() -> User:
    return a_user(role=Role.FINANCE, last_name="徐", first_name="海燕")


def confirmed_on(entry: Entry) -> Any:
    return Entry.objects.get(pk=entry.pk).confirmed_on


def test_finance_confirms_goods_and_money_and_says_when(desk: Desk, finance: User) -> None:
    goods, payment = desk.shipment(100, "2026-01-05"), desk.payment(40, "2026-01-10")
    outcome = confirm(entries=[goods, payment], by=finance, on=day("2026-01-12"), note="bank statement 3")
    assert outcome.done == [goods, payment]
    assert confirmed_on(goods) == confirmed_on(payment) == day("2026-01-12")
    row = Confirmation.objects.get(entry=payment)
    assert (row.by, row.note, row.is_confirmed) == (finance, "bank statement 3", True)
    assert list(breaches()) == []


def test_without_a_day_each_counts_from_the_day_of_its_evidence(desk: Desk, finance: User) -> None:
    sent, arrived = desk.shipment(100, "2026-01-05"), desk.shipment(7, "2026-01-05", delivered_on=day("2026-01-08"))
    early, paid = desk.payment(40, "2026-01-10"), desk.payment(5, "2026-01-10")
    shown = {paid.pk: day("2026-01-12"), early.pk: day("2026-01-09")}
    assert len(confirm(entries=[sent, arrived, early, paid], by=finance, evidence=shown).done) == 4
    days = [confirmed_on(entry) for entry in (sent, arrived, early, paid)]
    assert days == [day("2026-01-05"), day("2026-01-08"), day("2026-01-10"), day("2026-01-12")]
    assert list(breaches()) == []


def test_what_was_withdrawn_is_confirmed_again_no_earlier(desk: Desk, finance: User) -> None:
    payment = desk.payment(40, "2026-01-10")
    confirm(entries=[payment], by=finance)
    withdraw(entries=[payment], by=finance, on=day("2026-02-03"))
    outcome = confirm(entries=[payment], by=finance, on=day("2026-02-02"))
    assert (outcome.done, len(outcome.refused)) == ([], 1)
    assert confirmed_on(payment) is None
    refused(lambda: a_row(payment, date=day("2026-02-02")))
    confirm(entries=[payment], by=finance)
    assert confirmed_on(payment) == day("2026-02-03")
    withdraw(entries=[payment], by=finance)
    call_command("confirm_until", "2026-02-28")
    assert confirmed_on(payment) == timezone.localdate(), "the past that was withdrawn today"
    assert list(breaches()) == []


def test_what_a_colleague_has_confirmed_stays_the_colleagues(desk: Desk, finance: User) -> None:
    goods = desk.shipment(100, "2026-01-05")
    confirm(entries=[goods], by=finance, on=day("2026-01-06"))
    outcome = confirm(entries=[goods], by=a_user(role=Role.FINANCE))
    assert (outcome.done, outcome.refused) == ([], [])
    assert [row.by for row in outcome.already] == [finance]
    assert Confirmation.objects.count() == 1
    assert confirmed_on(goods) == day("2026-01-06")


def test_an_entry_named_twice_is_confirmed_once(desk: Desk, finance: User) -> None:
    goods = desk.shipment(100, "2026-01-05")
    assert len(confirm(entries=[goods, goods], by=finance).done) == 1
    assert Confirmation.objects.count() == 1


@pytest.mark.parametrize("role", [Role.SALESPERSON, Role.MANAGER, Role.AUDITOR])
def test_nobody_but_finance_confirms(desk: Desk, role: str) -> None:
    goods = desk.shipment(100, "2026-01-05")
    someone = a_user(role=role)
    for act in (confirm, withdraw):
        with pytest.raises(NotPermitted):
            act(entries=[goods], by=someone)
    assert not Confirmation.objects.exists()


def test_nobody_confirms_a_sale_of_the_own(finance: User) -> None:
    own = Desk(a_customer(owner=finance)).shipment(100, "2026-01-05")
    outcome = confirm(entries=[own], by=finance)
    assert outcome.done == []
    assert "a colleague has to confirm it" in outcome.refused[0][1]
    assert confirm(entries=[own], by=a_user(role=Role.FINANCE)).done == [own]


def test_what_cannot_be_confirmed_is_told_and_the_rest_is_confirmed(desk: Desk, finance: User) -> None:
    invoice, gone, goods = (
        desk.invoice(9, "2026-01-02"),
        desk.payment(5, "2026-01-03"),
        desk.shipment(7, "2026-01-09"),
    )
    late = desk.shipment(8, "2026-02-09")
    reversal = desk.reverse(gone, "2026-01-04")
    outcome = confirm(entries=[invoice, gone, reversal, late, goods], by=finance, on=day("2026-01-31"))
    assert outcome.done == [goods]
    assert [entry for entry, _why in outcome.refused] == [invoice, gone, reversal, late]
    assert Confirmation.objects.count() == 1


def test_nothing_is_confirmed_ahead_of_time(desk: Desk, finance: User) -> None:
    goods = desk.shipment(100, "2026-01-05")
    with pytest.raises(InvalidDocument):
        confirm(entries=[goods], by=finance, on=timezone.localdate() + timedelta(days=1))
    assert not Confirmation.objects.exists()


def test_a_confirmation_is_withdrawn_and_given_again_and_all_of_it_is_kept(desk: Desk, finance: User) -> None:
    payment = desk.payment(40, "2026-01-10")
    confirm(entries=[payment], by=finance, on=day("2026-01-12"))
    assert withdraw(entries=[payment], by=finance, on=day("2026-01-13"), note="another customer's").done == [payment]
    assert confirmed_on(payment) is None
    assert withdraw(entries=[payment], by=finance).done == []
    confirm(entries=[payment], by=finance, on=day("2026-01-20"))
    assert confirmed_on(payment) == day("2026-01-20")
    assert [row.is_confirmed for row in payment.confirmations.order_by("pk")] == [True, False, True]
    assert list(breaches()) == []


def test_it_is_not_withdrawn_before_it_was_given(desk: Desk, finance: User) -> None:
    payment = desk.payment(40, "2026-01-10")
    confirm(entries=[payment], by=finance, on=day("2026-01-12"))
    outcome = withdraw(entries=[payment], by=finance, on=day("2026-01-11"))
    assert (outcome.done, len(outcome.refused)) == ([], 1)
    assert confirmed_on(payment) == day("2026-01-12")


def test_only_finance_reverses_what_finance_confirmed(desk: Desk, finance: User) -> None:
    payment = desk.payment(40, "2026-01-10")
    confirm(entries=[payment], by=finance, on=day("2026-01-12"))
    with pytest.raises(NotReversible, match="Finance has confirmed"):
        desk.reverse(payment, "2026-01-15")
    assert confirmed_on(payment) == day("2026-01-12")
    assert Entry.objects.get(pk=payment.pk).reversed_on is None


def test_the_page_of_a_reversal_says_that_finance_has_confirmed_it(client: Client, desk: Desk, finance: User) -> None:
    payment = desk.payment(40, "2026-01-10")
    confirm(entries=[payment], by=finance, on=day("2026-01-12"))
    client.force_login(desk.by)
    shown = client.get(f"/ledger/{payment.pk}/reverse/").content.decode()
    assert "only finance can reverse it" in shown
    assert 'name="reason"' not in shown
    client.force_login(finance)
    shown = client.get(f"/ledger/{payment.pk}/reverse/").content.decode()
    assert "Finance has confirmed it on" in shown
    assert 'name="reason"' in shown


def test_a_reversal_withdraws_the_confirmation_and_leaves_nothing_to_confirm(desk: Desk, finance: User) -> None:
    payment = desk.payment(40, "2026-01-10")
    confirm(entries=[payment], by=finance, on=day("2026-01-12"))
    Desk(desk.customer, by=finance).reverse(payment, "2026-01-11", reason="bounced")
    assert confirmed_on(payment) is None
    assert list(payment.confirmations.order_by("pk").values_list("is_confirmed", "date", "note")) == [
        (True, day("2026-01-12"), ""),
        (False, day("2026-01-12"), "bounced"),
    ]
    assert not Entry.objects.unconfirmed().exists()
    assert list(breaches()) == []


def test_the_index_on_what_is_unconfirmed_serves(desk: Desk) -> None:
    if connection.vendor != "sqlite":
        return  # an empty table is read whole there; bench measures it
    plan = Entry.objects.unconfirmed().order_by("date", "id").explain()
    assert "entry_unconfirmed" in plan
    assert "TEMP B-TREE" not in plan


# --- the database guards it by itself -----------------------------------------------------------------------


def refused(act: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def a_row(entry: Entry, **facts: Any) -> Confirmation:
    return Confirmation.objects.create(
        **{"entry": entry, "date": day("2026-02-01"), "recorded_at": timezone.now(), **facts}
    )


def test_what_finance_said_is_never_edited_or_deleted(desk: Desk, finance: User) -> None:
    payment = desk.payment(40, "2026-01-10")
    confirm(entries=[payment], by=finance)
    rows = Confirmation.objects.filter(entry=payment)
    refused(lambda: rows.update(is_confirmed=False))
    refused(lambda: rows.update(date=day("2026-01-31")))
    with connection.cursor() as cursor:
        refused(lambda: cursor.execute("DELETE FROM ledger_confirmation"))


def test_an_entry_is_confirmed_by_a_confirmation_alone(desk: Desk, finance: User) -> None:
    payment = desk.payment(40, "2026-01-10")
    row = Entry.objects.filter(pk=payment.pk)
    refused(lambda: row.update(confirmed_on=day("2026-02-01")))
    confirm(entries=[payment], by=finance, on=day("2026-01-12"))
    refused(lambda: row.update(confirmed_on=None))
    refused(lambda: row.update(confirmed_on=day("2026-01-13")))
    facts = {field.attname: getattr(payment, field.attname) for field in Entry._meta.concrete_fields}
    facts |= {"id": None, "number": "", "confirmed_on": day("2026-01-12")}
    refused(lambda: Entry.objects.create(**facts))


def test_the_database_confirms_only_what_can_be(desk: Desk, finance: User) -> None:
    invoice, payment = desk.invoice(100, "2026-01-05"), desk.payment(40, "2026-01-10")
    refused(lambda: a_row(invoice))
    refused(lambda: a_row(payment, date=day("2026-01-09")))
    refused(lambda: a_row(payment, is_confirmed=False))
    confirm(entries=[payment], by=finance, on=day("2026-01-12"))
    refused(lambda: a_row(payment))
    refused(lambda: a_row(payment, is_confirmed=False, date=day("2026-01-11")))


def test_nothing_is_reversed_while_it_is_confirmed(desk: Desk, finance: User) -> None:
    payment, other = desk.payment(40, "2026-01-10"), desk.payment(40, "2026-01-11")
    confirm(entries=[payment], by=finance, on=day("2026-01-12"))
    facts = {field.attname: getattr(other, field.attname) for field in Entry._meta.concrete_fields}
    facts |= {"id": None, "number": "", "side": 1, "reverses_id": payment.pk, "date": day("2026-02-01")}
    facts |= {"due_date": day("2026-02-01"), "closed_on": None}
    facts |= {"amount": money(40), "document_amount": money(40), "open_amount": money(40)}
    Entry.objects.create(**facts)
    refused(lambda: Entry.objects.filter(pk=payment.pk).update(reversed_on=day("2026-02-01")))


def test_a_confirmation_that_the_entry_does_not_know_is_found(desk: Desk) -> None:
    a_row(desk.payment(40, "2026-01-10"))
    assert [breach.law for breach in breaches()] == ["confirmed"]


# --- one entry on its page ----------------------------------------------------------------------------------


def test_finance_confirms_on_the_entrys_page_and_takes_it_back(client: Client, desk: Desk, finance: User) -> None:
    goods = desk.shipment(100, "2026-01-05")
    client.force_login(finance)
    assert f'action="/ledger/{goods.pk}/confirm/"' in client.get(f"/ledger/{goods.pk}/").content.decode()
    client.post(f"/ledger/{goods.pk}/confirm/")
    assert confirmed_on(goods) == day("2026-01-05")
    shown = client.get(f"/ledger/{goods.pk}/").content.decode()
    assert "徐海燕" in shown
    assert f'action="/ledger/{goods.pk}/withdraw/"' in shown
    client.post(f"/ledger/{goods.pk}/withdraw/")
    assert confirmed_on(goods) is None


def test_the_page_of_a_payment_says_to_everybody_whether_it_is_confirmed(
    client: Client, desk: Desk, finance: User
) -> None:
    paid = desk.payment(10, "2026-01-02")
    client.force_login(desk.by)
    page = f"/ledger/{paid.pk}/"
    shown = client.get(page)
    assert "<dt>Confirmed</dt><dd>not yet</dd>" in shown.content.decode()
    assert shown.context["way"].steps[0].label == "money received", "not by the customer"
    confirm(by=finance, entries=[paid], on=day("2026-01-03"))
    assert "not yet" not in client.get(page).content.decode()


def test_nobody_else_confirms_there(client: Client, desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-05")
    client.force_login(desk.by)
    assert "/confirm/" not in client.get(f"/ledger/{goods.pk}/").content.decode()
    assert client.post(f"/ledger/{goods.pk}/confirm/").status_code == 403
    client.force_login(a_user())
    assert client.post(f"/ledger/{goods.pk}/confirm/").status_code == 404
    assert confirmed_on(goods) is None


def test_the_ledger_is_filtered_by_what_is_confirmed(client: Client, desk: Desk, finance: User) -> None:
    seen, unseen = (
        desk.shipment(100, "2026-01-05", number="FH-seen"),
        desk.payment(5, "2026-01-06", number="SK-unseen"),
    )
    confirm(entries=[seen], by=finance)
    client.force_login(finance)
    for value, there, not_there in (("yes", seen, unseen), ("no", unseen, seen)):
        shown = client.get(f"/ledger/?confirmed={value}").content.decode()
        assert there.number in shown
        assert not_there.number not in shown


def test_the_past_is_confirmed_up_to_a_day_by_a_command_and_only_once(
    desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ledger.confirmation.CUSTOMERS_TOGETHER", 1)
    other = Desk(a_customer(owner=desk.by))
    past = [desk.shipment(100, "2026-01-05"), desk.payment(40, "2026-01-31"), other.shipment(7, "2026-01-31")]
    fresh = [desk.shipment(1, "2026-02-01")]
    bill = desk.invoice(9, "2026-01-06")
    reversed_goods = desk.shipment(3, "2026-01-07")
    desk.reverse(reversed_goods)
    call_command("confirm_until", "2026-01-31", "--note", "before the ledger")
    assert "3 entries up to 2026-01-31 were confirmed." in capsys.readouterr().out
    assert {confirmed_on(entry) for entry in past} == {day("2026-01-31")}
    assert {confirmed_on(entry) for entry in [*fresh, bill, reversed_goods]} == {None}
    assert {(row.by, row.note) for row in Confirmation.objects.all()} == {(None, "before the ledger")}
    call_command("confirm_until", "2026-01-31")
    assert "0 entries" in capsys.readouterr().out
    assert Confirmation.objects.count() == 3
    assert list(breaches()) == []


def test_who_confirms_the_past_leaves_what_they_answer_for(desk: Desk, finance: User) -> None:
    goods, own = (
        desk.shipment(100, "2026-01-05"),
        Desk(a_customer(owner=finance), by=finance).shipment(7, "2026-01-05"),
    )
    call_command("confirm_until", "2026-01-31", "--user", finance.username)
    assert (confirmed_on(goods), confirmed_on(own)) == (day("2026-01-31"), None)
    assert Confirmation.objects.get().by == finance


def test_the_past_is_confirmed_by_finance_alone_and_never_ahead(desk: Desk, finance: User) -> None:
    desk.shipment(100, "2026-01-05")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for asked in (["2026-01-31", "--user", desk.by.username], [tomorrow], [tomorrow, "--user", finance.username]):
        with pytest.raises(CommandError):
            call_command("confirm_until", *asked)
    with pytest.raises(CommandError, match="no user nobody"):
        call_command("confirm_until", "2026-01-31", "--user", "nobody")
    assert not Confirmation.objects.exists()
