"""Sales book, finance book and what lies between them: worked examples, and the law for random acts."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Customer, Role, User
from ledger.confirmation import confirm, withdraw
from ledger.errors import LedgerError
from ledger.models import Confirmation, Entry
from ledger.models.entries import CONFIRMABLE_KINDS
from reconciliation.books.queries.entries import ages, entries, total
from reconciliation.books.queries.sums import Row, rows
from reconciliation.books.question import By, Question, What
from reconciliation.books.rejecting import reject
from tests.build import a_customer, a_user
from tests.laws import examples
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance() -> User:
    return a_user(role=Role.FINANCE)


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(code="C-1", owner=a_user(username="lina")))


def books(on: str, **asked: Any) -> list[tuple[str, Decimal, Decimal, Decimal, int, date | None]]:
    """Of every row its key, sales book, finance book, difference, number of entries, the oldest."""
    question = Question(as_of=day(on), **asked)
    return [(row.key, row.sales, row.finance, row.difference, row.count, row.oldest) for row in rows(question)]


def a_month(desk: Desk, finance: User) -> dict[str, Entry]:
    """Opening 100; goods of 1,000 billed by an invoice, confirmed on the 6th; 400 paid on the 10th, confirmed on the
    12th, withdrawn on the 20th; 50 paid on the 15th, never confirmed; goods of 30 reversed on the 25th.
    """
    desk.opening(100, "2026-03-01")
    goods = desk.shipment(1000, "2026-03-02")
    desk.invoice(1000, "2026-03-03", shipments=[goods])
    confirm(entries=[goods], by=finance, on=day("2026-03-06"))
    paid = desk.payment(400, "2026-03-10")
    confirm(entries=[paid], by=finance, on=day("2026-03-12"))
    withdraw(entries=[paid], by=finance, on=day("2026-03-20"))
    late = desk.payment(50, "2026-03-15")
    slip = desk.shipment(30, "2026-03-16")
    desk.reverse(slip, "2026-03-25")
    return {"goods": goods, "paid": paid, "late": late, "slip": slip}


@pytest.mark.parametrize(
    ("on", "sales", "finance_book", "count", "oldest"),
    [
        ("2026-03-01", 100, 100, 0, None),
        ("2026-03-05", 1100, 100, 1, "2026-03-02"),
        ("2026-03-06", 1100, 1100, 0, None),
        ("2026-03-11", 700, 1100, 1, "2026-03-10"),
        ("2026-03-12", 700, 700, 0, None),
        ("2026-03-16", 680, 700, 2, "2026-03-15"),
        ("2026-03-20", 680, 1100, 3, "2026-03-10"),
        ("2026-03-25", 650, 1100, 2, "2026-03-10"),
    ],
)
def test_the_books_of_each_day(
    desk: Desk, finance: User, on: str, sales: int, finance_book: int, count: int, oldest: str | None
) -> None:
    a_month(desk, finance)
    expected = ("C-1", money(sales), money(finance_book), money(sales - finance_book), count, oldest and day(oldest))
    assert books(on, with_agreeing=True) == [expected]
    assert books(on, with_agreeing=True, by=By.SALESPERSON) == [("lina", *expected[1:])]
    assert bool(books(on)) == bool(count), "rows on which the books agree are left out"


def test_the_difference_is_a_list_with_ages(desk: Desk, finance: User) -> None:
    made = a_month(desk, finance)
    asked = Question(as_of=day("2026-04-09"))
    found = entries(asked, None)
    assert list(found) == [made["paid"], made["late"]]
    assert total(found) == {desk.customer.currency: money(-450)}
    assert [(age.least, age.most, age.goods, age.money) for age in ages(asked, None)] == [
        (0, 7, money(0), money(0)),
        (8, 30, money(0), money(-450)),
        (31, 60, money(0), money(0)),
        (61, 90, money(0), money(0)),
        (91, None, money(0), money(0)),
    ]
    assert list(entries(replace(asked, youngest=26), None)) == [made["paid"]]
    assert list(entries(replace(asked, oldest=25), None)) == [made["late"]]
    assert list(entries(replace(asked, what=What.GOODS), None)) == []


def test_goods_against_an_invoice_lie_between_the_books_though_they_add_nothing(desk: Desk) -> None:
    ahead = desk.invoice(200, "2026-03-01")
    goods = desk.shipment(200, "2026-03-05", invoice=ahead)
    assert books("2026-03-05") == [("C-1", money(200), money(200), money(0), 1, day("2026-03-05"))]
    assert list(entries(Question(as_of=day("2026-03-05")), None)) == [goods]


def test_as_known_on_a_day_the_books_say_what_was_recorded_by_then(
    desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(moment: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(datetime.fromisoformat(moment)))

    at("2026-03-02T09:00")
    paid, slip = desk.payment(400, "2026-03-01"), desk.payment(30, "2026-03-01")
    at("2026-03-05T09:00")
    confirm(entries=[paid], by=finance, on=day("2026-03-02"))
    desk.reverse(slip, "2026-03-02")
    at("2026-03-09T09:00")
    withdraw(entries=[paid], by=finance, on=day("2026-03-03"))
    desk.payment(5, "2026-03-02")
    at("2026-03-20T09:00")
    known = {on: books("2026-03-04", known_on=day(on), with_agreeing=True) for on in ("2026-03-02", "2026-03-05")}
    assert known["2026-03-02"] == [("C-1", money(-430), money(0), money(-430), 2, day("2026-03-01"))]
    assert known["2026-03-05"] == [("C-1", money(-400), money(-400), money(0), 0, None)]
    assert books("2026-03-04") == [("C-1", money(-405), money(0), money(-405), 2, day("2026-03-01"))]


FIRST = date(2026, 3, 1)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["shipment", "payment", "refund", "invoice", "confirm", "withdraw", "reverse", "reject"]),
        st.integers(0, 9),
        st.integers(0, 8),
        st.integers(1, 500),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_sales_book_less_finance_book_is_the_list_at_every_day(acts: list[tuple[str, int, int, int]]) -> None:
    finance = a_user(role=Role.FINANCE)
    desk = Desk(a_customer(owner=a_user()))
    for act, offset, which, amount in acts:
        on = FIRST + timedelta(days=offset)
        made = list(Entry.objects.filter(customer=desk.customer, reverses=None).order_by("pk"))
        chosen = made[which % len(made)] if made else None
        try:
            match act:
                case "shipment" | "payment" | "refund" | "invoice":
                    getattr(desk, act)(amount, on.isoformat())
                case "confirm" if chosen:
                    confirm(entries=[chosen], by=finance, on=on)
                case "withdraw" if chosen:
                    withdraw(entries=[chosen], by=finance, on=on)
                case "reverse" if chosen:
                    desk.reverse(chosen, on.isoformat())
                case "reject" if chosen:
                    reject(entries=[chosen], by=finance, reason="not seen")
        except LedgerError:
            continue
    for offset in range(11):
        check_day(desk.customer, FIRST + timedelta(days=offset))
    check_day(desk.customer, timezone.localdate())


def check_day(customer: Customer, on: date) -> None:
    """The books as anybody would reckon them by hand, document by document."""
    posted = list(Entry.objects.filter(customer=customer, date__lte=on))
    undone = {entry.reverses_id for entry in posted if entry.reverses_id}
    between = []
    for entry in posted:
        said = Confirmation.objects.filter(entry=entry, date__lte=on).order_by("-pk").first()
        stands = entry.reverses_id is None and entry.pk not in undone
        if entry.kind in CONFIRMABLE_KINDS and stands and not (said and said.is_confirmed):
            between.append(entry)
    question = Question(as_of=on, customer=customer.pk, with_agreeing=True)
    found = rows(question)
    row = found[0] if found else Row(None, "", "", "", money(0), money(0), 0, None)
    listed = list(entries(question, None))
    assert sorted(entry.pk for entry in listed) == sorted(entry.pk for entry in between)
    assert row.sales == sum(entry.amount for entry in posted)
    assert row.sales - row.finance == sum(entry.amount for entry in listed) == row.difference
    assert row.count == len(listed)


def test_the_pages_show_what_one_may_see(desk: Desk, finance: User, client: Client) -> None:
    made = a_month(desk, finance)
    other = Desk(a_customer(name="another's", owner=a_user(username="wang")))
    other.payment(70, "2026-03-01")
    client.force_login(finance)
    page = client.get(reverse("books:sums") + "?as_of=2026-03-31").content.decode()
    for said in ("C-1", "650.00", "1,100.00", "-450.00", "Age of the difference", "another", "580.00"):
        assert said in page, said
    by_people = client.get(reverse("books:sums") + "?as_of=2026-03-31&by=salesperson").content.decode()
    assert "lina" in by_people
    assert "wang" in by_people
    exported = client.get(reverse("books:sums") + "?as_of=2026-03-31&_export=csv&sort=-difference")
    lines = b"".join(exported).decode("utf-8-sig").splitlines()
    assert lines[-1].startswith("C-1,")
    assert ",650.00,1100.00,-450.00,2,2026-03-10,21" in lines[-1]
    listed = client.get(reverse("books:entries") + f"?as_of=2026-03-31&customer={desk.customer.pk}").content.decode()
    assert made["paid"].number in listed
    assert made["slip"].number not in listed
    client.force_login(desk.by)
    own = client.get(reverse("books:sums") + "?as_of=2026-03-31").content.decode()
    assert "C-1" in own
    assert "another" not in own
    answer = client.get(reverse("books:entries") + f"?customer={other.customer.pk}")
    assert other.customer.name not in answer.content.decode()
