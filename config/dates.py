"""Days and moments as a person reads them: 31 Mar 2026 in English, 2026-03-31 in Chinese.

Chinese ledgers and forms write a day in digits, year first, which also lines up in columns; 年 月 日 is for letters.
"""

from datetime import date, datetime
from functools import cache

from babel.dates import DateTimePattern, parse_pattern
from django.utils import timezone
from django.utils.translation import get_language

# CLDR's patterns (https://unicode.org/reports/tr35/tr35-dates.html), by the language of the page.
_DAY = {"en": "d MMM y", "zh": "y-MM-dd"}
_SHORT = {"en": "d MMM", "zh": "MM-dd"}
_MONTH = {"en": "MMM y", "zh": "y-MM"}
_LOCALE = {"en": "en", "zh": "zh_Hans_CN"}


def shown_day(value: date) -> str:
    return _written(value, _DAY)


def shown_short(value: date) -> str:
    """A day where there is little room, without its year."""
    return _written(value, _SHORT)


def shown_month(value: date) -> str:
    return _written(value, _MONTH)


def shown_moment(value: datetime) -> str:
    """The day and the minute in the firm's time zone."""
    local = timezone.localtime(value)
    return f"{shown_day(local)} {local:%H:%M}"


def _written(value: date, patterns: dict[str, str]) -> str:
    language = (get_language() or "en")[:2]
    language = language if language in patterns else "en"
    return _pattern(patterns[language]).apply(value, _LOCALE[language])


@cache
def _pattern(text: str) -> DateTimePattern:
    return parse_pattern(text)
