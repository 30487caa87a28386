"""The books as a list page wants them: rows that are counted, ordered and cut in memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from customers.models import HOME_CURRENCY, User
from reconciliation.books.forms import EntriesForm, QuestionForm, SumsForm
from reconciliation.books.queries import sums
from reconciliation.books.queries.entries import entries
from reconciliation.books.queries.sums import Row
from reconciliation.books.question import Question


@dataclass(frozen=True)
class Listed:
    """Rows of one currency, and the question that they answer."""

    question: Question
    rows: Sequence[Row]

    def count(self) -> int:
        return len(self.rows)

    def none(self) -> "Listed":
        return Listed(self.question, [])

    def order_by(self, *aliases: str) -> "Listed":
        found = list(self.rows)
        for alias in reversed(aliases):
            name = alias.removeprefix("-")
            known = [row for row in found if getattr(row, name) is not None]
            known.sort(key=lambda row: getattr(row, name), reverse=alias.startswith("-"))
            found = known + [row for row in found if getattr(row, name) is None]
        return Listed(self.question, found)

    def __getitem__(self, piece: slice) -> Sequence[Row]:
        return self.rows[piece]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def iterator(self, chunk_size: int = 0) -> Iterator[Row]:
        """As an export asks for rows."""
        return iter(self.rows)


class Asked:
    """A form as a list page wants its filters."""

    form_class: type[QuestionForm]
    first: Iterable[str] = ()

    def __init__(self, data: QueryDict, *, user: User) -> None:
        self.form = self.form_class(data, user=user)
        self.user = user

    def is_valid(self) -> bool:
        return self.form.is_valid()

    @property
    def question(self) -> Question:
        return self.form.question if self.is_valid() else Question(as_of=timezone.localdate())


class SumsAsked(Asked):
    form_class = SumsForm
    first = ("q", "as_of", "by", "salesperson", "key_account")

    @cached_property
    def _found(self) -> list[Row]:
        """Of all currencies, and where the books agree too: what the page says of the whole is of the whole."""
        asked = replace(self.question, currency="", with_agreeing=True)
        return sums.rows(asked, user=self.user) if self.is_valid() else []

    @property
    def currencies(self) -> list[str]:
        return list(dict.fromkeys(row.currency for row in self._found))

    @property
    def currency(self) -> str:
        """The one that is asked for, else the first there is."""
        asked = self.question.currency
        return asked if asked in self.currencies else next(iter(self.currencies), HOME_CURRENCY)

    @property
    def whole(self) -> list[Row]:
        return [row for row in self._found if row.currency == self.currency]

    @property
    def qs(self) -> Listed:
        return Listed(self.question, [row for row in self.whole if row.count or self.question.with_agreeing])


class EntriesAsked(Asked):
    form_class = EntriesForm
    first = ("q", "as_of", "what", "salesperson", "youngest", "oldest")

    @property
    def qs(self) -> QuerySet[Any]:
        return entries(self.question, self.user)
