"""Rows that are chosen on a list, and what can be done with all of them at once.

A list page declares `actions`; each row then has a checkbox, and a bar below the list says how many rows are chosen
and what they add up to, apart for each currency. The bar is a form: an action's button posts to the action's address

    rows     keys of the chosen rows, one value each or several parted by commas
    all      "1" where every row of the filter is meant (only where the action says `whole_filter`)
    filter   the query string of the list, which `all` refers to
    next     the address of the list, to lead back to (`config.pages.way_back`)

and its view asks `SomeList.chosen(request)` for the rows: those of the post that this user may see on that list; or
all of its filter, where the view takes one: `SomeList.chosen(request, whole_filter=True)`. The view answers a post
that lacks what the action needs with a page that asks for it. So an action also works without JavaScript; with it, an
action with a `dialog` asks in a dialog beforehand. That template holds the fields alone (`{% include "_field.html"
%}` for each) and sees the context of the page; the form around it, its buttons and the chosen rows are there already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise

# Keys of one post; more than these are chosen by their filter.
MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something to do with several rows. `to` is the name of its address, which takes a POST."""

    label: str | Promise
    to: str
    icon: str = ""
    # A template with the fields that the action asks for before it is posted.
    dialog: str = ""
    # What the dialog's button says; else the label.
    does: str | Promise = ""
    whole_filter: bool = False
    primary: bool = False

    @property
    def url(self) -> str:
        return reverse(self.to)

    @property
    def dialog_id(self) -> str:
        return "dialog-" + self.to.replace(":", "-")


@dataclass(frozen=True, slots=True)
class Selection:
    """What the template needs for the checkboxes and the bar."""

    actions: Sequence[BulkAction]
    # Names of the fields whose sum the bar says. The currency may be the same for all, a code of ISO 4217, or a
    # function says of a row what it is added up with.
    amount: str
    currency: str | Callable[[Any], str]
    # Whether some action takes every row of the filter.
    whole_filter: bool

    def picks(self, record: Any) -> tuple[str, str]:
        """The amount of a row in cents and its currency, empty where the list has no amount to add up."""
        if not self.amount:
            return "", ""
        value = getattr(record, self.amount)
        cents = str(int(value.scaleb(2))) if isinstance(value, Decimal) else ""
        if callable(self.currency):
            return cents, self.currency(record)
        return cents, getattr(record, self.currency, self.currency)


def selection(
    actions: Sequence[BulkAction], *, amount: str, currency: str | Callable[[Any], str]
) -> Selection | None:
    """None for a list without actions."""
    if not actions:
        return None
    return Selection(actions, amount, currency, any(action.whole_filter for action in actions))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a post says of the rows; `filter` is None where they are named by their keys."""

    keys: list[str]
    filter: QueryDict | None

    @classmethod
    def read(cls, post: QueryDict, *, whole_filter: bool) -> "Chosen":
        if whole_filter and post.get("all"):
            return cls([], QueryDict(post.get("filter", "").lstrip("?")))
        named = (key.strip() for value in post.getlist("rows") for key in value.split(","))
        return cls(list(dict.fromkeys(key for key in named if key))[:MOST_KEYS], None)

    def keys_of(self, model: type[Model]) -> list[Any]:
        """The keys that a row of the model may have."""
        found = []
        for text in self.keys:
            try:
                key = model._meta.pk.to_python(text)
            except ValidationError:
                continue
            if not isinstance(key, int) or 0 < key < 2**63:
                found.append(key)
        return found
