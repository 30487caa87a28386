"""How a question and the columns of its report are called, on the page, in a table and in the workbook."""

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aging.buckets import Basis, Bucket
from aging.comparison import Change, Comparison
from aging.question import Grouping, Meaning, Names, Question, Unbilled

BASES = {
    Basis.DUE: gettext_lazy("days past due"),
    Basis.DOCUMENT: gettext_lazy("days since the document"),
    Basis.SHIPMENT: gettext_lazy("days since the shipment"),
}
GROUPINGS = {
    Grouping.CUSTOMER: gettext_lazy("customer"),
    Grouping.SALESPERSON: gettext_lazy("salesperson"),
    Grouping.REGION: gettext_lazy("region"),
    Grouping.PARENT: gettext_lazy("parent customer"),
    Grouping.KEY_ACCOUNT: gettext_lazy("key account"),
}
# The sheet and the title of a report that is grouped so.
TITLES = {
    Grouping.CUSTOMER: gettext_lazy("By customer"),
    Grouping.SALESPERSON: gettext_lazy("By salesperson"),
    Grouping.REGION: gettext_lazy("By region"),
    Grouping.PARENT: gettext_lazy("By parent customer"),
    Grouping.KEY_ACCOUNT: gettext_lazy("By key account"),
}
MEANINGS = {
    Meaning.OWNER: gettext_lazy("who answers for the customer now"),
    Meaning.SALE: gettext_lazy("who answered for the sale"),
}
UNBILLED = {
    Unbilled.COLUMN: gettext_lazy("in a column of their own"),
    Unbilled.AGED: gettext_lazy("aged with the invoices"),
}
# Key and name of what a row stands for.
HEADS = {
    Grouping.CUSTOMER: (gettext_lazy("customer code"), gettext_lazy("customer name")),
    Grouping.SALESPERSON: (gettext_lazy("user name"), gettext_lazy("salesperson")),
    Grouping.REGION: (gettext_lazy("region"), gettext_lazy("name")),
    Grouping.PARENT: (gettext_lazy("customer code"), gettext_lazy("parent customer")),
    Grouping.KEY_ACCOUNT: (gettext_lazy("key account"), gettext_lazy("customers")),
}


def column_headings(buckets: Sequence[Bucket]) -> list[str]:
    """The headings of the amounts, in the order of `Amounts.all()`."""
    return [_("unbilled"), *(bucket.label for bucket in buckets), _("unapplied"), _("balance"), _("overdue")]


def ages_compared(report: Comparison) -> list[tuple[str, Change]]:
    """Each column of the report with its total on both days."""
    return list(zip(column_headings(report.buckets), report.totals.changes(), strict=True))


def movement_headings(report: Comparison, *, written: Callable[[date], str] = date.isoformat) -> list[str]:
    """Of `Movement.figures()`: each figure now, then, and its change; `written` writes the days."""
    now, then = written(report.question.as_of), written(report.before.as_of)
    return [
        text % {"figure": figure, "day": day}
        for figure in (_("balance"), _("overdue"))
        for text, day in (
            (_("%(figure)s %(day)s"), now),
            (_("%(figure)s %(day)s"), then),
            (_("%(figure)s, change"), now),
            (_("%(figure)s, change in %%"), now),
        )
    ]


def facts(question: Question, names: Names) -> list[tuple[str, str | date]]:
    """What the report was asked, each choice by name; filters that are not in force are left out."""
    meaning = Meaning.SALE if question.is_about_sales else Meaning.OWNER
    said: list[tuple[str, str | date]] = [
        (_("as of"), question.as_of),
        (_("known on"), question.known_on or _("all that is recorded")),
        (_("days counted"), str(BASES[question.basis])),
        (_("salesperson means"), str(MEANINGS[meaning])),
        (_("shipments without an invoice"), str(UNBILLED[question.unbilled])),
    ]
    return [*said, *filters(question, names)]


def filters(question: Question, names: Names) -> list[tuple[str, str]]:
    found: list[tuple[str, object]] = []
    if question.customer is not None:
        found.append((_("customer"), names.customer))
    if question.salesperson is not None:
        found.append((_("salesperson"), names.salesperson))
    if question.region is not None:
        found.append((_("region"), question.region or _("without a region")))
    if question.key_account is not None:
        found.append((_("key account"), _("yes") if question.key_account else _("no")))
    if question.currency is not None:
        found.append((_("currency"), question.currency))
    if question.compare is not None:
        found.append((_("compared with"), question.compare))
    if question.across is not None:
        found.append((_("columns"), str(GROUPINGS[question.across])))
    if question.overdue_only:
        found.append((_("only what is overdue"), _("yes")))
    return [(label, str(value)) for label, value in found]
