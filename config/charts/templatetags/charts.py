"""Draws a chart of config.charts: `{% load charts %}{% chart chart %}`."""

from decimal import Decimal

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from config.charts import Chart, amounts

register = template.Library()


@register.simple_tag
def chart(drawn: Chart) -> SafeString:
    return render_to_string(drawn.template, {"chart": drawn})


@register.filter
def axis(value: Decimal, unit: str) -> str:
    """An amount beside an axis, short as the reader's language shortens it."""
    return amounts.on_axis(value, unit, get_language() or "")


@register.filter
def exact(value: Decimal | None, unit: str) -> str:
    """An amount in full, as plain text: for titles and labels."""
    return "–" if value is None else amounts.in_full(value, unit)


@register.filter
def exact_cell(value: Decimal | None, unit: str) -> SafeString | str:
    """An amount in full in a table: a negative is marked, a zero is quiet, a gap is a dash."""
    if value is None:
        return exact(value, unit)
    sign = "neg" if value < 0 else "zero" if value == 0 else ""
    return format_html('<span class="{}">{}</span>', f"money {sign}".strip(), amounts.in_full(value, unit))
