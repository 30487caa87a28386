"""What templates cannot say themselves of lists, and of what is listed in a sentence."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from config.words import listed

register = template.Library()
# Several things within one sentence.
register.filter("listed", listed)


@register.simple_tag(takes_context=True)
def picks(context: Context, record: Any) -> SafeString:
    """The cell with a row's checkbox, which knows what the row adds to the sum."""
    cents, currency = context["selection"].picks(record)
    return format_html(
        '<td class="select-cell"><input type="checkbox" name="rows" form="selection" value="{}" data-row'
        ' data-cents="{}" data-currency="{}" aria-label="{}"></td>',
        record.pk,
        cents,
        currency,
        _("Choose %(row)s") % {"row": record},
    )
