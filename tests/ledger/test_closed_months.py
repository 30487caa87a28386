"""A closed month stays as it was: refused by the services and by the database, but for finance with a reason."""

import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.jobs.models import Job
from config.jobs.running import run
from customers.models import Role, User
from ledger import documents
from ledger.allocation import allocate_automatically
from ledger.closing import close_month, open_month
from ledger.confirmation import confirm, confirm_until, withdraw
from ledger.errors import ClosedMonth, InvalidDocument, NotPermitted
from ledger.models import Allocation, Confirmation, Entry, LatePosting, PeriodClose, Posting
from ledger.posting import Sent, post
from ledger.reversal import reverse as reverse_act
from ledger.tasks import check_workbook, import_workbook
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money
from tests.ledger.workbook.files import a_workbook

pytestmark = pytest.mark.django_db

# Importing them registers the jobs, as a worker does when it starts.
JOBS = (check_workbook, import_workbook)
SAID = "Sep 2026 is closed; date it from 1 Oct 2026 on, or ask finance."
TO_FINANCE = "Sep 2026 is closed; date it from 1 Oct 2026 on, or give the reason for a late entry."
SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def finance() -> User:
    return a_user(role=Role.FINANCE)


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user()))


def closed(desk: Desk, finance: User) -> dict[str, Entry]:
    """September with an invoice of 1,000, a payment of 400 that is not allocated, goods of 50; then it is closed."""
    made = {
        "invoice": desk.invoice(1000, "2026-09-05"),
        "payment": desk.payment(400, "2026-09-20", automatic=False),
        "goods": desk.shipment(50, "2026-09-21"),
    }
    confirm(entries=[made["payment"]], by=finance, on=day("2026-09-22"))
    close_month(month=SEPTEMBER, by=finance)
    return made


def late(act: Any, by: User, desk: Desk, why: str, **facts: Any) -> Any:
    sent = Sent.form(uuid.uuid4(), act.__name__, why, late_reason=why)
    return post(act, by, sent, desk.customer, **facts)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Posting, Entry, Allocation, Confirmation, LatePosting))


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, made: desk.payment(10, "2026-09-30"),
        lambda desk, made: desk.invoice(10, "2025-01-01"),
        lambda desk, made: desk.reverse(made["payment"], "2026-09-30"),
        lambda desk, made: desk.allocate(made["payment"], made["invoice"], 10, "2026-09-30"),
    ],
)
def test_nothing_is_dated_into_a_closed_month(
    desk: Desk, finance: User, act: Callable[[Desk, dict[str, Entry]], Any]
) -> None:
    made = closed(desk, finance)
    before = counts()
    with pytest.raises(ClosedMonth) as refusal:
        act(desk, made)
    assert refusal.value.field == "date"
    assert "is closed; date it from 1 Oct 2026 on, or ask finance." in str(refusal.value)
    assert counts() == before


def test_the_first_open_day_is_open_and_old_items_are_allocated_there(desk: Desk, finance: User) -> None:
    made = closed(desk, finance)
    desk.payment(10, "2026-10-01", automatic=False)
    post(allocate_automatically, desk.by, uuid.uuid4(), desk.customer)
    moves = Allocation.objects.filter(to_entry=made["invoice"]) | Allocation.objects.filter(
        from_entry=made["invoice"]
    )
    assert {move.date for move in moves} == {day("2026-10-01")}
    assert list(breaches()) == []


def test_finance_may_with_a_reason_and_nobody_else(desk: Desk, finance: User) -> None:
    made = closed(desk, finance)
    before = counts()
    for by, reason in ((desk.by, "please"), (finance, "  ")):
        with pytest.raises(ClosedMonth):
            late(documents.payment, by, desk, reason, date=day("2026-09-30"), amount=money(10))
    assert counts() == before
    paid = late(documents.payment, finance, desk, "found in the post", date=day("2026-09-30"), amount=money(1000))
    assert paid.posting.late.reason == "found in the post"
    assert {move.date for move in paid.posting.allocations.all()} == {day("2026-09-30")}
    late(reverse_act, finance, desk, "never came", entry=made["payment"], date=day("2026-09-30"), reason="never came")
    assert Confirmation.objects.latest("pk").date == day("2026-09-30")
    on_time = late(documents.payment, finance, desk, "no need", date=day("2026-10-02"), amount=money(5))
    assert not LatePosting.objects.filter(posting=on_time.posting).exists()
    assert list(breaches()) == []


def test_a_confirmation_is_never_dated_into_a_closed_month(desk: Desk, finance: User) -> None:
    made = closed(desk, finance)
    before = counts()
    for act, entry in ((confirm, made["goods"]), (withdraw, made["payment"])):
        with pytest.raises(ClosedMonth, match=r"Sep 2026 is closed; date it from 1 Oct 2026 on\.$"):
            act(entries=[entry], by=finance, on=day("2026-09-30"))
    with pytest.raises(ClosedMonth):
        confirm_until(day=day("2026-09-30"), by=finance)
    assert counts() == before
    assert confirm(entries=[made["goods"]], by=finance).done
    assert Entry.objects.get(pk=made["goods"].pk).confirmed_on == day("2026-10-01"), "on the first open day"


def test_months_are_closed_in_order_and_opened_from_the_last(desk: Desk, finance: User) -> None:
    desk.invoice(1, "2026-07-05")
    this_month = timezone.localdate().replace(day=1)
    refused: list[tuple[Any, Any]] = [
        (lambda: close_month(month=this_month, by=finance), InvalidDocument),
        (lambda: close_month(month=SEPTEMBER, by=desk.by), NotPermitted),
        (lambda: open_month(month=SEPTEMBER, by=finance, reason="x"), InvalidDocument),
    ]
    for act, error in refused:
        with pytest.raises(error):
            act()
    close_month(month=date(2026, 8, 1), by=finance)
    for act, error in (
        (lambda: close_month(month=date(2026, 8, 1), by=finance), InvalidDocument),
        (lambda: close_month(month=date(2026, 10, 1), by=finance), InvalidDocument),
        (lambda: open_month(month=date(2026, 7, 1), by=finance, reason="x"), InvalidDocument),
        (lambda: open_month(month=date(2026, 8, 1), by=finance, reason=" "), InvalidDocument),
        (lambda: open_month(month=date(2026, 8, 1), by=desk.by, reason="x"), NotPermitted),
    ):
        with pytest.raises(error):
            act()
    close_month(month=SEPTEMBER, by=finance)
    open_month(month=SEPTEMBER, by=finance, reason="the auditor asks")
    open_month(month=date(2026, 8, 1), by=finance, reason="and for August")
    desk.invoice(1, "2026-08-05")
    with pytest.raises(ClosedMonth):
        desk.invoice(1, "2026-07-31")
    close_month(month=date(2026, 8, 1), by=finance)
    rows = PeriodClose.objects.values_list("month__month", "is_closed", "closed_until")
    assert [(month, is_closed, str(until)[5:]) for month, is_closed, until in rows] == [
        (8, True, "08-31"),
        (9, True, "09-30"),
        (9, False, "08-31"),
        (8, False, "07-31"),
        (8, True, "08-31"),
    ]
    assert list(breaches()) == [], "what was posted while a month was open is no breach"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ledger_periodclose (month, is_closed, closed_until, note, by_id, recorded_at)"
        " VALUES ('2026-11-01', true, '2026-11-30', '', {by}, '2026-12-01')",
        "INSERT INTO ledger_periodclose (month, is_closed, closed_until, note, by_id, recorded_at)"
        " VALUES ('2026-10-01', true, '2026-10-15', '', {by}, '2026-12-01')",
        "INSERT INTO ledger_periodclose (month, is_closed, closed_until, note, by_id, recorded_at)"
        " VALUES ('2026-08-01', false, '2026-07-31', 'x', {by}, '2026-12-01')",
        "UPDATE ledger_periodclose SET closed_until = '2026-08-31'",
        "DELETE FROM ledger_periodclose",
        "UPDATE ledger_lateposting SET reason = 'other'",
        "DELETE FROM ledger_lateposting",
        "INSERT INTO ledger_confirmation (entry_id, is_confirmed, date, note, by_id, recorded_at)"
        " VALUES ({goods}, true, '2026-09-30', '', {by}, '2026-12-01')",
    ],
)
def test_the_database_refuses_what_the_services_do(desk: Desk, finance: User, statement: str) -> None:
    made = closed(desk, finance)
    late(documents.payment, finance, desk, "found", date=day("2026-09-30"), amount=money(10))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(by=finance.pk, goods=made["goods"].pk))


def test_below_the_services_a_row_needs_its_reason_first(
    desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = closed(desk, finance)
    monkeypatch.setattr("ledger.models.PeriodClose.objects.closed_until", lambda: None)
    for act in (
        lambda: desk.payment(10, "2026-09-30"),
        lambda: desk.allocate(made["payment"], made["invoice"], 10, "2026-09-30"),
    ):
        with pytest.raises(ClosedMonth, match="was closed a moment ago"), transaction.atomic():
            act()


def test_who_breaks_in_is_found(desk: Desk, finance: User) -> None:
    """Without the guards, as an older copy of the tables would be."""
    closed(desk, finance)
    table = " ON ledger_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER entry_not_into_a_closed_month{table}")
    posting = Posting.objects.create(act="payment", digest="", by=finance, recorded_at=timezone.now())
    smuggled = Entry.objects.create(
        posting=posting,
        customer=desk.customer,
        kind="discount",
        side=-1,
        date=day("2026-09-30"),
        currency=desk.customer.currency,
        amount=money(-5),
        document_amount=money(-5),
        open_amount=money(-5),
        recorded_at=timezone.now(),
    )
    assert [(breach.law, breach.key) for breach in breaches()] == [("closed", smuggled.pk)]


def test_the_form_asks_finance_for_the_reason_and_tells_everybody_else(
    desk: Desk, finance: User, client: Client
) -> None:
    closed(desk, finance)
    url = reverse("ledger:payment-new")
    facts = {
        "key": str(uuid.uuid4()),
        "customer": desk.customer.pk,
        "date": "2026-09-30",
        "amount": "10",
        "method": "transfer",
    }
    client.force_login(desk.by)
    page = client.post(url, facts).content.decode()
    assert SAID in page
    assert "late_reason" not in page
    client.force_login(finance)
    for asked in (url, reverse("ledger:quick-payment")):
        page = client.post(asked, facts).content.decode()
        assert TO_FINANCE in page
        assert 'name="late_reason"' in page
    assert client.post(url, {**facts, "late_reason": "found in the post"}).status_code == 302
    assert LatePosting.objects.get().reason == "found in the post"


def test_a_grid_asks_finance_for_the_reason_and_posts_with_it(desk: Desk, finance: User, client: Client) -> None:
    closed(desk, finance)
    url = reverse("ledger:grid-payments")
    facts = {"key": str(uuid.uuid4()), "rows": f"{desk.customer.code}\t2026-09-30\t10\n"}
    before = counts()
    client.force_login(desk.by)
    page = client.post(url, {**facts, "late_reason": "please"}).content.decode()
    assert SAID in page
    client.force_login(finance)
    page = client.post(url, facts).content.decode()
    assert TO_FINANCE in page
    assert 'name="late_reason"' in page
    assert counts() == before
    page = client.post(url, {**facts, "late_reason": "found in the post"}).content.decode()
    assert 'name="late_reason"' not in page, "the next grid begins without"
    assert LatePosting.objects.get().reason == "found in the post"
    assert list(breaches()) == []


def test_an_import_takes_the_reason_of_finance(desk: Desk, finance: User, client: Client, tmp_path: Path) -> None:
    url = reverse("imports:upload")
    client.force_login(finance)
    assert "late_reason" not in client.get(url).content.decode(), "no month is closed"
    closed(desk, finance)
    assert 'name="late_reason"' in client.get(url).content.decode()
    rows: list[list[Any]] = [
        ["customer", "date", "amount", "number"],
        [desk.customer.code, date(2026, 9, 30), 10, "SK-late"],
    ]
    content = a_workbook(tmp_path / "late.xlsx", {"payments": rows}).read_bytes()

    def checked(**more: str) -> Job:
        client.post(url, {"file": SimpleUploadedFile("late.xlsx", content), **more})
        job = Job.objects.latest("created_at")
        run(job.pk)
        job.refresh_from_db()
        return job

    assert TO_FINANCE in str(checked().result)
    job = checked(late_reason="found in the post")
    assert job.result["posted"]["payments"] == 1
    client.post(reverse("imports:post", args=[job.pk]))
    run(Job.objects.get(kind="import").pk)
    assert LatePosting.objects.get().reason == "found in the post"
    client.force_login(desk.by)
    assert "late_reason" not in client.get(url).content.decode()
    assert TO_FINANCE not in str(checked(late_reason="please").result)
