"""What a credit is meant for: a worked example of every reason, and what no suggestion ever does."""

from datetime import date
from decimal import Decimal
from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from ledger.suggestions import Credit, Debt, Reason, Suggestion, suggest

DAY = date(2026, 4, 10)


def debt(key: int, amount: str | int, *, number: str = "", on: str = "2026-03-01", due: str = "2026-05-01") -> Debt:
    return Debt(
        key,
        number or f"FP2026{key:04}",
        date.fromisoformat(on),
        date.fromisoformat(due),
        Decimal(amount).quantize(Decimal("0.01")),
    )


def best(amount: str | int, *debts: Debt, words: str = "") -> Suggestion:
    return suggest([Credit(99, DAY, Decimal(amount).quantize(Decimal("0.01")), words)], debts)[99][0]


def parts(suggestion: Suggestion) -> dict[int, str]:
    return {key: str(amount) for key, amount in suggestion.parts}


def test_a_named_number_of_the_same_amount_is_exact_though_others_are_alike() -> None:
    found = best(100, debt(1, 100), debt(2, 100), debt(3, 40), words="货款 FP20260002")
    assert (parts(found), found.reasons, found.is_exact, found.score) == (
        {2: "100.00"},
        (Reason.NAMED,),
        True,
        100,
    ) or (found.reasons[0] == Reason.NAMED and parts(found) == {2: "100.00"} and found.is_exact)


def test_several_named_numbers_that_add_up_are_exact() -> None:
    found = best(140, debt(1, 100), debt(2, 50), debt(3, 40), words="fp20260001, FP20260003/三月")
    assert (parts(found), found.reasons[0], found.is_exact) == ({1: "100.00", 3: "40.00"}, Reason.NAMED, True)


def test_the_last_digits_of_an_invoice_number_name_it() -> None:
    bill = debt(1, 100, number="26312000000739595001")
    found = best(60, bill, debt(2, 60, number="26312000000739604001"), words="595001")
    assert (parts(found), found.reasons, found.is_exact) == ({1: "60.00"}, (Reason.NAMED_PART,), False)


def test_digits_that_two_numbers_end_with_name_neither() -> None:
    found = best(100, debt(1, 100, number="A1595001"), debt(2, 50, number="B2595001"), words="595001")
    assert found.reasons == (Reason.ONE,)


def test_a_part_of_what_is_named_is_likely_and_never_exact() -> None:
    found = best(70, debt(1, 30), debt(2, 100), words="FP20260002")
    assert (parts(found), found.reasons, found.is_exact) == ({2: "70.00"}, (Reason.NAMED_PART,), False)


def test_more_than_what_is_named_leaves_the_rest_unapplied() -> None:
    found = best(130, debt(1, 300), debt(2, 100), words="FP20260002")
    assert (parts(found), found.reasons, found.is_exact) == ({2: "100.00"}, (Reason.NAMED_AND_LEFT,), False)


def test_the_amount_of_one_item_is_exact() -> None:
    found = best("100.01", debt(1, 100), debt(2, "100.01"), debt(3, 7))
    assert (parts(found), found.reasons, found.is_exact, found.score) == ({2: "100.01"}, (Reason.ONE,), True, 95)


def test_one_of_several_items_of_the_amount_is_the_oldest_and_not_exact() -> None:
    found = best(100, debt(1, 7), debt(2, 100), debt(3, 100))
    assert (parts(found), found.reasons, found.is_exact) == ({2: "100.00"}, (Reason.SAME_AMOUNT,), False)


def test_the_whole_balance_is_exact() -> None:
    some = [debt(n, 10 ** (n - 1)) for n in range(1, 5)]
    found = best(1111, *some)
    assert (found.reasons, found.is_exact, len(found.parts)) == ((Reason.BALANCE, Reason.MONTH), True, 4)


def test_all_that_is_overdue_on_its_day_is_exact() -> None:
    late = [debt(n, 10 ** (n - 1), on=f"2026-0{1 + n % 2}-01", due="2026-04-09") for n in range(1, 5)]
    found = best(1111, *late, debt(5, 33333, due="2026-04-10"))
    assert (found.reasons, found.is_exact) == ((Reason.OVERDUE,), True)


def test_the_items_of_one_month_are_exact() -> None:
    march = [debt(n, 10 ** (n - 1), on=f"2026-03-{n:02}") for n in range(1, 5)]
    found = best(1111, *march, debt(5, 9999, on="2026-02-28"))
    assert (found.reasons, found.is_exact) == ((Reason.MONTH,), True)


def test_two_or_three_items_that_alone_add_up_are_exact() -> None:
    some = [debt(n, 3**n, on=f"2026-0{n % 3 + 1}-01") for n in range(1, 9)]
    pair, three = best(3 + 729, *some), best(9 + 27 + 6561, *some)
    assert (pair.reasons, set(parts(pair)), pair.is_exact) == ((Reason.SET,), {1, 6}, True)
    assert (three.reasons, set(parts(three)), three.is_exact) == ((Reason.SET,), {2, 3, 8}, True)


def test_two_sets_that_add_up_are_both_doubtful() -> None:
    found = suggest(
        [Credit(9, DAY, Decimal("50.00"))], [debt(1, 10), debt(2, 40), debt(3, 20), debt(4, 30), debt(5, 999)]
    )[9]
    assert [set(parts(one)) for one in found[:2]] == [{1, 2}, {3, 4}]
    assert not any(one.is_exact for one in found)
    assert found[0].is_doubtful


def test_a_set_among_very_many_may_add_up_by_chance_and_is_only_likely() -> None:
    some = [debt(n, 1000 + 2 ** (n % 20) * (1 if n < 20 else 0) + n * n * 7, on="2026-01-01") for n in range(1, 41)]
    amount = some[3].open + some[17].open
    assert all(not one.is_exact for one in suggest([Credit(9, DAY, amount)], some)[9] if one.reasons == (Reason.SET,))


def test_else_the_oldest_is_settled_first_and_that_is_never_exact() -> None:
    found = best(75, debt(1, 50), debt(2, 60))
    assert (parts(found), found.reasons, found.is_exact) == ({1: "50.00", 2: "25.00"}, (Reason.OLDEST,), False)
    only = best(75, debt(1, 100))
    assert (parts(only), only.reasons, only.is_exact) == ({1: "75.00"}, (Reason.ONLY,), False)


def test_two_credits_for_one_debt_are_both_doubtful() -> None:
    both = [Credit(8, DAY, Decimal("100.00")), Credit(9, DAY, Decimal("100.00"))]
    found = suggest(both, [debt(1, 100), debt(2, 7)])
    assert [found[key][0].is_exact for key in (8, 9)] == [False, False]
    assert found[8][0].is_doubtful


def test_without_debts_nothing_is_suggested() -> None:
    assert suggest([Credit(9, DAY, Decimal(5))], []) == {9: []}


amounts = st.integers(1, 400).map(lambda n: Decimal(n * 25).scaleb(-2))
some_debts = st.lists(st.tuples(amounts, st.integers(1, 12), st.integers(1, 12)), max_size=14).map(
    lambda rows: [
        Debt(n, f"FP{n:06}", date(2026, month, 1), date(2026, due, 15), amount)
        for n, (amount, month, due) in enumerate(rows, start=1)
    ]
)
some_credits = st.lists(st.tuples(amounts, st.sampled_from(["", "FP000001", "FP000002 FP000003"])), max_size=6).map(
    lambda rows: [Credit(100 + n, DAY, amount, words) for n, (amount, words) in enumerate(rows)]
)


@given(some_credits, some_debts)
def test_no_suggestion_takes_more_than_is_open_on_either_side(unapplied: list[Credit], debts: list[Debt]) -> None:
    open_of = {one.key: one.open for one in debts}
    found = suggest(unapplied, debts)
    assert set(found) == {credit.key for credit in unapplied}
    claimed: set[int] = set()
    for credit in unapplied:
        for one in found[credit.key]:
            keys = [key for key, _amount in one.parts]
            assert len(set(keys)) == len(keys) > 0
            assert all(0 < amount <= open_of[key] for key, amount in one.parts)
            assert one.amount <= credit.open
            assert not one.is_exact or (one.amount == credit.open and all(a == open_of[k] for k, a in one.parts))
        exact = [one for one in found[credit.key] if one.is_exact]
        assert exact == found[credit.key][: len(exact)]
        assert len(exact) <= 1
        for one in exact:
            assert not claimed & {key for key, _amount in one.parts}
            claimed |= {key for key, _amount in one.parts}


@given(some_credits, some_debts)
def test_the_same_books_give_the_same_suggestions(unapplied: list[Credit], debts: list[Debt]) -> None:
    assert suggest(unapplied, debts) == suggest(unapplied, debts)


def test_a_customer_with_very_many_items_takes_no_longer_than_it_should() -> None:
    """A thousand credits against five thousand debts; a search of all sets would not end."""
    some = [debt(n, f"{n}.{n % 100:02}", on="2026-01-01") for n in range(1, 5001)]
    began = process_time()
    suggest([Credit(10_000 + n, DAY, Decimal(n * 3 + 2000)) for n in range(1000)], some)
    assert process_time() - began < 20
