"""The filters in force, each of which can be taken off by a click."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.http import QueryDict

from config.dates import shown_day
from config.lists.addresses import query


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and where the list goes without it."""

    label: str
    value: str
    url: str


def chips(filterset: Any, data: QueryDict) -> list[Chip]:
    """One for each field that was filled in and leaves rows out."""
    if filterset is None or not filterset.form.is_bound or not filterset.is_valid():
        return []
    found = []
    for name, field in filterset.form.fields.items():
        value = filterset.form.cleaned_data.get(name)
        if value in (None, "", False) or not data.get(name):
            continue
        # What has no label is chosen, and said, elsewhere on the page.
        if not field.label or value == filterset.form.get_initial_for_field(field, name):
            continue
        label, said = (str(field.label), _said(field, value))
        if value is True:
            label, said = "", label
        found.append(Chip(label, said, query(data, without=(name,)) or "?"))
    return found


def _said(field: Any, value: Any) -> str:
    if isinstance(value, date):
        return shown_day(value)
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    choices = getattr(field, "choices", None)
    if choices is not None and not isinstance(value, Model):
        return str(dict(_flat(choices)).get(value, value))
    return str(value)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    """Choices without their groups."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield value, label
