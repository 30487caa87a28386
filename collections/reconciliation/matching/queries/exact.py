"""Lines that are accepted at once: which, what they come to, and what would become of their payments."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from customers.models import home_first
from ledger.bulk import chunks
from ledger.models import PeriodClose
from ledger.money import ZERO
from reconciliation.bank.models import BankLine
from reconciliation.matching.keeping import kept
from reconciliation.matching.models import Weighed
from reconciliation.matching.queries.standing import fits

# More are asked for a second time.
MOST = 10_000


@dataclass(slots=True)
class Exact:
    """The lines, and what they come to by currency, money in and out apart."""

    keys: list[int] = field(default_factory=list)
    received: dict[str, Decimal] = field(default_factory=dict)
    paid: dict[str, Decimal] = field(default_factory=dict)
    # There are more of them.
    is_cut: bool = False

    @property
    def sums(self) -> Sequence[tuple[bool, str, Decimal]]:
        """Whether it came in, the currency and the sum."""
        both = ((True, self.received), (False, self.paid))
        return [(came, one, some[one]) for came, some in both for one in sorted(some, key=home_first)]


@dataclass(slots=True)
class Outlook:
    """How many payments are posted, confirmed as recorded, or corrected (`Suggestion.makes`); how many of those that
    are posted are of closed months, and dated on the first open day.
    """

    makes: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    open_day: date | None = None


def exact_lines(lines: QuerySet[BankLine], returned: Collection[int]) -> Exact:
    """Of these lines the exact ones, as they were weighed; the bank took the lines of `returned` back."""
    rows = lines.order_by("pk").filter(fits(returned)["exact"]).values_list("pk", "currency", "open_amount")
    some = list(rows[: MOST + 1])
    found = Exact(is_cut=len(some) > MOST)
    for pk, currency, amount in some[:MOST]:
        found.keys.append(pk)
        sums = found.received if amount > 0 else found.paid
        sums[currency] = sums.get(currency, ZERO) + abs(amount)
    return found


def outlook(exact: Exact) -> Outlook:
    """Asked before it is done."""
    closed = PeriodClose.objects.closed_until()
    found = Outlook(open_day=closed and closed + timedelta(days=1))
    for some in chunks(exact.keys):
        for row in Weighed.objects.filter(line__in=some, is_exact=True).select_related("line"):
            one = kept(row)[0]
            found.makes[one.makes] += len(one.parts) if one.is_money else 1
            found.moved += one.makes == "posted" and closed is not None and row.line.date <= closed
    return found
