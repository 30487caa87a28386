"""What the columns of a bank's exports mean, remembered once finance has confirmed it."""

from collections.abc import Sequence
from datetime import datetime

from customers.models import User
from reconciliation.bank.formats.fields import FIELDS
from reconciliation.bank.models import ColumnMapping
from reconciliation.tabular import Table

_KEYS = {field.key for field in FIELDS}


def remembered(table: Table, *, banks: Sequence[str]) -> list[str] | None:
    """The fields of the columns as they were confirmed for files of this kind and one of the banks."""
    found = ColumnMapping.objects.filter(headings=table.fingerprint, bank__in=set(banks)).order_by("-confirmed_at")
    for mapping in found:
        columns: list[str] = mapping.columns
        if len(columns) == len(table.columns) and all(key in _KEYS or key == "" for key in columns):
            return columns
    return None


def remember(table: Table, columns: Sequence[str], *, bank: str, by: User, now: datetime) -> None:
    """The latest confirmation holds."""
    facts = {"columns": list(columns), "confirmed_by": by, "confirmed_at": now}
    ColumnMapping.objects.update_or_create(bank=bank, headings=table.fingerprint, defaults=facts)
