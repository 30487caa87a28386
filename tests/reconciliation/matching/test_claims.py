"""Receipts to be claimed: all salespeople see them, never an account; finance decides."""

import re
import uuid
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from customers.models import Role
from ledger.errors import LedgerError
from ledger.models import Entry, Kind
from reconciliation.matching.claiming import approve, claim, refuse, release, release_by_rule, take_back
from reconciliation.matching.models import Claim, Release, Rule
from reconciliation.matching.privacy import without_accounts
from reconciliation.matching.running import weigh_all
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, money, snapshot
from tests.reconciliation.matching.till import Till, broken, confirmed, open_amounts, opened, recorded

pytestmark = pytest.mark.django_db

ACCOUNT = "6222 0012 3456 7890"
CLAIMS = "/reconciliation/matching/claims/"


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def receipt(till: Till) -> Any:
    line = till.line(
        300, "陈静6222", payer_account=ACCOUNT, memo=f"货款 由{ACCOUNT}转入", reference="622200123456789"
    )
    release(lines=[line], by=till.finance)
    return line


def page(client: Client, address: str = CLAIMS) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return unescape(re.sub(r"\s+", " ", response.content.decode()))


def told(response: Any) -> str:
    assert response.status_code == 302, response.content.decode()[:500]
    return str(list(get_messages(response.wsgi_request))[-1])


def test_no_page_export_or_search_of_a_salesperson_says_the_account(client: Client, till: Till, receipt: Any) -> None:
    made = claim(line=receipt, by=till.seller, customer=till.customer, reason="she told me")
    client.force_login(till.seller)
    wanted = [CLAIMS, f"{CLAIMS}{receipt.pk}/", f"{CLAIMS}{receipt.pk}/?customer={till.customer.pk}"]
    wanted += [f"{CLAIMS}made/", f"{CLAIMS}made/{made.pk}/", "/desk/"]
    said = [page(client, address) for address in wanted]
    for address in (CLAIMS, f"{CLAIMS}made/"):
        every = "columns=date,payer,memo,open_amount,currency,claim_count,amount,customer,reason,by,state,answer"
        response: Any = client.get(f"{address}?{every}&_export=csv")
        said.append(b"".join(response.streaming_content).decode())
        said.append(page(client, f"{address}?{every}"))
    assert "陈静" in said[0]
    assert "陈静" in said[-2]
    for text in said:
        assert "0012 3456" not in text
        assert "001234567" not in text
    # Nor can it be found out by searching for it.
    for words in ("6222", "7890", "转入", "62220012"):
        assert 'id="row-' not in page(client, f"{CLAIMS}?q={words}")
        assert "陈静" not in page(client, f"/search/?q={words}")
    assert client.get(f"/reconciliation/matching/lines/{receipt.pk}/").status_code == 403
    # Nor from the payment that it becomes.
    approve(claim=made, by=till.finance, key=uuid.uuid4())
    paid = Entry.objects.get(kind=Kind.PAYMENT)
    assert (paid.memo, paid.payment.bank_reference) == ("货款 由…转入", "…6789")
    assert "001234567" not in page(client, reverse("ledger:entry", args=[paid.pk])).replace(" ", "")


def test_long_numbers_are_cut_to_their_last_digits() -> None:
    assert without_accounts("由6222-0012-3456-7890转 FP2026") == "由…7890转 FP2026"
    assert without_accounts("尾号 12345", "12345") == "尾号 …"
    for between in (".", "  ", "\u00a0", "_", "/", "-"):
        written = between.join(["6222", "0012", "3456", "7890"])
        assert without_accounts(f"由{written}转") == "由…7890转"
        assert without_accounts(f"由{written}转", ACCOUNT) == "由…转"


def test_a_salesperson_claims_and_finance_approves(client: Client, till: Till, receipt: Any) -> None:
    debt, other = (till.desk.invoice(amount, "2026-03-01") for amount in (500, 100))
    client.force_login(till.seller)
    address = f"{CLAIMS}{receipt.pk}/"
    assert f"?customer={till.customer.pk}" in page(client, f"{address}?q={till.customer.code}")
    assert client.post(address, {"customer": till.customer.pk, "reason": ""}).status_code == 200
    data = {"customer": till.customer.pk, "reason": "张总来电确认", "debts": [debt.pk]}
    told(client.post(address, data))
    told(client.post(address, data))  # a double click
    made = Claim.objects.get()
    assert (made.state, made.by, list(made.debts.all())) == ("waiting", till.seller, [debt])
    assert client.post(f"{CLAIMS}made/{made.pk}/decide/", {"key": uuid.uuid4()}).status_code == 403
    rival = a_user()
    theirs = claim(line=receipt, by=rival, customer=a_customer(owner=rival), reason="mine")
    client.force_login(till.finance)
    decide = f"{CLAIMS}made/{made.pk}/decide/"
    assert "approved" in told(client.post(decide, {"key": uuid.uuid4()}))
    assert "decided already" in told(client.post(decide, {"key": uuid.uuid4()}))
    entry = Entry.objects.get(kind=Kind.PAYMENT)
    assert (opened(receipt), confirmed(entry), open_amounts(debt, other)) == (0, True, [200, 100])
    theirs.refresh_from_db()
    assert (theirs.state, theirs.answer) == ("refused", "Another claim was approved.")
    # Both are told: on the list of receipts, until they have looked.
    for user in (till.seller, rival):
        client.force_login(user)
        assert "Finance has decided on 1 claim of yours." in page(client)
        page(client, f"{CLAIMS}made/")
        assert "Finance has decided" not in page(client)
    assert broken() == []


def test_a_payment_that_was_recorded_meanwhile_is_matched_not_posted_again(till: Till, receipt: Any) -> None:
    paid = till.payment(300, "2026-03-14")
    made = claim(line=receipt, by=till.seller, customer=till.customer, reason="she told me")
    approve(claim=made, by=till.finance, key=uuid.uuid4())
    assert (confirmed(paid), Entry.objects.filter(kind=Kind.PAYMENT).count()) == (True, 1)


def test_a_claim_by_which_nothing_was_matched_is_not_approved(till: Till, receipt: Any) -> None:
    paid, key = till.payment(300), uuid.uuid4()
    made = claim(line=receipt, by=till.seller, customer=till.customer, reason="she told me")
    till.accept(receipt, recorded(paid, 100), key=key)
    with pytest.raises(LedgerError, match="matched meanwhile"):
        approve(claim=made, by=till.finance, key=key)
    assert Claim.objects.get().state == "waiting"


def test_refused_with_a_reason_that_the_salesperson_reads(client: Client, till: Till, receipt: Any) -> None:
    made = claim(line=receipt, by=till.seller, customer=till.customer, reason="I think so")
    with pytest.raises(LedgerError, match="reason"):
        refuse(claim=made, by=till.finance, answer=" ")
    client.force_login(till.finance)
    told(client.post(f"{CLAIMS}made/{made.pk}/decide/", {"refuse": "1", "answer": "It is a deposit."}))
    client.force_login(till.seller)
    assert "It is a deposit." in page(client, f"{CLAIMS}made/{made.pk}/")
    again = claim(line=receipt, by=till.seller, customer=till.customer, reason="now I know")
    told(client.post(f"{CLAIMS}made/{again.pk}/withdraw/"))
    again.refresh_from_db()
    assert (again.state, opened(receipt)) == ("withdrawn", 300)


def test_what_may_not_be_claimed(till: Till, receipt: Any) -> None:
    stranger = a_customer(owner=a_user())
    dollars = a_customer(owner=till.seller, currency="USD")
    theirs = Desk(stranger).invoice(5, "2026-03-01")
    hidden = till.line(9, "x")
    before = snapshot(till.customer)
    facts: dict[str, Any] = {"line": receipt, "by": till.seller, "customer": till.customer, "reason": "mine"}
    for wrong in (
        {"customer": stranger},
        {"customer": dollars},
        {"debts": [theirs]},
        {"line": hidden},
        {"reason": ""},
    ):
        with pytest.raises(LedgerError):
            claim(**{**facts, **wrong})
    claim(**facts)
    with pytest.raises(LedgerError, match="claimed it for this customer"):
        claim(**{**facts, "by": till.finance})
    with pytest.raises(LedgerError, match="Somebody has claimed it"):
        take_back(line=receipt, by=till.finance)
    for by in (till.seller, a_user(Role.AUDITOR)):
        with pytest.raises(LedgerError):
            release(lines=[hidden], by=by)
    assert (Claim.objects.count(), snapshot(till.customer)) == (1, before)


def test_the_rule_releases_what_nobody_knows_for_so_many_days(till: Till) -> None:
    till.payment(77)
    lines = [till.line(55, "a", on=on) for on in ("2026-03-10", "2026-03-11")]
    lines += [till.line(77, on="2026-03-10"), till.line(-5, "b", on="2026-03-10")]
    lines += [
        till.line(3, "招商银行", on="2026-03-10", memo="结息"),
        till.line(9, "c", on="2026-03-10", memo="内部转账"),
    ]
    weigh_all()
    assert release_by_rule(date(2026, 3, 15)) == 0
    Rule.objects.create(currency="CNY", claim_after_days=5, fee_limit=money(50))
    assert (release_by_rule(date(2026, 3, 15)), release_by_rule(date(2026, 3, 15))) == (1, 0)
    assert Release.objects.get().line == lines[0]
    assert take_back(line=lines[0], by=till.finance)
