"""Each quirk of a customer's list, alone: what is paired, for which reason, and what is left."""

from decimal import Decimal

import pytest

from reconciliation.comparison.comparing import Decisions
from reconciliation.comparison.lines import Class, Goods, Line, Reason
from tests.reconciliation.comparison.lists import classes, compared, line, only

pytestmark = pytest.mark.any_engine
INVOICE = "FP-20260012"


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        (line(113, "03-25", INVOICE), Reason.SAME),
        (line(113, "03-05", "ｆｐ－２０２６００１２"), Reason.SAME),
        (line(113, "03-05", "No. 0020260012"), Reason.NOISE),
        (line(113, "03-05", "INV 2026 0012"), Reason.NOISE),
        (line(113, "03-05", memo="采购 发票20260012"), Reason.NAMED),
        (line(113, "03-05", "20260021"), Reason.NUMBER_SWAPPED),
        (line(113, "03-05", "20260072"), Reason.NUMBER_TYPO),
        (line(100, "03-05", INVOICE), Reason.SAME_TAX),
        (line(131, "03-05", INVOICE), Reason.SAME_SWAPPED),
        (line(120, "03-05", INVOICE), Reason.SAME_OTHER),
        (line(113, "03-09"), Reason.ALONE),
        (line(113, "04-10"), Reason.ALONE),
        (line(100, "03-09"), Reason.TAX),
        (line(-113, "03-09", INVOICE), Reason.SIGN),
    ],
)
def test_one_invoice_is_found_in_many_guises(theirs: Line, reason: Reason) -> None:
    found = only(compared([line(113, "03-05", INVOICE, kind="invoice")], [theirs]))
    assert found.reason is reason
    assert found.difference == 113 - theirs.amount
    assert found.cls is (Class.AMOUNT if found.difference else Class.AGREED)


def test_the_last_eight_digits_of_a_long_number_are_enough() -> None:
    ours = line(113, "03-05", "26332000000012345678", kind="invoice")
    assert only(compared([ours], [line(113, "03-06", "12345678")])).reason is Reason.TAIL


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # Too far away for an amount alone; a payment that names an invoice; a number of another document.
        (line(113, "01-05", INVOICE, kind="invoice"), line(113, "03-25")),
        (line(113, "03-05", INVOICE, kind="invoice"), line(-150, "03-09", INVOICE)),
        (line(113, "03-05", INVOICE, kind="invoice"), line(250, "03-05", "20269999")),
    ],
)
def test_what_does_not_belong_together_stays_apart(ours: Line, theirs: Line) -> None:
    assert all(item.reason is None for item in compared([ours], [theirs]).items)


def test_two_that_would_do_are_none() -> None:
    found = compared([line(50, "03-05", kind="payment"), line(50, "03-07", kind="payment")], [line(50, "03-06")])
    assert len(found.items) == 3


def test_the_same_sum_each_month_is_paired_in_the_order_of_days() -> None:
    ours = [line(-50, f"0{month}-05", kind="payment", key=month) for month in (1, 2, 3)]
    found = compared(ours, [line(-50, f"0{month}-07", key=month) for month in (3, 1, 2)])
    assert sorted((item.ours, item.theirs) for item in found.items) == [((n,), (n,)) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("several", "one", "reason"),
    [
        ([line(100, "03-05", INVOICE), line(13, "03-05", INVOICE)], line(113, "03-05", INVOICE), Reason.NUMBER_SUM),
        ([line(-60, "03-05"), line(-40, "03-05")], line(-100, "03-06"), Reason.DAY_SUM),
        ([line(40, "03-01"), line(41, "03-09"), line(42, "03-30")], line(123, "03-31"), Reason.MONTH_SUM),
        ([line(40, "02-27"), line(41, "03-02"), line(900, "03-09")], line(81, "03-05"), Reason.RUN_SUM),
        ([line(40, "03-01"), line(900, "03-02"), line(41, "03-09")], line(81, "03-15"), Reason.SET_SUM),
    ],
)
@pytest.mark.parametrize("ours_are_many", [True, False])
def test_one_line_is_several(several: list[Line], one: Line, reason: Reason, ours_are_many: bool) -> None:
    found = compared(several, [one]) if ours_are_many else compared([one], several)
    paired = next(item for item in found.items if item.reason)
    assert paired.reason is reason
    assert paired.difference == 0
    assert paired.facts["n"] == 3 if reason is Reason.MONTH_SUM else paired.facts["n"] == 2


def test_swapped_digits_of_a_payment_without_a_number() -> None:
    found = only(compared([line(-4521, "03-05", kind="payment")], [line(-4251, "03-06")]))
    assert (found.reason, found.cls) == (Reason.SWAPPED, Class.AMOUNT)
    assert found.difference == -270


@pytest.mark.parametrize(
    ("facts", "expected", "why"),
    [
        ({"kind": "shipment", "day": "03-27"}, Class.IN_TRANSIT, "shipped"),
        ({"kind": "shipment", "day": "02-27"}, Class.NOT_BOOKED, "not_billed"),
        ({"kind": "shipment", "delivered_on": "03-29"}, Class.NOT_BOOKED, "delivered"),
        ({"kind": "invoice"}, Class.INVOICE, "not_sent"),
        ({"kind": "invoice", "sent_on": "03-28"}, Class.INVOICE, "sent"),
        ({"kind": "invoice", "sent_on": "03-28", "received_on": "03-30"}, Class.NOT_BOOKED, "received"),
        ({"kind": "invoice", "booked_on": "03-30"}, Class.NOT_BOOKED, "said_booked"),
        ({"kind": "payment"}, Class.NOT_BOOKED, "money_late"),
        ({"kind": "payment", "day": "02-01"}, Class.UNKNOWN, "money_old"),
        ({"kind": "payment", "is_confirmed": False}, Class.UNKNOWN, "not_confirmed"),
        ({"kind": "discount"}, Class.NOT_BOOKED, "discount"),
        ({"kind": "opening"}, Class.UNKNOWN, "opening"),
    ],
)
def test_what_they_do_not_have_is_classed_by_facts(facts: dict[str, object], expected: Class, why: str) -> None:
    day = str(facts.pop("day", "03-26"))
    known = {name: line(1, value).day if name.endswith("_on") else value for name, value in facts.items()}  # type: ignore[arg-type]
    found = only(compared([line(100, day, **known)], []))
    assert (found.cls, found.facts["why"]) == (expected, why)


def test_what_we_do_not_have() -> None:
    found = compared([], [line(-80, "03-30"), line(70, "03-30", "FP-99"), line(60, "03-30")])
    assert [(item.cls, item.facts["why"]) for item in found.items] == [
        (Class.PAYMENT, "paid"),
        (Class.UNKNOWN, "no_document"),
        (Class.UNKNOWN, "no_number"),
    ]


def test_duplicates_in_their_list_and_in_ours() -> None:
    theirs = [line(113, "03-05", INVOICE), line(113, "03-20", "20260012")]
    assert classes(compared([line(113, "03-05", INVOICE, kind="invoice")], theirs)) == [
        Class.AGREED,
        Class.DUPLICATE,
    ]
    ours = [line(-50, "03-05", "SK1", kind="payment"), line(-50, "03-05", "SK2", kind="payment")]
    assert sorted(classes(compared(ours, [line(-50, "03-05", "SK1")]))) == [Class.AGREED, Class.DUPLICATE]


@pytest.mark.parametrize(
    ("theirs", "memo", "fact"),
    [
        # 120 pieces at 5.00: three fewer; for 0.50 less each; a memo that says it; nothing of the kind.
        (585, "", ("pieces", "3")),
        (540, "", ("price", "0.50")),
        (611.37, "单价与合同不符", ("said", "price")),
        (611.37, "", None),
    ],
)
def test_a_price_dispute_is_told_from_another_amount(theirs: float, memo: str, fact: tuple[str, str] | None) -> None:
    goods = (Goods(Decimal(120), Decimal(5)),)
    ours = line(600, "03-05", INVOICE, kind="invoice", goods=goods)
    found = only(compared([ours], [line(str(theirs), "03-05", INVOICE, memo=memo)]))
    assert found.cls is (Class.PRICE if fact else Class.AMOUNT)
    assert fact is None or found.facts[fact[0]] == fact[1]


@pytest.mark.parametrize(("number", "reason"), [(INVOICE, Reason.SAME_SWAPPED), ("", Reason.SWAPPED)])
def test_swapped_digits_are_no_price_dispute_whatever_else_would_fit(number: str, reason: Reason) -> None:
    # 90.00 less would be 18 pieces, or 0.90 on each.
    goods = (Goods(Decimal(100), Decimal(5)),)
    ours = line(540, "03-05", *filter(None, [number]), kind="invoice", goods=goods, is_disputed=True)
    found = only(compared([ours], [line(450, "03-05", *filter(None, [number]), memo="单价")]))
    assert (found.reason, found.cls) == (reason, Class.AMOUNT)


def test_what_one_of_both_had_before_the_list_begins() -> None:
    late = line(113, "2025-12-28", INVOICE, kind="invoice", is_prior=True)
    found = compared([late], [line(113, "01-04", INVOICE)], ours_opening=113)
    assert only(found).reason is Reason.SAME
    assert found.bridge.steps == ()
    assert found.bridge.ours == 113
    # They had booked our payment of January in December; the other lines of ours stay in the opening.
    ours = [line(-40, "01-03", kind="payment"), line(70, "2025-11-01", kind="invoice", is_prior=True, key=999)]
    found = compared(
        [*ours, line(5, "01-09", "FP-777")],
        [line(5, "01-02", "FP-777")],
        theirs_opening=30,
        ours_opening=70,
        theirs_closing=35,
    )
    assert [item.reason for item in found.items] == [Reason.SAME, Reason.IN_OPENING]
    assert found.bridge.steps == ()
    assert found.bridge.ours == 35
    assert found.left_before == (999,)


def test_a_person_pairs_parts_and_names() -> None:
    ours = [line(100, "03-05", "FP-1001", kind="invoice", key=1), line(70, "03-01", "FP-1002", kind="invoice", key=2)]
    theirs = [line(100, "03-05", "FP-1001", key=1), line(75, "01-05", key=2)]
    found = compared(
        ours, theirs, Decisions(together=[((2,), (2,))], apart=frozenset({"1/1"}), classes={"2/2": Class.PRICE})
    )
    assert [(item.ours, item.theirs, item.reason, item.cls) for item in found.items] == [
        ((2,), (2,), Reason.HAND, Class.PRICE),
        ((1,), (), None, Class.INVOICE),
        ((), (1,), None, Class.UNKNOWN),
    ]
    assert found.bridge.difference == -5
    # A line that is gone since leaves the other as it would be.
    gone = compared(ours, theirs, Decisions(together=[((2, 3), (2,))]))
    assert Reason.HAND not in [item.reason for item in gone.items]
