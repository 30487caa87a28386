"""My balance over twelve months: what each figure was at the end of each, and how it has moved since the last one."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aging.history import month_ends
from config.charts import Sparkline, sparkline
from config.dates import shown_month
from customers.models import User

MONTHS = 12
LABELS: Mapping[str, Promise] = {
    "balance": _("Owed"),
    "overdue": _("Overdue"),
    "unbilled": _("Unbilled"),
    "unapplied": _("Unapplied"),
}


@dataclass(frozen=True, slots=True)
class Trend:
    chart: Sparkline
    # Since the end of last month.
    change: Decimal


def trends(user: User) -> dict[str, dict[str, Trend]]:
    """By currency and figure, of the customers that `user` sees now."""
    return {
        currency: {
            name: Trend(
                sparkline(
                    title=str(label),
                    values=[getattr(month, name) for month in months],
                    labels=[shown_month(month.day) for month in months],
                    unit=currency,
                ),
                getattr(months[-1], name) - getattr(months[-2], name),
            )
            for name, label in LABELS.items()
        }
        for currency, months in month_ends(user, months=MONTHS).items()
    }
