"""Aging over the last months, as a chart whose bars lead to the report of their day."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from aging.buckets import Basis, buckets
from aging.history import MonthEnd, month_ends
from config.charts import Series, StackedBars, stacked_bars
from config.dates import shown_month, shown_short
from customers.models import User

MONTHS = 12


def aging_chart(user: User, *, currency: str) -> StackedBars | None:
    """Unbilled and each bucket above the line, unapplied credits below it; None where nothing was ever owed."""
    months = month_ends(user, months=MONTHS).get(currency)
    return _drawn(months, currency) if months else None


def _drawn(months: list[MonthEnd], currency: str) -> StackedBars:
    table = buckets(Basis.DUE, settings.AGING_LIMITS)
    series = [
        Series(_("unbilled"), [month.unbilled for month in months], "age-0"),
        *(
            Series(bucket.label, [month.buckets[n] for month in months], f"age-{min(n + 1, 7)}")
            for n, bucket in enumerate(table)
        ),
        Series(_("unapplied"), [month.unapplied for month in months], "unapplied"),
    ]
    return stacked_bars(
        title=_("Aging over the last 12 months"),
        unit=currency,
        labels=[shown_short(month.day) if month.is_current else shown_month(month.day) for month in months],
        series=series,
        links=[
            f"{reverse('aging:report')}?{urlencode({'as_of': month.day.isoformat(), 'currency': currency})}"
            for month in months
        ],
    )
