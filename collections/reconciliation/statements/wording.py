"""What a statement says, in the language in force."""

from decimal import Decimal

from babel.numbers import get_currency_name
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ledger.models import Kind
from ledger.money import formatted
from reconciliation.statements.account import Line, OpenItem
from reconciliation.statements.capitals import in_capitals


def kind_in_words(row: Line | OpenItem) -> str:
    kind = str(Kind(row.kind).label)
    return capfirst(_("reversal of %(kind)s") % {"kind": kind} if row.is_reversal else kind)


def number_in_words(row: Line | OpenItem) -> str:
    """The number of the document and of its instalment; of a payment also the bank's own."""
    number = f"{row.number} ({row.instalment})" if row.instalment > 1 else row.number
    reference = row.reference if isinstance(row, Line) else ""
    return " · ".join(filter(None, (number, reference)))


def title() -> str:
    return _("Statement of account")


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def amount_in_words(amount: Decimal, currency: str) -> str:
    """人民币壹仟元整 in Chinese; in English nothing, for no paper asks for it."""
    if not is_chinese():
        return ""
    return f"{get_currency_name(currency, locale='zh_Hans_CN')}{in_capitals(amount)}"


def closing_label(closing: Decimal) -> str:
    return _("Closing balance, in your favour") if closing < 0 else _("Closing balance, owed to us")


def money(amount: Decimal | None) -> str:
    """An amount on paper; nothing where there is none."""
    return "" if amount is None else formatted(amount)
