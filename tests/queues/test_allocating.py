"""Credits to allocate: what is suggested, accepted, left and told."""

import re
import uuid
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.jobs.models import Job
from config.jobs.registry import KINDS
from config.jobs.running import run
from customers.models import Role, User
from ledger.models import Allocation, Entry, Posting
from ledger.queries.news import ledger_version
from ledger.verification import breaches
from queues import accepting, tasks
from queues.accepting import Accepted, accept_exact
from queues.queries.allocating import credits_to_allocate, exact_ones, suggestions_for_rows
from queues.views import allocating
from tests.build import a_customer, a_user
from tests.laws import examples
from tests.ledger.desk import Desk, money, open_amounts, snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON), name="杭州锦程"))


@pytest.fixture
def finance(client: Client) -> User:
    user = a_user(Role.FINANCE, last_name="徐", first_name="海燕")
    client.force_login(user)
    return user


def a_credit(desk: Desk, amount: str | int, on: str = "2026-04-10", **facts: Any) -> Entry:
    return desk.payment(amount, on, automatic=False, **facts)


def page(client: Client, address: str = "/queues/allocate/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def told(response: Any) -> str:
    assert response.status_code == 302, response.content.decode()[:500]
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def accept_all(by: User, credits_named: Sequence[Entry] = (), **facts: Any) -> Accepted:
    named = [entry.pk for entry in credits_named] or exact_ones(credits_to_allocate(by)).credits
    return accept_exact(
        **{"by": by, "key": uuid.uuid4(), "unapplied": named, "seen": ledger_version().posting, **facts}
    )


def test_the_most_money_stands_first_and_says_why(client: Client, desk: Desk, finance: User) -> None:
    desk.invoice(100, "2026-03-01", number="FP-0001")
    desk.invoice(40, "2026-03-02", number="FP-0002")
    small, large = a_credit(desk, 40, number="SK-small"), a_credit(desk, 60, number="SK-large", memo="FP-0001")
    shown = page(client)
    assert shown.index("SK-large") < shown.index("SK-small")
    assert "names the number, and pays a part" in shown
    assert "exactly what is open of this one alone" in shown
    assert "1 exact suggestion" in shown
    assert [entry.pk for entry in credits_to_allocate(finance)] == [large.pk, small.pk]


def test_a_list_of_several_currencies_says_that_their_numbers_make_the_order(
    client: Client, desk: Desk, finance: User
) -> None:
    said = "the order is that of the numbers, whatever the currency"
    desk.invoice(100, "2026-03-01")
    a_credit(desk, 40)
    assert said not in page(client)
    abroad = Desk(a_customer(owner=desk.by, currency="USD"))
    abroad.invoice(100, "2026-03-01")
    a_credit(abroad, 50)
    assert said in page(client)
    assert said not in page(client, "/queues/allocate/?sort=date")


def test_a_bank_reference_may_name_the_invoice(desk: Desk, finance: User) -> None:
    desk.invoice(100, "2026-03-01", number="FP-0001")
    bill = desk.invoice(100, "2026-03-02", number="FP-0002")
    credit = a_credit(desk, 100, bank_reference="货款FP-0002")
    best = suggestions_for_rows([credit]).best(credit.pk)
    assert best is not None
    assert (best.parts, best.is_exact) == (((bill.pk, money(100)),), True)


def test_a_credit_without_debts_or_of_another_does_not_wait(client: Client, desk: Desk, finance: User) -> None:
    a_credit(desk, 100)
    assert not credits_to_allocate(finance).exists()
    desk.invoice(100, "2026-04-11")
    assert credits_to_allocate(finance).exists()
    assert not credits_to_allocate(a_user()).exists()


def test_a_credit_note_and_a_return_wait_too(desk: Desk, finance: User) -> None:
    desk.invoice(100, "2026-03-01")
    note, back = desk.credit_note(10, "2026-03-02"), desk.goods_return(5, "2026-03-03")
    assert {entry.pk for entry in credits_to_allocate(finance)} == {note.pk, back.pk}


# --- one ----------------------------------------------------------------------------------------------------


def accept(client: Client, credit: Entry, *parts: tuple[Entry, int], **facts: Any) -> str:
    said = " ".join(f"{debt.pk}:{amount}.00" for debt, amount in parts)
    data = {"key": uuid.uuid4(), "parts": said, **facts}
    return told(client.post(f"/queues/allocate/{credit.pk}/accept/", data))


def test_a_suggestion_is_accepted_with_one_click(client: Client, desk: Desk, finance: User) -> None:
    first, second = desk.invoice(100, "2026-03-01"), desk.invoice(40, "2026-03-02")
    credit = a_credit(desk, 120, number="SK1")
    assert accept(client, credit, (first, 100), (second, 20)) == "payment SK1 was allocated to 2 items."
    assert open_amounts(credit, first, second) == [money(0), money(0), money(20)]
    assert list(breaches()) == []


def test_a_double_click_allocates_once(client: Client, desk: Desk, finance: User) -> None:
    bill = desk.invoice(100, "2026-03-01")
    credit, key = a_credit(desk, 200), uuid.uuid4()
    for _click in range(2):
        assert "was allocated" in accept(client, credit, (bill, 50), key=key)
    assert open_amounts(credit, bill) == [money(-150), money(50)]


def test_what_a_colleague_has_allocated_is_told_and_nothing_is_done_twice(
    client: Client, desk: Desk, finance: User
) -> None:
    bill = desk.invoice(100, "2026-03-01")
    credit = a_credit(desk, 100, number="SK1")
    Desk(desk.customer, by=a_user(Role.FINANCE, last_name="王", first_name="小明")).allocate(credit, bill, 100)
    before = snapshot(desk.customer)
    assert accept(client, credit, (bill, 100)).startswith("Payment SK1: done already by 王小明 at ")
    assert snapshot(desk.customer) == before


@pytest.mark.parametrize("parts", ["", "x", "1:", "0:5", "999999999:5.00", f"{2**70}:5.00", "1:-5.00", "1:5.001"])
def test_a_suggestion_that_is_none_changes_nothing(client: Client, desk: Desk, finance: User, parts: str) -> None:
    desk.invoice(100, "2026-03-01")
    credit = a_credit(desk, 100)
    before = snapshot(desk.customer)
    told(client.post(f"/queues/allocate/{credit.pk}/accept/", {"key": uuid.uuid4(), "parts": parts}))
    assert snapshot(desk.customer) == before


def test_another_customers_debt_is_not_settled(client: Client, desk: Desk, finance: User) -> None:
    other = Desk(a_customer(owner=desk.by)).invoice(100, "2026-03-01")
    desk.invoice(7, "2026-03-01")
    credit = a_credit(desk, 100)
    accept(client, credit, (other, 100))
    assert not Allocation.objects.exists()


def test_too_much_is_refused_whole(client: Client, desk: Desk, finance: User) -> None:
    first, second = desk.invoice(100, "2026-03-01"), desk.invoice(40, "2026-03-02")
    credit = a_credit(desk, 120)
    before = snapshot(desk.customer)
    for parts in ([(first, 100), (second, 40)], [(first, 101)], [(first, 60), (first, 60)], [(credit, 5)]):
        accept(client, credit, *parts)
        assert snapshot(desk.customer) == before


def test_nobody_accepts_for_another(client: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-03-01")
    credit = a_credit(desk, 100)
    address = f"/queues/allocate/{credit.pk}/accept/"
    data = {"key": uuid.uuid4(), "parts": f"{bill.pk}:100.00"}
    client.force_login(a_user())
    assert client.post(address, data).status_code == 404
    client.force_login(a_user(Role.AUDITOR))
    assert client.post(address, data).status_code == 403
    assert client.post("/queues/allocate/exact/", data).status_code == 403
    assert "Accept" not in page(client).replace("Accepted", "")
    assert not Allocation.objects.exists()


def test_choosing_another_leads_back_to_the_list(client: Client, desk: Desk, finance: User) -> None:
    bill = desk.invoice(100, "2026-03-01")
    credit = a_credit(desk, 100)
    there = "/queues/allocate/?kind=payment&page=1"
    shown = page(client, there)
    assert f"/ledger/{credit.pk}/allocate/?next=/queues/allocate/%3Fkind%3Dpayment" in shown
    data = {"key": uuid.uuid4(), "counterpart": bill.pk, "amount": "30"}
    response = client.post(f"/ledger/{credit.pk}/allocate/?next=/queues/allocate/%3Fkind%3Dpayment", data)
    assert response["Location"] == "/queues/allocate/?kind=payment"


def test_choosing_another_begins_with_what_was_suggested(client: Client, desk: Desk, finance: User) -> None:
    bill, later = desk.invoice(100, "2026-03-01"), desk.invoice(300, "2026-03-02")
    credit = a_credit(desk, 300)
    [address] = re.findall(rf'href="(/ledger/{credit.pk}/allocate/[^"]+)"', page(client))
    form = client.get(unescape(address)).context["form"]
    assert (form["counterpart"].value(), form["amount"].value()) == (later.pk, "300.00")
    form = client.get(f"/ledger/{credit.pk}/allocate/?against={bill.pk}").context["form"]
    assert (form["counterpart"].value(), form["amount"].value()) == (bill.pk, "100.00")


# --- all exact ones -----------------------------------------------------------------------------------------


def test_all_exact_ones_are_accepted_at_once_and_the_others_stay(client: Client, desk: Desk, finance: User) -> None:
    other = Desk(a_customer(owner=desk.by))
    bills = [desk.invoice(100, "2026-03-01"), desk.invoice(40, "2026-03-02"), other.invoice(70, "2026-03-01")]
    one, unclear, two = a_credit(desk, 100), a_credit(desk, 33), a_credit(other, 70)
    shown = page(client)
    assert "2 exact suggestions" in shown
    form = {"key": uuid.uuid4(), "version": str(ledger_version()), "count": 2, "all": "1", "filter": ""}
    assert told(client.post("/queues/allocate/exact/", form)) == "2 credits were allocated: 170.00 CNY."
    assert open_amounts(one, two, unclear) == [money(0), money(0), money(-33)]
    assert open_amounts(*bills) == [money(0), money(40), money(0)]
    # A posting of its own for each customer, so that each act can be told and undone by itself.
    assert Posting.objects.filter(act="accept_suggestions", by=finance).count() == 2
    assert list(breaches()) == []
    assert "No credit was allocated." in told(client.post("/queues/allocate/exact/", form))


def test_only_those_of_the_filter_are_accepted(client: Client, desk: Desk, finance: User) -> None:
    desk.invoice(100, "2026-03-01")
    desk.invoice(40, "2026-03-02")
    one, two = a_credit(desk, 100, on="2026-04-01"), a_credit(desk, 40, on="2026-05-01")
    form = {"key": uuid.uuid4(), "version": str(ledger_version()), "all": "1", "filter": "?until=2026-04-30"}
    told(client.post("/queues/allocate/exact/", form))
    assert open_amounts(one, two) == [money(0), money(-40)]


def test_what_was_recorded_since_is_not_accepted_unseen(client: Client, desk: Desk, finance: User) -> None:
    desk.invoice(100, "2026-03-01")
    seen = a_credit(desk, 100)
    version = str(ledger_version())
    other = Desk(a_customer(owner=desk.by))
    other.invoice(70, "2026-03-01")
    fresh = a_credit(other, 70)
    form = {"key": uuid.uuid4(), "version": version, "count": 1, "all": "1", "filter": ""}
    answer = told(client.post("/queues/allocate/exact/", form))
    assert answer == "1 credit was allocated: 100.00 CNY. 1 was left: it changed meanwhile."
    assert open_amounts(seen, fresh) == [money(0), money(-70)]


def test_a_suggestion_that_a_colleague_made_doubtful_is_left(desk: Desk, finance: User) -> None:
    desk.invoice(100, "2026-03-01")
    credit = a_credit(desk, 100)
    seen = ledger_version().posting
    desk.invoice(100, "2026-03-05")
    outcome = accept_all(finance, [credit], seen=seen)
    assert (outcome.credits, outcome.left) == (0, 1)
    assert open_amounts(credit) == [money(-100)]


def test_the_same_click_twice_allocates_once(desk: Desk, finance: User) -> None:
    bill = desk.invoice(100, "2026-03-01")
    credit, key = a_credit(desk, 100), uuid.uuid4()
    assert accept_all(finance, [credit], key=key).credits == 1
    assert accept_all(finance, [credit], key=key).credits == 0
    assert Allocation.objects.count() == 1
    assert open_amounts(bill, credit) == [money(0), money(0)]


def test_more_customers_than_are_locked_together(desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "TOGETHER", 2)
    for n in range(5):
        one = Desk(a_customer(owner=desk.by))
        one.invoice(100 + n, "2026-03-01")
        a_credit(one, 100 + n)
    heard: list[tuple[int, int]] = []
    outcome = accept_all(finance, told=lambda done, total: heard.append((done, total)))
    assert (outcome.credits, outcome.allocations, outcome.left) == (5, 5, 0)
    assert heard == [(0, 5), (2, 5), (4, 5)]
    assert list(breaches()) == []


def test_very_many_are_a_job(client: Client, desk: Desk, finance: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocating, "MOST_AT_ONCE", 0)
    desk.invoice(100, "2026-03-01")
    credit = a_credit(desk, 100)
    form = {"key": uuid.uuid4(), "version": str(ledger_version()), "all": "1", "filter": ""}
    response = client.post("/queues/allocate/exact/", form)
    job = Job.objects.get(kind="accept_exact")
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert KINDS["accept_exact"].run is tasks.accept
    run(job.pk)
    assert open_amounts(credit) == [money(0)]
    assert "1 credit was allocated: 100.00 CNY." in page(client, f"/queues/allocate/accepted/{job.pk}/")


def test_the_list_is_exported_with_its_suggestions(client: Client, desk: Desk, finance: User) -> None:
    desk.invoice(100, "2026-03-01", number="FP-0001")
    a_credit(desk, 100, number="SK1")
    response = client.get("/queues/allocate/?_export=csv")
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert "exactly what is open of this one alone" in text
    assert "FP-0001 100.00" in text


amounts = st.lists(st.integers(1, 6).map(lambda n: n * 10), min_size=1, max_size=6)


class AcceptingAll(TestCase):
    @given(debts=amounts, unapplied=amounts)
    @hypothesis_settings(max_examples=examples(12), deadline=None)
    def test_accepting_all_exact_ones_keeps_every_law(self, debts: list[int], unapplied: list[int]) -> None:
        desk = Desk(a_customer(owner=a_user()))
        for n, amount in enumerate(debts):
            desk.invoice(amount, f"2026-0{n % 3 + 1}-05")
        for amount in unapplied:
            a_credit(desk, amount)
        finance = a_user(Role.FINANCE)
        wanted = exact_ones(credits_to_allocate(finance))
        outcome = accept_all(finance, list(Entry.objects.filter(pk__in=wanted.credits)) or [Entry(pk=1)])
        assert outcome.credits == wanted.count
        assert not Entry.objects.open().filter(pk__in=wanted.credits).exists()
        assert list(breaches()) == []
