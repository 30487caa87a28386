"""What a customer fills in: whether the statement agrees, and the lines that do not."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ledger.forms.fields import DayField, MoneyField
from reconciliation.statements.answering import SAY_WHAT, Marked
from reconciliation.statements.forms import WordsForm
from reconciliation.statements.models import AnswerLine
from reconciliation.statements.queries.rows import Row

MOST_MISSING = 3
Kind = AnswerLine.Kind


class MarkForm(forms.Form):
    """One line that the customer does not have as we do."""

    kind = forms.ChoiceField(
        label=_("What is wrong"),
        choices=[
            (Kind.UNKNOWN.value, _("We do not know it")),
            (Kind.WRONG.value, _("Our amount is another")),
            (Kind.PAID.value, _("We have paid it")),
        ],
    )
    amount = MoneyField(label=_("Amount in your books"), required=False, signed=True, zero=True)
    date = DayField(label=_("Paid on"), required=False, has_come=True)
    note = forms.CharField(label=_("How, or remark"), max_length=200, required=False)

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

    def __init__(self, rows: Sequence[Row], post: QueryDict | None, files: Any = None) -> None:
        self.words = WordsForm(post)
        self.has_files = bool(files)
        self.marked = [(row, MarkForm(post, prefix=f"line-{row.entry}")) for row in rows]
        self.missing = [MissingForm(post, prefix=f"missing-{n}") for n in range(MOST_MISSING)]

    def is_valid(self) -> bool:
        # Every form says what is wrong with it, not the first alone.
        if sum(not form.is_valid() for form in self._every()) > 0:
            return False
        if not (self.lines() or self.has_files or self.words.cleaned_data["note"].strip()):
            self.words.add_error("note", str(SAY_WHAT))
        return self.words.is_valid()

    def _every(self) -> list[forms.Form]:
        return [self.words, *(form for _row, form in self.marked), *self.missing]

    def lines(self) -> list[Marked]:
        ours = [
            Marked(entry=row.entry, document=f"{row.document} {row.number}".strip(), **form.cleaned_data)
            for row, form in self.marked
        ]
        theirs = [
            Marked(kind=Kind.MISSING, entry=None, **form.cleaned_data) for form in self.missing if form.says_something
        ]
        return [*ours, *theirs]


def ticked(rows: Sequence[Row], post: QueryDict) -> list[Row]:
    """The rows that were marked, of those of the statement."""
    wanted = set(post.getlist("line"))
    return [row for row in rows if str(row.entry) in wanted]
