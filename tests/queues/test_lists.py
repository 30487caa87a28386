"""What waits to be confirmed and to be sent: who sees it, and what becomes of a click on many rows."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from config.jobs.models import Job
from config.jobs.registry import KINDS
from config.jobs.running import run
from customers.models import Role, User
from ledger.confirmation import confirm
from ledger.documents import Instalment
from ledger.invoice_way import record_step
from ledger.models import Entry, Invoice, InvoiceStep
from ledger.queries.news import ledger_version
from queues import tasks
from queues.forms import tracking_numbers
from queues.queries.waiting import entries_waiting_for_confirmation, invoices_on_their_way, sums_to_confirm
from queues.views import confirming
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON), name="杭州锦程"))


@pytest.fixture
def finance(client: Client) -> User:
    user = a_user(Role.FINANCE, last_name="徐", first_name="海燕")
    client.force_login(user)
    return user


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def told(response: Any) -> str:
    assert response.status_code == 302, response.content.decode()[:500]
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# --- to confirm ---------------------------------------------------------------------------------------------


def test_the_oldest_waits_at_the_top_and_each_sees_the_own(desk: Desk, finance: User) -> None:
    late, early = desk.payment(40, "2026-01-10"), desk.shipment(100, "2026-01-05")
    assert list(entries_waiting_for_confirmation(finance)) == [early, late]
    assert list(entries_waiting_for_confirmation(desk.by)) == [early, late]
    assert list(entries_waiting_for_confirmation(a_user())) == []


def test_goods_that_came_back_and_money_that_went_out_are_taken_off(desk: Desk, finance: User) -> None:
    desk.shipment(100, "2026-01-05")
    desk.goods_return(30, "2026-01-07")
    desk.payment(40, "2026-01-10")
    desk.refund(15, "2026-01-11")
    confirm(entries=[desk.shipment(1000, "2026-01-02")], by=finance)
    Desk(a_customer(owner=desk.by, currency="USD")).payment(8, "2026-02-01")
    assert sums_to_confirm(entries_waiting_for_confirmation(finance)) == {
        "CNY": {"goods": money(70), "money": money(25)},
        "USD": {"money": money(8)},
    }


def test_goods_and_money_wait_and_are_found_by_bank_reference(client: Client, desk: Desk, finance: User) -> None:
    desk.shipment(100, "2026-01-05", number="FH1")
    desk.payment(40, "2026-01-10", number="SK1", bank_reference="B778")
    desk.invoice(50, "2026-01-10", number="FP1")
    assert [number in page(client, "/queues/confirm/") for number in ("FH1", "SK1", "FP1")] == [True, True, False]
    assert "FH1" not in page(client, "/queues/confirm/?q=B778")
    assert "SK1" not in page(client, "/queues/confirm/?what=goods")
    assert "FH1" not in page(client, "/queues/confirm/?method=transfer")


def test_many_are_confirmed_at_once(client: Client, desk: Desk, finance: User) -> None:
    rows = [desk.shipment(100, "2026-01-05"), desk.payment(40, "2026-01-10")]
    response = client.post("/queues/confirm/chosen/", {"rows": [row.pk for row in rows]})
    assert told(response) == "2 entries were confirmed."
    assert not Entry.objects.unconfirmed().exists()


def test_the_past_is_confirmed_by_its_filter(client: Client, desk: Desk, finance: User) -> None:
    old, fresh = desk.shipment(100, "2026-01-05"), desk.payment(40, "2026-03-10")
    asked = {"all": "1", "filter": "?until=2026-01-31", "version": str(ledger_version())}
    assert told(client.post("/queues/confirm/chosen/", asked)) == "1 entry was confirmed."
    assert list(Entry.objects.unconfirmed()) == [fresh]
    assert Entry.objects.get(pk=old.pk).confirmed_on == day("2026-01-05")


def test_what_was_recorded_since_the_list_was_drawn_is_not_confirmed_unseen(
    client: Client, desk: Desk, finance: User
) -> None:
    desk.shipment(100, "2026-01-05")
    shown = page(client, "/queues/confirm/")
    version = str(ledger_version())
    assert f'form="selection" name="version" value="{version}"' in shown
    fresh = desk.payment(40, "2026-01-10")
    answer = told(client.post("/queues/confirm/chosen/", {"all": "1", "filter": "", "version": version}))
    assert answer == "1 entry was confirmed. 1 was recorded since and was left for a look."
    assert list(Entry.objects.unconfirmed()) == [fresh]
    assert "out of date" in told(client.post("/queues/confirm/chosen/", {"all": "1", "filter": ""}))
    assert list(Entry.objects.unconfirmed()) == [fresh]


def test_very_many_are_confirmed_by_a_job(
    client: Client, desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "MOST_AT_ONCE", 1)
    monkeypatch.setattr("ledger.confirmation.LOT", 2)
    own = Desk(a_customer(owner=finance), by=finance)
    for n in range(1, 4):
        desk.shipment(100 * n, "2026-01-05")
    mine = own.shipment(5, "2026-01-05", number="FH-mine")
    asked = {"all": "1", "filter": "", "version": str(ledger_version())}
    response = client.post("/queues/confirm/chosen/", asked)
    job = Job.objects.get(kind="confirm")
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert Entry.objects.unconfirmed().count() == 4
    assert KINDS["confirm"].run is tasks.confirm_many
    run(job.pk)
    assert list(Entry.objects.unconfirmed()) == [mine]
    said = page(client, f"/queues/confirm/confirmed/{job.pk}/")
    assert "3 entries were confirmed." in said
    assert "You answer for shipment FH-mine yourself" in said


def test_more_than_a_job_holds_is_refused(
    client: Client, desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "MOST_OF_A_JOB", 0)
    desk.shipment(100, "2026-01-05")
    asked = {"all": "1", "filter": "", "version": str(ledger_version())}
    assert "narrow the filter" in told(client.post("/queues/confirm/chosen/", asked))
    assert Entry.objects.unconfirmed().exists()


def test_what_a_colleague_has_confirmed_is_answered_kindly(client: Client, desk: Desk, finance: User) -> None:
    goods = desk.shipment(100, "2026-01-05", number="FH1")
    confirm(entries=[goods], by=a_user(Role.FINANCE, last_name="王", first_name="小明"))
    response = client.post("/queues/confirm/chosen/", {"rows": goods.pk})
    assert told(response).startswith("Shipment FH1: done already by 王小明 at ")
    assert goods.confirmations.count() == 1


@pytest.mark.parametrize("role", [Role.SALESPERSON, Role.MANAGER, Role.AUDITOR])
def test_only_finance_is_offered_to_confirm_and_may(client: Client, desk: Desk, role: str) -> None:
    goods = desk.shipment(100, "2026-01-05", number="FH1")
    client.force_login(desk.by if role == Role.SALESPERSON else a_user(role))
    assert "data-row" not in page(client, "/queues/confirm/").replace("data-row-page", "")
    assert client.post("/queues/confirm/chosen/", {"rows": goods.pk}).status_code == 403
    assert Entry.objects.unconfirmed().exists()


# --- to send ------------------------------------------------------------------------------------------------


def test_only_what_stands_and_was_not_sent_waits(client: Client, desk: Desk, finance: User) -> None:
    desk.invoice(1, "2026-01-02", number="FP-waits")
    desk.reverse(desk.invoice(2, "2026-01-02", number="FP-reversed"))
    desk.red_letter(desk.invoice(3, "2026-01-02", number="FP-cancelled"), "2026-01-03")
    desk.invoice(4, "2026-01-02", number="FP-sent", sent_on=day("2026-01-03"))
    desk.invoice(5, "2026-01-02", number="FP-booked", booked_on=day("2026-01-09"))
    there = page(client, "/queues/send/")
    names = ("waits", "reversed", "cancelled", "sent", "booked")
    assert [name for name in names if f"FP-{name}" in there] == ["waits"]
    assert [name for name in names if f"FP-{name}" in page(client, "/queues/send/?state=sent")] == ["sent"]


def test_many_are_marked_as_sent_with_one_tracking_number(client: Client, desk: Desk, finance: User) -> None:
    bills = [desk.invoice(1, "2026-01-02"), desk.invoice(2, "2026-01-02")]
    facts = {"date": "2026-01-04", "carrier": "顺丰", "tracking": "SF77"}
    response = client.post("/queues/send/sent/", {"rows": [bill.pk for bill in bills], **facts})
    assert told(response) == "2 invoices were marked as sent."
    assert set(InvoiceStep.objects.values_list("carrier", "tracking_number")) == {("顺丰", "SF77")}


def test_a_pasted_column_is_shown_beside_its_invoices_before_it_counts(
    client: Client, desk: Desk, finance: User
) -> None:
    bills = [desk.invoice(1, "2026-01-02"), desk.invoice(2, "2026-01-03")]
    facts = {"date": "2026-01-04", "carrier": "EMS", "tracking": "E1\r\nE2\r\n", "rows": [bill.pk for bill in bills]}
    response = client.post("/queues/send/sent/", facts)
    assert response.status_code == 200
    assert not InvoiceStep.objects.exists()
    shown = response.content.decode()
    assert f'name="tracking-{bills[0].pk}" value="E1"' in shown
    checked = {f"tracking-{bill.pk}": f"E{n}" for n, bill in enumerate(bills, start=1)}
    told(client.post("/queues/send/sent/", {**facts, "checked": "1", **checked}))
    assert list(InvoiceStep.objects.order_by("invoice").values_list("tracking_number", flat=True)) == ["E1", "E2"]


def test_without_a_dialog_the_page_asks(client: Client, desk: Desk, finance: User) -> None:
    bill = desk.invoice(1, "2026-01-02", number="FP1")
    assert "FP1" in client.post("/queues/send/sent/", {"rows": bill.pk}).content.decode()
    assert "FP1" in client.post("/queues/send/received/", {"rows": bill.pk}).content.decode()
    assert not InvoiceStep.objects.exists()


def test_what_a_colleague_has_sent_is_told_and_left(client: Client, desk: Desk, finance: User) -> None:
    bill = desk.invoice(1, "2026-01-02", number="FP1")
    record_step(by=desk.by, invoice=bill.invoice, step="sent", date=day("2026-01-03"))
    answer = told(client.post("/queues/send/sent/", {"rows": bill.pk, "date": "2026-01-04"}))
    assert answer.startswith(f"Invoice FP1: done already by {desk.by} at ")
    assert Invoice.objects.get(pk=bill.pk).sent_on == day("2026-01-03")


def test_many_are_marked_as_received(client: Client, desk: Desk, finance: User) -> None:
    bills = [desk.invoice(n, "2026-01-02", sent_on=day("2026-01-03")) for n in (1, 2)]
    facts = {"rows": ",".join(str(bill.pk) for bill in bills), "date": "2026-01-06"}
    assert told(client.post("/queues/send/received/", facts)) == "2 invoices were marked as received."
    assert not Invoice.objects.filter(received_on=None).exists()


@pytest.mark.parametrize("address", ["/queues/send/sent/", "/queues/send/received/"])
def test_a_whole_list_is_never_marked_by_a_post_that_no_page_offers(
    client: Client, desk: Desk, finance: User, address: str
) -> None:
    desk.invoice(1, "2026-01-02", number="FP1")
    client.post(address, {"all": "1", "filter": "", "date": "2026-01-04"})
    assert not InvoiceStep.objects.exists()


def test_nobody_marks_what_is_not_theirs(client: Client, desk: Desk) -> None:
    bill = desk.invoice(1, "2026-01-02", number="FP1")
    client.force_login(a_user())
    response = client.post("/queues/send/sent/", {"rows": bill.pk, "date": "2026-01-04"})
    assert "FP1" not in response.content.decode()
    client.force_login(a_user(Role.AUDITOR))
    assert client.post("/queues/send/sent/", {"rows": bill.pk, "date": "2026-01-04"}).status_code == 403
    assert not InvoiceStep.objects.exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["", "", ""]),
        (" SF1 \n", ["SF1", "SF1", "SF1"]),
        ("E1\nE2\n\n", ["E1", "E2", ""]),
        ("E1\nE2\nE3\nE4", ["E1", "E2", "E3"]),
        ("FP3\tE3\nFP1\tE1", ["E1", "", "E3"]),
        ("FP2\tE2", ["", "E2", ""]),
    ],
)
def test_tracking_numbers_are_for_all_or_one_each_or_by_the_invoices_number(text: str, expected: list[str]) -> None:
    assert tracking_numbers(text, ["FP1", "FP2", "FP3"]) == expected


# --- two at once --------------------------------------------------------------------------------------------


def test_the_rows_are_asked_for_alone_and_only_when_something_is_new(
    client: Client, desk: Desk, finance: User
) -> None:
    first, second = desk.shipment(100, "2026-01-05", number="FH1"), desk.shipment(50, "2026-01-06", number="FH2")
    whole = client.get("/queues/confirm/")
    version = whole.context["live"].version
    ask = {"X-Live-Version": version, "HX-Request": "true", "HX-Target": "rows"}
    assert client.get("/queues/confirm/", headers=ask).status_code == 204
    confirm(entries=[first], by=a_user(Role.FINANCE, last_name="王", first_name="小明"))
    rows = client.get("/queues/confirm/", headers=ask).content.decode()
    assert "FH1" not in rows
    assert "FH2" in rows
    assert "1 change by 王小明" in rows
    assert "<html" not in rows
    assert f'id="row-{second.pk}"' in rows


def test_of_a_document_with_instalments_one_row_waits_with_all_of_it(
    client: Client, desk: Desk, finance: User
) -> None:
    """The later instalments go with the first: they neither wait by themselves nor when it has arrived."""
    parts = [Instalment(day("2026-02-01"), money(30)), Instalment(day("2026-03-01"), money(70))]
    bill = desk.invoice(100, "2026-01-02", number="FP-1", instalments=parts)
    waiting: Any = invoices_on_their_way(finance)
    assert [(row.pk, row.face) for row in waiting] == [(bill.pk, money(100))]
    record_step(by=desk.by, invoice=bill.invoice, step="received", date=day("2026-01-09"))
    assert list(invoices_on_their_way(finance)) == []


def test_credit_notes_and_what_is_no_tax_invoice_stand_in_nobodys_way(
    client: Client, desk: Desk, finance: User
) -> None:
    bill = desk.invoice(100, "2026-01-02", number="FP-1")
    desk.invoice(5, "2026-01-02", number="FP-none", kind="none")
    desk.credit_note(40, "2026-01-05", number="HZ-1", reverses=bill)

    def found(asked: str) -> list[str]:
        rows = client.get(f"/queues/send/{asked}").context["table"].rows
        return [row.record.number for row in rows]

    assert found("") == ["FP-1"]
    assert found("?kind=credit_note") == ["HZ-1"]
    assert found("?kind=all") == ["FP-1", "HZ-1"]


def test_goods_and_money_are_never_added_up(client: Client, desk: Desk, finance: User) -> None:
    """Money counts as the bank says it: in positive, out negative."""
    desk.shipment(100, "2026-01-05")
    desk.goods_return(10, "2026-01-06")
    desk.payment(40, "2026-01-10", automatic=False)
    shown = client.get("/queues/confirm/")
    assert shown.context["sums"] == {"CNY": {"goods": money(90), "money": money(40)}}
    assert shown.context["totals"] == []
    assert shown.content.decode().count('data-currency="CNY money"') == 1
    assert [row.record.face for row in shown.context["table"].rows] == [money(100), money(-10), money(40)]
    assert client.get("/queues/confirm/?what=money").context["sums"] == {"CNY": {"money": money(40)}}
