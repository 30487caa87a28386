"""The desk, the list and the thresholds in the browser's words; who sees what, and who may act."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.dates import shown_day
from customers.models import Role, User
from flags.errors import FlagRefused
from flags.models import Flag, FlagNote, State, Threshold
from flags.rules import Limit
from flags.services import acknowledge, change_thresholds, snooze
from flags.sweep import raise_flags
from flags.templatetags.flag_format import next_action
from flags.thresholds import InForce, days_in_force
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, day, money
from tests.ledger.filling import filled

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


def test_a_flag_is_acknowledged_on_its_page_with_a_note(desk: Desk, flag: Flag) -> None:
    client = signed_in(desk.by)
    url = reverse("flags:acknowledge", args=[flag.pk])
    refused = client.post(url, {"note": ""}, follow=True)
    assert "required" in refused.content.decode()
    assert not FlagNote.objects.exists()
    done = client.post(url, {"note": "called, pays on Friday"}, follow=True)
    assert "Acknowledged" in done.content.decode()
    assert "Huadong" not in page(desk.by)
    assert "pays on Friday" in page(desk.by, "flags:detail", flag.pk)


def test_a_flag_is_snoozed_until_a_day_and_then_back(desk: Desk, flag: Flag) -> None:
    today = timezone.localdate()
    client = signed_in(desk.by)
    url = reverse("flags:snooze", args=[flag.pk])
    for wrong in (today, today + timedelta(days=400)):
        answer = client.post(url, {"until": wrong.isoformat()}, follow=True).content.decode()
        assert "toast error" in answer
    assert not FlagNote.objects.exists()
    client.post(url, {"until": (today + timedelta(days=3)).isoformat(), "note": "on holiday"})
    assert not Flag.objects.due(today).exists()
    assert Flag.objects.due(today + timedelta(days=3)).exists()


def test_an_auditor_looks_and_changes_nothing(flag: Flag) -> None:
    auditor = a_user(role=Role.AUDITOR)
    assert "Later" not in page(auditor)
    assert "Record payment" not in page(auditor)
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
    for name, value in (("limit_days_2", 90), ("limit_amount_2", "500000")):
        refused = finance.post(url, {**data, name: value}).context["form"]
        assert list(refused.errors) == [name.replace("2", "3")]
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


def test_the_list_says_where_each_flag_stands_and_what_was_said_last(desk: Desk, flag: Flag) -> None:
    today = timezone.localdate()
    later = today + timedelta(days=3)
    assert "waiting" in cells(page(desk.by, "flags:list"))
    snooze(flags=[flag], by=desk.by, until=later, note="on holiday")
    assert {f"snoozed until {shown_day(later)}", "on holiday"} <= cells(page(desk.by, "flags:list"))
    acknowledge(flag=flag, by=desk.by, note="called again")
    assert {"acknowledged", "called again"} <= cells(page(desk.by, "flags:list"))
    assert "on holiday" not in cells(page(desk.by, "flags:list"))
    desk.payment(100, today.isoformat())
    raise_flags(as_of=today)
    assert f"cleared on {shown_day(today)}" in cells(page(desk.by, "flags:list", state="cleared"))
    assert f"cleared on {shown_day(today)}" in page(desk.by, "flags:detail", flag.pk)


def test_a_flag_is_in_one_state_and_the_list_finds_it_there(desk: Desk, flag: Flag) -> None:
    today = timezone.localdate()

    def states() -> list[State]:
        flag.refresh_from_db()
        assert Flag.objects.in_state(flag.state(today), today).exists()
        return [state for state in State if Flag.objects.in_state(state, today).exists()]

    assert states() == [State.DUE]
    snooze(flags=[flag], by=desk.by, until=today + timedelta(days=3))
    assert states() == [State.SNOOZED]
    assert flag.state(today + timedelta(days=3)) == State.DUE
    acknowledge(flag=flag, by=desk.by, note="x")
    assert states() == [State.ACKNOWLEDGED]
    desk.payment(100, today.isoformat())
    raise_flags(as_of=today)
    assert states() == [State.CLEARED]


def test_the_list_adds_up_one_kind_of_open_flags_alone(desk: Desk) -> None:
    """An invoice that is overdue and was not sent has two flags for one amount."""
    desk.invoice(100, "2026-01-01")
    raise_flags(as_of=timezone.localdate())
    assert "Total" not in page(desk.by, "flags:list")
    assert "Total" in page(desk.by, "flags:list", kind="overdue")
    assert "Total" not in page(desk.by, "flags:list", kind="overdue", state="all")


def cells(shown: str) -> set[str]:
    return {re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", shown, re.DOTALL)}


# --- what follows an act ----------------------------------------------------------------------------------------


def test_on_its_own_page_a_flag_comes_back_with_what_was_done(desk: Desk, flag: Flag) -> None:
    client = signed_in(desk.by)
    own = reverse("flags:detail", args=[flag.pk])
    assert "hx-post" not in client.get(own).content.decode()
    refused = client.post(reverse("flags:acknowledge", args=[flag.pk]), {"note": ""}, follow=True)
    assert refused.redirect_chain == [(own, 302)]
    assert "toast error" in refused.content.decode()
    done = client.post(reverse("flags:acknowledge", args=[flag.pk]), {"note": "called"}, follow=True)
    assert done.redirect_chain == [(own, 302)]
    assert "acknowledged" in done.content.decode()


def test_who_was_signed_out_is_told_before_the_note_is_gone(flag: Flag, client: Client) -> None:
    url = reverse("flags:acknowledge", args=[flag.pk])
    answer = client.post(url, {"note": "a long story"}, headers=HTMX)
    assert "signed out" in answer.content.decode()
    assert answer["HX-Retarget"] == f"#block-{flag.pk}-said"
    plain = client.post(url, {"note": "a long story"})
    assert plain["Location"] == f"{reverse('login')}?next={reverse('flags:detail', args=[flag.pk])}"
    assert "signed out" in client.get(plain["Location"]).content.decode()
    assert not FlagNote.objects.exists()


def test_an_act_that_began_on_the_desk_leads_back_to_it(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-01")
    raise_flags(as_of=timezone.localdate())
    client = signed_in(desk.by)
    send, pay = (next_action(flag).url for flag in Flag.objects.order_by("kind"))
    assert f"debt={invoice.pk}" in pay
    form = client.get(send).context["form"]
    sent = client.post(send, filled(form))
    assert sent.headers["Location"] == reverse("desk")
    assert f"Invoice {invoice.number}: sent" in client.get(reverse("desk")).content.decode(), "it says which"
    form = client.get(pay).context["form"]
    assert pay.replace("&", "&amp;") in client.get(pay).content.decode(), "the form keeps its way back"
    paid = client.post(pay, filled(form, customer=desk.customer.pk, amount="30", number="P-1"))
    assert paid.headers["Location"] == reverse("desk")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_back_does_not_lead_off_the_site(desk: Desk, elsewhere: str) -> None:
    invoice = desk.invoice(100, "2026-01-01")
    client = signed_in(desk.by)
    url = f"{reverse('ledger:step', args=[invoice.pk])}?{urlencode({'step': 'sent', 'next': elsewhere})}"
    answer = client.post(url, filled(client.get(url).context["form"]))
    assert answer.headers["Location"] == reverse("ledger:entry", args=[invoice.pk])


def test_the_desk_says_what_the_day_of_a_flag_means(desk: Desk) -> None:
    way = {"sent_on": day("2026-01-03"), "received_on": day("2026-01-04")}
    desk.shipment(1, "2026-01-01")
    desk.invoice(1, "2026-01-02", due_date=day("2026-02-01"))
    desk.invoice(1, "2026-01-02", sent_on=day("2026-01-03"))
    desk.invoice(1, "2026-01-02", **way)
    raise_flags(as_of=timezone.localdate())
    shown = page(desk.by)
    for words in (
        "due 1 Feb 2026",
        "shipped 1 Jan 2026",
        "issued 2 Jan 2026",
        "sent 3 Jan 2026",
        "received 4 Jan 2026",
    ):
        assert words in shown


def test_the_history_tells_the_local_day(desk: Desk, flag: Flag) -> None:
    note = acknowledge(flag=flag, by=desk.by, note="called before breakfast")
    # Half past seven in Shanghai on the second of March.
    FlagNote.objects.filter(pk=note.pk).update(at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    shown = page(desk.by, "flags:detail", flag.pk)
    assert "2026-03-02" in shown
    assert "2026-03-01" not in shown


def test_all_thresholds_are_changed_or_none(desk: Desk) -> None:
    thresholds, limits = days_in_force(), {3: Limit(90, money(0))}
    thresholds["not_sent"] = InForce(9, active=True)
    with pytest.raises(FlagRefused):
        change_thresholds(thresholds=thresholds, limits=limits, by=a_user(role=Role.FINANCE))
    assert not Threshold.objects.exists()


def test_the_desk_costs_the_same_whatever_the_number_of_flags(desk: Desk, django_assert_max_num_queries: Any) -> None:
    for _n in range(30):
        desk.invoice(100, "2026-01-01")
    desk.payment(10, "2026-01-02", automatic=False)
    raise_flags(as_of=timezone.localdate())
    client = signed_in(desk.by)
    with django_assert_max_num_queries(15):
        client.get(reverse("desk"))
