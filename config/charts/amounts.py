"""How a chart writes its numbers: short beside an axis, in full in its table."""

import re
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.numbers import format_compact_decimal

_CURRENCY = re.compile(r"[A-Z]{3}")


def is_currency(unit: str) -> bool:
    return bool(_CURRENCY.fullmatch(unit))


def compact(value: Decimal, language: str) -> str:
    """12.5万 and 1.2亿 in Chinese, 125K and 1.2M in English; what is small stays as it is."""
    locale = Locale.parse("zh_Hans" if language.startswith("zh") else "en")
    places = 3 if abs(value) < 10 else 2
    return format_compact_decimal(
        value.quantize(Decimal("0.001"), ROUND_HALF_UP), locale=locale, fraction_digits=places
    )


def on_axis(value: Decimal, unit: str, language: str) -> str:
    return f"{compact(value, language)}%" if unit == "%" else compact(value, language)


def in_full(value: Decimal, unit: str) -> str:
    """Money to the cent, a share to a tenth of a hundredth, all else as it is."""
    if is_currency(unit):
        return f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP) or Decimal('0.00'):,.2f}"
    if unit == "%":
        return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP) or Decimal('0.0'):,.1f}%"
    plain = value.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize() or Decimal(0)
    return f"{plain:,f}"
