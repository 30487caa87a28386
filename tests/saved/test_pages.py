"""Saved views on the pages: naming, sharing, beginning with one, sending it, and whose they are."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.saved.models import ColumnChoice, SavedView, Schedule
from config.saved.services import save_schedule, start_with
from customers.models import Role, User
from tests.build import a_customer, a_user
from tests.saved.building import DAILY, a_due_schedule, a_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client) -> User:
    user = a_user(Role.FINANCE)
    client.force_login(user)
    return user


def test_what_a_list_shows_is_saved_under_a_name(client: Client, user: User) -> None:
    at = "/customers/?q=blue&columns=name,balance&sort=-balance&page=3&region="
    response = client.post(reverse("saved:new"), {"name": "Blue ones", "at": at})
    assert response["Location"] == "/customers/?q=blue&columns=name,balance&sort=-balance"
    view = SavedView.objects.get()
    assert (view.user, view.name, view.shared) == (user, "Blue ones", False)
    assert "Blue ones" in client.get(reverse("saved:list")).content.decode()
    assert "Blue ones" in client.get(reverse("saved:menu"), {"at": "/customers/"}).content.decode()
    assert "Blue ones" not in client.get(reverse("saved:menu"), {"at": "/ledger/"}).content.decode()


def test_the_same_name_takes_the_new_filters(client: Client, user: User) -> None:
    view = a_view(user)
    client.post(reverse("saved:new"), {"name": view.name, "at": "/customers/?q=red"})
    assert SavedView.objects.get().query == "q=red"


@pytest.mark.parametrize(
    "at",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/nowhere/",
        "/admin/",
        "/views/",
        "",
        "x" * 3000,
        "/",
        "/logout/",
        "/healthz/",
        "/flags/1/acknowledge/",
        "/ledger/payments/new/",
        "/design/",
    ],
)
def test_an_address_that_is_none_of_ours_is_not_saved(client: Client, user: User, at: str) -> None:
    assert client.post(reverse("saved:new"), {"name": "x", "at": at})["Location"] == reverse("saved:list")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "at", ["/desk/", "/dashboard/?currency=USD", "/trends/", "/trends/cash/", "/aging/?by=region"]
)
def test_reports_can_be_saved_too(client: Client, user: User, at: str) -> None:
    assert client.post(reverse("saved:new"), {"name": "x", "at": at})["Location"] == at
    assert client.get(at).status_code == 200


def test_a_shared_view_is_listed_for_others_with_their_own_rows(client: Client, user: User) -> None:
    a_customer(name="Blue Mill")
    view = a_view(user, shared=True)
    client.force_login(a_user(Role.SALESPERSON))
    assert view.name in client.get(reverse("saved:list")).content.decode()
    assert "Blue Mill" not in client.get(view.url).content.decode()


def test_a_view_that_is_not_shared_stays_with_its_owner(client: Client, user: User) -> None:
    view = a_view(a_user(Role.FINANCE), name="theirs")
    assert "theirs" not in client.get(reverse("saved:list")).content.decode()
    for name in ("detail", "schedule", "stop", "send", "delete", "start"):
        address = reverse(f"saved:{name}", args=[view.pk])
        assert client.post(address, {"name": "mine", "start": "1"}).status_code == 404
    assert SavedView.objects.get().name == "theirs"


def test_a_shared_view_is_changed_by_its_owner_alone(client: Client, user: User) -> None:
    view = a_view(a_user(Role.FINANCE), shared=True, name="theirs")
    assert client.post(reverse("saved:delete", args=[view.pk])).status_code == 404
    assert SavedView.objects.exists()


def test_a_view_is_renamed_but_not_to_a_name_that_is_taken(client: Client, user: User) -> None:
    view, other = a_view(user), a_view(user, name="red")
    address = reverse("saved:detail", args=[view.pk])
    assert "of this name already" in client.post(address, {"name": other.name}).content.decode()
    client.post(address, {"name": "green", "shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.shared) == ("green", True)


def test_who_begins_with_a_view_lands_there(client: Client, user: User) -> None:
    view = a_view(user)
    before = client.get(reverse("home"))["Location"]
    client.post(reverse("saved:start", args=[view.pk]), {"start": "1"})
    assert client.get(reverse("home"))["Location"] == view.url
    client.post(reverse("saved:start", args=[view.pk]), {"start": ""})
    assert client.get(reverse("home"))["Location"] == before


def test_a_view_that_is_shared_no_longer_is_nobodys_start(client: Client, user: User) -> None:
    view = a_view(user, shared=True)
    other = a_user()
    start_with(user=other, view=view)
    client.post(reverse("saved:detail", args=[view.pk]), {"name": view.name})
    client.force_login(other)
    assert client.get(reverse("home"))["Location"] == reverse("desk")


def test_a_schedule_is_saved_and_stopped(client: Client, user: User) -> None:
    view, other = a_view(user), a_user()
    data = {"every": "month", "day": "31", "hour": "7", "recipients": [user.pk, other.pk]}
    client.post(reverse("saved:schedule", args=[view.pk]), data)
    schedule = Schedule.objects.get()
    assert set(schedule.recipients.all()) == {user, other}
    assert "the last day" in client.get(reverse("saved:detail", args=[view.pk])).content.decode()
    client.post(reverse("saved:stop", args=[view.pk]))
    assert not Schedule.objects.exists()


@pytest.mark.parametrize("change", [{"email": ""}, {"is_active": False}])
def test_only_users_whom_a_mail_reaches_are_offered_and_taken(
    client: Client, user: User, change: dict[str, Any]
) -> None:
    view, other = a_view(user), a_user(last_name="Unreachable", **change)
    address = reverse("saved:schedule", args=[view.pk])
    page = client.post(address, {"every": "day", "hour": "7", "recipients": [other.pk]})
    assert page.status_code == 200
    assert "Unreachable" not in page.content.decode()
    assert not Schedule.objects.exists()


def test_what_could_not_be_sent_is_told_on_the_page_of_the_view(client: Client, user: User) -> None:
    from config.saved.sending import send_due

    view, other = a_view(user), a_user(Role.FINANCE, last_name="Gone", first_name="")
    a_due_schedule(view, other)
    User.objects.filter(pk=other.pk).update(is_active=False)
    send_due()
    page = client.get(reverse("saved:detail", args=[view.pk])).content.decode()
    assert "not sent" in page
    assert "no longer active" in page


def test_a_recipient_can_have_it_sent_no_longer(client: Client, user: User) -> None:
    view = a_view(a_user(Role.FINANCE), name="theirs")
    schedule = save_schedule(view=view, rule=DAILY, recipients=[user, view.user])
    assert "theirs" in client.get(reverse("saved:list")).content.decode()
    client.post(reverse("saved:leave", args=[schedule.pk]))
    assert list(schedule.recipients.all()) == [view.user]
    assert client.post(reverse("saved:leave", args=[schedule.pk])).status_code == 404


def headings(client: Client, address: str) -> list[str]:
    table = client.get(address).context["table"]
    return [column.name for column in table.columns]


def test_columns_are_those_of_the_address_in_the_order_of_the_table(client: Client, user: User) -> None:
    assert headings(client, "/customers/?columns=balance,name,nonsense") == ["name", "balance"]
    assert headings(client, "/customers/?columns=name&columns=credit_limit") == ["name", "credit_limit"]
    assert "region" in headings(client, "/customers/?columns=nonsense")


def test_columns_are_kept_as_a_default_for_one_list_and_given_up_again(client: Client, user: User) -> None:
    data = {"page": "customers:list", "columns": "name,balance,", "keep": "1", "next": "/customers/?q=blue"}
    assert client.post(reverse("saved:columns"), data)["Location"] == "/customers/?q=blue"
    assert headings(client, "/customers/") == ["name", "balance"]
    assert "balance" not in headings(client, "/customers/?columns=name")
    assert len(headings(client, "/ledger/")) > 4
    client.post(reverse("saved:columns"), {**data, "keep": ""})
    assert not ColumnChoice.objects.exists()


def test_an_export_holds_the_columns_that_are_seen(client: Client, user: User) -> None:
    a_customer(name="Blue Mill", code="B1")
    response: Any = client.get("/customers/?columns=code,name&_export=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == ["Customer,Customer code", "Blue Mill,B1"]
