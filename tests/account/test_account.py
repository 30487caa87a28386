"""One customer's pages: the figures at the head, the sections, what paid what, the time line."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from account.queries.heading import Credit, aging, customers_for_page, family, heading
from account.queries.timeline import Event, Moment, time_line
from account.views import SECTIONS
from config.dates import shown_day
from customers.models import Customer, Role
from flags.models import Flag
from flags.services import acknowledge, follow_up
from flags.sweep import raise_flags
from ledger.attachments import withdraw
from ledger.delivery import record_delivery
from ledger.invoice_way import record_step
from ledger.models import Entry
from ledger.queries.accounts import Position, ledger_page
from ledger.queries.flows import MOST_MOVES, customer_flow
from tests.build import a_customer, a_user
from tests.ledger.attaching import PDF, a_file
from tests.ledger.desk import Desk, balance, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(), name="Blue Mill", code="0100"))


@pytest.fixture
def salesperson(client: Client, desk: Desk) -> Client:
    client.force_login(desk.by)
    return client


def seen(desk: Desk) -> Any:
    return customers_for_page(desk.by, on=timezone.localdate()).get(pk=desk.customer.pk)


def page_of(client: Client, desk: Desk, section: str = "detail", query: str = "", **headers: str) -> Any:
    return client.get(reverse(f"customers:{section}", args=[desk.customer.pk]) + query, headers=headers)


# --- the head -------------------------------------------------------------------------------------------------


def test_the_head_says_how_late_what_is_oldest_and_what_came_last(desk: Desk) -> None:
    today = timezone.localdate()

    def ago(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    late = desk.invoice(1000, ago(100), due_date=day(ago(60)))
    in_time = desk.invoice(3000, ago(100), due_date=day(ago(60)))
    desk.payment(1000, ago(50), invoices=[(late, None)], automatic=False)
    last = desk.payment(3000, ago(70), invoices=[(in_time, None)], automatic=False, number="last but by date")
    cancelled = desk.invoice(500, ago(90), due_date=day(ago(80)))
    desk.red_letter(cancelled, ago(10))
    desk.invoice(70, ago(60), due_date=day(ago(12)))
    goods = desk.shipment(5, ago(3))
    found = heading(seen(desk), on=today)
    assert found.lateness is not None
    assert (found.lateness.days, found.lateness.of) == (Decimal("2.5"), 2)
    assert found.oldest_days == 12
    assert found.last_shipment == goods
    assert found.last_payment != last
    assert found.last_payment is not None
    assert found.last_payment.date == day(ago(50))
    assert [(part.bucket.key, part.amount) for part in aging(desk.customer, on=today) if part.amount] == [
        ("1-30", money(70))
    ]


def test_what_was_paid_more_than_a_year_ago_says_nothing_of_today(desk: Desk) -> None:
    bill = desk.invoice(100, "2020-01-01", due_date=day("2020-01-02"))
    desk.payment(100, "2020-03-01", invoices=[(bill, None)])
    assert heading(seen(desk), on=timezone.localdate()).lateness is None


@pytest.mark.parametrize(
    ("limit", "used", "percent", "over"),
    [
        (1000, 250, 25, False),
        (1000, 999, 99, False),
        (1000, 1000, 100, False),
        (1000, 1001, 100, True),
        (0, 1, 100, True),
        (0, 0, 0, False),
        (1000, -50, 0, False),
    ],
)
def test_the_credit_limit_is_used_up_by_the_balance(limit: int, used: int, percent: int, over: bool) -> None:
    credit = Credit(Decimal(limit), Decimal(used))
    assert (credit.percent, credit.is_over) == (percent, over)


def test_a_balance_over_the_limit_is_unmistakable(salesperson: Client, desk: Desk) -> None:
    Customer.objects.filter(pk=desk.customer.pk).update(credit_limit=money(100))
    desk.invoice(130, "2026-01-01")
    page = page_of(salesperson, desk).content.decode()
    assert "over by" in page
    assert "account-credit over" in page


def test_parent_and_branches_stand_together_as_far_as_they_are_seen(desk: Desk) -> None:
    parent = a_customer(owner=desk.by, code="0001", name="Above")
    a_customer(owner=a_user(), parent=parent, code="0200")
    Customer.objects.filter(pk=desk.customer.pk).update(parent=parent)
    desk.invoice(130, "2026-01-01")
    members = family(desk.by, seen(desk), on=timezone.localdate())
    assert [(member.code, member.balance) for member in members] == [("0001", money(0)), ("0100", money(130))]


# --- the sections ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_has_an_address_and_htmx_receives_it_alone(
    salesperson: Client, desk: Desk, section: str
) -> None:
    desk.invoice(100, "2026-01-01")
    whole = page_of(salesperson, desk, section).content.decode()
    assert "<html" in whole
    assert f'id="tab-{section}"' in whole
    fragment = page_of(salesperson, desk, section, **{"HX-Request": "true", "HX-Target": "section"}).content.decode()
    assert fragment.lstrip().startswith('<div id="section"')
    assert "<html" not in fragment


@pytest.mark.parametrize("section", SECTIONS)
def test_anothers_customer_has_no_sections(client: Client, desk: Desk, section: str) -> None:
    client.force_login(a_user())
    assert page_of(client, desk, section).status_code == 404


@pytest.mark.parametrize(
    ("section", "query"),
    [
        ("paid", "?until=soon"),
        ("paid", "?until=0001-01-02"),
        ("timeline", "?before=2026-01-01"),
        ("timeline", "?before=2026-01-01.1.x"),
        ("timeline", f"?before=2026-01-01.1.{2**70}"),
        ("timeline", "?sort=weather"),
        ("ledger", "?before=2026-01-01.x"),
    ],
)
def test_a_place_that_is_none_is_not_found(salesperson: Client, desk: Desk, section: str, query: str) -> None:
    assert page_of(salesperson, desk, section, query).status_code == 404


def test_several_debts_are_settled_by_one_payment(salesperson: Client, desk: Desk) -> None:
    one, other = desk.invoice(100, "2026-01-01"), desk.invoice(50, "2026-01-02")
    desk.invoice(9, "2026-01-03")
    url = f"{reverse('ledger:payment-new')}?customer={desk.customer.pk}&debts={one.pk}&debts={other.pk}"
    form = salesperson.get(url).context["form"]
    assert Decimal(form["amount"].value()) == money(150)
    assert [debt for debt, take, _pay in form.debt_rows if take.value()] == [one, other]


# --- the ledger -----------------------------------------------------------------------------------------------


def test_the_ledger_of_a_year_and_of_a_kind(desk: Desk) -> None:
    desk.invoice(100, "2024-12-31")
    desk.invoice(30, "2025-01-01")
    desk.payment(20, "2025-06-01")
    desk.invoice(7, "2026-01-01")
    total = balance(desk.customer)
    year = ledger_page(desk.customer, balance=total, year=2025)
    assert [line.balance for line in year.lines] == [money(110), money(130)]
    invoices = ledger_page(desk.customer, balance=total, kind="invoice")
    assert [(line.invoiced, line.balance) for line in invoices.lines] == [
        (money(7), None),
        (money(30), None),
        (money(100), None),
    ]
    until = ledger_page(desk.customer, balance=total, before=Position(day("2025-06-01"), 0))
    assert [line.balance for line in until.lines] == [money(130), money(100)]


def test_the_ledger_jumps_to_a_day(salesperson: Client, desk: Desk) -> None:
    desk.invoice(30, "2025-01-01")
    desk.invoice(7, "2026-01-01")
    page = page_of(salesperson, desk, "ledger", "?until=2025-01-01").context["ledger"]
    assert [line.balance for line in page.lines] == [money(30)]
    assert page_of(salesperson, desk, "ledger", "?until=yesterday&kind=gift").context["form"].errors
    assert page_of(salesperson, desk, "ledger", "?until=9999-12-31").status_code == 200


# --- what paid what -------------------------------------------------------------------------------------------


def flow_of(desk: Desk, **asked: Any) -> Any:
    return customer_flow(desk.customer, **{"since": day("2026-01-01"), "until": day("2026-12-31"), **asked})


def test_what_paid_what_is_drawn_and_listed(desk: Desk) -> None:
    goods = desk.shipment(1000, "2026-01-02")
    bill = desk.invoice(1000, "2026-01-05", shipments=[goods])
    money_in = desk.payment(400, "2026-02-01", invoices=[(bill, None)])
    flow = flow_of(desk)
    assert {(row.left, row.right, row.amount) for row in flow.rows} == {
        (goods, bill, money(1000)),
        (bill, money_in, money(400)),
    }
    assert {box.document.key: box.document.open for box in flow.chart.boxes} == {
        goods.pk: 0,
        bill.pk: money(600),
        money_in.pk: 0,
    }


def test_what_was_undone_is_left_out_until_it_is_asked_for(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    allocation = desk.allocate(desk.payment(40, "2026-02-01", automatic=False), bill, 40)
    desk.undo(allocation, "2026-03-01")
    desk.reverse(desk.invoice(7, "2026-02-02"), "2026-02-03")
    assert (flow_of(desk).rows, flow_of(desk).has_undone) == ([], True)
    shown = flow_of(desk, with_undone=True).rows
    assert sorted((row.amount, row.is_undone) for row in shown) == [(money(7), True), (money(40), True)]
    assert "Show what was undone" in page_of(salesperson, desk, "paid", "?until=2026-06-30").content.decode()
    page = page_of(salesperson, desk, "paid", "?until=2026-06-30&undone=1").content.decode()
    assert "Hide what was undone" in page
    assert ">undone<" in page


def test_what_is_older_is_a_link_away(desk: Desk) -> None:
    bill = desk.invoice(100, "2025-01-05")
    desk.payment(40, "2025-02-01", invoices=[(bill, None)])
    flow = flow_of(desk)
    assert flow.rows == []
    assert len(flow_of(desk, until=flow.older, since=day("2024-07-01")).rows) == 1


def test_an_entry_draws_its_own_part(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    desk.payment(40, "2026-02-01", invoices=[(bill, None)])
    response = salesperson.get(reverse("ledger:entry", args=[bill.pk]))
    assert len(response.context["flow"].chart.bands) == 1
    assert [(step.is_done, step.share) for step in response.context["way"].steps][-1] == (False, 40)


# --- the time line --------------------------------------------------------------------------------------------


@pytest.fixture
def story(desk: Desk) -> Entry:
    """Goods, their delivery and its photo, an invoice and its way, a flag and a note, a payment: each once."""
    goods = desk.shipment(100, "2026-01-02", number="S-1")
    record_delivery(by=desk.by, shipment=goods.shipment, date=day("2026-01-04"))
    bill = desk.invoice(100, "2026-01-05", shipments=[goods], number="I-1", due_date=day("2026-02-04"))
    record_step(by=desk.by, invoice=bill.invoice, step="sent", date=day("2026-01-06"), carrier="SF")
    raise_flags(as_of=day("2026-03-01"))
    acknowledge(flag=Flag.objects.filter(kind="overdue").get(), by=desk.by, note="promised for Friday")
    desk.payment(100, "2026-03-02", number="P-1")
    withdraw(by=desk.by, attachment=a_file(desk, entry=goods), reason="blurred")
    a_file(desk, PDF, "contract.pdf", kind="contract")
    return bill


def test_all_that_happened_stands_in_one_line(desk: Desk, story: Entry) -> None:
    titles = [event.title for event in time_line(desk.customer).events]
    for said in (
        "Shipment S-1",
        "Shipment S-1: delivered",
        "Invoice I-1 takes over shipment S-1",
        "Invoice I-1: sent",
        "Payment P-1 settles invoice I-1",
        "Contract: contract.pdf",
        "Proof of delivery: photo.jpg",
    ):
        assert said in titles
    assert any(
        event.detail == "promised for Friday" and event.by == desk.by for event in time_line(desk.customer).events
    )
    assert "Flag raised: overdue" in titles
    days = [event.day for event in time_line(desk.customer).events]
    assert days == sorted(days, reverse=True)


def test_who_has_followed_up_is_not_said_to_have_snoozed(desk: Desk, story: Entry) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    follow_up(flags=Flag.objects.filter(kind="overdue"), by=desk.by, until=tomorrow, note="called")
    details = [event.detail for event in time_line(desk.customer).events]
    assert f"Followed up; it comes back on {shown_day(tomorrow)}. called" in details


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_page_by_page_it_is_the_same_line(desk: Desk, story: Entry, size: int) -> None:
    whole = time_line(desk.customer).events
    found: list[Event] = []
    before = None
    while True:
        page = time_line(desk.customer, before=before, size=size)
        found += page.events
        if page.older is None:
            break
        before = Moment.read(str(page.older))
    assert found == list(whole)


@pytest.mark.parametrize(("sort", "count"), [("documents", 3), ("allocations", 2), ("steps", 2), ("files", 2)])
def test_the_line_is_filtered_by_sort(salesperson: Client, desk: Desk, story: Entry, sort: str, count: int) -> None:
    assert len(page_of(salesperson, desk, "timeline", f"?sort={sort}").context["line"].events) == count


def test_older_events_come_as_a_fragment(salesperson: Client, desk: Desk) -> None:
    for n in range(45):
        desk.invoice(1, "2026-01-01", number=f"I-{n}")
    older = page_of(salesperson, desk, "timeline").context["line"].older
    fragment = page_of(
        salesperson, desk, "timeline", f"?before={older}", **{"HX-Request": "true", "HX-Target": "older"}
    ).content.decode()
    assert "<section" not in fragment
    assert fragment.count('class="event"') == 5


def test_everyone_who_sees_the_customer_reads_its_pages(client: Client, desk: Desk, story: Entry) -> None:
    client.force_login(a_user(Role.AUDITOR))
    for section in SECTIONS:
        assert page_of(client, desk, section).status_code == 200


def test_a_day_with_more_moves_than_a_drawing_holds_is_shown_whole_and_left_behind(desk: Desk) -> None:
    """Else the link to what is older would lead to the same page for ever."""
    bill = desk.invoice(1000, "2026-01-05")
    for _n in range(MOST_MOVES + 5):
        desk.payment(1, "2026-03-01", invoices=[(bill, None)])
    desk.payment(2, "2026-02-01", invoices=[(bill, None)])
    newest = flow_of(desk)
    assert {row.date for row in newest.rows} == {day("2026-03-01")}
    assert len(newest.rows) == MOST_MOVES + 5
    assert newest.older == day("2026-02-28")
    older = flow_of(desk, until=newest.older)
    assert [(row.date, row.amount) for row in older.rows] == [(day("2026-02-01"), money(2))]
    assert older.older is None
