"""Amounts, dates and states as every page shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day, shown_moment, shown_month, shown_short
from ledger.models import InvoiceStep
from ledger.money import formatted, to_cents

register = template.Library()

RECORDING = {
    InvoiceStep.Step.SENT: _("Record sending"),
    InvoiceStep.Step.RECEIVED: _("Record receipt"),
    InvoiceStep.Step.BOOKED: _("Record booking"),
}


@register.filter
def money(amount: Decimal | None) -> SafeString | str:
    """An amount, right for a table: a negative is marked, a zero is quiet, nothing stays nothing."""
    if amount is None or amount == "":
        return ""
    sign = "neg" if amount < 0 else "zero" if amount == 0 else ""
    return format_html('<span class="{}">{}</span>', f"money {sign}".strip(), formatted(amount))


@register.filter
def money_text(amount: Decimal) -> str:
    """An amount where no markup can stand: in a drawing, in the title of something."""
    return formatted(amount)


@register.filter
def cents(amount: Decimal) -> int:
    """An amount for a script that adds up: whole cents."""
    return to_cents(amount)


@register.filter(expects_localtime=True)
def day(value: date | None) -> SafeString | str:
    """A date as the language writes it; of a moment its local day."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", shown_day(value))


@register.filter(expects_localtime=True)
def day_in_words(value: date | None) -> str:
    """A date where there is no room for an element: in a title, in a sentence."""
    return shown_day(value) if value else ""


@register.filter
def month(value: date | None) -> str:
    return shown_month(value) if value else ""


@register.filter(expects_localtime=True)
def month_day(value: date | None) -> SafeString | str:
    """A date where there is little room, without its year; the whole of it on hovering."""
    if not value:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', f"{value:%Y-%m-%d}", shown_day(value), shown_short(value)
    )


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """The day and the minute at which something happened."""
    if not value:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown_moment(value))


@register.filter
def plain(number: Decimal) -> str:
    """A quantity or a unit price without the zeros behind it: 12.5, 100."""
    return f"{number.normalize():,f}"


@register.filter
def shown(value: Any) -> Any:
    """A total as its column shows it: amounts as money, all else as it is."""
    return money(value) if isinstance(value, Decimal) else value


@register.filter
def recording(step: str) -> Any:
    """What a button says that leads to recording a step of an invoice's way."""
    return RECORDING[InvoiceStep.Step(step)]
