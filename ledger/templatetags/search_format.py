"""What a search found, as its page and the palette show it."""

import re
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from ledger.queries.search import amount_range
from ledger.templatetags.ledger_format import money

register = template.Library()

GROUPS = {
    "customers": _("Customers"),
    "contacts": _("Contacts"),
    "documents": _("Documents"),
    "amounts": _("Amounts"),
    "references": _("Bank references"),
    "tracking": _("Tracking numbers"),
}
STATES = {
    "open": ("info", _("open")),
    "overdue": ("bad", _("overdue")),
    "unbilled": ("warn", _("unbilled")),
    "unapplied": ("warn", _("unapplied")),
    "closed": ("", _("closed")),
    "reversed": ("", _("reversed")),
}


@register.filter
def group_name(key: str) -> Any:
    return GROUPS[key]


@register.filter
def state_badge(state: str) -> SafeString:
    tone, name = STATES[state]
    return format_html('<span class="{}">{}</span>', f"badge {tone}".strip(), name)


@register.filter
def marked(text: str, words: str) -> SafeString:
    """The text with what was searched for marked in it."""
    pieces = sorted({re.escape(word) for word in words.split()}, key=len, reverse=True)
    if not pieces:
        return conditional_escape(text)
    parts = re.split(f"({'|'.join(pieces)})", text, flags=re.IGNORECASE)
    # Every other part is one of the words; each is escaped by itself.
    said = [
        format_html("<mark>{}</mark>", part) if n % 2 else conditional_escape(part) for n, part in enumerate(parts)
    ]
    return mark_safe("".join(said))


@register.filter
def money_marked(amount: Decimal, words: str) -> SafeString | str:
    """An amount, marked where it is the one that was searched for."""
    written = amount_range(words)
    said = money(amount)
    return format_html("<mark>{}</mark>", said) if written and written[0] <= abs(amount) < written[1] else said
