"""The desk, the list and the thresholds in the browser's words; who sees what, and who may act."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Role, User
from flags.models import Flag, FlagNote, Threshold
from flags.sweep import raise_flags
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, day

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "flags"}


@pytest.fixture
def desk() -> Desk:
    seller = a_user(role=Role.SALESPERSON, team=a_team())
    return Desk(a_customer(owner=seller, name="Huadong Bearings"))


@pytest.fixture
def flag(desk: Desk) -> Flag:
    desk.invoice(
        100, "2026-01-01", sent_on=day("2026-01-01"), received_on=day("2026-01-01"), booked_on=day("2026-01-01")
    )
    raise_flags(as_of=timezone.localdate())
    return Flag.objects.get()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, name: str = "desk", *args: Any, **data: Any) -> str:
    response = signed_in(user).get(reverse(name, args=args), data)
    assert response.status_code == 200
    return response.content.decode()


def test_the_salesperson_finds_the_flag_on_the_desk_with_the_next_action(desk: Desk, flag: Flag) -> None:
    shown = page(desk.by)
    assert "Huadong Bearings" in shown
    assert f"{reverse('ledger:payment-new')}?customer={desk.customer.pk}" in shown


def test_nobody_else_does_but_those_who_see_the_customer(desk: Desk, flag: Flag) -> None:
    assert "Huadong" not in page(a_user(role=Role.SALESPERSON))
    assert "Huadong" not in page(a_user(role=Role.MANAGER, team=a_team()))
    assert "Huadong" in page(a_user(role=Role.MANAGER, team=desk.by.team))
    assert "Huadong" in page(a_user(role=Role.FINANCE))
    stranger = signed_in(a_user(role=Role.SALESPERSON))
    for name in ("flags:detail", "flags:acknowledge", "flags:snooze"):
        method = stranger.get if name == "flags:detail" else stranger.post
        assert method(reverse(name, args=[flag.pk])).status_code == 404


def test_a_flag_goes_to_whoever_has_the_customer_now(desk: Desk, flag: Flag) -> None:
    seller, successor = desk.by, a_user(role=Role.SALESPERSON)
    desk.customer.owner = successor
    desk.customer.save()
    assert "Huadong" in page(successor)
    assert "Huadong" not in page(seller)
    assert flag.raised_for == seller, "the history remembers whom it was raised for"


def test_a_customer_without_a_salesperson_is_finances(flag: Flag, desk: Desk) -> None:
    desk.customer.owner = None
    desk.customer.save()
    assert "nobody answers for it" in page(a_user(role=Role.FINANCE))


def test_a_flag_is_acknowledged_in_place_with_a_note(desk: Desk, flag: Flag) -> None:
    client = signed_in(desk.by)
    url = reverse("flags:acknowledge", args=[flag.pk])
    refused = client.post(url, {"note": ""}, headers=HTMX)
    assert "required" in refused.content.decode()
    assert not FlagNote.objects.exists()
    done = client.post(url, {"note": "called, pays on Friday"}, headers=HTMX)
    assert "Acknowledged" in done.content.decode()
    assert "Huadong" not in page(desk.by)
    assert "pays on Friday" in page(desk.by, "flags:detail", flag.pk)


def test_a_flag_is_snoozed_until_a_day_and_then_back(desk: Desk, flag: Flag) -> None:
    today = timezone.localdate()
    client = signed_in(desk.by)
    url = reverse("flags:snooze", args=[flag.pk])
    for wrong in (today, today + timedelta(days=400)):
        answer = client.post(url, {"until": wrong.isoformat()}, headers=HTMX).content.decode()
        assert "errors" in answer
    client.post(url, {"until": (today + timedelta(days=3)).isoformat(), "note": "on holiday"})
    assert not Flag.objects.due(today).exists()
    assert Flag.objects.due(today + timedelta(days=3)).exists()


def test_an_auditor_looks_and_changes_nothing(flag: Flag) -> None:
    auditor = a_user(role=Role.AUDITOR)
    assert "Later" not in page(auditor)
    client = signed_in(auditor)
    assert client.post(reverse("flags:acknowledge", args=[flag.pk]), {"note": "x"}).status_code == 403
    assert not FlagNote.objects.exists()
    assert client.get(reverse("flags:thresholds")).status_code == 403


def test_finance_changes_a_threshold_in_the_browser_and_a_salesperson_cannot(desk: Desk) -> None:
    url = reverse("flags:thresholds")
    finance = signed_in(a_user(role=Role.FINANCE))
    form = finance.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "on" if value is True else value for name, value in data.items() if value is not False}
    assert finance.post(url, {**data, "days_not_sent": 5}).status_code == 302
    assert Threshold.objects.get(kind="not_sent").days == 5
    wrong = finance.post(url, {**data, "days_not_sent": -1})
    assert wrong.status_code == 200
    assert Threshold.objects.get(kind="not_sent").days == 5
    assert signed_in(desk.by).post(url, data).status_code == 403


def test_the_list_filters_by_kind_state_and_salesperson(desk: Desk, flag: Flag) -> None:
    assert "Huadong" in page(desk.by, "flags:list", kind="overdue", salesperson=desk.by.pk)
    assert "Huadong" not in page(desk.by, "flags:list", kind="not_sent")
    assert "Huadong" not in page(desk.by, "flags:list", state="cleared")
    desk.payment(100, timezone.localdate().isoformat())
    raise_flags(as_of=timezone.localdate())
    assert "Huadong" not in page(desk.by, "flags:list")
    assert "Huadong" in page(desk.by, "flags:list", state="cleared")


def test_the_desk_costs_the_same_whatever_the_number_of_flags(desk: Desk, django_assert_max_num_queries: Any) -> None:
    for _n in range(30):
        desk.invoice(100, "2026-01-01")
    raise_flags(as_of=timezone.localdate())
    client = signed_in(desk.by)
    with django_assert_max_num_queries(15):
        client.get(reverse("desk"))
