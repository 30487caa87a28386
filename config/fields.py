"""Exact decimals in the database: integers of the smallest unit on both engines, `Decimal` in Python."""

from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, Expression
from django.utils.translation import gettext as _

SetT = TypeVar("SetT", contravariant=True)
GetT = TypeVar("GetT", covariant=True)


class ExactDecimalField(models.Field[SetT, GetT]):
    """A signed decimal with `places` places (two: money), stored as an integer of its last place.

    A value with more places than the column is refused, never rounded: rounding is `ledger.money`'s.
    Sums of the field are exact `Decimal`s as well, since an aggregate keeps the field as its output.
    """

    # What may be assigned and what is read, for the type checker.
    _pyi_private_set_type: Decimal | int | Combinable
    _pyi_private_get_type: Decimal

    def __init__(self, *args: Any, places: int = 2, **kwargs: Any) -> None:
        self.places = places
        self._last_place = Decimal(1).scaleb(-places)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.places != 2:
            kwargs["places"] = self.places
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def from_db_value(
        self, value: int | Decimal | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> Decimal | None:
        # PostgreSQL gives a sum of bigints as numeric; both scale without loss.
        return None if value is None else Decimal(value).scaleb(-self.places)

    def get_prep_value(self, value: Any) -> int | None:
        exact = self.to_python(value)
        return None if exact is None else int(exact.scaleb(self.places))

    def to_python(self, value: Any) -> Any:
        """`value` as a `Decimal` with exactly this field's places; raises ValidationError where it has more."""
        if value is None:
            return None
        if isinstance(value, float):
            raise TypeError(f"{self.name}: a float is not exact; give a Decimal.")
        try:
            number = value if isinstance(value, Decimal) else Decimal(value)
            exact = number.quantize(self._last_place)
        except (ArithmeticError, ValueError, TypeError):
            raise ValidationError(_("“%(value)s” is not a number."), params={"value": value}) from None
        if exact != number:
            raise ValidationError(
                _("“%(value)s” has more than %(places)d decimal places."),
                params={"value": value, "places": self.places},
            )
        return exact

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return models.Field.formfield(
            self,
            **{"form_class": forms.DecimalField, "decimal_places": self.places, "max_digits": 15, **kwargs},
        )
