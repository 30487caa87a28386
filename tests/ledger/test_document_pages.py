"""Recording documents in the browser: what is typed is posted once, or comes back with what is wrong."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.dates import shown_day
from customers.models import Role
from ledger.documents import Instalment
from ledger.models import Allocation, Billing, Entry, Kind, Posting
from ledger.verification import breaches
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, day, money, open_amounts
from tests.ledger.filling import filled

pytestmark = pytest.mark.django_db

PAGES = [
    "ledger:shipment-new",
    "ledger:return-new",
    "ledger:invoice-new",
    "ledger:credit-note-new",
    "ledger:payment-new",
    "ledger:refund-new",
    "ledger:discount-new",
    "ledger:opening-new",
]


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user()))


@pytest.fixture
def salesperson(client: Client, desk: Desk) -> Client:
    client.force_login(desk.by)
    return client


def form_of(client: Client, page: str, desk: Desk, query: str = "") -> Any:
    response = client.get(f"{reverse(page)}?customer={desk.customer.pk}{query}")
    assert response.status_code == 200
    return response.context["form"]


def send(client: Client, page: str, data: dict[str, Any]) -> Any:
    return client.post(reverse(page), data)


def errors(response: Any) -> Any:
    assert response.status_code == 200
    return response.context["form"].errors


@pytest.mark.parametrize("page", PAGES)
def test_every_form_opens_with_and_without_a_customer(client: Client, desk: Desk, page: str) -> None:
    client.force_login(a_user(Role.FINANCE))
    assert client.get(reverse(page)).status_code == 200
    assert desk.customer.name in client.get(f"{reverse(page)}?customer={desk.customer.pk}").content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_an_auditor_neither_opens_nor_sends_a_form(client: Client, desk: Desk, page: str) -> None:
    client.force_login(a_user(Role.AUDITOR))
    assert client.get(reverse(page)).status_code == 403
    assert send(client, page, {"customer": desk.customer.pk}).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_anothers_customer_does_not_exist_for_a_form(client: Client, desk: Desk, page: str) -> None:
    client.force_login(a_user(Role.MANAGER, team=a_team()))
    expected = 403 if page == "ledger:opening-new" else 404
    assert client.get(f"{reverse(page)}?customer={desk.customer.pk}").status_code == expected
    assert send(client, page, {"customer": desk.customer.pk}).status_code == expected
    assert not Entry.objects.exists()


def test_an_opening_balance_is_for_finance_alone(salesperson: Client, desk: Desk) -> None:
    assert salesperson.get(reverse("ledger:opening-new")).status_code == 403


def test_a_shipment_with_an_amount(salesperson: Client, desk: Desk) -> None:
    form = form_of(salesperson, "ledger:shipment-new", desk)
    data = filled(form, date="2026-03-01", number="S-1", amount="￥1,234.50", memo="spring")
    response = send(salesperson, "ledger:shipment-new", data)
    assert response["Location"] == reverse("customers:detail", args=[desk.customer.pk])
    entry = Entry.objects.get()
    assert (entry.kind, entry.number, entry.amount, entry.memo) == (Kind.SHIPMENT, "S-1", money("1234.50"), "spring")
    assert entry.due_date == desk.customer.due_date(day("2026-03-01"))
    assert entry.salesperson == desk.by
    assert entry.posting.by == desk.by


def test_what_was_recorded_can_be_taken_back_from_the_message(salesperson: Client, desk: Desk) -> None:
    response = send(
        salesperson,
        "ledger:shipment-new",
        filled(form_of(salesperson, "ledger:shipment-new", desk), number="S-1", amount="5", date="2026-03-01"),
    )
    shown = salesperson.get(response["Location"]).content.decode()
    undo = reverse("ledger:reverse", args=[Entry.objects.get().pk], query={"reason": "recorded by mistake"})
    assert f'was recorded. <a href="{undo}">Undo</a></p>' in shown
    assert salesperson.get(undo).context["form"]["reason"].value() == "recorded by mistake"


def test_a_shipment_with_lines_adds_them_up(salesperson: Client, desk: Desk) -> None:
    data = filled(form_of(salesperson, "ledger:shipment-new", desk), number="S-1", date="2026-03-01")
    data["_add"] = "lines"
    grown = send(salesperson, "ledger:shipment-new", data).context["form"]
    assert len(grown.lines.forms) == 2
    assert not grown.errors
    data = filled(
        grown,
        **{
            "lines-0-product": "cloth",
            "lines-0-quantity": "3",
            "lines-0-unit": "m",
            "lines-0-unit_price": "33.335",
            "lines-1-product": "dye",
            "lines-1-quantity": "１",
            "lines-1-unit_price": "10",
        },
    )
    assert send(salesperson, "ledger:shipment-new", data).status_code == 302
    entry = Entry.objects.get()
    assert entry.amount == money("110.01")
    assert [line.amount for line in entry.shipment.lines.all()] == [money("100.01"), money("10")]


def test_lines_that_do_not_add_up_to_the_amount_are_refused_and_kept(salesperson: Client, desk: Desk) -> None:
    data = filled(
        form_of(salesperson, "ledger:shipment-new", desk),
        number="S-1",
        amount="99",
        **{"lines-0-product": "cloth", "lines-0-quantity": "3", "lines-0-unit_price": "30"},
    )
    response = send(salesperson, "ledger:shipment-new", data)
    assert "add up" in str(errors(response)["amount"])
    assert 'value="cloth"' in response.content.decode()


def test_a_form_that_is_sent_twice_posts_once(salesperson: Client, desk: Desk) -> None:
    data = filled(form_of(salesperson, "ledger:payment-new", desk), date="2026-03-01", amount="100")
    for _time in range(2):
        assert send(salesperson, "ledger:payment-new", data).status_code == 302
    assert Entry.objects.count() == 1


def test_the_same_click_twice_posts_once_what_is_settled_by_then(salesperson: Client, desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-05")
    bill = desk.invoice(50, "2026-01-06")
    payment = {"date": "2026-03-01", "amount": "50", f"take_{bill.pk}": "on"}
    for page, typed in (
        ("ledger:invoice-new", {"number": "I-1", "shipments": [str(goods.pk)]}),
        ("ledger:payment-new", payment),
    ):
        data = filled(form_of(salesperson, page, desk), **typed)
        count = Entry.objects.count()
        for _time in range(2):
            assert send(salesperson, page, data).status_code == 302
        assert Entry.objects.count() == count + 1


def test_a_form_changed_after_it_was_recorded_has_to_be_sent_once_more(salesperson: Client, desk: Desk) -> None:
    data = filled(form_of(salesperson, "ledger:payment-new", desk), date="2026-03-01", amount="100")
    send(salesperson, "ledger:payment-new", data)
    response = send(salesperson, "ledger:payment-new", {**data, "amount": "200"})
    assert "recorded already" in str(errors(response)["__all__"])
    assert Entry.objects.count() == 1
    anew = filled(response.context["form"])
    assert anew["key"] != data["key"]
    assert anew["amount"] == "200"
    assert send(salesperson, "ledger:payment-new", anew).status_code == 302
    assert list(Entry.objects.order_by("pk").values_list("amount", flat=True)) == [money(-100), money(-200)]


def test_a_refused_form_keeps_its_key_and_what_was_typed(salesperson: Client, desk: Desk) -> None:
    form = form_of(salesperson, "ledger:invoice-new", desk)
    data = filled(form, number="", amount="12.345", memo="keep me", tax="1")
    again = send(salesperson, "ledger:invoice-new", data)
    assert set(errors(again)) == {"number", "amount"}
    page = again.content.decode()
    assert data["key"] in page
    assert 'value="keep me"' in page
    assert 'value="12.345"' in page
    assert not Posting.objects.exists()


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", "Give an amount"),
        ("abc", "not an amount"),
        ("1.234", "two decimal places"),
        ("0", "above zero"),
        ("-5", "above zero"),
        ("1000000000000000", "larger than the ledger can hold"),
        ("1e5", "not an amount"),
        ("NaN", "not an amount"),
    ],
)
def test_an_amount_that_makes_no_sense_is_named(salesperson: Client, desk: Desk, amount: str, said: str) -> None:
    data = filled(form_of(salesperson, "ledger:payment-new", desk), amount=amount)
    assert said in str(errors(send(salesperson, "ledger:payment-new", data))["amount"])


@pytest.mark.parametrize(
    "typed", ["1989-12-31", "0026-03-31", f"{timezone.localdate().year + 2}-01-01", "31.31.2026"]
)
def test_a_date_out_of_reach_is_named(salesperson: Client, desk: Desk, typed: str) -> None:
    data = filled(form_of(salesperson, "ledger:payment-new", desk), amount="5", date=typed)
    assert "date" in errors(send(salesperson, "ledger:payment-new", data))


@pytest.mark.parametrize("typed", ["2026/3/31", "20260331", "2026年3月31日", "2026-03-31"])
def test_a_date_is_read_as_people_write_it(salesperson: Client, desk: Desk, typed: str) -> None:
    data = filled(form_of(salesperson, "ledger:payment-new", desk), amount="5", date=typed)
    assert send(salesperson, "ledger:payment-new", data).status_code == 302
    assert Entry.objects.get().date == day("2026-03-31")


def test_a_number_that_is_taken_is_refused_at_its_field(salesperson: Client, desk: Desk) -> None:
    desk.shipment(10, "2026-01-01", number="S-1")
    data = filled(form_of(salesperson, "ledger:shipment-new", desk), number="S-1", amount="5")
    assert "in the ledger already" in str(errors(send(salesperson, "ledger:shipment-new", data))["number"])


def test_a_form_without_a_customer_asks_for_one(salesperson: Client, desk: Desk) -> None:
    form = salesperson.get(reverse("ledger:payment-new")).context["form"]
    assert "Choose a customer" in str(errors(send(salesperson, "ledger:payment-new", filled(form, amount="5"))))


def test_the_form_asks_for_a_customer_once(salesperson: Client) -> None:
    page = send(salesperson, "ledger:payment-new", {"amount": "9"}).content.decode()
    assert page.count("Choose a customer.") == 1


def test_a_refused_form_keeps_its_customer_in_its_address(salesperson: Client, desk: Desk) -> None:
    data = filled(form_of(salesperson, "ledger:payment-new", desk))
    page = send(salesperson, "ledger:payment-new", data).content.decode()
    assert f'action="{reverse("ledger:payment-new")}?customer={desk.customer.pk}"' in page


def test_the_first_button_of_the_form_records(salesperson: Client, desk: Desk) -> None:
    """The one that Enter presses."""
    response = salesperson.get(f"{reverse('ledger:invoice-new')}?customer={desk.customer.pk}")
    form = response.content.decode().partition('<form id="document"')[2]
    first = re.search(r"<button([^>]*)>", form)
    assert first
    assert "name=" not in first[1]


def test_choosing_a_customer_draws_the_form_anew_and_judges_nothing(salesperson: Client, desk: Desk) -> None:
    form = salesperson.get(reverse("ledger:shipment-new")).context["form"]
    data = {**filled(form, memo="typed before"), "customer": desk.customer.pk, "_redraw": "customer"}
    response = salesperson.post(reverse("ledger:shipment-new"), data, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert page.lstrip().startswith("<form")
    assert desk.customer.name in page
    assert 'value="typed before"' in page
    assert "errors" not in page
    expected = desk.customer.due_date(timezone.localdate())
    assert shown_day(expected) in page
    assert data["key"] in page


def test_the_due_date_by_terms_follows_the_date(salesperson: Client, desk: Desk) -> None:
    data = {**filled(form_of(salesperson, "ledger:shipment-new", desk), date="2026-01-15"), "_redraw": "date"}
    page = salesperson.post(reverse("ledger:shipment-new"), data).content.decode()
    assert "14 Feb 2026" in page


def test_an_invoice_takes_over_the_shipments_that_are_ticked(salesperson: Client, desk: Desk) -> None:
    one, two = desk.shipment(100, "2026-01-01"), desk.shipment(50, "2026-01-02")
    desk.shipment(7, "2026-01-03")
    form = form_of(salesperson, "ledger:invoice-new", desk)
    assert len(form.goods_rows) == 3
    data = filled(
        form, date="2026-01-10", number="I-1", shipments=[str(one.pk), str(two.pk)], tax="17.26", sent_on="2026-01-11"
    )
    assert send(salesperson, "ledger:invoice-new", data).status_code == 302
    entry = Entry.objects.get(kind=Kind.INVOICE)
    assert (entry.document_amount, entry.amount, entry.open_amount) == (money(150), money(0), money(150))
    assert entry.invoice.sent_on == day("2026-01-11")
    assert entry.invoice.tax == money("17.26")
    assert Billing.objects.count() == 2


def test_a_shipment_that_is_billed_already_is_not_offered(salesperson: Client, desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    desk.invoice(100, "2026-01-02", shipments=[goods])
    form = form_of(salesperson, "ledger:invoice-new", desk)
    assert form.goods_rows == []
    data = filled(form, number="I-9", amount="5", shipments=[str(goods.pk)])
    assert "billed already" in str(errors(send(salesperson, "ledger:invoice-new", data))["shipments"])


def test_an_invoice_in_instalments(salesperson: Client, desk: Desk) -> None:
    data = filled(
        form_of(salesperson, "ledger:invoice-new", desk),
        date="2026-01-10",
        number="I-1",
        amount="100",
        **{
            "instalments-0-due_date": "2026-02-10",
            "instalments-0-amount": "60",
            "instalments-1-due_date": "2026-03-10",
            "instalments-1-amount": "40",
        },
    )
    assert send(salesperson, "ledger:invoice-new", data).status_code == 302
    assert list(Entry.objects.values_list("document_amount", "due_date").order_by("instalment")) == [
        (money(60), day("2026-02-10")),
        (money(40), day("2026-03-10")),
    ]


def test_instalments_that_do_not_add_up_are_refused(salesperson: Client, desk: Desk) -> None:
    data = filled(
        form_of(salesperson, "ledger:invoice-new", desk),
        number="I-1",
        amount="100",
        **{"instalments-0-due_date": "2027-02-10", "instalments-0-amount": "60"},
    )
    assert "instalments add up" in str(errors(send(salesperson, "ledger:invoice-new", data)))


@pytest.mark.parametrize("page", ["ledger:shipment-new", "ledger:invoice-new"])
def test_what_is_due_before_its_own_date_is_refused(salesperson: Client, desk: Desk, page: str) -> None:
    data = filled(form_of(salesperson, page, desk), number="1", amount="9", date="2026-02-01", due_date="2026-01-31")
    assert "before the date" in str(errors(send(salesperson, page, data))["due_date"])


def test_an_instalment_that_is_due_before_its_invoice_is_marked(salesperson: Client, desk: Desk) -> None:
    rows = {"instalments-0-due_date": "2026-01-31", "instalments-0-amount": "9"}
    form = form_of(salesperson, "ledger:invoice-new", desk)
    response = send(
        salesperson, "ledger:invoice-new", filled(form, number="1", amount="9", date="2026-02-01", **rows)
    )
    assert "before the date" in str(response.context["form"].instalments.errors[0]["due_date"])
    assert "Please mend the marked fields." in response.content.decode()


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        ("quantity", "-1", "above zero"),
        ("quantity", "0", "above zero"),
        ("unit_price", "-0.5", "below zero"),
        ("quantity", "x", "not a number"),
        ("product", "", "Fill this in"),
    ],
)
def test_what_is_wrong_in_a_line_is_marked_there_and_said_above(
    salesperson: Client, desk: Desk, column: str, typed: str, said: str
) -> None:
    line = {"product": "cloth", "quantity": "3", "unit_price": "0", column: typed}
    rows = {f"lines-0-{name}": value for name, value in line.items()}
    form = form_of(salesperson, "ledger:shipment-new", desk)
    response = send(salesperson, "ledger:shipment-new", filled(form, number="1", amount="9", **rows))
    assert said in str(response.context["form"].lines.errors[0][column])
    assert "Please mend the marked fields." in response.content.decode()


def test_rows_have_names_and_the_added_one_waits_for_typing(salesperson: Client, desk: Desk) -> None:
    data = filled(form_of(salesperson, "ledger:shipment-new", desk), _add="lines")
    page = send(salesperson, "ledger:shipment-new", data).content.decode()
    assert 'aria-label="Quantity, row 1"' in page
    assert page.count("autofocus") == 1
    assert re.search(r'name="lines-1-product"[^>]*autofocus', page)


def test_an_instalment_without_a_date_is_marked(salesperson: Client, desk: Desk) -> None:
    data = filled(
        form_of(salesperson, "ledger:invoice-new", desk), number="I-1", amount="60", **{"instalments-0-amount": "60"}
    )
    response = send(salesperson, "ledger:invoice-new", data)
    assert response.status_code == 200
    assert "due_date" in response.context["form"].instalments.errors[0]
    assert not Entry.objects.exists()


def test_a_payment_settles_what_is_ticked_and_then_the_oldest(salesperson: Client, desk: Desk) -> None:
    old, new = desk.invoice(100, "2026-01-01"), desk.invoice(100, "2026-02-01")
    data = filled(
        form_of(salesperson, "ledger:payment-new", desk),
        date="2026-03-01",
        amount="150",
        **{f"take_{new.pk}": True, f"pay_{new.pk}": "80"},
    )
    assert send(salesperson, "ledger:payment-new", data).status_code == 302
    assert open_amounts(old, new) == [money(30), money(20)]
    assert not list(breaches())


def test_a_payment_ticked_without_an_amount_settles_as_far_as_it_reaches(salesperson: Client, desk: Desk) -> None:
    old, new = desk.invoice(100, "2026-01-01"), desk.invoice(100, "2026-02-01")
    data = filled(
        form_of(salesperson, "ledger:payment-new", desk), date="2026-03-01", amount="70", **{f"take_{new.pk}": True}
    )
    assert send(salesperson, "ledger:payment-new", data).status_code == 302
    assert open_amounts(old, new) == [money(100), money(30)]


def test_a_payment_may_wait_unapplied(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    data = filled(form_of(salesperson, "ledger:payment-new", desk), date="2026-03-01", amount="70", automatic=False)
    assert send(salesperson, "ledger:payment-new", data).status_code == 302
    assert open_amounts(bill) == [money(100)]


def test_more_than_is_open_is_refused(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    data = filled(
        form_of(salesperson, "ledger:payment-new", desk), date="2026-03-01", amount="500", **{f"pay_{bill.pk}": "101"}
    )
    response = send(salesperson, "ledger:payment-new", data)
    assert errors(response) == {f"pay_{bill.pk}": ["Only 100.00 is open."]}
    assert f'aria-label="Amount for {bill}" aria-invalid="true"' in response.content.decode()
    assert not Entry.objects.filter(kind=Kind.PAYMENT).exists()


def test_more_than_the_payment_is_refused_at_its_amount(salesperson: Client, desk: Desk) -> None:
    bills = [desk.invoice(100, "2026-01-01"), desk.invoice(100, "2026-01-02")]
    data = filled(
        form_of(salesperson, "ledger:payment-new", desk),
        date="2026-03-01",
        amount="150",
        **{f"pay_{bill.pk}": "80" for bill in bills},
    )
    said = errors(send(salesperson, "ledger:payment-new", data))
    assert said == {"amount": ["The amounts below add up to 160.00, more than this."]}


def test_a_payment_is_opened_for_one_debt(salesperson: Client, desk: Desk) -> None:
    first, second = desk.invoice(100, "2026-01-01"), desk.invoice(100, "2026-01-02")
    form = form_of(salesperson, "ledger:payment-new", desk, f"&debt={second.pk}")
    assert [(debt, take.value()) for debt, take, _pay in form.debt_rows] == [(first, False), (second, True)]


def test_a_bill_says_when_it_matures(salesperson: Client, desk: Desk) -> None:
    data = filled(form_of(salesperson, "ledger:payment-new", desk), date="2026-03-01", amount="70", method="bill")
    assert "matures" in str(errors(send(salesperson, "ledger:payment-new", data))["matures_on"])
    data |= {"matures_on": "2026-09-01"}
    assert send(salesperson, "ledger:payment-new", data).status_code == 302
    assert Entry.objects.get().payment.matures_on == day("2026-09-01")


def test_a_return_settles_its_shipment(salesperson: Client, desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01", number="S-1")
    data = filled(
        form_of(salesperson, "ledger:return-new", desk), date="2026-01-05", number="R-1", amount="30", shipment="S-1"
    )
    assert send(salesperson, "ledger:return-new", data).status_code == 302
    assert open_amounts(goods) == [money(70)]


def test_a_return_of_an_unknown_shipment_is_refused(salesperson: Client, desk: Desk) -> None:
    data = filled(form_of(salesperson, "ledger:return-new", desk), number="R-1", amount="30", shipment="S-404")
    assert "no shipment S-404" in str(errors(send(salesperson, "ledger:return-new", data))["shipment"])


def test_a_credit_note_settles_the_invoice_that_it_reverses(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01", number="I-1")
    form = form_of(salesperson, "ledger:credit-note-new", desk, f"&reverses={bill.pk}")
    assert form["reverses"].value() == "I-1"
    data = filled(form, date="2026-01-05", number="C-1", amount="30")
    assert send(salesperson, "ledger:credit-note-new", data).status_code == 302
    assert open_amounts(bill) == [money(70)]


def test_a_refund_pays_back_what_was_paid_too_much(salesperson: Client, desk: Desk) -> None:
    paid = desk.payment(100, "2026-01-01")
    data = filled(
        form_of(salesperson, "ledger:refund-new", desk), date="2026-01-05", amount="40", payment=str(paid.pk)
    )
    assert send(salesperson, "ledger:refund-new", data).status_code == 302
    assert open_amounts(paid) == [money(-60)]


def test_a_discount_settles_a_debt(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    data = filled(form_of(salesperson, "ledger:discount-new", desk), date="2026-01-05", amount="3", debt=str(bill.pk))
    assert send(salesperson, "ledger:discount-new", data).status_code == 302
    assert open_amounts(bill) == [money(97)]


def test_an_opening_balance_may_be_an_advance(client: Client, desk: Desk) -> None:
    client.force_login(a_user(Role.FINANCE))
    data = filled(form_of(client, "ledger:opening-new", desk), date="2026-01-01", amount="-50.00")
    assert send(client, "ledger:opening-new", data).status_code == 302
    entry = Entry.objects.get()
    assert (entry.amount, entry.salesperson) == (money(-50), desk.by)


def test_another_customers_entry_cannot_be_prefilled(salesperson: Client, desk: Desk) -> None:
    other = Desk(a_customer(owner=desk.by)).invoice(5, "2026-01-01")
    url = f"{reverse('ledger:credit-note-new')}?customer={desk.customer.pk}&reverses="
    assert salesperson.get(f"{url}{other.pk}").status_code == 404
    assert salesperson.get(f"{url}x").status_code == 404


def test_issuing_again_needs_the_red_letter_first_and_then_is_filled_in(salesperson: Client, desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(100, "2026-01-02", number="I-1", shipments=[goods], tax=money("11.50"), kind="general")
    form = form_of(salesperson, "ledger:invoice-new", desk, f"&replaces={bill.pk}")
    refused = send(salesperson, "ledger:invoice-new", filled(form, number="I-2", shipments=None))
    assert "red-letter invoice for" in str(errors(refused)["replaces"])

    page = reverse("ledger:red-letter", args=[bill.pk])
    cancelled = salesperson.post(page, filled(salesperson.get(page).context["form"], date="2026-01-03", number="X-1"))
    form = salesperson.get(cancelled["Location"]).context["form"]
    assert form["amount"].value() == "100.00"
    assert form["kind"].value() == "general"
    assert [ticked for _entry, ticked in form.goods_rows] == [True]
    again = send(salesperson, "ledger:invoice-new", filled(form, date="2026-01-04", number="I-2"))
    assert again.status_code == 302
    new = Entry.objects.get(number="I-2")
    assert (new.amount, new.open_amount) == (money(0), money(100))
    assert new.invoice.replaces == bill.invoice
    assert Allocation.objects.filter(to_entry=new).exists()
    assert not list(breaches())


def test_the_customer_is_searched_by_code_or_name_among_the_own(salesperson: Client, desk: Desk) -> None:
    mine = a_customer(owner=desk.by, code="00815", name="Blue Mill")
    a_customer(owner=a_user(), code="00816", name="Blue Sea")
    for words in ("815", "blue mill"):
        page = salesperson.get(reverse("customers:options"), {"customer_search": words}).content.decode()
        assert re.findall(r'value="(\d+)"', page) == [str(mine.pk)]
    assert "No customer" in salesperson.get(reverse("customers:options"), {"customer_search": "sea"}).content.decode()


def test_an_auditor_finds_no_customer_to_post_for(client: Client, desk: Desk) -> None:
    client.force_login(a_user(Role.AUDITOR))
    assert desk.customer.name not in client.get(reverse("customers:options")).content.decode()


def test_nothing_is_recorded_before_its_day_has_come(salesperson: Client, desk: Desk) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    data = filled(form_of(salesperson, "ledger:payment-new", desk), amount="5", date=tomorrow)
    assert "not come yet" in str(errors(send(salesperson, "ledger:payment-new", data))["date"])
    assert not Entry.objects.exists()


def test_no_more_is_refunded_than_the_customer_has_to_its_credit(salesperson: Client, desk: Desk) -> None:
    payment = desk.payment(30, "2026-01-05", automatic=False)
    desk.payment(20, "2026-01-06", automatic=False)
    for typed in ({"amount": "50.01"}, {"amount": "31", "payment": str(payment.pk)}):
        data = filled(form_of(salesperson, "ledger:refund-new", desk), **typed)
        assert "to be paid back" in str(errors(send(salesperson, "ledger:refund-new", data))["amount"])
    assert Entry.objects.count() == 2
    data = filled(form_of(salesperson, "ledger:refund-new", desk), amount="50")
    assert send(salesperson, "ledger:refund-new", data).status_code == 302


def test_an_invoice_issued_again_is_due_as_it_was(salesperson: Client, desk: Desk) -> None:
    parts = [Instalment(day("2026-02-01"), money(50)), Instalment(day("2026-03-01"), money(70))]
    for cancelled in (
        desk.invoice(120, "2026-01-05", number="I-1", instalments=parts),
        desk.invoice(80, "2026-01-05", number="I-2", due_date=day("2026-02-15")),
    ):
        desk.red_letter(cancelled, "2026-03-10")
        page = salesperson.get(
            reverse("ledger:invoice-new"), {"customer": desk.customer.pk, "replaces": cancelled.pk}
        )
        assert f"Invoice in place of {cancelled.number}" in page.content.decode()
        data = filled(page.context["form"], number=f"{cancelled.number}b", date="2026-03-11")
        assert send(salesperson, "ledger:invoice-new", data).status_code == 302
    dues = Entry.objects.filter(number__in=("I-1b", "I-2b")).order_by("pk").values_list("due_date", "document_amount")
    assert list(dues) == [
        (day("2026-02-01"), money(50)), (day("2026-03-01"), money(70)), (day("2026-02-15"), money(80)),
    ]  # fmt: skip
