"""Comparing a list with the ledger as it is now, and keeping what was found; people's decisions stay."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ledger.money import ZERO
from reconciliation.comparison.comparing import Balances, Comparison, Decisions, compare
from reconciliation.comparison.lines import STEPS, Class, Item, Line, identity
from reconciliation.comparison.models import ComparedItem, CustomerList, Decision, ItemPart, ListLine, Result
from reconciliation.comparison.queries.our_lines import ledger_mark, our_ledger

_BATCH = 1000
Act = Decision.Act
Pair = tuple[tuple[int, ...], tuple[int, ...]]


def is_stale(row: CustomerList) -> bool:
    """Whether the ledger has moved since the list was compared."""
    return row.result.mark != ledger_mark(row.customer)


@transaction.atomic
def compare_again(row: CustomerList, *, now: datetime | None = None) -> Result:
    """Makes the result anew, under a lock on the list: two at a time follow one another."""
    CustomerList.objects.select_for_update().get(pk=row.pk)
    mark = ledger_mark(row.customer)
    stored = {line.position: line for line in ListLine.objects.filter(customer_list=row).order_by("position")}
    theirs = [_line(line) for line in stored.values()]
    ours = our_ledger(row.customer, since=row.first_day, on=row.as_of)
    total = sum((line.amount for line in theirs), ZERO)
    balances = Balances(*_theirs(row, total), ours.opening)
    decisions = list(row.decisions.order_by("pk"))
    found = compare(ours.lines, theirs, balances, on=row.as_of, decisions=decided(decisions))
    assert found.bridge.ours == ours.balance
    ComparedItem.objects.filter(customer_list=row).delete()
    _store(row, found, {line.key: line for line in ours.lines}, stored)
    result, _made = Result.objects.update_or_create(
        customer_list=row,
        defaults={
            "compared_at": now or timezone.now(),
            "mark": mark,
            "theirs_opening": balances.theirs_opening,
            "theirs_closing": balances.theirs_closing,
            "theirs_total": total,
            "ours_opening": ours.opening,
            "carried": found.ends.carried,
            "ours_closing": ours.balance,
            "difference": found.bridge.difference,
            "unexplained": found.bridge.unexplained,
            "agreed_count": sum(item.cls is Class.AGREED for item in found.items),
            "open_count": sum(item.cls is not Class.AGREED for item in found.items),
            "accepted_at": _accepted_at(decisions),
        },
    )
    row.result = result
    return result


def _theirs(row: CustomerList, total: Decimal) -> tuple[Decimal, Decimal]:
    """Their opening and closing; what the file does not state follows from the other and the lines."""
    if row.opening is not None:
        return row.opening, row.opening + total if row.closing is None else row.closing
    return (ZERO, total) if row.closing is None else (row.closing - total, row.closing)


def _line(line: ListLine) -> Line:
    numbers = tuple(filter(None, (line.our_number, line.number)))
    return Line(line.position, line.date, line.amount, numbers, line.memo)


def decided(decisions: Iterable[Decision]) -> Decisions:
    """What holds of all that was said, the latest last: to pair lines undoes that they were taken apart."""
    together: dict[str, Pair] = {}
    apart: set[str] = set()
    classes: dict[str, Class] = {}
    for one in decisions:
        lines: Pair = tuple(one.ours), tuple(one.theirs)
        name = identity(*lines)
        if one.act == Act.TOGETHER:
            # A line is in one pair: the latest.
            together = {key: pair for key, pair in together.items() if not _share(pair, lines)}
            together[name] = lines
            apart.discard(name)
        elif one.act == Act.APART:
            together.pop(name, None)
            apart.add(name)
        elif one.act == Act.CLASS:
            classes[name] = Class(one.cls)
    return Decisions(list(together.values()), frozenset(apart), classes)


def _share(one: Pair, other: Pair) -> bool:
    return any(set(mine) & set(yours) for mine, yours in zip(one, other, strict=True))


def _accepted_at(decisions: Iterable[Decision]) -> datetime | None:
    said = [one for one in decisions if one.act in (Act.ACCEPTED, Act.REOPENED)]
    return said[-1].at if said and said[-1].act == Act.ACCEPTED else None


def _store(row: CustomerList, found: Comparison, ours: Mapping[int, Line], theirs: Mapping[int, ListLine]) -> None:
    """The differences first, in the order of the bridge, then what agrees; each by its days."""
    order = {cls: place for place, cls in enumerate((*STEPS, Class.AGREED))}

    def day(item: Item) -> date:
        return min([ours[key].day for key in item.ours] + [theirs[key].date for key in item.theirs])

    items = sorted(found.items, key=lambda item: (order[item.cls], day(item), item.identity))
    rows = [
        ComparedItem(
            customer_list=row,
            place=place,
            identity=item.identity,
            reason=item.reason or "",
            cls=item.cls,
            found=item.found,
            facts=dict(item.facts),
            date=day(item),
            ours_amount=item.ours_amount,
            theirs_amount=item.theirs_amount,
            difference=item.difference,
            words=_words(item, ours, theirs),
        )
        for place, item in enumerate(items, start=1)
    ]
    ComparedItem.objects.bulk_create(rows, batch_size=_BATCH)
    parts = [
        part
        for stored, item in zip(rows, items, strict=True)
        for part in (
            *(ItemPart(item=stored, entry_id=key, amount=ours[key].amount) for key in item.ours),
            *(ItemPart(item=stored, line=theirs[key], amount=theirs[key].amount) for key in item.theirs),
        )
    ]
    ItemPart.objects.bulk_create(parts, batch_size=_BATCH)


def _words(item: Item, ours: Mapping[int, Line], theirs: Mapping[int, ListLine]) -> str:
    said = [word for key in item.ours for word in (*ours[key].numbers, ours[key].memo)]
    said += [word for key in item.theirs for word in (theirs[key].our_number, theirs[key].number, theirs[key].memo)]
    return " ".join(dict.fromkeys(filter(None, said)))
