"""`manage.py demo`: what it prints, and when it refuses."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config.demo import staff
from config.demo.management.commands.demo import firm_size
from customers.models import Customer, User
from ledger.models import Entry
from ledger.verification import breaches
from tests.build import a_customer, a_user, whole_cast
from tests.ledger.desk import Desk

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]


def demo(**options: Any) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **{"customers": whole_cast(), "invoices": 90, **options})
    return out.getvalue()


def test_it_builds_the_firm_and_prints_the_sign_ins() -> None:
    printed = demo()
    assert Customer.objects.count() == whole_cast()
    assert staff.PASSWORD in printed
    for person in staff.PEOPLE:
        assert f"  {person.username} " in printed


@pytest.mark.parametrize(
    ("customers", "invoices", "size"),
    [
        (None, None, (60, 1_200)),
        (100, None, (100, 2_000)),
        (None, 300, (60, 300)),
        (None, 100_000, (2_000, 100_000)),
        (40, 500, (40, 500)),
    ],
)
def test_one_number_suggests_the_other(customers: int | None, invoices: int | None, size: tuple[int, int]) -> None:
    assert firm_size(customers, invoices) == size


@pytest.mark.parametrize("customers", [1, 7])
def test_a_small_firm_tells_fewer_stories(customers: int) -> None:
    assert staff.PASSWORD in demo(customers=customers, invoices=10)
    assert Customer.objects.count() == customers
    assert list(breaches()) == []


@pytest.mark.parametrize("size", [{"customers": 0}, {"customers": -3}, {"invoices": 0}])
def test_a_firm_without_customers_or_invoices_is_refused(size: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="at least one"):
        demo(**size)
    assert not User.objects.exists()


def test_a_ledger_with_entries_is_refused(settings: Settings) -> None:
    settings.DEBUG = True
    Desk(a_customer(owner=a_user())).invoice(100, "2026-01-01")
    with pytest.raises(CommandError, match="has entries already") as refusal:
        demo()
    assert refusal.value.returncode == 1
    assert Customer.objects.count() == 1


def test_people_of_a_firm_never_get_colleagues_with_a_known_password() -> None:
    a_user()
    with pytest.raises(CommandError, match="needs an empty one"):
        demo()
    assert User.objects.count() == 1


def test_in_development_other_users_may_be_there_but_not_by_the_same_name(settings: Settings) -> None:
    settings.DEBUG = True
    a_user(username="lina")
    with pytest.raises(CommandError, match="lina"):
        demo()
    User.objects.update(username="linda")
    demo()
    assert User.objects.count() == 1 + len(staff.PEOPLE)


def test_a_start_leaves_a_database_in_use_as_it_is_and_says_how_to_sign_in() -> None:
    assert staff.PASSWORD in demo(if_empty=True)
    entries = Entry.objects.count()
    assert staff.PASSWORD in demo(if_empty=True)
    assert Entry.objects.count() == entries


def test_a_start_on_a_firms_own_ledger_says_nothing_of_the_demo() -> None:
    a_user(username="lina").set_password("something else")
    assert demo(if_empty=True) == ""
    assert not Entry.objects.exists()
