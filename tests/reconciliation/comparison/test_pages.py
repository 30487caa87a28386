"""From the file to an accepted comparison, in the pages; and who may not."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from openpyxl import load_workbook

from customers.models import Role, User
from reconciliation.comparison.models import ComparedItem, CustomerList, Decision, ListMapping, ListUpload
from reconciliation.comparison.queries.comparisons import items_of
from reconciliation.comparison.refreshing import compare_again
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, money, snapshot
from tests.reconciliation.comparison.build import a_file, a_list, an_answered_list, steps, text_of

pytestmark = pytest.mark.django_db

ROWS = (
    "2026-03-05,记-3,FP-20260301,采购入库,,1130.00,1130.00",
    "2026-03-20,记-9,,付货款,500.00,,630.00",
    "2026-03-28,记-12,ZX-7,运费,,70.00,700.00",
)


@pytest.fixture
def desk() -> Desk:
    desk = Desk(a_customer(owner=a_user(role=Role.SALESPERSON), name="杭州锦程"))
    desk.invoice(1130, "2026-03-02", number="FP-20260301")
    desk.invoice(75, "2026-03-25", number="FP-20260309")
    desk.payment(500, "2026-03-21", number="SK-1")
    return desk


@pytest.fixture
def finance(client: Client) -> User:
    user = a_user(Role.FINANCE, last_name="徐", first_name="海燕")
    client.force_login(user)
    return user


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def told(response: Any) -> str:
    assert response.status_code == 302, response.content.decode()[-3000:]
    return [str(message) for message in get_messages(response.wsgi_request)][-1]


def number_of(row: CustomerList, cls: str) -> int:
    return ComparedItem.objects.get(customer_list=row, cls=cls).pk


def test_a_file_is_looked_at_confirmed_and_compared(client: Client, finance: User, desk: Desk) -> None:
    address = f"/reconciliation/comparison/new/?customer={desk.customer.pk}"
    assert "Look at the file" in page(client, address)
    response = client.post(address, {"customer": desk.customer.pk, "file": a_file(*ROWS)})
    upload = ListUpload.objects.get()
    assert response["Location"] == f"/reconciliation/comparison/new/{upload.pk}/"
    shown = page(client, response["Location"])
    assert "Opening balance and lines add up to the closing balance." in shown
    form = client.get(response["Location"]).context["form"]
    said = {name: form[name].value() for name in form.fields}
    said = {name: "" if value is None else value for name, value in said.items()}
    assert said["direction"] == "credit"
    assert [said[f"column-{n}"] for n in range(7)] == [
        "date",
        "number",
        "our_number",
        "memo",
        "debit",
        "credit",
        "balance",
    ]
    # With another column it would be read differently; nothing is taken yet.
    assert (
        "No column holds amounts"
        in client.post(response["Location"], {**said, "column-4": "", "column-5": "", "look": "1"}).content.decode()
    )
    taken = client.post(response["Location"], said)
    row = CustomerList.objects.get()
    assert taken["Location"] == f"/reconciliation/comparison/{row.pk}/"
    assert not ListUpload.objects.exists()
    assert ListMapping.objects.get(customer=desk.customer).direction == "credit"
    assert steps(row) == [("invoice", money(75)), ("unknown", money(-70))]
    shown = page(client, taken["Location"])
    for words in ("From their balance to ours", "FP-20260309", "ZX-7", "The invoice was not sent yet", "705.00"):
        assert words in shown
    again = client.post(address, {"customer": desk.customer.pk, "file": a_file(*ROWS)})
    assert "This very file was taken already" in again.content.decode()


def test_lines_are_classed_paired_taken_apart_and_accepted(client: Client, finance: User, desk: Desk) -> None:
    row = a_list(finance, desk.customer, *ROWS)
    here = f"/reconciliation/comparison/{row.pk}/"
    position = row.lines.get(our_number="ZX-7").position
    line = f"{here}theirs/{position}/"
    assert "row 4" in page(client, line)
    asked = {"act": "class", "cls": "price", "key": str(uuid4()), "reason": "运费争议"}
    assert "Fill this in." in client.post(line, {**asked, "reason": ""}).content.decode()
    told(client.post(line, asked))
    assert steps(row) == [("invoice", money(75)), ("price", money(-70))]
    # Paired by hand: the class of the line alone says nothing of the pair.
    rows = [number_of(row, "price"), number_of(row, "invoice")]
    assert "Pair lines" in client.post("/reconciliation/comparison/pair/", {"rows": rows}).content.decode()
    pair = {"rows": rows, "reason": "same freight", "next": here}
    assert "paired" in told(client.post("/reconciliation/comparison/pair/", pair))
    assert steps(row) == [("amount", money(5))]
    assert "compared anew meanwhile" in told(client.post("/reconciliation/comparison/pair/", pair))
    told(client.post(line, {"act": "apart", "key": str(uuid4()), "reason": "no"}))
    assert steps(row) == [("invoice", money(75)), ("price", money(-70))]
    seen = CustomerList.objects.get(pk=row.pk).result.mark
    assert "look at the comparison once more" in told(client.post(f"{here}accept/", {"seen": "1"}))
    assert told(client.post(f"{here}accept/", {"seen": seen, "key": uuid4()})) == "The comparison was accepted."
    assert "Accepted on" in page(client, here)
    assert "Open it again first" in told(client.post(line, asked | {"key": str(uuid4())}))
    client.post(f"{here}reopen/", {"key": uuid4(), "reason": "late credit note"})
    assert [one.act for one in Decision.objects.order_by("pk")] == [
        *("class", "together", "apart", "accepted", "reopened"),
    ]


def test_the_ledger_moves_and_decisions_stay(client: Client, finance: User, desk: Desk) -> None:
    row = a_list(finance, desk.customer, *ROWS)
    here = f"/reconciliation/comparison/{row.pk}/"
    line = f"{here}theirs/{row.lines.get(our_number='ZX-7').position}/"
    client.post(line, {"act": "class", "cls": "price", "key": str(uuid4()), "reason": "运费争议"})
    desk.invoice(20, "2026-03-30", number="FP-20260311")
    desk.payment(999, "2026-04-02", number="SK-2")
    assert "compared anew" in page(client, here)
    assert steps(row) == [("invoice", money(95)), ("price", money(-70))]


def test_what_the_ledger_has_left_behind_is_not_accepted(client: Client, finance: User, desk: Desk) -> None:
    row = a_list(finance, desk.customer, *ROWS)
    here = f"/reconciliation/comparison/{row.pk}/"
    desk.invoice(20, "2026-03-30", number="FP-20260311")
    seen = {"seen": row.result.mark, "key": uuid4()}
    assert "look at the comparison once more" in told(client.post(f"{here}accept/", seen))
    assert not Decision.objects.exists()


def test_the_workbook(client: Client, finance: User, desk: Desk) -> None:
    row = a_list(finance, desk.customer, *ROWS)
    response = client.get(f"/reconciliation/comparison/{row.pk}/excel/")
    book = load_workbook(io.BytesIO(b"".join(response)))
    assert book.sheetnames == ["Bridge", "Pairs", "Not paired"]
    bridge = [[cell.value for cell in line] for line in book["Bridge"].iter_rows(min_row=7)]
    assert [line[0] for line in bridge] == ["Their balance", "invoice not received", "unknown", "Our balance"]
    assert [line[4] for line in bridge] == [700, 775, 705, 705]
    assert [line[0].value for line in book["Pairs"].iter_rows(min_row=2)] == ["agreed", "agreed", "Total"]
    assert {line[2].value for line in book["Not paired"].iter_rows(min_row=2)} == {
        "invoice FP-20260309",
        "ZX-7",
        None,
    }


def test_each_sees_the_own_and_who_only_reads_decides_nothing(client: Client, finance: User, desk: Desk) -> None:
    row = a_list(finance, desk.customer, *ROWS)
    here, before = (
        f"/reconciliation/comparison/{row.pk}/",
        (list(items_of(row).values_list()), snapshot(desk.customer)),
    )
    client.force_login(desk.by)
    assert "Accept" in page(client, here)
    assert "杭州锦程" in page(client, "/reconciliation/comparison/")
    client.force_login(a_user())
    assert "杭州锦程" not in page(client, "/reconciliation/comparison/")
    key = row.lines.first().position  # type: ignore[union-attr]
    for address in (here, f"{here}excel/", f"{here}file/", f"{here}theirs/{key}/", f"{here}withdraw/"):
        assert client.get(address).status_code == 404
    assert client.get(f"/reconciliation/comparison/new/?customer={desk.customer.pk}").status_code == 404
    client.force_login(a_user(Role.AUDITOR))
    assert "Accept" not in page(client, here)
    said = {"act": "class", "cls": "price", "key": str(uuid4()), "reason": "no", "rows": [1], "seen": row.result.mark}
    for address in (f"{here}theirs/{key}/", f"{here}accept/", f"{here}again/", "/reconciliation/comparison/pair/"):
        assert client.post(address, said).status_code == 403
    assert client.get("/reconciliation/comparison/new/").status_code == 403
    assert (list(items_of(row).values_list()), snapshot(desk.customer)) == before
    assert not Decision.objects.exists()


def test_a_withdrawn_list_stays_in_sight_and_its_file_can_be_taken_anew(
    client: Client, finance: User, desk: Desk
) -> None:
    row = a_list(finance, desk.customer, *ROWS)
    here = f"/reconciliation/comparison/{row.pk}/"
    client.post(f"{here}withdraw/", {"key": uuid4(), "reason": "wrong sign"})
    assert "wrong sign" in page(client, here)
    assert "杭州锦程" not in page(client, "/reconciliation/comparison/")
    again = a_list(finance, desk.customer, *ROWS, direction="debit")
    assert [item.ours_amount for item in items_of(again).filter(cls="agreed")] == []
    assert b"".join(client.get(f"{here}file/")).decode("gb18030").startswith("日期")


def test_the_paper_says_the_same(client: Client, finance: User, desk: Desk) -> None:
    row = a_list(finance, desk.customer, *ROWS)
    response = client.get(f"/reconciliation/comparison/{row.pk}/pdf/")
    said = text_of(response.content)
    for words in ("杭州锦程", "705.00", "775.00", "+75.00", "20260309", "Invoice not received"):
        assert words in said
    client.cookies["django_language"] = "zh-hans"
    assert "杭州锦程" in text_of(client.get(f"/reconciliation/comparison/{row.pk}/pdf/").content)


def test_a_list_that_came_with_an_answer_is_compared_from_there(client: Client, finance: User, desk: Desk) -> None:
    sent = an_answered_list(desk.customer, a_file(*ROWS))
    assert "Sent with an answer" in page(client, "/reconciliation/comparison/")
    response = client.post(f"/reconciliation/comparison/from-answer/{sent.pk}/")
    upload = ListUpload.objects.get()
    assert response["Location"] == f"/reconciliation/comparison/new/{upload.pk}/"
    assert (upload.customer, upload.source) == (desk.customer, f"answer:{sent.pk}")
    answered = f"/reconciliation/statements/{sent.answer.statement_id}/"
    assert f'action="/reconciliation/comparison/from-answer/{sent.pk}/"' in page(client, answered)
    row = a_list(finance, desk.customer, *ROWS)
    assert "Sent with an answer" not in page(client, "/reconciliation/comparison/")
    # Compared already: the button leads to where.
    again = client.post(f"/reconciliation/comparison/from-answer/{sent.pk}/")
    assert again["Location"] == f"/reconciliation/comparison/{row.pk}/"


def test_what_the_customer_calls_wrong_in_an_answer_is_a_dispute(finance: User, desk: Desk) -> None:
    """Of the same amounts nobody would know but for the answer."""
    row = a_list(finance, desk.customer, "2026-03-05,,FP-20260301,采购,,1101.11,", "2026-03-21,,,付款,500.00,,")
    assert steps(row) == [("invoice", money(75)), ("amount", money("28.89"))]
    an_answered_list(desk.customer, a_file(*ROWS), desk.customer.entries.get(number="FP-20260301"))
    compare_again(row)
    assert steps(row) == [("invoice", money(75)), ("price", money("28.89"))]
