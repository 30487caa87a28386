"""The rounds in which lines are paired one by one, from strong reasons to weak ones. Pure."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from decimal import Decimal

from reconciliation.comparison import amounts, spelling
from reconciliation.comparison.lines import Line, Reason
from reconciliation.comparison.pool import Keys, Pool, block, join, join_only

# The same number of the same document is booked weeks later; with the amount alone only days count.
DAYS_OF_A_NUMBER, DAYS_OF_A_RESEMBLANCE = 400, 120
DAYS_AT_ONCE, DAYS_OF_AN_AMOUNT, DAYS_OF_A_GUESS = 7, 45, 10
# Before their list begins only what was on its way then.
DAYS_BEFORE = 15

Same = Callable[[str], str]


def by_number(pool: Pool) -> None:
    """The same amount, and a number that is the same or resembles."""
    same, noise, tail = map(_numbered, (spelling.plain, spelling.core, spelling.tail))
    join(pool, Reason.SAME, same, same, days=DAYS_OF_A_NUMBER)
    join(pool, Reason.NOISE, noise, noise, days=DAYS_OF_A_RESEMBLANCE)
    join(pool, Reason.TAIL, tail, tail, days=DAYS_OF_A_RESEMBLANCE)
    join(pool, Reason.NAMED, _numbered(spelling.core), _named, days=DAYS_OF_A_RESEMBLANCE)
    join(pool, Reason.NAMED, _named, _numbered(spelling.core), days=DAYS_OF_A_RESEMBLANCE)
    join_only(pool, Reason.NUMBER_SWAPPED, _with_a_swap, _numbered(_telling), days=DAYS_OF_A_RESEMBLANCE)
    join_only(pool, Reason.NUMBER_TYPO, _blanked, _blanked, days=DAYS_OF_A_RESEMBLANCE)


def by_number_alone(pool: Pool) -> None:
    """The same number under another amount: the tax left out, digits that changed places, any other."""
    found = block(pool.theirs, _document_numbers)
    for number, ours in block(pool.ours, _document_numbers).items():
        mine = [line for line in ours if line.key in pool.ours]
        yours = [line for line in found.get(number, ()) if line.key in pool.theirs]
        # A payment that names an invoice is not the invoice.
        if len(mine) != 1 or len(yours) != 1 or (mine[0].amount > 0) != (yours[0].amount > 0):
            continue
        pool.pair(mine, yours, _how(mine[0].amount, yours[0].amount))


def by_amount(pool: Pool) -> None:
    """The same amount within few days, where nothing else has it; what lies before their list comes last."""
    for days in (0, DAYS_AT_ONCE, DAYS_OF_AN_AMOUNT):
        join_only(pool, Reason.ALONE, _current(_amount), _amount, days=days)
    join_only(pool, Reason.ALONE, _amount, _amount, days=DAYS_OF_AN_AMOUNT)


def by_resemblance(pool: Pool) -> None:
    """The amount without tax, with swapped digits, or with the other sign; of invoices, payments, both."""
    join_only(pool, Reason.TAX, _current(_net), _amount, days=DAYS_OF_A_GUESS)
    join_only(pool, Reason.TAX, _current(_amount), _net, days=DAYS_OF_A_GUESS)
    join_only(pool, Reason.SWAPPED, _current(_swaps), _amount, days=DAYS_OF_A_GUESS)
    join_only(pool, Reason.SIGN, _current(_amount), _opposite, days=DAYS_OF_A_GUESS)


def _how(ours: Decimal, theirs: Decimal) -> Reason:
    if amounts.tax_between(ours, theirs):
        return Reason.SAME_TAX
    return Reason.SAME_SWAPPED if amounts.swapped(ours, theirs) else Reason.SAME_OTHER


def _numbered(spelled: Same) -> Keys:
    def keys(line: Line) -> Iterator[Hashable]:
        return ((number, line.amount) for number in map(spelled, line.numbers) if number)

    return keys


def _telling(number: str) -> str:
    return spelling.core(number) if spelling.is_telling(number) else ""


def _named(line: Line) -> Iterator[Hashable]:
    return ((number, line.amount) for number in spelling.named_in(line.memo))


def _with_a_swap(line: Line) -> Iterator[Hashable]:
    """Each spelling of the number in which two neighbours changed places."""
    for number in filter(None, map(_telling, line.numbers)):
        for place in range(len(number) - 1):
            if number[place] != number[place + 1]:
                swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
                yield swapped, line.amount


def _blanked(line: Line) -> Iterator[Hashable]:
    return ((blanked, line.amount) for number in line.numbers for blanked in spelling.blanked(spelling.core(number)))


def _document_numbers(line: Line) -> Iterable[Hashable]:
    return filter(None, map(_telling, line.numbers))


def _current(keys: Keys) -> Keys:
    def of_the_period(line: Line) -> Iterable[Hashable]:
        return () if line.is_prior else keys(line)

    return of_the_period


def _amount(line: Line) -> Iterable[Hashable]:
    return (line.amount,)


def _opposite(line: Line) -> Iterable[Hashable]:
    return (-line.amount,)


def _net(line: Line) -> Iterator[Hashable]:
    """Money has no tax in it."""
    if line.amount > 0:
        yield from (bare for _rate, bare in amounts.nets(line.amount))


def _swaps(line: Line) -> Iterator[Hashable]:
    """Each amount in which two neighbouring digits changed places; small ones resemble too many."""
    digits = amounts.digits_of(line.amount)
    if len(digits) < 5:
        return
    sign = 1 if line.amount > 0 else -1
    for place in range(len(digits) - 1):
        if digits[place] != digits[place + 1]:
            swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
            yield sign * Decimal(int(swapped)).scaleb(-2)
