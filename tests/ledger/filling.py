"""Filling in a page's form in a test: what the page shows, and what a person types over it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any


def filled(form: Any, **typed: Any) -> dict[str, Any]:
    """What a browser sends for the form as drawn, with `typed` in its fields; None empties one."""
    data: dict[str, Any] = {}
    rows = [rows for rows in (getattr(form, "lines", None), getattr(form, "instalments", None)) if rows is not None]
    for part in (form, *(rows.management_form for rows in rows), *(row for one in rows for row in one)):
        for field in part:
            data[field.html_name] = _sent(field.value())
            if field.field.show_hidden_initial:
                data[field.html_initial_name] = _sent(field.initial)
    data.update({name: _sent(value) for name, value in typed.items()})
    return {name: value for name, value in data.items() if value not in (None, False)}


def _sent(value: Any) -> Any:
    match value:
        case Decimal():
            return f"{value:f}"
        case date() | datetime():
            return value.isoformat()
        case True:
            return "on"
        case None | False | list() | str():
            return value
        case _:
            return str(value)
