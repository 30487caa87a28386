"""What the filters of the lists leave, and how they are said."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.lists import paging
from customers.models import Role
from ledger.queries import search
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Desk:
    user = a_user(Role.FINANCE)
    client.force_login(user)
    # No search for a number finds the customer by its code.
    facts = {"code": "MILL", "region": "East", "key_account": True, "credit_limit": money(50)}
    customer = a_customer(name="Blue Mill", owner=a_user(), **facts)
    desk = Desk(customer, by=user)
    desk.invoice(100, "2026-01-05", number="I-1")
    desk.invoice(2500, "2026-02-05", number="I-2")
    desk.payment(30, "2026-02-10", number="P-1", method="cash")
    return desk


def numbers(client: Client, said: str) -> set[str]:
    return {row.record.number for row in client.get(f"/ledger/?{said}").context["table"].paginated_rows}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("amount_from=1,000", {"I-2"}),
        ("amount_from=100&amount_to=100.00", {"I-1"}),
        ("amount_to=-1", {"P-1"}),
        ("method=cash", {"P-1"}),
        ("currency=CNY&kind=invoice", {"I-1", "I-2"}),
        ("due_until=2026-02-10", {"I-1"}),
        ("region=East&key_account=yes&q=I-1", {"I-1"}),
        ("key_account=no", set()),
        ("overdue=365", set()),
    ],
)
def test_the_ledger_is_filtered(client: Client, desk: Desk, said: str, expected: set[str]) -> None:
    assert numbers(client, said) == expected


def test_more_than_so_many_days_past_due(client: Client, desk: Desk) -> None:
    today = timezone.localdate()
    desk.invoice(5, "2026-01-05", number="LATE", due_date=today.replace(year=today.year - 1))
    assert "LATE" in numbers(client, "overdue=180")
    assert "I-2" not in numbers(client, "overdue=365")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("balance_from=2,570", True),
        ("balance_from=2,570.01", False),
        ("balance_to=100", False),
        ("currency=CNY&over_limit=yes", True),
        ("over_limit=no", False),
    ],
)
def test_customers_are_filtered(client: Client, desk: Desk, said: str, found: bool) -> None:
    assert bool(client.get(f"/customers/?{said}").context["table"].paginated_rows) is found


def test_a_chip_says_amounts_and_days_as_they_are_written(client: Client, desk: Desk) -> None:
    chips = client.get("/ledger/?amount_from=1000&since=20260101&columns=date,document").context["chips"]
    assert [(chip.label, chip.value) for chip in chips] == [("From", "1 Jan 2026"), ("Amount from", "1,000.00")]
    assert chips[0].url == "?amount_from=1000&columns=date,document"


def test_all_filters_are_cleared_at_once_and_the_look_stays(client: Client, desk: Desk) -> None:
    page = client.get("/ledger/?kind=invoice&region=East&sort=date&columns=date,document&size=100").content.decode()
    assert 'href="/ledger/?sort=date&amp;columns=date,document&amp;size=100"' in page


def test_a_page_holds_as_many_rows_as_are_asked_for(client: Client, desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr(paging, "SIZES", (1, 2))
    assert len(client.get("/ledger/").context["table"].paginated_rows) == 1
    assert len(client.get("/ledger/?size=2").context["table"].paginated_rows) == 2
    assert len(client.get("/ledger/?size=1000000").context["table"].paginated_rows) == 1


def test_a_long_list_is_counted_to_a_bound(client: Client, desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    monkeypatch.setattr(paging, "SIZES", (1,))
    page = client.get("/ledger/?page=9")
    assert "more than 2 rows" in page.content.decode()
    assert page.context["table"].page.number == 2


def test_every_list_can_be_searched(client: Client, desk: Desk) -> None:
    for address in ("/customers/", "/ledger/", "/flags/", "/jobs/"):
        assert 'type="search"' in client.get(address).content.decode().partition('id="filters"')[2]


@pytest.mark.parametrize(
    "said",
    ["amount_from=x", "amount_from=9" * 40, "amount_to=%00", "overdue=-1", "currency=%00", "size=x&columns=%00"],
)
def test_nonsense_is_answered(client: Client, desk: Desk, said: str) -> None:
    assert client.get(f"/ledger/?{said}").status_code == 200


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("i-", {"I-1", "I-2", "I-2026"}),
        ("2026", {"I-2026"}),
        ("026", {"I-2026"}),
        ("-", {"I-1", "I-2", "I-2026", "P-1"}),
        ("green", set()),
        ("blue", {"I-1", "I-2", "I-2026", "P-1"}),
    ],
)
@pytest.mark.parametrize("few", [0, 1000])
def test_of_a_number_either_end_is_looked_for_and_its_middle_where_there_is_none(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch, words: str, expected: set[str], few: int
) -> None:
    """However the database is asked: by the keys of what was found, or row by row where that is much."""
    monkeypatch.setattr(search, "NAMED", few)
    desk.invoice(70, "2026-03-05", number="I-2026")
    assert numbers(client, f"q={words}") == expected
