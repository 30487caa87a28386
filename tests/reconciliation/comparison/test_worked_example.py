"""The example of docs/comparison.md, with every number: a customer's March against ours."""

from decimal import Decimal

import pytest

from customers.models import Role, User
from ledger.documents import LineInput
from ledger.models import Entry
from reconciliation.comparison.models import CustomerList
from reconciliation.comparison.queries.comparisons import bridge_of, differences, items_of
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money
from tests.reconciliation.comparison.build import a_list, steps

pytestmark = pytest.mark.django_db

# Their payables: what they owe stands in credit. 1,000.00 + 7,130.00 - 3,550.00 is 4,580.00; they close at 4,570.00.
THEIRS = (
    "2026-03-01,,,期初余额,,,1000.00",
    "2026-03-04,记-3,FP-20260301,采购入库,,1130.00,",
    "2026-03-06,记-5,FP-20260302,采购 不含税,,2000.00,",
    "2026-03-10,记-9,FP-20260303,采购 单价按新合同,,1200.00,",
    "2026-03-20,记-14,,三月货款合计,,1000.00,",
    "2026-03-22,记-20,,付货款,2000.00,,",
    "2026-03-25,记-25,,付货款,1550.00,,",
    "2026-03-26,记-26,20260301,采购入库,,1130.00,",
    "2026-03-28,记-29,ZX-7,运费,,670.00,",
    "2026-03-31,,,期末余额,,,4570.00",
)


@pytest.fixture
def finance() -> User:
    return a_user(Role.FINANCE)


@pytest.fixture
def march(finance: User) -> CustomerList:
    desk = Desk(a_customer(owner=a_user(role=Role.SALESPERSON), name="杭州锦程"))
    desk.opening(1000, "2025-12-31")
    goods = desk.shipment(1130, "2026-02-27", number="FH-1")
    desk.invoice(1130, "2026-03-02", number="FP-20260301", shipments=[goods], sent_on=day("2026-03-02"))
    desk.invoice(2260, "2026-03-05", number="FP-20260302")
    line = LineInput("bolt", money(100), "pc", Decimal("12.50"))
    bolts = desk.shipment(1250, "2026-03-08", number="FH-3", lines=[line])
    desk.invoice(1250, "2026-03-09", number="FP-20260303", shipments=[bolts])
    for number, amount in (("FP-20260304", 400), ("FP-20260305", 350), ("FP-20260306", 250)):
        desk.invoice(amount, f"2026-03-1{number[-1]}", number=number)
    desk.invoice(480, "2026-03-27", number="FP-20260307", sent_on=day("2026-03-28"))
    desk.shipment(900, "2026-03-29", number="FH-9")
    desk.payment(2000, "2026-03-23", number="SK-1")
    desk.discount(100, "2026-03-30", number="ZK-1")
    return a_list(finance, desk.customer, *THEIRS)


def test_the_bridge_with_every_number(march: CustomerList) -> None:
    walked = bridge_of(march)
    assert [walked.theirs, walked.ours] == [money(4570), money(5920)]
    assert steps(march) == [
        ("unexplained", money(10)),
        ("in_transit", money(900)),
        ("invoice", money(480)),
        ("payment", money(1550)),
        ("not_booked", money(-100)),
        ("amount", money(260)),
        ("price", money(50)),
        ("duplicate", money(-1130)),
        ("unknown", money(-670)),
    ]
    assert [step.reached for step in walked.steps] == [4580, 5480, 5960, 7510, 7410, 7670, 7720, 6590, 5920]


def test_each_line_has_its_place_and_its_reason(march: CustomerList) -> None:
    found = {
        (item.cls, item.reason): sorted(
            part.entry.number if part.entry else f"row {part.line.row}"  # type: ignore[union-attr]
            for part in item.parts.all()
        )
        for item in items_of(march)
    }
    assert found == {
        ("agreed", "same"): ["FP-20260301", "row 3"],
        ("amount", "same_tax"): ["FP-20260302", "row 4"],
        ("price", "same_other"): ["FP-20260303", "row 5"],
        ("agreed", "run_sum"): ["FP-20260304", "FP-20260305", "FP-20260306", "row 6"],
        ("agreed", "alone"): ["SK-1", "row 7"],
        ("payment", ""): ["row 8"],
        ("duplicate", ""): ["row 9"],
        ("unknown", ""): ["row 10"],
        ("invoice", ""): ["FP-20260307"],
        ("in_transit", ""): ["FH-9"],
        ("not_booked", ""): ["ZK-1"],
    }
    ours = {part.entry_id for item in items_of(march) for part in item.parts.all() if part.entry_id}
    assert ours == set(
        Entry.objects.filter(date__range=("2026-03-01", "2026-03-31"))
        .exclude(number="FH-3")
        .values_list("pk", flat=True)
    )


def test_the_differences_for_who_follows_them_up(march: CustomerList) -> None:
    found = differences(march)
    assert sum(one.amount for one in found) == march.result.difference == 1350
    price = next(one for one in found if one.cls == "price")
    assert (price.amount, price.day, price.line) == (money(50), day("2026-03-09"), 3)
    assert price.words == "same number, another amount, 1 day later there; the price differs by 0.50 a piece"
    assert (found[0].key, found[0].entry, found[0].amount) == ("unexplained", None, money(10))
