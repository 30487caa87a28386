"""Inputs of amounts, days and quantities, with a plain sentence for each thing that can be wrong."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day
from ledger.models.entries import EARLIEST_DATE
from ledger.money import NotAnAmount, parsed

DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
# A due date, and a bill's maturity, may lie beyond next year by the longest terms.
LONGEST_TERMS_YEARS = 10


class MoneyField(forms.Field):
    """An amount as a person writes it (1,234.50, ¥1234.5, １２３４), above zero unless `signed`."""

    widget = forms.TextInput
    default_error_messages = {
        "required": _("Give an amount."),
        "text": _("This is not an amount; write it like 1234.50."),
        "places": _("An amount has at most two decimal places."),
        "large": _("This is larger than the ledger can hold."),
        "positive": _("The amount must be above zero."),
        "zero": _("The amount must not be zero."),
    }

    def __init__(self, *, signed: bool = False, zero: bool = False, **kwargs: Any) -> None:
        self.signed = signed
        self.zero = zero
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "class": "money-input", "size": 14}

    def prepare_value(self, value: Any) -> Any:
        return f"{value:.2f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return parsed(str(value))
        except NotAnAmount as refusal:
            raise ValidationError(self.error_messages[refusal.reason], code=refusal.reason) from None

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value == 0 and not self.zero:
            raise ValidationError(self.error_messages["zero" if self.signed else "positive"], code="zero")
        if value < 0 and not self.signed:
            raise ValidationError(self.error_messages["positive"], code="positive")


class ExactField(forms.DecimalField):
    """A quantity or a unit price: a decimal with more places than money, full-width digits and commas read; above
    zero, or also zero itself where `zero`.
    """

    widget = forms.TextInput
    default_error_messages = {
        "required": _("Give a number."),
        "invalid": _("This is not a number; write it like 12.5."),
        "positive": _("This must be above zero."),
        "negative": _("This must not be below zero."),
    }

    def __init__(self, *, places: int, zero: bool = False, **kwargs: Any) -> None:
        self.zero = zero
        super().__init__(decimal_places=places, max_digits=15, localize=False, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "class": "money-input", "size": 9}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as DecimalField itself does
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").replace(" ", "")
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        if value < 0 and self.zero:
            raise ValidationError(self.error_messages["negative"], code="negative")
        if value <= 0 and not self.zero:
            raise ValidationError(self.error_messages["positive"], code="positive")


class DayField(forms.DateField):
    """A day, not before the ledger's first and not beyond next year, so that a slip in the year is seen; a day that
    `has_come`, where what is recorded has happened.
    """

    default_error_messages = {
        "required": _("Give a date."),
        "invalid": _("This is not a date; write it like 2026-03-31."),
        "range": _("This date is not between %(first)s and %(last)s; check the year."),
        "ahead": _("This day has not come yet; check the date."),
    }

    def __init__(self, *, years_ahead: int = 1, has_come: bool = False, **kwargs: Any) -> None:
        self.years_ahead = years_ahead
        self.has_come = has_come
        super().__init__(
            input_formats=DAY_FORMATS, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs
        )

    def validate(self, value: date | None) -> None:
        super().validate(value)
        last = date(timezone.localdate().year + self.years_ahead, 12, 31)
        if value is not None and not EARLIEST_DATE <= value <= last:
            raise ValidationError(
                self.error_messages["range"],
                code="range",
                params={"first": shown_day(EARLIEST_DATE), "last": shown_day(last)},
            )
        if value is not None and self.has_come and value > timezone.localdate():
            raise ValidationError(self.error_messages["ahead"], code="ahead")


class DueDateField(DayField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(years_ahead=1 + LONGEST_TERMS_YEARS, **kwargs)
