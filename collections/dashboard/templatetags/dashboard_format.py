"""Shares and delays as the dashboard shows them."""

from datetime import date
from decimal import Decimal

from django import template
from django.utils.translation import ngettext

from dashboard.queries.figures import SalespersonFigures

register = template.Library()


@register.filter
def percent(share: Decimal | None) -> str:
    return "–" if share is None else f"{share:.0f} %"


@register.filter
def oldest_days(row: SalespersonFigures, on: date) -> str:
    days = row.oldest_days(on)
    return "–" if days is None else ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
