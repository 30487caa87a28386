"""For any two lists the bridge closes to the cent, and every line of both is in exactly one place."""

import time
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciliation.comparison.comparing import Balances, Decisions, compare
from reconciliation.comparison.lines import CHOICES, Line
from tests.reconciliation.comparison.lists import ON, balances

pytestmark = pytest.mark.any_engine

KINDS = ("invoice", "credit_note", "shipment", "return", "payment", "refund", "discount", "opening")
# Few amounts, numbers and days, so that lines meet: equal, swapped, without tax, of two others the sum.
CENTS = (11300, 10000, 13100, 21300, 5000, 6300, 1, 4425)
DAYS = st.dates(date(2026, 1, 1), ON)
AMOUNTS = st.builds(
    lambda cents, sign: Decimal(cents * sign).scaleb(-2), st.sampled_from(CENTS), st.sampled_from((1, -1))
)
NUMBERS = st.sampled_from(("", "FP-20260012", "20260012", "20260021", "０0020260012", "12"))
MONEY = st.integers(-(10**7), 10**7).map(lambda cents: Decimal(cents).scaleb(-2))


def lists(kinds: tuple[str, ...], *, prior: bool) -> st.SearchStrategy[list[Line]]:
    one = st.builds(
        lambda day, amount, number, kind, is_prior, memo: (
            day,
            amount,
            (number,) if number else (),
            memo,
            kind,
            is_prior,
        ),
        DAYS,
        AMOUNTS,
        NUMBERS,
        st.sampled_from(kinds),
        st.booleans() if prior else st.just(False),
        st.sampled_from(("", "货款 20260012", "单价差异")),
    )
    return st.lists(one, max_size=12).map(lambda rows: [Line(n, *row) for n, row in enumerate(rows, 1)])


@settings(max_examples=30, deadline=None)
@given(
    ours=lists(KINDS, prior=True),
    theirs=lists(("",), prior=False),
    ends=st.tuples(MONEY, MONEY, MONEY),
    said=st.sampled_from((None, *CHOICES)),
    together=st.booleans(),
)
def test_the_bridge_closes_and_each_line_has_one_place(
    ours: list[Line], theirs: list[Line], ends: tuple[Decimal, Decimal, Decimal], said: object, together: bool
) -> None:
    pairs = [((1,), (1,)), ((2, 3), (2,))] if together else []
    first = compare(ours, theirs, Balances(*ends), on=ON, decisions=Decisions(pairs))
    names = {item.identity: said for item in first.items} if said else {}
    apart = frozenset(item.identity for item in first.items if item.ours and item.theirs)
    for decisions in (Decisions(pairs), Decisions(pairs, classes=names), Decisions((), apart)):  # type: ignore[arg-type]
        found = compare(ours, theirs, Balances(*ends), on=ON, decisions=decisions)
        in_period = sum((line.amount for line in ours if not line.is_prior), Decimal(0))
        assert found.bridge.theirs == ends[1]
        assert found.bridge.ours == ends[2] + in_period
        assert found.bridge.difference == sum(step.amount for step in found.bridge.steps)
        places = Counter(key for item in found.items for key in item.ours) + Counter(found.left_before)
        assert places == Counter(line.key for line in ours)
        assert Counter(key for item in found.items for key in item.theirs) == Counter(line.key for line in theirs)
        for item in found.items:
            assert item.ours_amount == sum(line.amount for line in ours if line.key in item.ours)
            assert item.theirs_amount == sum(line.amount for line in theirs if line.key in item.theirs)
        assert not apart.intersection(item.identity for item in found.items) or decisions.apart is not apart


@pytest.mark.parametrize("alike", [False, True], ids=["ordinary", "all of one amount, without numbers"])
def test_five_thousand_lines_against_five_thousand_take_seconds(alike: bool) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n % 360) for n in range(5000)]

    def amount(n: int, quirk: int) -> Decimal:
        return Decimal(100) if alike else Decimal(10_000 + n * 37 % 991_000 + (n % 7 == 0) * quirk) / 100

    def number(n: int) -> tuple[str, ...]:
        return () if alike or n % 3 == 0 else (f"FP{10_000_000 + n}",)

    ours = [Line(n, days[n], amount(n, 0), number(n), kind="invoice") for n in range(5000)]
    theirs = [Line(n, days[n - n % 5], amount(n, 90), number(n)) for n in range(5000)]
    began = time.perf_counter()
    found = compare(ours, theirs, balances(), on=ON)
    assert time.perf_counter() - began < 12
    assert alike or sum(bool(item.ours and item.theirs) for item in found.items) > 3000
