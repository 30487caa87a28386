"""Payment terms: from the date of a document to the day its debt falls due."""

import calendar as gregorian
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class TermsKind(StrEnum):
    NET = "net"
    END_OF_MONTH = "end_of_month"
    DAY_OF_NEXT_MONTH = "day_of_next_month"


@dataclass(frozen=True, slots=True)
class Terms:
    """`days` counts days for net and end-of-month terms, and is the day (1 to 31) of the next month else."""

    kind: TermsKind
    days: int

    def due_date(self, document_date: date) -> date:
        """The day on which a document of `document_date` is due; a day that a month lacks is its last one."""
        if self.kind == TermsKind.NET:
            return document_date + timedelta(days=self.days)
        if self.kind == TermsKind.END_OF_MONTH:
            return _day_of_month(document_date, 31) + timedelta(days=self.days)
        next_month = _day_of_month(document_date, 31) + timedelta(days=1)
        return _day_of_month(next_month, self.days)


def _day_of_month(in_month: date, day: int) -> date:
    last = gregorian.monthrange(in_month.year, in_month.month)[1]
    return in_month.replace(day=min(day, last))
