"""By how many days a debt is put where: one table of limits for Python, SQL and headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext as _


class Basis(StrEnum):
    """From which day on days are counted."""

    # Days past due; what is not due yet has a bucket of its own.
    DUE = "due"
    DOCUMENT = "document"
    # The day the goods left: of an invoice, the earliest shipment that it bills.
    SHIPMENT = "shipment"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Debts of `first` to `last` days, both included; None: no limit on that side."""

    key: str
    first: int | None
    last: int | None

    @property
    def label(self) -> str:
        if self.last is None:
            return _("over %(days)d days") % {"days": (self.first or 1) - 1}
        if self.first is None and self.last == 0:
            return _("not due")
        return _("%(first)d–%(last)d days") % {"first": self.first or 0, "last": self.last}

    def holds(self, days: int) -> bool:
        return (self.first is None or self.first <= days) and (self.last is None or days <= self.last)

    def earliest(self, as_of: date) -> date | None:
        """The earliest day (due date, document date …) that is in the bucket on `as_of`."""
        return None if self.last is None else as_of - timedelta(days=self.last)

    def latest(self, as_of: date) -> date | None:
        return None if self.first is None else as_of - timedelta(days=self.first)


def buckets(basis: Basis, limits: Sequence[int]) -> tuple[Bucket, ...]:
    """The buckets, the youngest first: every number of days is in exactly one of them.

    `limits` are the last days of each bucket but the oldest, which has none: 30, 60, 90 …
    """
    lasts = [0, *limits] if basis == Basis.DUE else list(limits)
    made = [Bucket("not_due" if basis == Basis.DUE else f"0-{lasts[0]}", None, lasts[0])]
    for before, last in pairwise(lasts):
        made.append(Bucket(f"{before + 1}-{last}", before + 1, last))
    return (*made, Bucket(f"{lasts[-1]}+", lasts[-1] + 1, None))
