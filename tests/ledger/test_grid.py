"""Many rows at once: pasted as spreadsheets write them, judged at their cells, posted all or none, and once."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, User
from ledger.grid.layout import PAYMENT_GRID, Layout
from ledger.grid.pasting import as_text, pasted, table
from ledger.models import Entry, Payment, Posting
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money, open_amounts

pytestmark = pytest.mark.django_db

PAYMENTS, SHIPMENTS = "ledger:grid-payments", "ledger:grid-shipments"


@pytest.fixture
def user(client: Client) -> User:
    made = a_user()
    client.force_login(made)
    return made


@pytest.fixture
def customer(user: User) -> Customer:
    return a_customer(owner=user, code="C0001", name="杭州锦程纺织有限公司")


def send(client: Client, route: str, rows: str, **more: Any) -> Any:
    return client.post(
        reverse(route), {"key": str(uuid.uuid4()), "rows": rows, **more}, headers={"HX-Request": "true"}
    )


def messages(response: Any) -> dict[tuple[int, str], str]:
    return {(row.number, cell.key): cell.message for row, cell, _label in response.context["wrong"]}


def cells(layout: Layout, text: str) -> list[dict[str, str]]:
    return [
        {key: cell for key, cell in zip(layout.keys, row, strict=True) if cell} for row in pasted(layout, text).rows
    ]


# --- pasting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    ["客户编码\t日期\t金额\t摘要", "客户名称\t收款日期\t回款金额\t备注", "Customer\tDate\tAmount\tMemo"],
)
def test_headings_are_recognised_in_both_languages(headings: str) -> None:
    assert cells(PAYMENT_GRID, f"{headings}\nC1\t2026/3/5\t100\tx") == [
        {"customer": "C1", "date": "2026/3/5", "amount": "100", "memo": "x"}
    ]


def test_headings_may_stand_in_any_order_and_unknown_ones_are_named() -> None:
    found = pasted(PAYMENT_GRID, "金额\t经办人\t客户\n100\t小王\tC1")
    assert found.rows[0][:3] == ["C1", "", "100"]
    assert found.unknown == ["经办人"]


def test_without_headings_the_columns_follow_the_cursor() -> None:
    assert cells(PAYMENT_GRID, "C1\t2026-03-05\t100") == [{"customer": "C1", "date": "2026-03-05", "amount": "100"}]
    assert pasted(PAYMENT_GRID, "7\t转账", at_column=2).rows[0][:4] == ["", "", "7", "转账"]


def test_quoted_cells_keep_their_tabs_breaks_and_quotes() -> None:
    text = 'C1\t"two\nlines"\t"a ""b"""\r\nC2\tx\ty\r\n\r\n'
    assert table(text) == [["C1", "two\nlines", 'a "b"'], ["C2", "x", "y"]]
    assert table(as_text(table(text))) == table(text)


def test_no_more_than_two_hundred_rows_are_taken_and_the_others_are_told(client: Client, customer: Customer) -> None:
    text = "".join(f"C0001\t2026-03-05\t{n + 1}\n" for n in range(203))
    response = send(client, PAYMENTS, "", _paste=text, _row="0", _column="0")
    assert "3 were left out" in response.content.decode()
    assert response.context["filled"] == 200
    send(client, PAYMENTS, text)
    assert not Entry.objects.exists()


# --- reading ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026年3月5日", "2026-03-05"), ("2026/3/5", "2026-03-05"), ("２０２６－０３－０５", "2026-03-05"),
        ("20260305", "2026-03-05"), ("25/3/2026", "2026-03-25"), ("3/25/2026", "2026-03-25"),
        ("5.5.2026", "2026-05-05"),
    ],
)  # fmt: skip
def test_a_date_is_read_as_spreadsheets_write_it(
    client: Client, customer: Customer, written: str, meant: str
) -> None:
    response = send(client, PAYMENTS, f"C0001\t{written}\t5", _check="1")
    assert messages(response) == {}
    assert response.context["answer"].rows[0].of("date") == day(meant)


def test_a_date_that_may_be_two_days_is_told_with_both(client: Client, customer: Customer) -> None:
    said = messages(send(client, PAYMENTS, "C0001\t3/5/2026\t5"))[1, "date"]
    assert "2026-05-03 or 2026-03-05" in said
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("written", "meant"), [("1,234.50", "1234.50"), ("￥１，２００", "1200"), ("1.2万", "12000"), ("3万元", "30000")]
)
def test_an_amount_is_read_as_people_write_it(client: Client, customer: Customer, written: str, meant: str) -> None:
    response = send(client, PAYMENTS, f"C0001\t2026-03-05\t{written}", _check="1")
    assert messages(response) == {}
    assert response.context["sums"] == {"CNY": money(meant)}


@pytest.mark.parametrize("written", ["C0001", "杭州锦程纺织有限公司", "锦程", "hzjc", "jincheng", "c0001"])
def test_a_customer_is_found_by_code_name_or_pinyin(client: Client, customer: Customer, written: str) -> None:
    a_customer(owner=customer.owner, code="C0002", name="苏州恒达机电")
    response = send(client, PAYMENTS, f"{written}\t2026-03-05\t5", _check="1")
    assert messages(response) == {}
    assert response.context["answer"].rows[0].customer == customer


def test_a_name_of_several_customers_or_of_nobody_s_is_said(client: Client, customer: Customer) -> None:
    a_customer(owner=customer.owner, code="C0002", name="杭州锦城机电")
    a_customer(code="C0003", name="宁波海曙")
    said = messages(send(client, PAYMENTS, "hzjc\t2026-03-05\t5\nC0003\t2026-03-05\t5\nnobody\t2026-03-05\t5"))
    assert "C0001 杭州锦程纺织有限公司, C0002 杭州锦城机电" in said[1, "customer"]
    assert "no customer that you may post for" in said[2, "customer"]
    assert "no customer that you may post for" in said[3, "customer"]
    assert not Entry.objects.exists()


def test_everything_that_is_wrong_is_said_at_its_cell(client: Client, customer: Customer) -> None:
    tomorrow = timezone.localdate().replace(year=timezone.localdate().year + 1)
    rows = [
        "C0001\t2026-03-05\t1.005",
        f"C0001\t{tomorrow}\t5",
        "C0001\t\t-5",
        "C0001\t2026-03-05\t$5",
        "C0001\t2026-03-05\t5\tbarter",
        "C0001\t2026-03-05\t5\t承兑",
        "C0001\t2026-03-05\t5\t\t\t\t2026-09-01",
    ]
    said = messages(send(client, PAYMENTS, "\n".join(rows)))
    assert set(said) == {
        (1, "amount"), (2, "date"), (3, "date"), (3, "amount"), (4, "amount"), (5, "method"), (6, "due_date"),
    }  # fmt: skip
    assert not Posting.objects.exists()


# --- posting ---------------------------------------------------------------------------------------------


def test_all_payments_are_posted_as_one_act_in_the_order_of_their_dates(client: Client, customer: Customer) -> None:
    desk = Desk(customer)
    old, new = desk.invoice(100, "2026-01-05"), desk.invoice(100, "2026-02-05")
    text = "C0001\t2026-03-09\t50\tcash\tBR-2\nhzjc\t2026-03-05\t100\t承兑\t\tP-1\t2026-09-05\tfirst\n"
    response = send(client, PAYMENTS, text)
    first, second = response.context["answer"].recorded
    assert (first.number, first.memo, first.payment.matures_on) == ("P-1", "first", day("2026-09-05"))
    assert (second.payment.method, second.payment.bank_reference) == ("cash", "BR-2")
    assert first.posting == second.posting
    assert open_amounts(old, new) == [money(0), money(50)]
    assert list(breaches()) == []


def test_one_wrong_row_keeps_all_from_being_posted(client: Client, customer: Customer) -> None:
    Desk(customer).payment(5, "2026-01-05", number="P-1")
    text = "C0001\t2026-03-05\t5\n" + "".join(f"C0001\t2026-03-05\t5\t\t\t{n}\n" for n in ("P-1", "P-2", "P-2"))
    response = send(client, PAYMENTS, text)
    assert set(messages(response)) == {(2, "number"), (4, "number")}
    assert Payment.objects.count() == 1
    assert [cell.text for cell in response.context["answer"].rows[1].cells][:3] == ["C0001", "2026-03-05", "5"]


def test_the_same_grid_again_posts_once_and_a_changed_one_asks(client: Client, customer: Customer) -> None:
    key = str(uuid.uuid4())
    for _twice in range(2):
        response = send(client, PAYMENTS, "C0001\t2026-03-05\t5\n", key=key)
        assert len(response.context["answer"].recorded) == 1
    assert Payment.objects.count() == 1
    changed = send(client, PAYMENTS, "C0001\t2026-03-05\t6\n", key=key)
    assert "recorded already" in changed.content.decode()
    assert changed.context["answer"].key != key
    assert Payment.objects.count() == 1


def test_rows_of_one_shipment_number_are_its_lines(client: Client, customer: Customer) -> None:
    text = (
        "单号\t客户\t日期\t产品\t数量\t单位\t单价\t金额\n"
        "S-1\thzjc\t2026年3月5日\t轴承\t1,200\t件\t18.1\t\n"
        "S-1\thzjc\t2026年3月5日\t密封圈\t50\t件\t3.25\t162.50\n"
        "S-2\tC0001\t2026/3/6\t\t\t\t\t99.90\n"
    )
    first, second = send(client, SHIPMENTS, text).context["answer"].recorded
    assert (first.document_amount, first.shipment.lines.count()) == (money("21882.50"), 2)
    assert (second.document_amount, second.shipment.lines.count()) == (money("99.90"), 0)
    assert list(breaches()) == []


def test_rows_of_one_number_agree_and_reckon(client: Client, customer: Customer) -> None:
    text = (
        "C0001\t2026-03-05\tS-1\tcloth\t3\tm\t5\t16\n"
        "C0001\t2026-03-05\tS-2\tcloth\t3\tm\t5\n"
        "C0001\t2026-03-06\tS-2\tdye\t3\tm\t5\n"
        "C0001\t2026-03-06\tS-3\tdye\n"
        "C0001\t2026-03-06\t\tdye\t1\t\t1\n"
        "C0001\t2026-03-06\tS-4\tdye\t1\t\t1\t\t2026-03-01\n"
    )
    said = messages(send(client, SHIPMENTS, text))
    assert set(said) == {(1, "amount"), (3, "date"), (4, "amount"), (5, "number"), (6, "due_date")}
    assert "row 2" in said[3, "date"]
    assert not Posting.objects.exists()


def test_twenty_rows_cost_about_as_many_queries_as_two(client: Client, user: User) -> None:
    customers = [a_customer(owner=user) for _n in range(20)]

    def queries(count: int) -> int:
        rows = "".join(f"{customer.code}\t2026-03-05\t5\n" for customer in customers[:count])
        with CaptureQueriesContext(connection) as captured:
            assert len(send(client, PAYMENTS, rows).context["answer"].recorded) == count
        return len(captured)

    assert queries(20) <= queries(2) + 2
    assert queries(20) <= 25


def test_a_paste_is_laid_over_what_is_there(client: Client, customer: Customer) -> None:
    response = send(client, PAYMENTS, "C0001\t2026-03-05\t5\tcash\nC0001\t\t\n", _paste="7\n8", _row="0", _column="2")
    rows = response.context["answer"].rows
    assert [cell.text for cell in rows[0].cells][:4] == ["C0001", "2026-03-05", "7", "cash"]
    assert rows[1].cell("amount").text == "8"
    assert not Entry.objects.exists()


def test_a_draft_is_drawn_without_being_judged(client: Client, customer: Customer) -> None:
    response = send(client, PAYMENTS, "C0001\tnonsense\t5\n", _redraw="draft", key=(key := str(uuid.uuid4())))
    assert messages(response) == {}
    assert response.context["answer"].key == key
    assert response.context["answer"].rows[0].cell("date").text == "nonsense"
