"""What a number of the report links to: the same question, and which of its numbers."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from aging.forms import NONE
from aging.pivot import Head
from aging.question import Grouping, Question
from aging.report import Row

# Belong to one page, not to the question.
_OF_THE_PAGE = ("sort", "page", "_export", "column", "row", "cell", "next")


class Addresses:
    """Links from a report to its parts. The day is always named: a link is the same tomorrow. `here` is the address
    of the page with its order and place: what the links lead to leads back there.
    """

    def __init__(self, data: QueryDict, question: Question, currency: str, *, here: str = "") -> None:
        kept = data.copy()
        for name in [name for name in kept if name in _OF_THE_PAGE or not kept[name]]:
            del kept[name]
        kept["as_of"] = question.as_of.isoformat()
        kept["currency"] = currency
        self._kept = kept
        self._question = question
        self._items = reverse("aging:items")
        self._here = {"next": here} if here else {}
        # Where the page itself leads back to.
        self._next = data.get("next", "")
        # Items are of one day; the way back knows with which it was compared.
        items = kept.copy()
        items.pop("compare", None)
        self._query = items.urlencode()

    def items(self, column: str, row: Row | Head | None, across: Head | None = None) -> str:
        """The items behind a number; without a row, behind the total of its column."""
        said = {"column": column}
        for name, head in (("row", row), ("cell", across)):
            if head is not None:
                said[name] = NONE if head.group in (None, "") else str(head.group)
        return f"{self._items}?{self._query}&{urlencode(said | self._here)}"

    def row(self, row: Row | Head) -> str:
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
        for part, address in self._here.items():
            kept[part] = address
        return f"{reverse('aging:report')}?{kept.urlencode()}"

    def report(self, **changed: str) -> str:
        """The report with some choices changed."""
        kept = self._kept.copy()
        for name, value in (changed | ({"next": self._next} if self._next else {})).items():
            if value:
                kept[name] = value
            else:
                kept.pop(name, None)
        return f"{reverse('aging:report')}?{kept.urlencode()}"


def groups_of(by: Grouping, row: str) -> tuple[int | str | None, ...]:
    """The groups that `row` of an address names, empty for all; raises ValueError."""
    if not row:
        return ()
    if by == Grouping.REGION:
        if "\0" in row:
            raise ValueError("no region has such a name")
        return ("" if row == NONE else row,)
    if row == NONE:
        return (None,)
    if not 0 <= (key := int(row)) < 2**63:
        raise ValueError("no row has such a key")
    return (key,)
