"""What a customer fills in: whether the statement agrees, and the lines that do not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.forms.fields import DayField, MoneyField
from reconciliation.statements.answering import NO_DAY, SAY_WHAT, Marked
from reconciliation.statements.forms import WordsForm
from reconciliation.statements.models import Answer, AnswerLine
from reconciliation.statements.queries.rows import Row

MOST_MISSING = 3
Kind = AnswerLine.Kind
# The same as the lines of an answer are called, said to the customer.
SAID_OF_LINES = {
    Kind.UNKNOWN: _("not in your books"),
    Kind.WRONG: _("another amount in your books"),
    Kind.PAID: _("paid already"),
    Kind.MISSING: _("missing on the statement"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the summary above a form; `field` is the id of the input at fault."""

    field: str
    label: str
    message: str


class AnswerForm(WordsForm):
    """The customer speaks of themselves; `owes` is the balance of the statement, which nobody promises more than."""

    lacks_a_day = NO_DAY

    def __init__(self, *args: Any, owes: Decimal, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, owes=owes, currency=currency, **kwargs)
        if "promised_on" in self.fields:
            self.fields["promised_on"].label = _("You will pay by")
            self.fields["promised_on"].widget.attrs["min"] = timezone.localdate().isoformat()

    @property
    def promises(self) -> bool:
        """Whether there is something to promise."""
        return "promised_on" in self.fields

    @property
    def more(self) -> list[forms.BoundField]:
        """What few need, folded up until something stands in it or is wrong with it."""
        return [self[name] for name in ("promised_on", "promised_amount", "note") if name in self.fields]

    @property
    def shows_more(self) -> bool:
        return any(field.errors or field.value() for field in self.more)


class MarkForm(forms.Form):
    """One line that the customer does not have as we do."""

    kind = forms.ChoiceField(
        label=_("What is wrong"),
        choices=[(kind.value, SAID_OF_LINES[kind]) for kind in (Kind.UNKNOWN, Kind.WRONG, Kind.PAID)],
    )
    amount = MoneyField(label=_("Amount in your books"), required=False, signed=True, zero=True)
    date = DayField(label=_("Paid on"), required=False, has_come=True)
    note = forms.CharField(label=_("How, or remark"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What `_field.html` says in the place of "optional".
        self.fields["amount"].needed = _("needed if the amount is another")  # type: ignore[attr-defined]
        self.fields["date"].needed = _("needed if it is paid")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Kind.WRONG and cleaned.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", gettext("Give the amount in your books."))
        if cleaned.get("kind") == Kind.PAID and not cleaned.get("date") and "date" not in self.errors:
            self.add_error("date", gettext("Say when it was paid."))
        return cleaned


class MissingForm(forms.Form):
    """A document that the customer has and the statement has not; left empty where there is none."""

    document = forms.CharField(label=_("Document"), max_length=100, required=False)
    date = DayField(label=_("Date"), required=False)
    amount = MoneyField(label=_("Amount"), required=False, signed=True)
    note = forms.CharField(label=_("Remark"), max_length=200, required=False)

    @property
    def says_something(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("document", "date", "amount", "note"))


class DiffersForm:
    """The answer "does not agree": its words, a form for each ticked line, and some for what is missing."""

    def __init__(
        self,
        rows: Sequence[Row],
        post: QueryDict | None,
        *,
        owes: Decimal,
        currency: str,
        typed: Mapping[str, Sequence[str]] | None = None,
        has_files: bool = False,
    ) -> None:
        """`typed` was kept from before; `has_files` where some come with the answer."""
        before = typed or {}
        facts: dict[str, Any] = {"owes": owes, "currency": currency}
        self.words = AnswerForm(post, initial=initial_of(before, AnswerForm), **facts)
        self.marked = [(row, self._part(MarkForm, post, f"line-{row.entry}", before)) for row in rows]
        self.missing = [self._part(MissingForm, post, f"missing-{n}", before) for n in range(MOST_MISSING)]
        self.has_files = has_files

    @staticmethod
    def _part(form: Any, post: QueryDict | None, prefix: str, before: Mapping[str, Sequence[str]]) -> Any:
        return form(post, prefix=prefix, initial=initial_of(before, form, prefix=f"{prefix}-"))

    def is_valid(self) -> bool:
        # Every form says what is wrong with it, not the first alone.
        if sum(not form.is_valid() for form in self._every()) > 0:
            return False
        if not (self.lines() or self.has_files or self.words.cleaned_data["note"].strip()):
            self.words.add_error("note", str(SAY_WHAT))
        return self.words.is_valid()

    def _every(self) -> list[forms.Form]:
        return [*(form for _row, form in self.marked), *self.missing, self.words]

    @property
    def shows_missing(self) -> bool:
        """Whether the part for what is missing is open: nothing else is there, or something stands in it."""
        return not self.marked or any(
            form.errors or any(form[name].value() for name in form.fields) for form in self.missing
        )

    @property
    def problems(self) -> list[Problem]:
        marked = [
            one for row, form in self.marked for one in problems_of(form, f"{row.document} {row.number}".strip())
        ]
        missing = [one for form in self.missing for one in problems_of(form, gettext("Missing on the statement"))]
        return [*marked, *missing, *problems_of(self.words)]

    def lines(self) -> list[Marked]:
        ours = [
            Marked(entry=row.entry, document=f"{row.document} {row.number}".strip(), **form.cleaned_data)
            for row, form in self.marked
        ]
        theirs = [
            Marked(kind=Kind.MISSING, entry=None, **form.cleaned_data) for form in self.missing if form.says_something
        ]
        return [*ours, *theirs]


def _any_of(form: type[forms.Form]) -> str:
    return f"(?:{'|'.join(form.base_fields)})"


_AGREES = _any_of(AnswerForm)
_NAMES = {
    Answer.Verdict.AGREES: re.compile(_AGREES),
    Answer.Verdict.DIFFERS: re.compile(
        f"{_AGREES}|line|line-[0-9]+-{_any_of(MarkForm)}|missing-[0-9]-{_any_of(MissingForm)}"
    ),
}


def typed_in(post: QueryDict, verdict: Answer.Verdict) -> dict[str, list[str]]:
    """What was typed into the fields of an answer, by name; nothing else that came along."""
    return {name: values for name, values in post.lists() if _NAMES[verdict].fullmatch(name)}


def problems_of(form: forms.Form, about: str = "") -> list[Problem]:
    """Each error of a form, for the summary above it."""
    return list(_problems(form, about))


def _problems(form: forms.Form, about: str) -> Iterator[Problem]:
    for name in form.fields:
        for message in form.errors.get(name, ()):
            label = str(form[name].label)
            yield Problem(form[name].id_for_label, f"{about} · {label}" if about else label, str(message))
    for message in form.non_field_errors():
        yield Problem("", about, str(message))


def initial_of(typed: Mapping[str, Sequence[str]], form: type[forms.Form], prefix: str = "") -> dict[str, str]:
    """What was typed before into the fields of a form."""
    return {name: typed[f"{prefix}{name}"][0] for name in form.base_fields if typed.get(f"{prefix}{name}")}


def ticked(rows: Sequence[Row], lines: Sequence[str]) -> list[Row]:
    """The rows that were marked, of those of the statement."""
    wanted = set(lines)
    return [row for row in rows if str(row.entry) in wanted]
