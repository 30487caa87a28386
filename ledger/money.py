"""Money: the only place that rounds, parses and formats amounts.

An amount is a `Decimal` with two places. The largest is just under ten million million, far above any
receivable and far below what the database's integers hold.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST = Decimal("9999999999999.99")
_MOST_NOISE = Decimal("0.0005")

# The currencies that a sign, or a code that is none of ISO's, may stand for.
_SIGNS = {
    "¥": ("CNY", "JPY"),
    "元": ("CNY",),
    "RMB": ("CNY",),
    "人民币": ("CNY",),
    "$": (
        "USD", "AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "FJD", "HKD", "JMD", "KYD", "LRD", "MXN", "NAD",
        "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "XCD",
    ),
    "€": ("EUR",),
    "£": ("GBP", "EGP", "FKP", "GIP", "LBP", "SHP", "SSP", "SYP"),
    "₩": ("KRW", "KPW"),
}  # fmt: skip
_CODES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP", "KRW", "TWD", "SGD", "AUD", "CAD", "CHF")
_BEFORE, _AFTER = ("¥", "$", "€", "£", "₩", "RMB", "人民币", *_CODES), ("元", "RMB", *_CODES)
_CURRENCY = re.compile(
    rf"^([-+(]?)\s*(?P<before>{'|'.join(map(re.escape, _BEFORE))})\s*|\s*(?P<after>{'|'.join(_AFTER)})$",
    re.IGNORECASE,
)
# Powers of ten: 1.2万 is 12,000.
_SCALES = {"万": 4, "萬": 4, "亿": 8, "億": 8}
_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?")


class NotAnAmount(ValueError):
    """The text is no amount; `reason` is one of "text", "places", "large"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def rounded(value: Decimal) -> Decimal:
    """`value` rounded half up (away from zero on a tie) to the cent."""
    return value.quantize(CENT, ROUND_HALF_UP)


def checked(value: Decimal) -> Decimal:
    """`value` with exactly two places; raises NotAnAmount where it has more or is out of range."""
    if not value.is_finite():
        raise NotAnAmount("text")
    if abs(value) > LARGEST:
        raise NotAnAmount("large")
    exact = value.quantize(CENT)
    if exact != value:
        raise NotAnAmount("places")
    return exact


def parsed(text: str) -> Decimal:
    """The amount that a person wrote: thousands separators, full-width digits, a currency sign, 万 and 亿 or
    accountants' brackets for a negative are all read; raises NotAnAmount.
    """
    plain = _CURRENCY.sub(r"\1", _plain(text)).strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1].strip()}"
    plain = _CURRENCY.sub(r"\1", plain).replace(" ", "").replace("\u00a0", "")
    scale = _SCALES.get(plain[-1:], 0)
    plain = plain[:-1] if scale else plain
    if not _NUMBER.fullmatch(plain):
        raise NotAnAmount("text")
    try:
        return checked(Decimal(plain.replace(",", "")).scaleb(scale))
    except InvalidOperation:
        raise NotAnAmount("text") from None


def currencies(text: str) -> frozenset[str] | None:
    """The currencies that the signs and codes in a written amount may stand for; None where it has none of them."""
    named = (found["before"] or found["after"] for found in _CURRENCY.finditer(_plain(text).strip("() ")))
    options = [frozenset(_SIGNS.get(name.upper(), (name.upper(),))) for name in named]
    return frozenset.intersection(*options) if options else None


def contradicts(text: str, currency: str) -> bool:
    """Whether an amount is written with the sign or the code of another currency."""
    written = currencies(text)
    return written is not None and currency not in written


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("，", ",")


def from_cell(number: int | float) -> Decimal:
    """The amount in a spreadsheet's cell, whose binary float is read to the cent: 0.1+0.2 is 0.30.

    A float that a person typed with more than two places (1.234) raises NotAnAmount("places").
    """
    exact = Decimal(repr(number))
    if not exact.is_finite():
        raise NotAnAmount("text")
    if abs(exact) > LARGEST:
        raise NotAnAmount("large")
    nearest = rounded(exact)
    if nearest == exact:
        return nearest
    # Binary noise sits in the 15th significant digit; what a person typed does not, and three places never are noise.
    if abs(exact - nearest) > min(max(abs(exact), Decimal(1)) * Decimal("1e-13"), _MOST_NOISE):
        raise NotAnAmount("places")
    return nearest


def formatted(amount: Decimal) -> str:
    """`amount` with thousands separators and two places, as on every page: -1,234.50."""
    return f"{amount or ZERO:,.2f}"  # never -0.00


def percentage(part: Decimal, whole: Decimal) -> Decimal | None:
    """How much of a hundred `part` is of `whole`, to one place, half up; None where there is no whole."""
    return (part * 100 / abs(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def from_cents(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def to_cents(amount: Decimal) -> int:
    return int(checked(amount).scaleb(2))
