"""The demo firm is entered from the browser into an empty ledger, and left without a trace of it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from config.demo import staff
from config.demo.leaving import leave_demo, recorded_since
from config.demo.models import DemoFirm
from config.demo.services import DemoRefused, build_demo
from config.demo.tasks import enter_demo
from config.jobs.models import Job
from config.jobs.registry import KINDS
from config.jobs.running import run
from customers.models import Customer, Role, Team, User
from ledger.models import Entry, Posting
from tests.build import a_customer, a_user, whole_cast
from tests.ledger.desk import Desk

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def a_demo(**wishes: Any) -> DemoFirm:
    build_demo(**{"now": NOW, "customers": whole_cast(), "invoices": 60, **wishes})
    return DemoFirm.objects.get()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in (User, Team, Customer, Posting, Entry)}


def successor(**facts: Any) -> dict[str, Any]:
    return {
        "username": "boss",
        "last_name": "钱",
        "first_name": "進",
        "email": "boss@example.com",
        "password1": "a long enough pass phrase",
        "password2": "a long enough pass phrase",
        "confirmed": "on",
        **facts,
    }


# --- leaving -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_who_leaves_the_demo_has_an_empty_ledger_and_the_only_account() -> None:
    firm = a_demo()
    admin = User.objects.get(username="admin")
    Desk(Customer.objects.first() or a_customer()).payment(5, "2026-11-20")
    assert recorded_since(firm) == 1
    job = Job.objects.create(user=admin, kind="aging_report")
    job.file.save("report.xlsx", ContentFile(b"made"))
    stored = job.file.name
    client = signed_in(admin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_migrations")
        [migrations] = cursor.fetchall()

    answer = client.post(reverse("demo:leave"), successor(username="admin"))

    assert answer.headers["Location"] == reverse("start")
    [boss] = User.objects.all()
    assert (boss.username, boss.role, boss.check_password("a long enough pass phrase")) == (
        "admin",
        Role.ADMINISTRATOR,
        True,
    )
    left = {
        model._meta.label: model._default_manager.count()
        for app in ("jobs", "demo", "customers", "ledger", "flags")
        for model in apps.get_app_config(app).get_models()
    }
    assert {label: count for label, count in left.items() if count} == {"customers.User": 1}
    assert stored is not None
    assert not default_storage.exists(stored)
    assert client.get(answer.headers["Location"]).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_migrations")
        assert cursor.fetchall() == [migrations]


@pytest.mark.django_db(transaction=True)
def test_the_guards_of_the_books_stand_again_afterwards() -> None:
    a_demo()
    owner = a_user(Role.ADMINISTRATOR, username="owner")
    assert leave_demo(by=owner) == owner
    Desk(a_customer(owner=a_user())).invoice(100, "2026-01-01")
    for attack in ("DELETE FROM ledger_entry", "UPDATE ledger_entry SET document_amount = 1"):
        refused = pytest.raises(DatabaseError, match="never edited or deleted")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
    assert Entry.objects.count() == 1
    assert set(User.objects.values_list("username", flat=True)) & set(staff.USERNAMES) == set()


@pytest.mark.django_db
def test_nobody_but_an_administrator_comes_through_these_doors() -> None:
    a_demo()
    before = counts()
    for role in set(Role) - {Role.ADMINISTRATOR}:
        somebody = User.objects.filter(role=role)[0]
        client = signed_in(somebody)
        assert client.get(reverse("demo:firm")).status_code == 403
        assert client.post(reverse("demo:enter")).status_code == 403
        assert client.post(reverse("demo:leave"), successor()).status_code == 403
        with pytest.raises(DemoRefused, match="Only an administrator"):
            leave_demo(by=somebody)
    assert counts() == before


@pytest.mark.django_db
def test_the_books_of_a_firm_of_its_own_are_never_removed() -> None:
    Desk(a_customer(owner=a_user())).invoice(100, "2026-01-01")
    admin = a_user(Role.ADMINISTRATOR)
    before = counts()
    with pytest.raises(DemoRefused, match="cannot be removed"):
        leave_demo(by=admin)
    page = signed_in(admin).post(reverse("demo:leave"), {"confirmed": "on"}, follow=True)
    assert "cannot be removed" in page.content.decode()
    assert counts() == before


@pytest.mark.django_db
def test_leaving_asks_for_a_confirmation_and_an_account_that_works() -> None:
    a_demo()
    before = counts()
    admin = User.objects.get(username="admin")
    for wrong in (
        {"confirmed": ""},
        {"password2": "another one"},
        {"username": ""},
        {"password1": "1", "password2": "1"},
    ):
        page = signed_in(admin).post(reverse("demo:leave"), successor(**wrong))
        assert page.status_code == 200, wrong
        assert 'class="errors"' in page.content.decode(), wrong
        assert counts() == before, wrong
    with pytest.raises(DemoRefused, match="Name an administrator"):
        leave_demo(by=admin)
    assert counts() == before


@pytest.mark.django_db
def test_the_desk_says_that_one_is_in_the_demo_and_shows_administrators_the_way_out() -> None:
    a_demo()
    for username, leads_out in (("lina", False), ("finance", False), ("admin", True)):
        desk = signed_in(User.objects.get(username=username)).get(reverse("desk")).content.decode()
        [said] = desk.split("in-demo")[1:]
        assert (reverse("demo:firm") in said.split("</p>")[0]) == leads_out
    DemoFirm.objects.all().delete()
    assert "in-demo" not in signed_in(User.objects.get(username="lina")).get(reverse("desk")).content.decode()


# --- entering ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_administrator_of_an_empty_ledger_enters_the_demo_and_is_told_its_password() -> None:
    admin = a_user(Role.ADMINISTRATOR, username="owner")
    client = signed_in(admin)
    answer = client.post(reverse("demo:enter"))
    job = Job.objects.get(kind="demo")
    assert answer.headers["Location"] == reverse("jobs:detail", args=[job.pk])
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)  # there is no broker here
    assert KINDS["demo"].run is enter_demo
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    password = job.result["password"]
    assert password != staff.PASSWORD
    assert User.objects.get(username="lina").check_password(password)
    assert password in client.get(reverse("demo:firm")).content.decode()
    assert Client().login(username="finance", password=password)
    other = signed_in(User.objects.get(username="admin"))
    assert password not in other.get(reverse("demo:firm")).content.decode()


@pytest.mark.django_db
def test_a_ledger_with_customers_or_with_people_of_these_names_is_not_entered() -> None:
    admin = a_user(Role.ADMINISTRATOR)
    customer = a_customer()
    client = signed_in(admin)
    page = client.post(reverse("demo:enter"), follow=True).content.decode()
    assert "has customers already" in page
    customer.delete()
    a_user(username="lina")
    assert "lina" in client.post(reverse("demo:enter"), follow=True).content.decode()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_there_is_at_most_one_demo_firm() -> None:
    DemoFirm.objects.create(entered_at=NOW, last_posting=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        DemoFirm.objects.create(id=2, entered_at=NOW, last_posting=0)
    assert DemoFirm.objects.count() == 1
