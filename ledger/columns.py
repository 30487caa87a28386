"""Columns that every list of the product shares."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext

from customers.models import HOME_CURRENCY
from ledger.templatetags.ledger_format import day, money

# Left out on a small desk, unless somebody chose the columns.
ROOMY_ONLY = {"td": {"class": "words roomy-only"}, "th": {"class": "roomy-only"}}
ROOMY_DATE = {"td": {"class": "date-cell roomy-only"}, "th": {"class": "roomy-only"}}
ROOMY_MONEY = {"td": {"class": "money-cell roomy-only"}, "th": {"class": "money-cell roomy-only"}}


class MoneyColumn(tables.Column):  # type: ignore[misc]
    """An amount: to the right, negative marked, zero quiet; exported as a number."""

    # A list that is sorted by it says so where its rows are of several currencies.
    is_money = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = kwargs.pop("attrs", {"th": {"class": "money-cell"}, "td": {"class": "money-cell"}})
        super().__init__(*args, attrs=attrs, **kwargs)

    def render(self, value: Decimal) -> str:
        return money(value)

    def value(self, value: Decimal) -> Decimal:
        return value


class DateColumn(tables.Column):  # type: ignore[misc]
    """A day as the language writes it; exported as a date."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=kwargs.pop("attrs", {"td": {"class": "date-cell"}}), **kwargs)

    def render(self, value: date) -> str:
        return day(value)

    def value(self, value: date) -> date:
        return value


class NumberColumn(tables.Column):  # type: ignore[misc]
    """A count or a number of days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = kwargs.pop("attrs", {"th": {"class": "number-cell"}, "td": {"class": "number-cell"}})
        super().__init__(*args, attrs=attrs, **kwargs)


class CurrencyColumn(tables.Column):  # type: ignore[misc]
    """On a phone said only where it is not the home currency."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = {"td": {"class": lambda value: "wide-only" if value == HOME_CURRENCY else ""}, "th": {}}
        super().__init__(*args, attrs=attrs, **kwargs)


class YesColumn(tables.Column):  # type: ignore[misc]
    """What is or is not: a word where it is, nothing where it is not."""

    def render(self, value: bool) -> str:
        return gettext("yes") if value else ""

    def value(self, value: bool) -> str:
        return gettext("yes") if value else gettext("no")
