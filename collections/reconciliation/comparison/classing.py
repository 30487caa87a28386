"""What a line without a counterpart is, and a pair whose amounts differ; by facts alone. Pure."""

from collections.abc import Callable, Hashable, Iterable
from datetime import date, timedelta
from decimal import Decimal

from reconciliation.comparison import amounts, spelling
from reconciliation.comparison.lines import Class, Fact, Goods, Item, Line, Reason
from reconciliation.comparison.pool import ZERO, Pool

# Goods are on their way for so long, and what was paid or credited is booked within so long.
DAYS_ON_THE_WAY, DAYS_TO_BOOK = 7, 10
OURS, THEIRS = 0, 1
MONEY = ("payment", "refund")
_SLIPS = (Reason.SAME_TAX, Reason.TAX, Reason.SIGN, Reason.SAME_SWAPPED, Reason.SWAPPED)
_PRICE_WORDS = ("价", "price", "discount", "折")


Name = Callable[[Line], Hashable | None]


def take_duplicates_by_number(pool: Pool) -> None:
    """Theirs that repeat the number and the amount of a line that has its counterpart; our numbers are unique."""
    _take_duplicates(pool, THEIRS, _number_and_amount)


def take_duplicates_by_day(pool: Pool) -> None:
    """Without a number: the same amount, day and memo. Of ours money alone: goods are sold twice a day."""
    _take_duplicates(pool, OURS, lambda line: _day_and_amount(line) if line.kind in MONEY else None)
    _take_duplicates(pool, THEIRS, lambda line: _day_and_amount(line) if _number_and_amount(line) is None else None)


def _take_duplicates(pool: Pool, side: int, name: Name) -> None:
    known = {name(line): line for line in pool.paired[side]}
    left = (pool.ours, pool.theirs)[side]
    for line in [line for line in left.values() if not line.is_prior]:
        own = name(line)
        if own is not None and (twin := known.get(own)) is not None:
            del left[line.key]
            facts: dict[str, Fact] = {"why": "twin", "twin": twin.key, "on": twin.day.isoformat()}
            pool.items.append(_alone(line, ours=side == OURS, cls=Class.DUPLICATE, facts=facts))


def _number_and_amount(line: Line) -> Hashable | None:
    number = next(iter(line.numbers), "")
    return (spelling.core(number), line.amount) if spelling.is_telling(number) else None


def _day_and_amount(line: Line) -> Hashable:
    return line.day, line.amount, line.memo


def classed_pair(item: Item, ours: Iterable[Line], theirs: Iterable[Line]) -> Item:
    """A pair whose amounts differ, told apart: the price or the quantity of one product, or any other. Tax, a sign or
    digits that changed places say it all: the price is in no dispute.
    """
    if item.found is not Class.AMOUNT or item.reason in _SLIPS:
        return item
    ours = list(ours)
    goods = [one for line in ours for one in line.goods]
    memos = " ".join(line.memo for line in theirs).lower()
    told = _of_goods(item.difference, goods)
    if told is None and any(line.is_disputed for line in ours):
        told = {"said": "answer"}
    elif told is None and any(word in memos for word in _PRICE_WORDS):
        told = {"said": "price"}
    if told is None:
        return item
    facts = {**item.facts, **told}
    return Item(item.ours, item.theirs, item.ours_amount, item.theirs_amount, item.reason, Class.PRICE, facts)


def _of_goods(difference: Decimal, goods: list[Goods]) -> dict[str, Fact] | None:
    if apart := amounts.other_price(difference, goods):
        return {"price": f"{apart:f}"}
    pieces = amounts.fewer_pieces(difference, goods)
    return {"pieces": f"{pieces:f}"} if pieces else None


def classed_ours(line: Line, on: date) -> Item:
    cls, facts = _ours(line, on)
    return _alone(line, ours=True, cls=cls, facts=facts)


def classed_theirs(line: Line) -> Item:
    """They say that they paid: we have not recorded it. They owe for a document that we do not have: nobody knows."""
    if line.amount < 0:
        return _alone(line, ours=False, cls=Class.PAYMENT, facts={"why": "paid"})
    why = "no_document" if line.numbers else "no_number"
    return _alone(line, ours=False, cls=Class.UNKNOWN, facts={"why": why})


def _ours(line: Line, on: date) -> tuple[Class, dict[str, Fact]]:
    match line.kind:
        case "shipment" | "return":
            return _goods(line, on)
        case "invoice" | "credit_note":
            return _invoice(line)
        case "payment" | "refund":
            return _money(line, on)
        case "discount":
            return Class.NOT_BOOKED, {"why": "discount"}
        case _:
            return Class.UNKNOWN, {"why": "opening"}


def _goods(line: Line, on: date) -> tuple[Class, dict[str, Fact]]:
    arrived = line.delivered_on
    if arrived is not None and arrived <= on:
        return Class.NOT_BOOKED, {"why": "delivered", "on": arrived.isoformat()}
    if on - line.day <= timedelta(days=DAYS_ON_THE_WAY):
        return Class.IN_TRANSIT, {"why": "shipped", "on": line.day.isoformat()}
    return Class.NOT_BOOKED, {"why": "not_billed", "on": line.day.isoformat()}


def _invoice(line: Line) -> tuple[Class, dict[str, Fact]]:
    """Where the invoice stopped on its way."""
    if line.booked_on:
        return Class.NOT_BOOKED, {"why": "said_booked", "on": line.booked_on.isoformat()}
    if line.received_on:
        return Class.NOT_BOOKED, {"why": "received", "on": line.received_on.isoformat()}
    if line.sent_on:
        return Class.INVOICE, {"why": "sent", "on": line.sent_on.isoformat()}
    return Class.INVOICE, {"why": "not_sent"}


def _money(line: Line, on: date) -> tuple[Class, dict[str, Fact]]:
    if not line.is_confirmed:
        return Class.UNKNOWN, {"why": "not_confirmed"}
    if on - line.day <= timedelta(days=DAYS_TO_BOOK):
        return Class.NOT_BOOKED, {"why": "money_late", "on": line.day.isoformat()}
    return Class.UNKNOWN, {"why": "money_old"}


def _alone(line: Line, *, ours: bool, cls: Class, facts: dict[str, Fact]) -> Item:
    if ours:
        return Item((line.key,), (), line.amount, ZERO, None, cls, facts)
    return Item((), (line.key,), ZERO, line.amount, None, cls, facts)


def in_opening(pool: Pool, begins: date, apart: Decimal, *, days: int) -> None:
    """What we have in the first days and they had before: it is what the opening balances differ by, to the cent."""
    near = [line for line in pool.ours.values() if not line.is_prior and (line.day - begins).days <= days]
    fitting = [line for line in near if line.amount == -apart]
    if apart and len(fitting) == 1:
        pool.pair(fitting, [], Reason.IN_OPENING)
