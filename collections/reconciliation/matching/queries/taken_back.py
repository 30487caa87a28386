"""Lines that the bank took back, with the lines that do: found for all at once, or for a few, in a few statements."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from typing import Any

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value

from config.fields import ExactDecimalField
from ledger.bulk import chunks
from ledger.money import ZERO
from reconciliation.bank.models import BankLine
from reconciliation.matching.models import AsideKind, SetAside
from reconciliation.matching.weighing.taken_back import SOON, Booked, pairs

_SOON = timedelta(days=SOON)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A line, and the one by which the bank took it back."""

    line: BankLine
    reversal: BankLine

    @property
    def is_open(self) -> bool:
        """Nothing was done with either yet."""
        return self.line.open_amount == self.line.amount and self.reversal.open_amount == self.reversal.amount


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reversal, and the lines of which it may take back one."""

    reversal: BankLine
    lines: tuple[BankLine, ...]

    @property
    def pairs(self) -> list[TakenBack]:
        return [TakenBack(line, self.reversal) for line in self.lines]


@dataclass(frozen=True, slots=True)
class Returned:
    """By the key of either line the pairs, and what is in doubt, of which something is open."""

    pairs: dict[int, TakenBack] = field(default_factory=dict)
    doubts: dict[int, Doubt] = field(default_factory=dict)

    @property
    def keys(self) -> set[int]:
        """Lines that are not to be accepted without a look."""
        return {*self.pairs, *self.doubts}

    def beside(self, keys: Iterable[int]) -> set[int]:
        """The lines that stand with one of these in a pair, or in doubt."""
        found: set[int] = set()
        for key in keys:
            some = [self.pairs[key]] if key in self.pairs else self.doubts[key].pairs if key in self.doubts else []
            found |= {line.pk for pair in some for line in (pair.line, pair.reversal)}
        return found


def taken_back(of: Collection[BankLine] | None = None) -> Returned:
    """Of the whole firm, or what concerns these lines."""
    asked = list(_asked(of)) if of is None or of else []
    if not asked:
        return Returned()
    # What a neighbour takes back is not free: it is known whatever was done with it.
    reversals = _near(asked, Q(is_reversal=True), sign=1, before=_SOON, after=_SOON)
    others = _near(asked, Q(is_reversal=False), sign=-1, before=2 * _SOON, after=_SOON)
    lines = {line.pk: line for line in (*others, *reversals)}
    aside = _set_aside(list(lines))
    found = pairs(
        # One that was matched is a refund, and what it gave back was a receipt.
        (_booked(line, is_aside=line.pk in aside) for line in reversals if line.open_amount or line.pk in aside),
        (_booked(line, is_aside=line.pk in aside) for line in others),
    )
    both = [TakenBack(lines[line], lines[reversal]) for reversal, line in found.sure.items()]
    some_open = [one for one in both if one.line.open_amount or one.reversal.open_amount]
    doubts = [Doubt(lines[one], tuple(lines[key] for key in some)) for one, some in found.doubts.items()]
    return Returned(
        {key: one for one in some_open for key in (one.line.pk, one.reversal.pk)},
        {line.pk: one for one in doubts for line in (*one.lines, one.reversal) if line.open_amount},
    )


def _asked(of: Collection[BankLine] | None) -> QuerySet[BankLine]:
    """Reversals that wait, and those of whose amount an earlier line of the account waits."""
    opposite: Any = ExpressionWrapper(
        Value(ZERO, ExactDecimalField()) - F("amount"), output_field=ExactDecimalField()
    )
    waiting = BankLine.objects.unmatched().filter(
        account=OuterRef("account"), amount=OuterRef("opposite"), date__lte=OuterRef("date")
    )
    rows = BankLine.objects.filter(is_reversal=True).annotate(opposite=opposite)
    if of is not None:
        amounts = {amount for line in of for amount in (line.amount, -line.amount)}
        rows = rows.filter(account__in={line.account_id for line in of}, amount__in=amounts)
    return rows.filter(Q(open_amount__gt=0) | Q(open_amount__lt=0) | Exists(waiting)).order_by("pk")


def _near(
    reversals: Sequence[BankLine], which: Q, *, sign: int, before: timedelta, after: timedelta
) -> list[BankLine]:
    """Lines of the accounts and the amounts, or their opposites, about the days of these."""
    found: dict[int, BankLine] = {}
    days = _spans((line.date - before, line.date + after) for line in reversals)
    about = Q()
    for span in days:
        about |= Q(date__range=span)
    accounts = {line.account_id for line in reversals}
    amounts: list[Any] = sorted({sign * line.amount for line in reversals})
    for some in chunks(amounts):
        rows = BankLine.objects.filter(which, about, account__in=accounts, amount__in=some)
        found |= {line.pk: line for line in rows}
    return list(found.values())


def _spans(days: Iterable[tuple[Date, Date]]) -> list[tuple[Date, Date]]:
    """The days without a gap between them, so that one old reversal does not draw in all the years since."""
    found: list[tuple[Date, Date]] = []
    for first, last in sorted(days):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _set_aside(keys: Sequence[int]) -> set[int]:
    rows = SetAside.objects.filter(kind=AsideKind.RETURNED, undoes=None, undone_by=None)
    return {key for some in chunks(keys) for key in rows.filter(line__in=some).values_list("line", flat=True)}


def _booked(line: BankLine, *, is_aside: bool) -> Booked:
    return Booked(
        key=line.pk,
        account=line.account_id,
        date=line.date,
        amount=line.amount,
        payer=line.payer_name,
        payer_account=line.payer_account,
        reference=line.reference,
        memo=line.memo,
        is_open=line.open_amount == line.amount,
        is_aside=is_aside,
    )
