"""How one amount becomes another: by tax, by digits that changed places, by a price. Pure."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from reconciliation.comparison.lines import Goods
from reconciliation.comparison.spelling import swapped_digits

CENT = Decimal("0.01")
# Rates of value added tax in percent, with those of the simple method.
TAX_RATES = (13, 9, 6, 3, 1)
# A dispute about a price moves it by a part, not by a multiple.
MOST_OF_A_PRICE = Decimal("0.3")


def net(gross: Decimal, rate: int) -> Decimal:
    """Without the tax that it contains, rounded half up to the cent."""
    return (gross * 100 / (100 + rate)).quantize(CENT, ROUND_HALF_UP)


def nets(gross: Decimal) -> Iterator[tuple[int, Decimal]]:
    return ((rate, net(gross, rate)) for rate in TAX_RATES)


def tax_between(ours: Decimal, theirs: Decimal) -> int:
    """The rate where one amount is the other without tax; zero where there is none."""
    if not ours or not theirs or (ours > 0) != (theirs > 0):
        return 0
    larger, smaller = sorted((ours, theirs), key=abs, reverse=True)
    return next((rate for rate, bare in nets(larger) if bare == smaller), 0)


def digits_of(amount: Decimal) -> str:
    return str(abs(int(amount.scaleb(2))))


def swapped(ours: Decimal, theirs: Decimal) -> bool:
    """Whether two neighbouring digits changed places: then nine divides the difference."""
    cents = int((ours - theirs).scaleb(2))
    return (ours > 0) == (theirs > 0) and cents % 9 == 0 and swapped_digits(digits_of(ours), digits_of(theirs))


def fewer_pieces(difference: Decimal, goods: Iterable[Goods]) -> Decimal | None:
    """How many pieces of one product the difference is, where it is a whole number of them."""
    for one in goods:
        if one.unit_price and (pieces := abs(difference) / one.unit_price) == int(pieces) and pieces <= one.quantity:
            return Decimal(int(pieces))
    return None


def other_price(difference: Decimal, goods: Iterable[Goods]) -> Decimal | None:
    """By how much the price of one product differs, where the difference is that, to the cent, for all its pieces."""
    for one in goods:
        if one.quantity <= 1:
            continue
        apart = abs(difference) / one.quantity
        if apart == apart.quantize(CENT) and 0 < apart <= one.unit_price * MOST_OF_A_PRICE:
            return apart.quantize(CENT)
    return None
