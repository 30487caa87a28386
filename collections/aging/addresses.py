"""What a number of the report links to: the same question, and which of its numbers."""

from django.http import QueryDict
from django.urls import reverse

from aging.forms import NONE
from aging.question import Grouping, Question
from aging.report import Row

# Belong to one page, not to the question.
_OF_THE_PAGE = ("sort", "page", "_export", "column", "row")


class Addresses:
    """Links from a report to its parts. The day is always named: a link is the same tomorrow."""

    def __init__(self, data: QueryDict, question: Question, currency: str) -> None:
        kept = data.copy()
        for name in [name for name in kept if name in _OF_THE_PAGE or not kept[name]]:
            del kept[name]
        kept["as_of"] = question.as_of.isoformat()
        kept["currency"] = currency
        self._kept = kept
        self._question = question
        self._items = reverse("aging:items")
        self._query = kept.urlencode()

    def items(self, column: str, row: Row | None) -> str:
        """The items behind a number; without a row, behind the total of its column."""
        said = QueryDict(mutable=True)
        said["column"] = column
        if row is not None:
            said["row"] = NONE if row.group in (None, "") else str(row.group)
        return f"{self._items}?{self._query}&{said.urlencode()}"

    def row(self, row: Row) -> str:
        """What a row leads to: the customers that it holds, or the items of its customer."""
        narrower = {
            Grouping.SALESPERSON: ("salesperson", str(row.group)),
            Grouping.REGION: ("region", row.key or NONE),
            Grouping.KEY_ACCOUNT: ("key_account", row.key),
        }.get(self._question.by)
        if narrower is None or row.group is None:
            return self.items("balance", row)
        name, value = narrower
        kept = self._kept.copy()
        kept["by"] = Grouping.CUSTOMER
        kept["meaning"] = "sale" if self._question.is_about_sales else "owner"
        kept[name] = value
        return f"{reverse('aging:report')}?{kept.urlencode()}"

    def report(self, **changed: str) -> str:
        """The report with some choices changed."""
        kept = self._kept.copy()
        for name, value in changed.items():
            kept[name] = value
        return f"{reverse('aging:report')}?{kept.urlencode()}"


def groups_of(question: Question, row: str) -> tuple[int | str | None, ...]:
    """The groups that `row` of an address names, empty for all; raises ValueError."""
    if not row:
        return ()
    if question.by == Grouping.REGION:
        if "\0" in row:
            raise ValueError("no region has such a name")
        return ("" if row == NONE else row,)
    if row == NONE:
        return (None,)
    if not 0 <= (key := int(row)) < 2**63:
        raise ValueError("no row has such a key")
    return (key,)
