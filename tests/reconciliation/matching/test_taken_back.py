"""A receipt that the bank took back by a red line: known as a pair, nobody's, set aside with one click."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ledger.errors import LedgerError, NotPermitted
from ledger.models import Entry, Kind
from reconciliation.bank.models import BankLine
from reconciliation.matching.bulk import accept_exact
from reconciliation.matching.claiming import approve, claim, release, release_by_rule
from reconciliation.matching.following import follow
from reconciliation.matching.models import Claim, Release, Rule, SetAside, Weighed
from reconciliation.matching.queries.taken_back import Returned, taken_back
from reconciliation.matching.returning import set_both_aside
from reconciliation.matching.running import weigh_all
from reconciliation.matching.undoing import set_aside
from reconciliation.matching.weighing.taken_back import Booked, pairs
from tests.ledger.desk import snapshot
from tests.reconciliation.matching.till import Till, broken, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def till() -> Till:
    return Till()


def a_pair(till: Till, amount: int = 300) -> tuple[BankLine, BankLine]:
    """A receipt that is exactly a debt, and the red line of the next day."""
    till.desk.invoice(amount, "2026-03-01")
    receipt = till.line(amount, reference="TX-778812")
    return receipt, till.line(-amount, on="2026-03-16", memo="冲正 TX-778812", is_reversal=True)


RECEIPT = Booked(1, account=1, date=date(2026, 3, 15), amount=Decimal(300), payer="华光", payer_account="62220001")
RED = replace(RECEIPT, key=9, date=date(2026, 3, 16), amount=Decimal(-300))


NAMED = replace(RECEIPT, reference="TX-778812")
NEXT = replace(RECEIPT, key=2, date=RED.date)


@pytest.mark.parametrize(
    ("others", "red", "sure", "doubts"),
    [
        ([RECEIPT], RED, 1, ()),
        ([replace(RECEIPT, payer_account="")], RED, 1, ()),
        ([NAMED], replace(RED, payer="", payer_account="", memo="冲正TX778812"), 1, ()),
        ([RECEIPT], replace(RED, payer="他人", payer_account="1"), None, ()),
        ([RECEIPT], replace(RED, account=2), None, ()),
        ([RECEIPT], replace(RED, amount=Decimal("-300.01")), None, ()),
        ([RECEIPT], replace(RED, date=date(2026, 3, 14)), None, ()),
        ([RECEIPT], replace(RED, date=date(2026, 4, 16)), None, ()),
        # References of their own that differ: some banks give a reversal a new one.
        ([NAMED], replace(RED, reference="TX-990001"), None, (1,)),
        ([NAMED, NEXT], replace(RED, reference="TX-990001"), 2, ()),
        # Equal instalments, the one of them posted from or not: unless something says which.
        ([RECEIPT, NEXT], RED, None, (2, 1)),
        ([RECEIPT, replace(NEXT, is_open=False)], RED, None, (2, 1)),
        ([NAMED, NEXT], replace(RED, reference="TX-778812"), 1, ()),
        ([replace(RECEIPT, is_open=False, is_aside=True), NEXT], RED, 1, ()),
        ([RECEIPT, replace(NEXT, payer_account="")], RED, 1, ()),
    ],
)
def test_a_red_line_is_of_the_line_that_alone_it_can_be_of(
    others: list[Booked], red: Booked, sure: int | None, doubts: tuple[int, ...]
) -> None:
    found = pairs([red], others)
    assert (found.sure, found.doubts) == ({9: sure} if sure else {}, {9: doubts} if doubts else {})


def test_each_line_is_of_one_pair() -> None:
    again = replace(RED, key=10)
    assert pairs([RED, again], [RECEIPT]).sure == {9: 1}
    # What one is named for is not free for the other.
    assert pairs([RED, replace(again, memo="冲正TX778812")], [NAMED, NEXT]).sure == {9: 2, 10: 1}
    # What was dealt with as a pair stays one, and a new red line is of the other.
    settled = replace(RED, key=10, is_open=False, is_aside=True)
    assert pairs([RED, settled], [replace(RECEIPT, is_open=False, is_aside=True), NEXT]).sure == {10: 1, 9: 2}


def test_one_of_equal_instalments_is_in_doubt_and_finance_says_which(till: Till, client: Client) -> None:
    till.desk.invoice(300, "2026-03-01")
    first = till.line(300, on="2026-03-02")
    weigh_all()
    assert Weighed.objects.get(line=first).is_exact
    second = till.line(300, on="2026-03-15")
    red = till.line(-300, on="2026-03-16", is_reversal=True)
    assert accept_exact(by=till.finance, key=uuid.uuid4(), lines=[first.pk]).lines == 0
    follow([till.statement.pk])
    assert not Weighed.objects.filter(is_exact=True).exists()
    assert Weighed.objects.filter(score__gt=0).count() == 2, "they are weighed all the same"
    assert release(lines=[first], by=till.finance) == 1, "and may be claimed"
    client.force_login(till.finance)
    desk = client.get(reverse("matching:desk") + "?fit=returned").content.decode()
    assert desk.count("perhaps taken back by the bank") == 2
    assert "takes a line back, not certain which" in desk
    assert "Perhaps the bank took it back" in client.get(reverse("matching:line", args=[first.pk])).content.decode()
    shown = client.get(reverse("matching:line", args=[red.pk])).content.decode()
    assert shown.count("Set both aside</button>") == 2
    client.post(reverse("matching:both-aside", args=[red.pk]))
    assert not SetAside.objects.exists(), "nobody said which"
    client.post(reverse("matching:both-aside", args=[red.pk]), {"receipt": first.pk})
    assert [opened(line) for line in (first, second, red)] == [0, 300, 0]
    assert till.best(second).is_exact
    assert taken_back() == Returned()


def test_an_old_red_line_and_a_new_one_are_known_by_themselves(till: Till) -> None:
    """What concerns a few lines is the same as of the whole firm."""
    old = till.line(300, on="2025-03-15"), till.line(-300, on="2025-03-16", is_reversal=True)
    between = till.line(300, on="2025-09-01")
    a_pair(till)
    everything = taken_back()
    assert len(everything.pairs) == 4
    assert taken_back([old[0]]) == everything
    assert taken_back([between]).pairs.get(between.pk) is None
    assert taken_back([till.line(45)]) == taken_back([]) == Returned()


def test_a_payment_of_ours_that_came_back_is_said_to_be_that(till: Till, client: Client) -> None:
    out = till.line(-300, "华东机床")
    back = till.line(300, "华东机床", on="2026-03-16", is_reversal=True)
    client.force_login(till.finance)
    said = {line.pk: client.get(reverse("matching:line", args=[line.pk])).content.decode() for line in (out, back)}
    assert "the money came back" in said[out.pk]
    assert "it only takes another line back" in said[back.pk]
    assert not any("the receipt did not stay" in one for one in said.values())


def test_what_the_bank_took_back_is_weighed_with_nobody_and_never_posted_in_bulk(till: Till) -> None:
    till.desk.invoice(300, "2026-03-01")
    receipt = till.line(300)
    weigh_all()
    assert Weighed.objects.get(line=receipt).is_exact
    red = till.line(-300, on="2026-03-16", is_reversal=True)
    before = snapshot(till.customer)
    assert accept_exact(by=till.finance, key=uuid.uuid4(), lines=[receipt.pk]).lines == 0
    assert snapshot(till.customer) == before
    follow([till.statement.pk])
    assert not Weighed.objects.filter(line__in=[receipt, red], score__gt=0).exists()
    paid_again = till.line(300, on="2026-03-18")
    assert till.best(paid_again).is_exact, "what came and went is no rival"


def test_nobody_claims_what_the_bank_took_back(till: Till, client: Client) -> None:
    receipt, other = till.line(300, "张三"), till.line(45, "李四")
    Rule.objects.create(currency="CNY", claim_after_days=1)
    release(lines=[receipt], by=till.finance)
    made = claim(line=receipt, by=till.seller, customer=till.customer, reason="she says so")
    till.line(-300, "张三", on="2026-03-16", is_reversal=True)
    went = till.line(80, "王五")
    till.line(-80, "王五", on="2026-03-15", is_reversal=True)
    weigh_all()
    release_by_rule(date(2026, 4, 1))
    assert release(lines=[went], by=till.finance) == 0
    assert set(Release.objects.values_list("line", flat=True)) == {receipt.pk, other.pk}
    before = snapshot(till.customer)
    for act in (
        lambda: claim(line=receipt, by=till.seller, customer=till.another("B").customer, reason="x"),
        lambda: approve(claim=made, by=till.finance, key=uuid.uuid4()),
    ):
        with pytest.raises(LedgerError, match="The bank took this receipt back on 16 Mar 2026"):
            act()
    assert (snapshot(till.customer), Claim.objects.get().state, opened(went)) == (before, Claim.State.WAITING, 80)
    client.force_login(till.seller)
    for page in (reverse("matching:receipts"), reverse("matching:claim", args=[receipt.pk])):
        assert "taken back by the bank" in client.get(page).content.decode()
    set_both_aside(line=receipt, by=till.finance)
    refused = Claim.objects.get()
    assert (refused.state, refused.answer) == (Claim.State.REFUSED, "The bank took the receipt back.")


def test_both_are_set_aside_with_one_click(till: Till, client: Client) -> None:
    receipt, red = a_pair(till)
    client.force_login(till.finance)
    other = till.line(45)
    desk = client.get(reverse("matching:desk") + "?fit=returned").content.decode()
    assert f"row-{other.pk}" not in desk
    assert desk.count("Set both aside</button>") == 2
    for line, said in ((receipt, "The bank took it back"), (red, "It takes another line back")):
        shown = client.get(reverse("matching:line", args=[line.pk])).content.decode()
        assert said in shown
        assert reverse("matching:both-aside", args=[line.pk]) in shown
    client.post(reverse("matching:both-aside", args=[red.pk]))
    assert [opened(line) for line in (receipt, red)] == [0, 0]
    assert list(SetAside.objects.order_by("pk").values_list("line", "kind", "reason")) == [
        (receipt.pk, "returned", "taken back by the bank on 16 Mar 2026"),
        (red.pk, "returned", "takes back the line of 15 Mar 2026"),
    ]
    assert (taken_back(), broken()) == (Returned(), [])
    assert not Entry.objects.filter(kind=Kind.PAYMENT).exists()
    client.post(reverse("matching:both-aside", args=[red.pk]))
    assert SetAside.objects.count() == 2


def test_both_or_neither(till: Till, client: Client) -> None:
    receipt, red = a_pair(till)
    with pytest.raises(NotPermitted):
        set_both_aside(line=receipt, by=till.seller)
    set_aside(line=red, by=till.finance, kind="returned")
    assert set(taken_back().pairs) == {receipt.pk, red.pk}, "half of it was set aside by hand"
    with pytest.raises(LedgerError, match="dealt with meanwhile"):
        set_both_aside(line=receipt, by=till.finance)
    assert (opened(receipt), SetAside.objects.count()) == (300, 1)


def test_the_red_line_of_a_receipt_that_was_posted_says_so(till: Till, client: Client) -> None:
    till.desk.invoice(300, "2026-03-01")
    receipt = till.line(300)
    till.accept(receipt)
    red = till.line(-300, on="2026-03-16", is_reversal=True)
    client.force_login(till.finance)
    shown: Any = client.get(reverse("matching:line", args=[red.pk])).content.decode()
    assert "undo the match and reverse the payment" in shown
    assert reverse("matching:line", args=[receipt.pk]) in shown
    assert "Set both aside" not in shown
