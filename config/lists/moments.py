"""A moment in a column."""

from datetime import datetime
from typing import Any

import django_tables2 as tables

from config.dates import shown_moment


class MomentColumn(tables.Column):  # type: ignore[misc]
    """A day and a minute as the language writes them; exported as a moment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=kwargs.pop("attrs", {"td": {"class": "nowrap"}}), **kwargs)

    def render(self, value: datetime) -> str:
        return shown_moment(value)

    def value(self, value: datetime) -> datetime:
        return value
