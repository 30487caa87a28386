"""The charts of expected cash."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.charts import Lines, Series, StackedBars, lines, stacked_bars
from trends.queries.cash import BackTest, ExpectedCash
from trends.rules import Week


def weeks_ahead(cash: ExpectedCash, links: Sequence[str]) -> StackedBars:
    return stacked_bars(
        title=_("Expected cash by week"),
        unit=cash.currency,
        labels=[week_label(week.week) for week in cash.weeks],
        series=[
            Series(_("not due yet"), [week.not_due for week in cash.weeks], "accent"),
            Series(_("overdue today"), [week.overdue for week in cash.weeks], "warn"),
        ],
        links=links,
    )


def weeks_behind(test: BackTest, currency: str) -> Lines:
    return lines(
        title=_("Expected on Monday, and what came"),
        unit=currency,
        labels=[week_label(week.week) for week in test.weeks],
        series=[
            Series(_("expected"), [week.expected for week in test.weeks], "quiet"),
            Series(_("came"), [week.came for week in test.weeks], "accent"),
        ],
    )


def week_label(week: Week) -> str:
    return _("W%(number)02d") % {"number": week.number}
