"""Quick entry without a browser: what is remembered, suggested, kept for the next one and never posted twice."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, Role, User
from ledger.documents import LineInput
from ledger.exact_match import matches
from ledger.models import Entry, Kind
from ledger.queries.quick import customers_to_choose, next_number, products_bought
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money, open_amounts

pytestmark = pytest.mark.django_db

PAYMENT, SHIPMENT = "ledger:quick-payment", "ledger:quick-shipment"


@pytest.fixture
def user(client: Client) -> User:
    made = a_user()
    client.force_login(made)
    return made


@pytest.fixture
def customer(user: User) -> Customer:
    return a_customer(owner=user, code="C0001", name="杭州锦程纺织有限公司")


def send(client: Client, route: str, **typed: Any) -> Any:
    data = {"key": str(uuid.uuid4()), "date": timezone.localdate().isoformat(), "method": "transfer", **typed}
    rows = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"} if route == SHIPMENT else {}
    return client.post(reverse(route), {**rows, **data}, headers={"HX-Request": "true"})


# --- payments --------------------------------------------------------------------------------------------


def test_the_next_payment_keeps_the_date_and_the_method_and_shows_the_last(
    client: Client, customer: Customer
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    response = send(
        client,
        PAYMENT,
        customer=customer.pk,
        amount="1,200",
        date=yesterday.isoformat(),
        method="cash",
        key=(key := str(uuid.uuid4())),
    )
    entry = Entry.objects.get()
    assert (entry.document_amount, entry.date, entry.payment.method) == (money(-1200), yesterday, "cash")
    assert response.headers["HX-Trigger"] == f'{{"recorded": {{"key": "{key}"}}}}'
    form = response.context["form"]
    assert form.chosen is None
    assert (form["date"].value(), form["method"].value()) == (yesterday, "cash")
    assert str(form["key"].value()) != key
    assert list(response.context["recorded"]) == [entry]


def test_the_same_form_again_posts_once(client: Client, customer: Customer) -> None:
    typed = {"customer": customer.pk, "amount": "70", "key": str(uuid.uuid4())}
    for _twice in range(2):
        assert send(client, PAYMENT, **typed).context["just"] == Entry.objects.get()


def test_without_a_script_the_address_carries_what_is_kept(client: Client, customer: Customer) -> None:
    on = (timezone.localdate() - timedelta(days=5)).isoformat()
    data = {"key": str(uuid.uuid4()), "date": on, "method": "cash", "customer": customer.pk, "amount": "5"}
    response = client.post(reverse(PAYMENT), data)
    assert response["Location"] == f"{reverse(PAYMENT)}?date={on}&method=cash"
    form = client.get(response["Location"]).context["form"]
    assert (str(form["date"].value()), form["method"].value()) == (on, "cash")


def test_a_payment_settles_the_oldest_due_unless_something_is_chosen(client: Client, customer: Customer) -> None:
    desk = Desk(customer)
    old, new = desk.invoice(300, "2026-01-05"), desk.invoice(500, "2026-02-05")
    send(client, PAYMENT, customer=customer.pk, amount="500")
    assert open_amounts(old, new) == [money(0), money(300)]
    later = desk.invoice(200, "2026-03-05")
    send(client, PAYMENT, customer=customer.pk, amount="200", settles=str(later.pk))
    assert open_amounts(new, later) == [money(300), money(0)]


def test_what_is_not_open_any_more_is_not_settled_in_silence(client: Client, customer: Customer) -> None:
    desk = Desk(customer)
    invoice = desk.invoice(200, "2026-03-05")
    desk.payment(200, "2026-03-06")
    response = send(client, PAYMENT, customer=customer.pk, amount="200", settles=str(invoice.pk))
    assert "not open any more" in response.content.decode()
    assert Entry.objects.filter(kind=Kind.PAYMENT).count() == 1


def test_a_bill_needs_the_day_on_which_it_matures(client: Client, customer: Customer) -> None:
    response = send(client, PAYMENT, customer=customer.pk, amount="200", method="bill")
    assert "matures_on" in response.context["form"].errors
    assert not Entry.objects.exists()


def test_matches_are_single_debts_then_months_then_everything(customer: Customer) -> None:
    desk = Desk(customer)
    debts = [desk.invoice(300, "2026-01-05"), desk.invoice(100, "2026-02-05"), desk.invoice(200, "2026-02-09")]
    found = matches(debts, money(300))
    assert [(match.debts, match.month) for match in found] == [
        ((debts[0],), None),
        ((debts[1], debts[2]), day("2026-02-01")),
    ]
    assert [match.is_all for match in matches(debts, money(600))] == [True]
    assert matches(debts, money(299)) == []
    assert matches(debts, money(0)) == []


def test_the_choice_of_a_customer_brings_its_account_and_its_own_method(client: Client, customer: Customer) -> None:
    desk = Desk(customer)
    desk.invoice(300, "2026-01-05", number="INV-1")
    desk.payment(10, "2026-01-06", method="cash")
    response = send(client, PAYMENT, _choose=customer.pk, amount="290")
    form = response.context["form"]
    assert form["method"].value() == "cash"
    assert form["amount"].value() == "290"
    assert not form.errors
    page = response.content.decode()
    assert "290.00" in page
    assert "net 30 days" in page
    assert "to the cent" in page


def test_what_was_recorded_is_said_in_sight_and_undone_by_two_taps(client: Client, customer: Customer) -> None:
    response = send(client, PAYMENT, customer=customer.pk, amount="1200")
    page = response.content.decode()
    said = page[page.index("quick-just") :][:900]
    assert "was recorded" in said
    assert "1,200.00" in said
    assert customer.name in said
    undo = f"{reverse('ledger:reverse', args=[Entry.objects.get().pk])}?next=/ledger/quick/payment/&amp;reason="
    assert page.count(undo) == 2


def test_all_of_today_is_shown_the_earlier_ones_folded_away(client: Client, user: User, customer: Customer) -> None:
    for n in range(1, 11):
        Desk(customer, by=user).payment(n, "2026-01-05", number=f"SK-{n}")
    page = client.get(reverse(PAYMENT)).content.decode()
    assert "2 more today" in page
    assert all(f"SK-{n}<" in page for n in range(1, 11))


# --- doubts ----------------------------------------------------------------------------------------------


def answered(client: Client, route: str, response: Any, **typed: Any) -> Any:
    """The same form again, by the button that says yes."""
    return send(client, route, **typed, sure=response.context["form"].answer)


def test_a_payment_that_looks_recorded_already_is_asked_about_and_confirmed_once(
    client: Client, customer: Customer
) -> None:
    desk = Desk(customer)
    first = desk.payment(1200, (timezone.localdate() - timedelta(days=3)).isoformat(), number="SK-7")
    typed = {"customer": customer.pk, "amount": "1200", "key": str(uuid.uuid4())}
    response = send(client, PAYMENT, **typed)
    assert Entry.objects.get() == first
    page = response.content.decode()
    assert "SK-7" in page
    assert 'name="sure"' in page
    for _twice in range(2):
        recorded = answered(client, PAYMENT, response, **typed)
        assert recorded.context["just"] == Entry.objects.latest("pk")
    assert Entry.objects.count() == 2
    # And what was asked about and posted is not posted again by the form without the answer.
    assert send(client, PAYMENT, **typed).context["just"] == Entry.objects.latest("pk")
    assert Entry.objects.count() == 2


def test_the_answer_to_one_question_is_none_to_another(client: Client, customer: Customer) -> None:
    Desk(customer).invoice(300, "2026-01-05")
    typed = {"customer": customer.pk, "amount": "301"}
    response = send(client, PAYMENT, **typed)
    assert answered(client, PAYMENT, response, **typed | {"amount": "3000"}).context["form"].asked
    assert not Entry.objects.filter(kind=Kind.PAYMENT).exists()


@pytest.mark.parametrize(
    ("amount", "back", "doubted"), [("300", 0, False), ("301", 0, True), ("300", 60, False), ("300", 61, True)]
)
def test_a_payment_beyond_what_is_owed_or_of_long_ago_is_asked_about(
    client: Client, customer: Customer, amount: str, back: int, doubted: bool
) -> None:
    desk = Desk(customer)
    desk.invoice(350, "2026-01-05")
    desk.payment(50, "2026-01-06")
    on = (timezone.localdate() - timedelta(days=back)).isoformat()
    response = send(client, PAYMENT, customer=customer.pk, amount=amount, date=on)
    assert bool(response.context["form"].asked) == doubted
    assert Entry.objects.filter(kind=Kind.PAYMENT).count() == (1 if doubted else 2)


def test_one_reversed_another_amount_and_a_week_before_raise_no_question(client: Client, customer: Customer) -> None:
    desk, today = Desk(customer), timezone.localdate()
    desk.reverse(desk.payment(70, today.isoformat()))
    desk.payment(71, today.isoformat())
    desk.payment(70, (today - timedelta(days=4)).isoformat())
    assert send(client, PAYMENT, customer=customer.pk, amount="70").context["just"] is not None


def test_after_a_day_long_ago_the_next_one_begins_with_today(client: Client, customer: Customer) -> None:
    on = (timezone.localdate() - timedelta(days=90)).isoformat()
    typed = {"customer": customer.pk, "amount": "70", "date": on, "key": str(uuid.uuid4())}
    response = answered(client, PAYMENT, send(client, PAYMENT, **typed), **typed)
    assert response.context["just"] is not None
    assert response.context["form"]["date"].value() == timezone.localdate()


def test_a_shipment_beyond_the_credit_limit_is_asked_about(client: Client, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(credit_limit=money(100))
    lines = {"lines-0-product": "cloth", "lines-0-quantity": "3", "lines-0-unit_price": "30"}
    assert send(client, SHIPMENT, customer=customer.pk, number="S-1", **lines).context["just"] is not None
    chosen = send(client, SHIPMENT, _choose=customer.pk)
    assert chosen.context["form"].credit_left == money(10)
    response = send(client, SHIPMENT, customer=customer.pk, number="S-2", amount="11")
    assert "100.00 by 1.00" in response.content.decode()
    assert Entry.objects.count() == 1
    answered(client, SHIPMENT, response, customer=customer.pk, number="S-2", amount="11", key=str(uuid.uuid4()))
    assert Entry.objects.count() == 2


def test_what_is_unapplied_is_shown_with_the_customer(client: Client, customer: Customer) -> None:
    assert "Unapplied" not in send(client, PAYMENT, _choose=customer.pk).content.decode()
    Desk(customer).payment(70, timezone.localdate().isoformat())
    page = send(client, PAYMENT, _choose=customer.pk).content.decode()
    assert "Unapplied" in page


# --- shipments -------------------------------------------------------------------------------------------


def test_the_last_price_and_unit_of_each_product_are_remembered(customer: Customer) -> None:
    desk = Desk(customer)
    for price, on in ((10, "2026-01-05"), (12, "2026-02-05")):
        lines = [LineInput("轴承 6204", money(1), "件", money(price)), LineInput("密封圈", money(1), "", money(3))]
        desk.shipment(price + 3, on, lines=lines)
    wrong = desk.shipment(99, "2026-03-05", lines=[LineInput("轴承 6204", money(1), "箱", money(99))])
    desk.reverse(wrong)
    assert [(one.product, one.unit, one.unit_price) for one in products_bought(customer)] == [
        ("轴承 6204", "件", money(12)),
        ("密封圈", "", money(3)),
    ]


def test_the_number_follows_the_last_one_and_passes_over_what_is_taken(user: User, customer: Customer) -> None:
    assert next_number(user) == ""
    desk = Desk(customer)
    desk.shipment(5, "2026-01-05", number="FH-2026-0099")
    assert next_number(user) == "FH-2026-0100"
    other = a_user(Role.FINANCE)
    Desk(customer, by=other).shipment(5, "2026-01-05", number="FH-2026-0100")
    assert next_number(user) == "FH-2026-0101"


def test_a_shipment_is_recorded_with_its_lines(client: Client, user: User, customer: Customer) -> None:
    response = send(
        client,
        SHIPMENT,
        customer=customer.pk,
        number="S-1",
        **{"lines-0-product": "cloth", "lines-0-quantity": "3", "lines-0-unit_price": "5"},
    )
    assert Entry.objects.get().document_amount == money(15)
    assert response.context["form"]["number"].value() == "S-2"


def test_lines_are_pasted_from_a_spreadsheet(client: Client, customer: Customer) -> None:
    text = "数量\t品名\t单价\t单位\n1,200\t轴承 6204\t１８.１\t件\n50\t密封圈\t3.25\t件\n"
    response = send(client, SHIPMENT, customer=customer.pk, number="S-1", _paste=text, _row="0", _column="0")
    lines = response.context["form"].lines
    assert [row["product"].value() for row in lines] == ["轴承 6204", "密封圈"]
    assert lines.total_so_far == money("21882.50")
    assert not response.context["form"].errors
    assert not Entry.objects.exists()


# --- customers -------------------------------------------------------------------------------------------


def test_who_was_posted_for_lately_comes_first_and_another_s_customer_never(user: User, customer: Customer) -> None:
    a_customer(owner=user, code="A0001")
    a_customer(code="A0002")
    late = a_customer(owner=user, code="Z0001", name="宁波海曙机电")
    Desk(customer, by=user).payment(5, "2026-01-05")
    Desk(late, by=user).payment(5, "2026-01-05")
    assert [one.code for one in customers_to_choose(user, "")] == ["Z0001", "C0001", "A0001"]
    assert [one.code for one in customers_to_choose(user, "nbhs")] == ["Z0001"]
    assert customers_to_choose(user, "A0002") == []


def test_an_auditor_and_another_s_customer_are_refused(client: Client, customer: Customer) -> None:
    foreign = a_customer()
    assert send(client, PAYMENT, customer=foreign.pk, amount="5").status_code == 404
    client.force_login(a_user(Role.AUDITOR))
    for route in (PAYMENT, SHIPMENT, "ledger:quick-customers", "ledger:grid-payments"):
        assert client.get(reverse(route)).status_code == 403
    assert send(client, PAYMENT, customer=customer.pk, amount="5").status_code == 403
    assert not Entry.objects.exists()
