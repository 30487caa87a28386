"""All that waits about one customer is one thing to do: its sum, its next act, and what is done to all of it."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import live
from config.dates import shown_day
from customers.models import Contact, Role
from flags.errors import FlagRefused
from flags.models import Flag, FlagKind, FlagNote
from flags.queries.blocks import waiting_by_salesperson
from flags.queries.desk import done_on, flags_for_desk, next_up, put_off_on
from flags.services import acknowledge, follow_up, snooze, take_back
from flags.sweep import raise_flags
from flags.templatetags.flag_format import next_act
from ledger.documents import Instalment
from tests.build import a_customer, a_team, a_user
from tests.flags.blocks import HTMX, act_on, blocks, in_a_week, signed_in
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db

BOOKED = {"sent_on": day("2026-03-01"), "received_on": day("2026-03-01"), "booked_on": day("2026-03-01")}


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(team=a_team()), name="Huadong Bearings"))


def a_night() -> None:
    raise_flags(as_of=timezone.localdate())


# --- worked numbers ---------------------------------------------------------------------------------------------


def test_seven_overdue_invoices_are_one_call(desk: Desk) -> None:
    for n in range(1, 8):
        desk.invoice(1000 + n, "2026-01-01", **BOOKED)
    a_night()
    [block] = blocks(desk.by)
    assert (block.amount, block.documents, block.count) == (money(7028), 7, 7)
    assert [(kind.kind, kind.count) for kind in block.kinds] == [(FlagKind.OVERDUE, 7)]
    assert next_act(block).label in ("Record payment", "登记回款")
    asked = parse_qs(urlsplit(next_act(block).url).query)
    assert asked == {"customer": [str(desk.customer.pk)], "next": ["/desk/"]}, "the oldest is paid first"


def test_an_invoice_that_is_overdue_and_was_not_sent_counts_once(desk: Desk) -> None:
    """1,000 in two instalments, the first 400 overdue; the whole invoice was not sent: 1,000 at stake, not 1,400."""
    desk.invoice(
        1000,
        "2026-01-01",
        instalments=[Instalment(day("2026-02-01"), money(400)), Instalment(in_a_week(), money(600))],
    )
    a_night()
    [block] = blocks(desk.by)
    assert (block.amount, block.documents, block.count) == (money(1000), 1, 2)
    assert [(kind.kind, kind.amount) for kind in block.kinds] == [
        (FlagKind.NOT_SENT, money(1000)),
        (FlagKind.OVERDUE, money(400)),
    ]
    [overdue] = blocks(desk.by, kind="overdue")
    assert overdue.amount == money(400)


def test_blocks_stand_by_money_at_stake_and_pages_cut_them(desk: Desk) -> None:
    for n in range(1, 46):
        other = Desk(a_customer(owner=desk.by, name=f"Customer of {n}"))
        other.invoice(n, "2026-01-01", **BOOKED)
        other.invoice(n, "2026-01-02", **BOOKED)
    a_night()
    assert [block.amount for block in blocks(desk.by)] == [money(2 * n) for n in range(45, 0, -1)]
    last = signed_in(desk.by).get(reverse("desk"), {"page": 3})
    assert last.context["page"].paginator.num_pages == 3
    assert [block.amount for block in last.context["page"]] == [money(2 * n) for n in range(5, 0, -1)]


def test_a_desk_of_several_currencies_says_that_their_numbers_make_the_order(desk: Desk) -> None:
    said = "the order is that of the numbers, whatever the currency"
    client = signed_in(desk.by)
    desk.invoice(500, "2026-01-01")
    raise_flags(as_of=timezone.localdate())
    assert said not in client.get(reverse("desk")).content.decode()
    Desk(a_customer(owner=desk.by, currency="USD")).invoice(70, "2026-01-01")
    raise_flags(as_of=timezone.localdate())
    assert said in client.get(reverse("desk")).content.decode()


def test_a_customer_with_many_flags_shows_the_largest_and_says_how_many_more(desk: Desk) -> None:
    for n in range(1, 13):
        desk.invoice(n, "2026-01-01", **BOOKED)
    a_night()
    [block] = blocks(desk.by)
    assert [flag.amount_at_stake for flag in block.flags] == [money(n) for n in range(12, 4, -1)]
    assert block.more == 4
    assert "4 more" in signed_in(desk.by).get(reverse("desk"), headers={"Accept-Language": "en"}).content.decode()


def test_several_shipments_are_invoiced_together(desk: Desk) -> None:
    goods = [desk.shipment(n, "2026-01-01") for n in (30, 20)]
    a_night()
    [block] = blocks(desk.by)
    asked = parse_qs(urlsplit(next_act(block).url).query)
    assert asked["shipments"] == [str(entry.pk) for entry in goods]
    assert signed_in(desk.by).get(next_act(block).url).status_code == 200


def test_what_was_paid_already_is_allocated_and_not_recorded_once_more(desk: Desk) -> None:
    debts = [desk.invoice(n, "2026-01-01", **BOOKED) for n in (300, 200)]
    paid = desk.payment(120, "2026-01-05", automatic=False)
    a_night()
    [block] = blocks(desk.by)
    assert urlsplit(next_act(block).url).path == reverse("ledger:allocate", args=[paid.pk])
    shown = signed_in(desk.by).get(reverse("desk"), headers={"Accept-Language": "en"}).content.decode()
    assert "120.00</span> waits to be allocated." in shown
    assert reverse("ledger:payment-new") not in shown.split('id="flags"')[1]
    assert reverse("ledger:allocate", args=[debts[0].pk]) in shown, "a debt among several is settled with it"
    desk.payment(10, "2026-01-06", automatic=False)
    [block] = blocks(desk.by)
    assert urlsplit(next_act(block).url).path == reverse("queues:allocate")
    assert parse_qs(urlsplit(next_act(block).url).query)["q"] == [desk.customer.code]


def test_several_invoices_to_send_lead_to_the_queue_and_one_to_its_own_step(desk: Desk) -> None:
    only = desk.invoice(10, "2026-01-01", due_date=in_a_week())
    a_night()
    [block] = blocks(desk.by)
    assert urlsplit(next_act(block).url).path == reverse("ledger:step", args=[only.pk])
    desk.invoice(20, "2026-01-02", due_date=in_a_week())
    a_night()
    [block] = blocks(desk.by)
    queue = signed_in(desk.by).get(next_act(block).url)
    assert [entry.document_amount for entry in queue.context["table"].data] == [money(10), money(20)]


def test_of_several_invoices_to_be_booked_the_oldest_is_next(desk: Desk) -> None:
    way = {"sent_on": day("2026-01-03"), "due_date": in_a_week()}
    oldest = desk.invoice(10, "2026-01-01", received_on=day("2026-01-04"), **way)
    desk.invoice(20, "2026-01-02", received_on=day("2026-01-05"), **way)
    a_night()
    [block] = blocks(desk.by)
    assert urlsplit(next_act(block).url).path == reverse("ledger:step", args=[oldest.pk])


def test_a_customer_is_called_at_the_first_number_that_is_known(desk: Desk) -> None:
    Contact.objects.create(customer=desk.customer, name="Ms Li", email="li@example.com")
    Contact.objects.create(customer=desk.customer, name="Mr Zhou", phone="0571 8888 1234")
    desk.invoice(5, "2026-01-01")
    a_night()
    shown = signed_in(desk.by).get(reverse("desk")).content.decode()
    assert 'href="tel:057188881234"' in shown


def test_the_managers_desk_says_with_whom_things_wait_and_since_when(desk: Desk) -> None:
    colleague = a_user(team=desk.by.team)
    abroad = Desk(a_customer(owner=colleague, currency="USD"))
    desk.invoice(100, "2026-01-01", **BOOKED)
    desk.invoice(50, "2026-01-05", **BOOKED)
    abroad.invoice(70, "2026-02-01", **BOOKED)
    a_night()
    manager = a_user(Role.MANAGER, team=desk.by.team)
    found = waiting_by_salesperson(flags_for_desk(manager, on=timezone.localdate()))
    assert [(row.salesperson, row.currency, row.customers, row.documents, row.amount) for row in found] == [
        (desk.by, "CNY", 1, 2, money(150)),
        (colleague, "USD", 1, 1, money(70)),
    ]
    assert found[0].since == day("2026-01-31"), "thirty days after the first of January"
    assert found[0].raised_on == timezone.localdate()
    total = sum(block.amount for block in blocks(manager) if block.customer.currency == "CNY")
    assert total == money(150)
    assert [block.customer for block in blocks(manager, salesperson=colleague.pk)] == [abroad.customer]
    assert waiting_by_salesperson(flags_for_desk(a_user(Role.MANAGER, team=a_team()), on=timezone.localdate())) == []


# --- follow up, snooze, and back --------------------------------------------------------------------------------


def test_a_follow_up_is_about_all_that_waits_and_comes_back_on_its_day(desk: Desk) -> None:
    for n in (1, 2, 3):
        desk.invoice(n, "2026-01-01", **BOOKED)
    a_night()
    done = act_on(signed_in(desk.by), "follow-up-customer", desk.customer, note="pays on Friday").content.decode()
    assert f'id="block-{desk.customer.pk}"' in done
    assert shown_day(in_a_week()) in done
    assert blocks(desk.by) == []
    notes = list(FlagNote.objects.all())
    assert {(note.act, note.note, note.snoozed_until) for note in notes} == {
        ("followed_up", "pays on Friday", in_a_week())
    }
    assert len(notes) == 3
    assert len({note.act_key for note in notes}) == 1
    assert Flag.objects.due(in_a_week()).count() == 3
    history = signed_in(desk.by).get(reverse("flags:detail", args=[notes[0].flag_id])).content.decode()
    assert "pays on Friday" in history
    assert done_on(desk.by, timezone.localdate()).customers == 1


def test_a_follow_up_says_what_was_said_or_is_refused_and_keeps_what_was_typed(desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", **BOOKED)
    a_night()
    client = signed_in(desk.by)
    for wrong in ({"note": " "}, {"note": "a long story", "until": "2020-01-01"}, {"note": "x" * 501}):
        answer = act_on(client, "follow-up-customer", desk.customer, **wrong)
        assert 'class="errors"' in answer.content.decode()
        assert wrong["note"].strip() in answer.content.decode()
    assert not FlagNote.objects.exists()
    assert len(blocks(desk.by)) == 1


def test_a_snooze_of_one_kind_leaves_the_others(desk: Desk) -> None:
    desk.invoice(10, "2026-01-01")
    a_night()
    assert Flag.objects.count() == 2
    act_on(signed_in(desk.by), "snooze-customer", desk.customer, kind="not_sent")
    [block] = blocks(desk.by)
    assert [kind.kind for kind in block.kinds] == [FlagKind.OVERDUE]


def test_what_was_raised_after_the_page_was_drawn_is_not_put_off_unseen(desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", **BOOKED)
    a_night()
    seen = Flag.objects.get()
    desk.invoice(2, "2026-01-01", **BOOKED)
    a_night()
    act_on(signed_in(desk.by), "snooze-customer", desk.customer, newest=seen.pk)
    assert [flag.amount_at_stake for flag in blocks(desk.by)[0].flags] == [money(2)]


def test_undo_puts_it_back_and_the_history_says_so(desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", **BOOKED)
    a_night()
    client = signed_in(desk.by)
    act_on(client, "follow-up-customer", desk.customer, note="wrong customer")
    [note] = FlagNote.objects.all()
    shown = client.post(reverse("flags:take-back", args=[note.act_key]), headers=HTMX).content.decode()
    assert 'id="flags"' in shown
    assert "Huadong" in shown
    note.refresh_from_db()
    assert note.taken_back_at is not None
    assert len(blocks(desk.by)) == 1
    assert blocks(desk.by)[0].last_note == "", "what was taken back is not what was said last"
    again = client.post(reverse("flags:take-back", args=[note.act_key]), headers=HTMX)
    assert again.status_code == 200
    assert done_on(desk.by, timezone.localdate()).customers == 0


def test_only_who_did_it_takes_it_back_and_a_later_act_stands(desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", **BOOKED)
    a_night()
    flags = list(Flag.objects.all())
    [first] = snooze(flags=flags, by=desk.by, until=in_a_week())
    assert first.act_key
    manager = a_user(Role.MANAGER, team=desk.by.team)
    with pytest.raises(FlagRefused):
        take_back(act_key=first.act_key, by=manager)
    later = timezone.localdate() + timedelta(days=30)
    follow_up(flags=flags, by=manager, note="asked for patience", until=later)
    take_back(act_key=first.act_key, by=desk.by)
    assert Flag.objects.get().snoozed_until == later


def test_a_stranger_and_an_auditor_do_nothing(desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", **BOOKED)
    a_night()
    for act in ("follow-up-customer", "snooze-customer"):
        assert act_on(signed_in(a_user()), act, desk.customer, note="x").status_code == 404
        assert act_on(signed_in(a_user(Role.AUDITOR)), act, desk.customer, note="x").status_code == 403
    with pytest.raises(FlagRefused):
        snooze(flags=Flag.objects.all(), by=a_user(), until=in_a_week())
    assert not FlagNote.objects.exists()
    assert len(blocks(desk.by)) == 1


def test_one_refused_flag_refuses_them_all(desk: Desk) -> None:
    for n in (1, 2):
        desk.invoice(n, "2026-01-01", **BOOKED)
    a_night()
    flags = list(Flag.objects.all())
    desk.payment(1, timezone.localdate().isoformat())
    a_night()
    with pytest.raises(FlagRefused):
        follow_up(flags=flags, by=desk.by, note="x", until=in_a_week())
    assert not FlagNote.objects.exists()


def test_who_comes_second_is_told_so(desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", **BOOKED)
    a_night()
    client = signed_in(desk.by)
    act_on(client, "snooze-customer", desk.customer)
    second = act_on(client, "follow-up-customer", desk.customer, note="me too")
    assert "dealt with" in second.content.decode() or "处理" in second.content.decode()
    assert FlagNote.objects.count() == 1


def test_a_note_that_puts_off_has_a_day_in_the_database_too(desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", **BOOKED)
    a_night()
    flag = Flag.objects.get()
    for facts in (
        {"act": "snoozed"},
        {"act": "acknowledged", "snoozed_until": in_a_week()},
        {"act": "x", "snoozed_until": in_a_week()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            FlagNote.objects.create(flag=flag, by=desk.by, **facts)


# --- done, and what comes next ----------------------------------------------------------------------------------


def test_an_empty_desk_says_what_comes_next(desk: Desk) -> None:
    today = timezone.localdate()
    desk.invoice(1, "2026-01-01", **BOOKED)
    a_night()
    snooze(flags=Flag.objects.all(), by=desk.by, until=in_a_week())
    soon = today + timedelta(days=5)
    desk.invoice(250, today.isoformat(), due_date=soon)
    found = next_up(desk.by, on=today)
    assert (found.comes_back_on, found.coming_back) == (in_a_week(), 1)
    assert found.falling_due == [("CNY", soon, 1, money(250))]
    shown = signed_in(desk.by).get(reverse("desk"), headers={"Accept-Language": "en"}).content.decode()
    assert f"1 comes back on {shown_day(in_a_week())}" in shown
    assert "250.00" in shown
    assert next_up(a_user(), on=today).falling_due == []


def test_what_was_done_today_is_counted_for_who_did_it(desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", **BOOKED)
    desk.payment(1, "2026-01-02")
    a_night()
    done = done_on(desk.by, timezone.localdate())
    assert (done.customers, done.recorded) == (0, 2)
    assert not done_on(a_user(), timezone.localdate())


def test_what_was_put_off_today_can_be_undone_until_it_no_longer_holds(desk: Desk) -> None:
    desk.invoice(100, "2026-01-01", **BOOKED)
    a_night()
    client = signed_in(desk.by)
    act_on(client, "follow-up-customer", desk.customer, note="They pay on Friday")
    today = timezone.localdate()
    [act] = put_off_on(desk.by, today)
    assert (act.customer, act.note, act.until) == (desk.customer, "They pay on Friday", in_a_week())
    assert put_off_on(a_user(), today) == []
    shown = client.get(reverse("desk"), headers={"Accept-Language": "en"}).content.decode()
    assert reverse("flags:take-back", args=[act.act_key]) in shown, "after a reload too"
    client.post(reverse("flags:take-back", args=[act.act_key]))
    assert put_off_on(desk.by, today) == []
    act_on(client, "snooze-customer", desk.customer)
    assert len(put_off_on(desk.by, today)) == 1
    desk.payment(100, today.isoformat())
    a_night()
    assert put_off_on(desk.by, today) == [], "a flag that was cleared has nothing to come back for"


# --- others at work ---------------------------------------------------------------------------------------------


def version_of(client: Client) -> str:
    return str(client.get(reverse("desk")).context["live"].version)


def ask(client: Client, version: str, target: str = "flags") -> Any:
    headers = {"HX-Request": "true", "HX-Target": target, live.HEADER: version, "Accept-Language": "en"}
    return client.get(reverse("desk"), headers=headers)


def test_a_desk_on_which_nothing_changed_is_answered_with_nothing(desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", **BOOKED)
    a_night()
    client = signed_in(desk.by)
    version = version_of(client)
    assert ask(client, version).status_code == 204
    stranger = a_user()
    Desk(a_customer(owner=stranger)).payment(5, "2026-01-01")
    quiet = ask(client, version)
    assert quiet.status_code == 204, "somebody else's customer is no news"
    assert quiet[live.HEADER] != version
    assert ask(client, quiet[live.HEADER]).status_code == 204


def test_a_payment_by_another_is_told_and_shown(desk: Desk) -> None:
    desk.invoice(100, "2026-01-01", **BOOKED)
    a_night()
    client = signed_in(desk.by)
    version = version_of(client)
    finance = a_user(Role.FINANCE, last_name="徐", first_name="海燕")
    Desk(desk.customer, by=finance).payment(30, "2026-01-03")
    a_night()
    answer = ask(client, version)
    assert answer.status_code == 200
    assert "1 change by 徐海燕" in answer.content.decode()
    assert "70.00" in answer.content.decode()
    assert "desk-figures" in ask(client, version, "desk-figures").content.decode()


def test_the_balance_comes_with_its_year_and_its_move_since_last_month(desk: Desk) -> None:
    """Nothing was owed at the end of last month; today 250 are, not due yet."""
    today = timezone.localdate()
    desk.invoice(250, today.isoformat(), due_date=in_a_week())
    client = signed_in(desk.by)
    assert 'hx-trigger="load"' in client.get(reverse("desk")).content.decode()
    headers = {"HX-Request": "true", "HX-Target": "desk-figures"}
    [(currency, row)] = client.get(reverse("desk"), headers=headers).context["figures"]
    moved = {name: (amount, trend.change) for name, _label, amount, trend in row}
    assert currency == "CNY"
    assert moved["balance"] == (money(250), money(250))
    assert moved["overdue"] == (money(0), money(0))
    assert len(row[0][3].chart.values) == 12


def test_a_flag_that_goes_or_comes_is_news_without_any_posting(desk: Desk) -> None:
    desk.invoice(100, "2026-01-01", **BOOKED)
    client = signed_in(desk.by)
    version = version_of(client)
    a_night()
    assert ask(client, version).status_code == 200
    version = version_of(client)
    acknowledge(flag=Flag.objects.get(), by=a_user(Role.FINANCE), note="being looked into")
    assert ask(client, version).status_code == 200


def test_a_page_of_who_was_signed_in_before_is_refused(desk: Desk) -> None:
    assert ask(signed_in(desk.by), version_of(signed_in(a_user()))).status_code == 403
