"""The age of the difference, drawn."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.charts import Series, StackedBars, stacked_bars
from reconciliation.books import addresses
from reconciliation.books.queries.entries import Age
from reconciliation.books.question import Question


def by_age(ages: Sequence[Age], question: Question, currency: str) -> StackedBars:
    """Goods above the line, for they add to what is owed, money below it; each bar leads to its entries."""
    links = [
        addresses.difference(question, currency=currency, youngest=age.least, oldest=age.most or "") for age in ages
    ]
    return stacked_bars(
        title=_("Age of the difference"),
        unit=currency,
        labels=[_label(age) for age in ages],
        series=[
            Series(_("goods"), [age.goods for age in ages], "accent"),
            Series(_("money"), [age.money for age in ages], "unapplied"),
        ],
        links=links,
    )


def _label(age: Age) -> str:
    if age.most is None:
        return _("over %(days)d days") % {"days": age.least - 1}
    return _("%(first)d–%(last)d days") % {"first": age.least, "last": age.most}
