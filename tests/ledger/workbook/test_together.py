"""Imports beside each other and beside people who post: nobody waits for a check, nothing is posted twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections, transaction

from config.jobs.models import Job
from config.jobs.running import run
from config.jobs.services import enqueue
from customers.models import Customer, Role, User
from ledger import bulk, documents, posting
from ledger.book import Book
from ledger.models import Entry, Posting, ShipmentLine
from ledger.workbook.intake import Taken, take
from ledger.workbook.parsing import parse
from ledger.workbook.people import People
from ledger.workbook.reading import opened
from tests.build import a_customer, a_user
from tests.ledger.workbook.files import FIRM, a_workbook, imported
from tests.ledger.workbook.test_upload import upload

DOCUMENT: list[Any] = ["number", "customer", "date", "amount"]
DAY = date(2026, 3, 1)


def in_a_thread(act: Callable[[], Any]) -> Any:
    def closing() -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(closing).result(30)


def pay(finance: User, customer: Customer, number: str) -> Entry:
    facts: dict[str, Any] = {"number": number, "date": DAY, "amount": Decimal(7)}
    return posting.post(documents.payment, finance, uuid4(), customer, **facts)


@pytest.mark.django_db(transaction=True)
def test_somebody_posts_for_a_customer_of_the_file_while_it_is_checked(tmp_path: Path) -> None:
    finance, customer = a_user(role=Role.FINANCE), a_customer(code="C1")
    pay(finance, customer, "P0")
    rows = [DOCUMENT, ["P1", "C1", DAY, 5], ["P2", "C8", DAY, 5]]
    sheets = {"Customers": [["code", "name"], ["C8", "New"]], "Payments": rows}
    made: list[Entry] = []

    def told(done: int, total: int, label: str) -> None:
        if not made:
            made.append(in_a_thread(lambda: pay(finance, customer, "P9")))

    with opened(a_workbook(tmp_path / "x.xlsx", sheets)) as found:
        taken = take(parse(found), by=finance, dry_run=True, told=told)
    assert (taken.errors, taken.posted["customers"], taken.posted["payments"]) == ([], 1, 2)
    assert Entry.objects.get(number="P9") == made[0]
    assert set(Customer.objects.values_list("code", flat=True)) == {"C1"}


@pytest.mark.django_db(transaction=True)
def test_a_check_sees_one_moment_of_the_books(tmp_path: Path) -> None:
    finance, customer = a_user(role=Role.FINANCE), a_customer(code="C1")
    path = a_workbook(tmp_path / "x.xlsx", {"Payments": [DOCUMENT, ["P1", "C1", DAY, 5]]})
    found: list[bool] = []

    def told(done: int, total: int, label: str) -> None:
        in_a_thread(lambda: pay(finance, customer, "P1"))
        found.append(Entry.objects.exists())

    with opened(path) as sheets:
        assert take(parse(sheets), by=finance, dry_run=True, told=told).errors == []
    assert found == [False]
    assert Entry.objects.exists()


@pytest.mark.django_db
def test_a_check_counts_new_customers_apart_and_writes_none(tmp_path: Path) -> None:
    rows = [["number", "customer", "date", "amount", "invoices"]]
    sheets: dict[str, list[list[Any]]] = {
        "Customers": [["code", "name", "salesperson"], ["C1", "One", "lina"], ["C2", "Two", "wei"]],
        "Invoices": [DOCUMENT, ["I1", "C1", DAY, 100]],
        "Payments": [*rows, ["P1", "C2", DAY, 50, "I1:50"]],
    }
    taken = imported(a_workbook(tmp_path / "x.xlsx", sheets), dry_run=True)
    assert ["another customer" in e.message for e in taken.errors] == [True]
    assert not User.objects.exists()
    checked = imported(a_workbook(tmp_path / "y.xlsx", FIRM), dry_run=True)
    really = imported(tmp_path / "y.xlsx")
    assert (checked.posted, checked.sums, checked.errors) == (really.posted, really.sums, [])


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_imports_of_one_file_at_once_the_second_skips_what_the_first_posted(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "firm.xlsx", FIRM)
    start = Barrier(3)

    def both() -> Taken:
        start.wait(10)
        try:
            return imported(path)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        taken = [future.result(60) for future in [pool.submit(both) for _n in range(3)]]
    assert [t.errors for t in taken] == [[], [], []]
    assert sorted(t.posted["invoices"] for t in taken) == [0, 0, 3]
    assert sorted(t.skipped["customers"] for t in taken) == [0, 2, 2]
    assert Posting.objects.count() == 1


def taken_before_writing(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Lets somebody else act between the look at what is there and the writing of the import."""
    write = posting.write

    def write_second(book: Book) -> None:
        monkeypatch.setattr(posting, "write", write)
        in_a_thread(act)
        write(book)

    monkeypatch.setattr(posting, "write", write_second)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("payments", [1, bulk.COPY_FROM])
def test_a_number_that_somebody_gave_meanwhile_is_a_mistake_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, payments: int
) -> None:
    finance, other = a_user(role=Role.FINANCE), a_customer(code="C9")
    a_customer(code="C1")
    rows = [DOCUMENT, *([f"P{n}", "C1", DAY, 5] for n in range(payments))]
    path = a_workbook(tmp_path / "x.xlsx", {"Payments": rows})
    taken_before_writing(monkeypatch, lambda: pay(finance, other, "P0"))
    taken = imported(path)
    assert [(e.sheet, e.row, e.column, e.value) for e in taken.errors] == [("Payments", 2, "number", "P0")]
    assert Entry.objects.get().customer_id == other.pk


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_job_that_lost_a_race_for_a_number_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finance, other = a_user(role=Role.FINANCE), a_customer(code="C9")
    a_customer(code="C1")
    path = a_workbook(tmp_path / "x.xlsx", {"Payments": [DOCUMENT, ["P0", "C1", DAY, 5]]})
    taken_before_writing(monkeypatch, lambda: pay(finance, other, "P0"))
    job = enqueue(user=finance, kind="import", upload=upload(path))
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["mistakes"]) == (Job.State.DONE, 1)
    assert job.result["errors"][0]["value"] == "P0"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_customer_whom_somebody_created_meanwhile_is_a_mistake_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = People._keep
    monkeypatch.setattr(People, "_keep", lambda people: (in_a_thread(lambda: a_customer(code="C8")), keep(people)))
    taken = imported(a_workbook(tmp_path / "x.xlsx", {"Customers": [["code", "name"], ["C8", "New"]]}))
    assert [(e.sheet, e.row, e.value) for e in taken.errors] == [("Customers", 2, "C8")]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_who_posts_in_the_browser_does_not_wait_for_the_lock_of_imports(tmp_path: Path) -> None:
    finance, customer = a_user(role=Role.FINANCE), a_customer(code="C9")
    path = a_workbook(tmp_path / "firm.xlsx", FIRM)
    made: list[Entry] = []

    def told(done: int, total: int, label: str) -> None:
        if not made:
            made.append(in_a_thread(lambda: pay(finance, customer, "P77")))

    with opened(path) as sheets:
        taken = take(parse(sheets), by=None, create_salespeople=True, told=told)
    assert (taken.errors, len(made)) == ([], 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_in_a_bulk_is_an_error_of_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "COPY_FROM", 1)
    line = ShipmentLine(shipment_id=1, position=1, product="x", quantity=1, unit_price=1, amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(ShipmentLine, [line])


@pytest.mark.django_db
def test_more_customers_than_a_query_names_are_locked_in_the_order_of_their_keys(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    customers = [a_customer() for _n in range(7)]
    monkeypatch.setattr(bulk, "CHUNK", 3)
    with transaction.atomic(), django_assert_num_queries(3):
        locked = posting.lock_customers([customer.pk for customer in reversed(customers)])
    assert list(locked) == [customer.pk for customer in customers]
