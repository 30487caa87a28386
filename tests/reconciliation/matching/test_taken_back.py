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
from reconciliation.matching.queries.taken_back import taken_back
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


@pytest.mark.parametrize(
    ("others", "red", "found"),
    [
        ([RECEIPT], RED, 1),
        ([replace(RECEIPT, payer_account="")], RED, 1),
        ([replace(RECEIPT, reference="TX-778812")], replace(RED, payer="", payer_account="", memo="冲正TX778812"), 1),
        ([RECEIPT], replace(RED, payer="他人", payer_account="1"), None),
        ([RECEIPT], replace(RED, account=2), None),
        ([RECEIPT], replace(RED, amount=Decimal("-300.01")), None),
        ([RECEIPT], replace(RED, date=date(2026, 3, 14)), None),
        ([RECEIPT], replace(RED, date=date(2026, 4, 16)), None),
        ([RECEIPT, replace(RECEIPT, key=2, date=RED.date)], RED, 2),
        ([RECEIPT, replace(RECEIPT, key=2, is_open=False)], RED, 1),
        ([RECEIPT, replace(RECEIPT, key=2, is_open=False, is_aside=True)], replace(RED, is_open=False), 2),
    ],
)
def test_a_red_line_is_of_the_line_that_it_resembles(others: list[Booked], red: Booked, found: int | None) -> None:
    assert pairs([red], others) == ({red.key: found} if found else {})


def test_two_red_lines_are_not_of_one_receipt() -> None:
    assert pairs([RED, replace(RED, key=10)], [RECEIPT]) == {9: 1}


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
    assert (taken_back(), broken()) == ({}, [])
    assert not Entry.objects.filter(kind=Kind.PAYMENT).exists()
    client.post(reverse("matching:both-aside", args=[red.pk]))
    assert SetAside.objects.count() == 2


def test_both_or_neither(till: Till, client: Client) -> None:
    receipt, red = a_pair(till)
    with pytest.raises(NotPermitted):
        set_both_aside(line=receipt, by=till.seller)
    set_aside(line=red, by=till.finance, kind="returned")
    assert set(taken_back()) == {receipt.pk, red.pk}, "half of it was set aside by hand"
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
