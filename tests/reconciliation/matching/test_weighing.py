"""Which payment or which debts a line is: a worked example of every reason, and what is never exact."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.bank_month import LIMITS, by_amount_alone, measured, month
from reconciliation.matching.weighing import Customers, Item, Line, Reason, Suggestion, weigh
from reconciliation.matching.weighing.names import alike, core

pytestmark = pytest.mark.any_engine

DAY = date(2026, 5, 20)
HUAGUANG, XINGSHENG, LIHUA = 1, 2, 3
CUSTOMERS = Customers(
    {HUAGUANG: "上海华光机械有限公司", XINGSHENG: "宁波兴盛贸易有限公司", LIHUA: "Lihua Trading Co., Ltd."},
    learned=((XINGSHENG, "6222 0012", "张伟"),),
)


def money(key: int, amount: str, *, of: int = HUAGUANG, on: date = DAY, number: str = "") -> Item:
    return Item(key, of, number, on, on, Decimal(amount).quantize(Decimal("0.01")), is_money=True)


def debt(key: int, amount: str, *, of: int = HUAGUANG, on: str = "2026-03-01", number: str = "") -> Item:
    day = date.fromisoformat(on)
    return Item(
        key, of, number or f"FP2026{key:04}", day, date(2026, 6, 30), Decimal(amount).quantize(Decimal("0.01"))
    )


def line(amount: str, payer: str = "", *, key: int = 99, account: str = "", words: str = "", on: date = DAY) -> Line:
    return Line(key, on, Decimal(amount).quantize(Decimal("0.01")), payer, account, words)


def weighed(one: Line, *items: Item) -> list[Suggestion]:
    return weigh([one], items, CUSTOMERS, LIMITS)[one.key]


def said(one: Suggestion) -> tuple[dict[int, str], bool, set[str], int]:
    reasons = {reason.key for reason in one.reasons}
    return {key: str(amount) for key, amount in one.parts}, one.is_exact, reasons, one.score


def test_a_recorded_payment_of_the_payer_comes_before_a_debt_of_the_amount() -> None:
    found = weighed(line("400", "上海华光机械有限公司"), money(1, "400"), debt(2, "400"))
    assert said(found[0]) == ({1: "400.00"}, True, {"name", "one", "balance", "same_day"}, 96)
    assert [one.is_money for one in found] == [True]


def test_without_a_payment_the_named_debt_is_exact_though_others_are_alike() -> None:
    found = weighed(line("100.07", "华光机械", words="付FP20260002货款"), debt(1, "100.07"), debt(2, "100.07"))
    assert said(found[0])[:2] == ({2: "100.07"}, True)
    assert {Reason.NUMBER, Reason.NAMED} <= set(found[0].reasons)


def test_a_payer_under_another_name_is_known_by_the_account_that_was_learned() -> None:
    found = weighed(line("500", "李娜", account="62220012"), money(1, "500", of=XINGSHENG), money(2, "500", of=LIHUA))
    assert said(found[0]) == ({1: "500.00"}, True, {"account", "one", "balance", "same_day"}, 100)


def test_by_the_alias_and_by_the_name_in_the_memo() -> None:
    assert weighed(line("70.01", "张伟"), money(1, "70.01", of=XINGSHENG))[0].reasons[0] == Reason.ALIAS
    told = weighed(line("70.01", "王芳", words="代宁波兴盛贸易有限公司付款"), money(1, "70.01", of=XINGSHENG))
    assert (told[0].reasons[0], told[0].is_exact) == (Reason.SAID, True)


def test_a_name_that_is_merely_alike_is_never_exact() -> None:
    found = weighed(line("400.03", "上海华兴机械有限公司"), money(1, "400.03"))
    assert (said(found[0])[0], found[0].is_exact, found[0].reasons[0]) == ({1: "400.03"}, False, Reason.SIMILAR)


def test_the_amount_of_a_payer_whom_nobody_knows_is_doubtful() -> None:
    found = weighed(line("400.03", "陈静"), money(1, "400.03"), debt(2, "77", of=LIHUA))
    assert (said(found[0])[0], found[0].is_exact, found[0].is_doubtful) == ({1: "400.03"}, False, True)


def test_two_payments_of_one_amount_are_in_doubt_and_so_are_two_lines_for_one() -> None:
    twice = weighed(line("400.03", "上海华光机械"), money(1, "400.03"), money(2, "400.03"))
    assert not any(one.is_exact for one in twice)
    lines = [line("400.03", "上海华光机械", key=key) for key in (7, 8)]
    found = weigh(lines, [money(1, "400.03")], CUSTOMERS, LIMITS)
    assert not any(one.is_exact for some in found.values() for one in some)


def test_a_payer_of_one_name_and_the_number_of_another_customer_is_never_exact() -> None:
    ours, theirs = debt(1, "100.07"), debt(2, "100.07", of=LIHUA)
    found = weighed(line("100.07", "上海华光机械有限公司", words="FP20260002"), ours, theirs)
    assert {one.customer for one in found} == {HUAGUANG, LIHUA}
    assert not any(one.is_exact for one in found)


def test_money_that_was_recorded_and_has_not_come_keeps_a_debt_from_being_exact() -> None:
    found = weighed(line("100.07", "上海华光机械有限公司"), money(1, "333"), debt(2, "100.07"))
    assert (said(found[0])[0], found[0].is_exact) == ({2: "100.07"}, False)


def test_one_line_for_several_payments_and_several_lines_for_one() -> None:
    found = weighed(line("300.05", "上海华光机械"), money(1, "100.02"), money(2, "200.03"), money(3, "900"))
    assert (said(found[0])[0], found[0].is_exact) == ({1: "100.02", 2: "200.03"}, True)
    parts = [line("100.02", "上海华光机械", key=7), line("200.03", "上海华光机械", key=8, on=date(2026, 5, 22))]
    both = weigh(parts, [money(1, "300.05")], CUSTOMERS, LIMITS)
    assert said(both[7][0]) == ({1: "100.02"}, True, {"name", "split"}, 84)
    assert said(both[8][0])[0] == {1: "200.03"}


def test_less_a_fee_is_exact_only_where_the_number_is_named() -> None:
    bills = debt(1, "1000"), debt(2, "3000")
    [fee] = [one for one in weighed(line("985", "上海华光机械"), *bills) if one.short]
    assert (said(fee)[0], str(fee.short), fee.is_exact) == ({1: "1000.00"}, "15.00", False)
    named = weighed(line("985", "上海华光机械", words="FP20260001"), *bills)
    assert [(str(one.short), one.is_exact) for one in named if one.short] == [("15.00", True)]
    beyond = weighed(line("949.99", "上海华光机械"), *bills)
    assert not any(one.short for one in beyond)


def test_a_payment_of_long_ago_is_none_that_a_line_shows() -> None:
    assert not [
        one for one in weighed(line("400", "上海华光机械"), money(1, "400", on=date(2026, 3, 1))) if one.is_exact
    ]


def test_names_are_compared_without_their_legal_form() -> None:
    assert (
        core("上海华光机械股份有限公司")
        == core(" 上海华光机械（集团）有限公司 ".replace("（集团）", ""))
        == "上海华光机械"
    )
    assert core("Lihua Trading Co., Ltd.") == "lihuatrading"
    assert alike("上海华光机械", "上海华兴机械") == pytest.approx(5 / 6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_month_whose_truth_is_known(seed: int) -> None:
    known = month(seed, lines=600, items=3_000, customers=200)
    result = measured(known, weigh(known.lines, known.items, known.customers, LIMITS))
    plain = measured(known, by_amount_alone(known))
    assert result.precision >= 0.99, result
    assert result.recall >= 0.95, result
    # More is certain than by the amount alone, and more is seen.
    assert result.exact > plain.exact
    assert result.recall > plain.recall + 0.2


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_nothing_takes_more_than_there_is(seed: int) -> None:
    known = month(seed, lines=30, items=90, customers=12)
    opened, lines = {item.key: item.open for item in known.items}, {one.key: one for one in known.lines}
    taken: dict[int, Decimal] = {}
    for key, some in weigh(known.lines, known.items, known.customers, LIMITS).items():
        for one in some:
            assert all(0 < amount <= opened[item] for item, amount in one.parts)
            assert one.amount - one.short <= lines[key].open
        for item, amount in some[0].parts if some and some[0].is_exact else ():
            taken[item] = taken.get(item, Decimal(0)) + amount
    assert all(amount <= opened[item] for item, amount in taken.items())
