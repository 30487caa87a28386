"""What an aging report is asked: every choice of the page, the command and the workbook."""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from aging.buckets import Basis

FIRST_DAY = date(1990, 1, 1)


def day(text: str, *, today: date) -> date:
    """A day as a person types it, 2026-03-31, not beyond next year, so that a slip in the year is seen; raises
    ValueError with a sentence for that person.
    """
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(_("“%(text)s” is not a date; write it as 2026-03-31.") % {"text": text}) from None
    last = date(today.year + 1, 12, 31)
    if not FIRST_DAY <= found <= last:
        raise ValueError(
            _("%(day)s is not between %(first)s and %(last)s.") % {"day": found, "first": FIRST_DAY, "last": last}
        )
    return found


class Grouping(StrEnum):
    """What a row of the report stands for."""

    CUSTOMER = "customer"
    SALESPERSON = "salesperson"
    REGION = "region"
    PARENT = "parent"
    KEY_ACCOUNT = "key_account"


# What a report can be spread over: groupings with few groups.
ACROSS = (Grouping.SALESPERSON, Grouping.REGION, Grouping.KEY_ACCOUNT)


class Meaning(StrEnum):
    """Whose an open item is: of who answered for the sale, or of who answers for the customer now."""

    SALE = "sale"
    OWNER = "owner"


class Unbilled(StrEnum):
    """Where shipments without an invoice stand: in a column of their own, or aged among the invoices."""

    COLUMN = "column"
    AGED = "aged"


@dataclass(frozen=True, slots=True)
class Question:
    as_of: date
    # Only what was recorded by the end of that day; None: all that is known now.
    known_on: date | None = None
    basis: Basis = Basis.DUE
    by: Grouping = Grouping.CUSTOMER
    # None: as `is_about_sales` says.
    meaning: Meaning | None = None
    unbilled: Unbilled = Unbilled.COLUMN
    # Filters; primary keys where they name a row.
    customer: int | None = None
    salesperson: int | None = None
    region: str | None = None
    key_account: bool | None = None
    currency: str | None = None
    # Only debts past due, of those that are aged.
    overdue_only: bool = False
    # Beside the same on another day, as it is known on the same.
    compare: date | None = None
    # Spread over the groups of another grouping instead of over the ages.
    across: Grouping | None = None

    @property
    def is_about_sales(self) -> bool:
        """Unless told otherwise, a report by salesperson is about sales, any other about who has the customer now."""
        return (self.meaning or (Meaning.SALE if self.by == Grouping.SALESPERSON else Meaning.OWNER)) == Meaning.SALE

    def as_params(self) -> dict[str, Any]:
        """Plain values for a job; `from_params` reads them."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}

    @classmethod
    def from_params(cls, params: dict[str, Any]) -> "Question":
        known_on, compare, across = params["known_on"], params.get("compare"), params.get("across")
        return cls(
            **params
            | {
                "as_of": date.fromisoformat(params["as_of"]),
                "known_on": None if known_on is None else date.fromisoformat(known_on),
                "basis": Basis(params["basis"]),
                "by": Grouping(params["by"]),
                "meaning": params["meaning"] and Meaning(params["meaning"]),
                "unbilled": Unbilled(params["unbilled"]),
                "compare": compare and date.fromisoformat(compare),
                "across": across and Grouping(across),
            }
        )


@dataclass(frozen=True, slots=True)
class Names:
    """What the filters of a question are called that name a row; empty where it has none."""

    customer: str = ""
    salesperson: str = ""
