"""Lines that the bank took back, with the lines that do: found for all at once, in three statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value

from config.fields import ExactDecimalField
from ledger.bulk import chunks
from ledger.money import ZERO
from reconciliation.bank.models import BankLine
from reconciliation.matching.models import AsideKind, SetAside
from reconciliation.matching.weighing.taken_back import SOON, Booked, pairs


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A line, and the one by which the bank took it back."""

    line: BankLine
    reversal: BankLine

    @property
    def is_open(self) -> bool:
        """Nothing was done with either yet."""
        return self.line.open_amount == self.line.amount and self.reversal.open_amount == self.reversal.amount

    def beside(self, key: int) -> BankLine:
        """The other one of the two."""
        return self.line if key == self.reversal.pk else self.reversal


def taken_back() -> dict[int, TakenBack]:
    """The pairs of which something is open, by the key of either line."""
    reversals = list(_reversals())
    if not reversals:
        return {}
    others = [line for some in chunks(reversals) for line in _opposite(some)]  # type: ignore[type-var]
    lines = {line.pk: line for line in (*others, *reversals)}
    aside = _set_aside(list(lines))
    found = pairs(
        # One that was matched is a refund, and what it gave back was a receipt.
        (_booked(line, is_aside=line.pk in aside) for line in reversals if line.open_amount or line.pk in aside),
        (_booked(line, is_aside=line.pk in aside) for line in others),
    )
    both = [TakenBack(lines[line], lines[reversal]) for reversal, line in found.items()]
    some_open = [one for one in both if one.line.open_amount or one.reversal.open_amount]
    return {key: one for one in some_open for key in (one.line.pk, one.reversal.pk)}


def _reversals() -> QuerySet[BankLine]:
    """Those that wait, and those of whose amount another line of the account waits."""
    opposite: Any = ExpressionWrapper(
        Value(ZERO, ExactDecimalField()) - F("amount"), output_field=ExactDecimalField()
    )
    waiting = BankLine.objects.unmatched().filter(account=OuterRef("account"), amount=OuterRef("opposite"))
    rows = BankLine.objects.filter(is_reversal=True).annotate(opposite=opposite)
    return rows.filter(Q(open_amount__gt=0) | Q(open_amount__lt=0) | Exists(waiting)).order_by("pk")


def _opposite(reversals: Sequence[BankLine]) -> QuerySet[BankLine]:
    """What they may be of, dealt with or not."""
    days = [line.date for line in reversals]
    return BankLine.objects.filter(
        is_reversal=False,
        account__in={line.account_id for line in reversals},
        amount__in={-line.amount for line in reversals},
        date__range=(min(days) - timedelta(days=SOON), max(days)),
    ).order_by("pk")


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
