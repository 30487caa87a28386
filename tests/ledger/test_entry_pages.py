"""The list of entries, one entry's page, and the acts that begin there."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Role
from ledger.documents import Instalment
from ledger.models import Allocation, Entry, InvoiceStep
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, day, money, open_amounts
from tests.ledger.filling import filled

pytestmark = pytest.mark.django_db
ACTS = ["allocate", "reverse", "red-letter", "step"]


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(), name="Blue Mill"))


@pytest.fixture
def salesperson(client: Client, desk: Desk) -> Client:
    client.force_login(desk.by)
    return client


def address(act: str, pk: int) -> str:
    return reverse(f"ledger:{act}", args=[pk])


def numbers(client: Client, **query: Any) -> list[str]:
    response = client.get(reverse("ledger:entries"), query)
    return [row.record.number for row in response.context["table"].paginated_rows]


def send(client: Client, url: str, **typed: Any) -> Any:
    return client.post(url, filled(client.get(url).context["form"], **typed))


# --- the list -----------------------------------------------------------------------------------------------


def test_the_newest_entry_comes_first(salesperson: Client, desk: Desk) -> None:
    desk.invoice(1, "2026-01-02", number="B")
    desk.invoice(1, "2026-01-01", number="A")
    desk.invoice(1, "2026-01-02", number="C")
    assert numbers(salesperson) == ["C", "B", "A"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "payment"}, ["P"]),
        ({"state": "open"}, ["P", "S", "I"]),
        ({"state": "closed"}, ["S0"]),
        ({"state": "overdue"}, ["I"]),
        ({"state": "unbilled"}, ["S"]),
        ({"state": "unapplied"}, ["P"]),
        ({"since": "2026-01-03"}, ["P", "S"]),
        ({"until": "2026-01-02"}, ["I", "S0"]),
        ({"q": "s0"}, ["S0"]),
        ({"q": "blue"}, ["P", "S", "I", "S0"]),
        ({"q": "green"}, []),
    ],
)
def test_the_entries_are_filtered(salesperson: Client, desk: Desk, query: dict[str, str], found: list[str]) -> None:
    goods = desk.shipment(100, "2026-01-01", number="S0")
    desk.invoice(100, "2026-01-02", number="I", shipments=[goods])
    desk.shipment(5, "2026-01-03", number="S")
    desk.payment(20, "2026-01-04", number="P", automatic=False)
    assert numbers(salesperson, **query) == found


def test_the_entries_of_one_customer_have_totals(client: Client, desk: Desk) -> None:
    client.force_login(a_user(Role.FINANCE))
    desk.invoice(100, "2026-01-02", number="I")
    desk.payment(30, "2026-01-03", number="P")
    Desk(a_customer(owner=a_user())).invoice(9, "2026-01-01")
    response = client.get(reverse("ledger:entries"), {"customer": desk.customer.pk})
    totals = {column.name: total for column, total in response.context["totals"]}
    assert (totals["amount"], totals["open_amount"]) == (money(70), money(70))
    assert "Blue Mill" in response.content.decode()


def test_a_filter_that_makes_no_sense_finds_nothing_and_says_so(salesperson: Client, desk: Desk) -> None:
    desk.invoice(1, "2026-01-02")
    response = salesperson.get(reverse("ledger:entries"), {"kind": "gift"})
    assert len(response.context["table"].rows) == 0
    assert "gift" in response.content.decode()


def test_a_customer_of_another_cannot_be_filtered_by(salesperson: Client, desk: Desk) -> None:
    other = Desk(a_customer(owner=a_user()))
    other.invoice(1, "2026-01-02")
    assert numbers(salesperson, customer=other.customer.pk) == []


def test_a_salesperson_still_sees_the_sales_of_a_customer_that_was_handed_over(
    salesperson: Client, desk: Desk
) -> None:
    entry = desk.invoice(1, "2026-01-02", number="MINE")
    successor = a_user()
    desk.customer.owner = successor
    desk.customer.save()
    Desk(desk.customer).invoice(1, "2026-01-03", number="THEIRS")
    assert numbers(salesperson) == ["MINE"]
    page = salesperson.get(address("entry", entry.pk))
    assert page.status_code == 200
    assert reverse("customers:detail", args=[desk.customer.pk]) not in page.content.decode()
    for act in ACTS:
        assert salesperson.get(address(act, entry.pk)).status_code == 404


def test_the_export_holds_what_the_list_shows_on_every_page(salesperson: Client, desk: Desk) -> None:
    desk.invoice(1, "2026-01-01", number="I-1", memo="first")
    desk.payment("0.40", "2026-01-02", number="=1+1")
    response = salesperson.get(reverse("ledger:entries"), {"_export": "xlsx", "sort": "date"})
    assert "attachment" in response["Content-Disposition"]
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    sheet: Any = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    header = next(i for i, row in enumerate(rows) if "Open amount" in row)
    table = [dict(zip(rows[header], row, strict=True)) for row in rows[header + 1 :]]
    assert list(table[0])[:5] == ["Date", "Kind", "Number", "Customer code", "Customer name"]
    assert [(row["Kind"], row["Number"]) for row in table] == [("Invoice", "I-1"), ("Payment", "=1+1")]
    assert {(row["Customer code"], row["Customer name"]) for row in table} == {(desk.customer.code, "Blue Mill")}
    assert [row["Open amount"] for row in table] == [0.6, 0]
    assert table[0]["Date"].date() == day("2026-01-01")


def test_the_export_as_text_marks_what_a_spreadsheet_would_evaluate(salesperson: Client, desk: Desk) -> None:
    desk.customer.name = "=cmd()"
    desk.customer.code = "-1"
    desk.customer.save()
    desk.invoice("1234.5", "2026-01-01", number="26332000000012345678")
    response = salesperson.get(reverse("ledger:entries"), {"_export": "csv", "kind": "invoice"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    row = next(csv.DictReader(io.StringIO(text)))
    assert row["Open amount"] == "1234.50"
    assert (row["Customer code"], row["Customer name"]) == ("'-1", "'=cmd()")
    assert row["Number"] == "'26332000000012345678"


# --- one entry ----------------------------------------------------------------------------------------------


def test_an_entry_says_what_paid_it_and_what_it_bills(salesperson: Client, desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01", number="S-1")
    bill = desk.invoice(100, "2026-01-02", number="I-1", shipments=[goods])
    paid = desk.payment(60, "2026-01-03", number="P-1")
    context = salesperson.get(address("entry", bill.pk)).context
    assert [(move.other, move.amount) for move in context["movements"]] == [(goods, money(100)), (paid, money(-60))]
    assert context["billings"] == [(goods, money(100))]
    assert [move.can_be_undone for move in context["movements"]] == [False, True]
    of_goods = salesperson.get(address("entry", goods.pk)).context
    assert of_goods["billings"] == [(bill, money(100))]


def test_a_document_without_a_number_is_named_by_its_amount_and_day(salesperson: Client, desk: Desk) -> None:
    paid = desk.payment(40, "2026-01-09", number="")
    for page in (f"/ledger/{paid.pk}/", address("allocate", paid.pk), address("reverse", paid.pk)):
        assert "ayment of 40.00 on 9 Jan 2026" in salesperson.get(page).content.decode()


def test_every_kind_of_entry_has_a_page(salesperson: Client, desk: Desk) -> None:
    desk.opening(5, "2026-01-01")
    goods = desk.shipment(100, "2026-01-01", delivered_on=day("2026-01-02"))
    back = desk.goods_return(10, "2026-01-02", shipment=goods)
    bill = desk.invoice(90, "2026-01-03", shipments=[goods])
    desk.credit_note(10, "2026-01-03", returns=[back], reverses=bill)
    desk.payment(30, "2026-01-04", method="bill", matures_on=day("2026-07-04"), bank_reference="B-77")
    desk.refund(5, "2026-01-05")
    desk.reverse(desk.discount(1, "2026-01-06"), "2026-01-07")
    for entry in Entry.objects.all():
        assert salesperson.get(address("entry", entry.pk)).status_code == 200


def test_an_instalment_shows_its_siblings_and_the_invoice(salesperson: Client, desk: Desk) -> None:
    from ledger.documents import Instalment

    parts = [Instalment(day("2026-02-01"), money(60)), Instalment(day("2026-03-01"), money(40))]
    first = desk.invoice(100, "2026-01-01", instalments=parts)
    second = Entry.objects.get(instalment_of=first)
    context = salesperson.get(address("entry", second.pk)).context
    assert context["instalments"] == [first, second]
    assert context["invoice"] == first.invoice


def test_anothers_entry_is_not_found_and_takes_no_act(client: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    paid = desk.payment(10, "2026-01-02")
    client.force_login(a_user(Role.MANAGER, team=a_team()))
    assert client.get(address("entry", bill.pk)).status_code == 404
    undo = address("undo", paid.allocations_out.get().pk)
    for url in [*(address(act, bill.pk) for act in ACTS), undo]:
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404


def test_an_auditor_reads_an_entry_and_takes_no_act(client: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    paid = desk.payment(10, "2026-01-02")
    client.force_login(a_user(Role.AUDITOR))
    page = client.get(address("entry", bill.pk)).content.decode()
    undo = address("undo", paid.allocations_out.get().pk)
    for url in [*(address(act, bill.pk) for act in ACTS), undo]:
        assert url not in page
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 403


# --- acts ---------------------------------------------------------------------------------------------------


def test_a_payment_is_allocated_by_hand(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    paid = desk.payment(60, "2026-01-02", automatic=False)
    url = address("allocate", paid.pk)
    assert salesperson.get(url).context["form"]["amount"].value() == "60.00"
    assert send(salesperson, url, counterpart=str(bill.pk), amount="25", date="2026-01-05").status_code == 302
    assert open_amounts(bill, paid) == [money(75), money(-35)]
    assert Allocation.objects.get().date == day("2026-01-05")


def test_a_debt_is_settled_from_its_own_page(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    paid = desk.payment(60, "2026-01-02", automatic=False)
    assert send(salesperson, address("allocate", bill.pk), counterpart=str(paid.pk), amount="60").status_code == 302
    assert open_amounts(bill, paid) == [money(40), money(0)]


def test_allocating_too_much_is_refused_and_kept(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    paid = desk.payment(60, "2026-01-02", automatic=False)
    response = send(salesperson, address("allocate", bill.pk), counterpart=str(paid.pk), amount="61")
    assert response.status_code == 200
    page = response.content.decode()
    assert "too much" in page
    assert 'value="61"' in page
    assert f'value="{paid.pk}" required checked' in page
    assert open_amounts(bill, paid) == [money(100), money(-60)]


def test_an_amount_that_is_too_large_is_refused_at_the_amount(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    paid = desk.payment(60, "2026-01-02", automatic=False)
    for entry, other in ((bill, paid), (paid, bill)):
        response = send(salesperson, address("allocate", entry.pk), counterpart=str(other.pk), amount="61")
        assert list(response.context["form"].errors) == ["amount"]


def test_an_allocation_before_its_entries_is_refused(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    paid = desk.payment(60, "2026-01-02", automatic=False)
    response = send(
        salesperson, address("allocate", bill.pk), counterpart=str(paid.pk), amount="6", date="2026-01-01"
    )
    assert "before its entries" in str(response.context["form"].errors["date"])


def test_an_entry_of_another_customer_is_no_counterpart(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    desk.payment(60, "2026-01-02", automatic=False)
    other = Desk(a_customer(owner=desk.by)).payment(5, "2026-01-01")
    response = send(salesperson, address("allocate", bill.pk), counterpart=str(other.pk), amount="5")
    assert "counterpart" in response.context["form"].errors


def test_nothing_to_allocate_against_is_said(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    assert "nothing to allocate" in salesperson.get(address("allocate", bill.pk)).content.decode()


def test_an_allocation_is_undone(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    paid = desk.payment(60, "2026-01-02")
    allocation = paid.allocations_out.get()
    assert send(salesperson, address("undo", allocation.pk), date="2026-02-01").status_code == 302
    assert open_amounts(bill, paid) == [money(100), money(-60)]
    again = send(salesperson, address("undo", allocation.pk), date="2026-02-01")
    assert "undone already" in again.content.decode()
    page = salesperson.get(address("entry", bill.pk)).context
    assert [move.is_undone for move in page["movements"]] == [True, False]


def test_an_entry_is_reversed_with_a_reason(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    url = address("reverse", bill.pk)
    assert "reason" in send(salesperson, url, reason="").context["form"].errors
    response = send(salesperson, url, reason="wrong customer", date="2026-01-09")
    reversal = Entry.objects.get(reverses=bill)
    assert response["Location"] == address("entry", reversal.pk)
    assert (reversal.amount, reversal.memo, reversal.date) == (money(-100), "wrong customer", day("2026-01-09"))
    assert "reversed already" in send(salesperson, url, reason="again").content.decode()


def test_the_page_that_reverses_says_what_falls_with_the_document(salesperson: Client, desk: Desk) -> None:
    parts = [Instalment(day("2026-02-01"), money(70)), Instalment(day("2026-03-01"), money(30))]
    bill = desk.invoice(100, "2026-01-01", instalments=parts)
    desk.payment(80, "2026-01-02", number="P-1")
    reversal = salesperson.get(address("reverse", bill.pk)).context["reversal"]
    assert reversal.document_amount == money(100)
    assert [(str(move.other), move.size) for move in reversal.movements] == [
        ("payment P-1", money(70)), ("payment P-1", money(10)),
    ]  # fmt: skip


def test_the_page_that_undoes_says_how_much_and_between_which_documents(salesperson: Client, desk: Desk) -> None:
    desk.invoice(100, "2026-01-01", number="I-1")
    paid = desk.payment(60, "2026-01-02", number="P-1")
    page = salesperson.get(address("undo", paid.allocations_out.get().pk)).content.decode()
    assert '<span class="money">60.00</span>' in page
    assert "Invoice I-1" in page
    assert "Payment P-1" in page


def test_a_reversal_is_named_as_one_and_a_reversed_document_is_not_called_closed(
    salesperson: Client, desk: Desk
) -> None:
    bill = desk.invoice(100, "2026-01-01", number="I-1")
    reversal = desk.reverse(bill, "2026-01-02")
    assert str(reversal) == "reversal of invoice I-1"
    for entry, name in ((bill, "Invoice I-1"), (reversal, "Reversal of invoice I-1")):
        page = salesperson.get(address("entry", entry.pk)).content.decode()
        assert f"<h1>{name}</h1>" in page
        assert ">closed<" not in page
    listed = salesperson.get(reverse("ledger:entries")).content.decode()
    assert ">Reversal of invoice I-1</a>" in listed


def test_what_others_stand_on_is_not_reversed(salesperson: Client, desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    desk.invoice(100, "2026-01-02", shipments=[goods])
    response = send(salesperson, address("reverse", goods.pk), reason="mistake")
    assert "reverse it first" in response.content.decode()


def test_steps_of_the_way_are_recorded_and_refused(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    url = address("step", bill.pk)
    assert salesperson.get(f"{url}?step=received").context["form"]["step"].value() == "received"
    sent = send(salesperson, url, step="sent", date="2026-01-06", carrier="SF", tracking_number="SF123")
    assert sent.status_code == 302
    step = InvoiceStep.objects.get()
    assert (step.step, step.carrier, step.by) == ("sent", "SF", desk.by)
    assert "SF123" in salesperson.get(address("entry", bill.pk)).content.decode()
    assert "already" in str(send(salesperson, url, step="sent", date="2026-01-07").context["form"].errors["step"])
    early = send(salesperson, url, step="received", date="2026-01-01")
    assert "before the step" in str(early.context["form"].errors["date"])
    ahead = send(salesperson, url, step="received", date=f"{timezone.localdate().year + 1}-01-01")
    assert "once it has happened" in str(ahead.context["form"].errors["date"])


def test_only_an_invoice_has_a_way_and_a_red_letter(salesperson: Client, desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-05")
    assert salesperson.get(address("step", goods.pk)).status_code == 404
    assert salesperson.get(address("red-letter", goods.pk)).status_code == 404


def test_the_red_letter_leads_to_the_form_that_issues_again(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    response = send(salesperson, address("red-letter", bill.pk), number="X-1", date="2026-01-06")
    assert response["Location"].endswith(f"?customer={desk.customer.pk}&replaces={bill.pk}")
    page = salesperson.get(address("entry", bill.pk))
    assert page.context["can_be_issued_again"]
    desk.invoice(100, "2026-01-07", replaces=bill)
    assert not salesperson.get(address("entry", bill.pk)).context["can_be_issued_again"]
