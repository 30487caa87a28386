"""The search finds what people remember: a name, the end of a number, an amount, a reference, and only their own."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.models import Contact, Role, User
from ledger.invoice_way import record_step
from ledger.models import Entry, InvoiceStep
from ledger.queries.search import CustomerHit, EntryHit, entries_matching, search
from ledger.templatetags.search_format import marked, money_marked
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day

pytestmark = pytest.mark.django_db
TODAY = day("2026-06-30")
TAX_NUMBER = "26332000000012345678"


def found(user: User, words: str, **how: Any) -> dict[str, list[str]]:
    """What is found, by group: codes of customers, numbers of documents."""
    return {
        group.key: [hit.customer.code if isinstance(hit, CustomerHit) else hit.entry.number for hit in group.hits]
        for group in search(user, words, on=TODAY, **how)
    }


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(code="K-100", name="Blue Mill", owner=a_user()))


@pytest.fixture
def finance() -> User:
    return a_user(Role.FINANCE)


def test_a_customer_is_found_by_name_and_code_with_what_is_owed(finance: User, desk: Desk) -> None:
    desk.invoice(120, "2026-01-05")
    [group] = search(finance, "blue", on=TODAY)
    [hit] = group.hits
    assert isinstance(hit, CustomerHit)
    assert (hit.customer.balance, hit.customer.overdue) == (Decimal("120.00"), Decimal("120.00"))
    assert found(finance, "k-100") == {"customers": ["K-100"]}


def test_a_customer_is_found_by_the_initials_of_its_pinyin(finance: User) -> None:
    a_customer(code="H1", name="杭州锦程纺织有限公司")
    assert found(finance, "hzjc") == {"customers": ["H1"]}


@pytest.mark.parametrize("typed", [TAX_NUMBER, "263320", "345678", "12345678", "00000012345678"])
def test_an_invoice_is_found_by_the_beginning_and_by_the_end_of_its_number(
    finance: User, desk: Desk, typed: str
) -> None:
    desk.invoice(10, "2026-01-05", number=TAX_NUMBER)
    assert found(finance, typed)["documents"] == [TAX_NUMBER]


@pytest.mark.parametrize("typed", ["678", "3320000", "x"])
def test_three_last_digits_and_the_middle_of_a_number_find_nothing(finance: User, desk: Desk, typed: str) -> None:
    desk.invoice(10, "2026-01-05", number=TAX_NUMBER)
    assert "documents" not in found(finance, typed)


def test_capitals_do_not_matter(finance: User, desk: Desk) -> None:
    desk.payment(10, "2026-01-05", number="hk-2026-0007")
    assert found(finance, "HK-2026") == {"documents": ["hk-2026-0007"]}
    assert found(finance, "K-2026-0007") == {"documents": ["hk-2026-0007"]}


def test_the_very_number_stands_first_then_what_is_open_then_the_newest(finance: User, desk: Desk) -> None:
    desk.invoice(10, "2026-01-01", number="A-1")
    desk.payment(10, "2026-01-02", number="Z")
    for n, date in enumerate(["2026-03-01", "2026-03-03", "2026-03-02"], start=10):
        desk.invoice(10, date, number=f"A-{n}")
    # A-1 is settled by the payment; it is still the one that was asked for.
    assert found(finance, "A-1")["documents"] == ["A-1", "A-11", "A-12", "A-10"]
    assert found(finance, "A-")["documents"] == ["A-11", "A-12", "A-10", "A-1"]


@pytest.mark.parametrize("typed", ["12,345.67", "12345.67", "¥12,345.67", "-12345.67", "12345", "12,345"])
def test_an_amount_is_found_however_it_is_written(finance: User, desk: Desk, typed: str) -> None:
    desk.invoice("12345.67", "2026-01-05", number="INV-1")
    desk.invoice("12346", "2026-01-05", number="INV-2")
    assert found(finance, typed) == {"amounts": ["INV-1"]}


def test_an_amount_is_found_among_credits_and_among_what_is_left_open(finance: User, desk: Desk) -> None:
    desk.invoice("1000", "2026-01-05", number="INV-1")
    desk.payment("333.33", "2026-02-05", number="PAY-1")
    assert found(finance, "333.33") == {"amounts": ["PAY-1"]}
    assert found(finance, "666.67") == {"amounts": ["INV-1"]}
    assert found(finance, "333.30") == {}


def test_a_whole_amount_with_its_cents_typed_is_that_amount_alone(finance: User, desk: Desk) -> None:
    desk.invoice("500", "2026-01-05", number="INV-1")
    desk.invoice("500.40", "2026-01-05", number="INV-2")
    assert found(finance, "500.00") == {"amounts": ["INV-1"]}
    assert sorted(found(finance, "500")["amounts"]) == ["INV-1", "INV-2"]


def test_a_bank_reference_and_a_parcel_are_found_by_either_end(finance: User, desk: Desk) -> None:
    desk.payment(10, "2026-01-05", number="PAY-1", bank_reference="ICBC20260105-778899")
    invoice = desk.invoice(10, "2026-01-06", number="INV-1")
    record_step(
        by=finance,
        invoice=invoice.invoice,
        step=InvoiceStep.Step.SENT,
        date=day("2026-01-07"),
        carrier="SF",
        tracking_number="SF1029384756",
    )
    for typed in ("icbc2026", "778899"):
        assert found(finance, typed) == {"references": ["PAY-1"]}
    for typed in ("sf10", "4756"):
        assert found(finance, typed) == {"tracking": ["INV-1"]}


def test_a_contact_is_found_by_mail_and_by_phone_whatever_stands_between_the_digits(
    finance: User, desk: Desk
) -> None:
    Contact.objects.create(customer=desk.customer, name="Ms Zhang", phone="138-0571 2345", email="zhang@mill.example")
    # By name they are found as a customer is.
    for typed, key in [("zhang@mill", "contacts"), ("13805712345", "contacts"), ("Zhang", "customers")]:
        [group] = search(finance, typed, on=TODAY)
        assert group.key == key
        [hit] = group.hits
        assert hit.said == "Ms Zhang · 138-0571 2345 · zhang@mill.example"


def test_nobody_finds_what_is_not_theirs(finance: User, desk: Desk) -> None:
    Contact.objects.create(customer=desk.customer, email="zhang@mill.example")
    desk.invoice("77.77", "2026-01-05", number="INV-7001")
    desk.payment("5", "2026-01-05", number="PAY-1", bank_reference="REF-4711")
    stranger = a_user()
    for typed in ("blue", "INV-7001", "7001", "77.77", "REF-4711", "4711", "zhang@mill"):
        assert found(finance, typed) != {}
        assert found(desk.by, typed) != {}
        assert found(stranger, typed) == {}


def test_who_answered_for_a_sale_finds_it_after_the_handover(client: Client, desk: Desk) -> None:
    desk.invoice(10, "2026-01-05", number="INV-7001")
    desk.payment(4, "2026-01-05", number="PAY-1", bank_reference="REF-4711")
    before = desk.by
    desk.customer.owner = a_user()
    desk.customer.save()
    assert found(before, "7001") == {"documents": ["INV-7001"]}
    assert found(before, "REF-47") == {"references": ["PAY-1"]}
    assert found(before, "blue") == {}
    client.force_login(before)
    page = client.get(reverse("search"), {"q": "7001"}).content.decode()
    assert reverse("customers:detail", args=[desk.customer.pk]) not in page


def test_every_state_has_its_word(finance: User, desk: Desk) -> None:
    desk.invoice(10, "2026-01-05", number="S-1")
    desk.invoice(10, "2026-06-25", number="S-2")
    desk.shipment(10, "2026-01-05", number="S-3")
    desk.reverse(desk.invoice(99, "2026-02-05", number="S-5"))
    desk.payment(3, "2026-02-05", number="S-4", automatic=False)
    [group] = [group for group in search(finance, "S-", on=TODAY) if group.key == "documents"]
    states = {hit.entry.number: hit.state for hit in group.hits if isinstance(hit, EntryHit) if hit.entry.number}
    assert states == {"S-1": "overdue", "S-2": "open", "S-3": "unbilled", "S-4": "unapplied", "S-5": "reversed"}


def test_nonsense_finds_nothing_and_answers(client: Client, finance: User, desk: Desk) -> None:
    client.force_login(finance)
    for address in ("search", "palette"):
        for words in ("", " ", "\x00", "%", "'", "\\", "9" * 300, "a " * 300, "-", "0.00"):
            assert client.get(reverse(address), {"q": words, "in": "nothing"}).status_code == 200
    assert client.get(reverse("palette"), {"customer": "9" * 40}).status_code == 404
    assert client.get(reverse("palette"), {"customer": "x"}).status_code == 404


def test_the_page_groups_marks_and_leads_on(client: Client, finance: User, desk: Desk) -> None:
    for n in range(9):
        desk.invoice("12.50", "2026-01-05", number=f"INV-{n}")
    client.force_login(finance)
    response = client.get(reverse("search"), {"q": "12.50"})
    page = response.content.decode()
    assert '<mark><span class="money">12.50</span></mark>' in page
    [(group, everything)] = response.context["groups"]
    assert (group.key, len(group.hits)) == ("amounts", 8)
    assert everything == f"{reverse('ledger:entries')}?amount=12.50"
    assert len(client.get(everything).context["table"].rows) == 9
    assert "<mark>INV-</mark>3" in client.get(reverse("search"), {"q": "inv-"}).content.decode()


def test_all_hits_of_a_group_without_a_list_stand_on_a_page_of_their_own(
    client: Client, finance: User, desk: Desk
) -> None:
    for n in range(9):
        desk.payment(1, "2026-01-05", bank_reference=f"REF-{n}")
    client.force_login(finance)
    [(_group, everything)] = client.get(reverse("search"), {"q": "ref-"}).context["groups"]
    assert everything == f"{reverse('search')}?q=ref-&in=references"
    [(group, further)] = client.get(everything).context["groups"]
    assert (len(group.hits), further) == (9, "")


def test_the_list_says_that_what_is_no_amount_matches_nothing(client: Client, finance: User, desk: Desk) -> None:
    desk.invoice("12.50", "2026-01-05")
    client.force_login(finance)
    assert len(client.get(reverse("ledger:entries"), {"amount": "much"}).context["table"].rows) == 0


def test_the_number_of_statements_does_not_follow_the_hits(finance: User, desk: Desk) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert search(finance, "1234", on=TODAY)
        return len(queries)

    desk.invoice("1234", "2026-01-05", number="1234-0")
    few = statements()
    for n in range(1, 8):
        desk.invoice("1234", "2026-01-05", number=f"1234-{n}")
    assert statements() == few <= 11


def test_htmx_receives_the_hits_alone(client: Client, finance: User, desk: Desk) -> None:
    client.force_login(finance)
    headers = {"HX-Request": "true", "HX-Target": "found"}
    fragment = client.get(reverse("search"), {"q": "blue"}, headers=headers).content.decode()
    assert fragment.lstrip().startswith('<div id="found"')
    assert fragment.strip() in client.get(reverse("search"), {"q": "blue"}).content.decode()


def test_what_is_marked_is_escaped() -> None:
    assert marked("<b>Blue & Mill</b>", "blue <b>") == (
        "<mark>&lt;b&gt;</mark><mark>Blue</mark> &amp; Mill&lt;/b&gt;"
    )
    assert money_marked(Decimal("12.50"), "13") == '<span class="money">12.50</span>'


@pytest.mark.postgresql
def test_both_ends_of_a_number_are_found_by_an_index(finance: User, desk: Desk) -> None:
    desk.payment(10, "2026-01-05", bank_reference="REF-4711")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    with CaptureQueriesContext(connection) as queries:
        search(finance, "REF-4711", on=TODAY)
    plans = []
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans += [line for (line,) in cursor.fetchall()]
    for index in (
        "entry_number_folded",
        "entry_number_backward",
        "payment_reference_folded",
        "payment_reference_backward",
        "invoice_step_tracking_folded",
        "invoice_step_tracking_backward",
    ):
        assert any(index in line for line in plans), index


@pytest.mark.django_db
def test_who_still_sees_an_old_sale_cannot_try_out_the_customer_that_was_handed_over() -> None:
    former, now = a_user(), a_user()
    customer = a_customer(owner=former, tax_id="91330100MA27X00000")
    entry = Desk(customer).invoice(100, "2026-01-01")
    customer.owner = now
    customer.save()
    seen = Entry.objects.visible_to(former)
    assert entry in seen
    assert list(seen.filter(entries_matching("91330100MA27X", former))) == []
    assert list(Entry.objects.visible_to(now).filter(entries_matching("91330100MA27X", now))) == [entry]
