"""In which order a credit that names nothing settles the open debts: a rule with a name.

The setting ALLOCATION_ORDER chooses. In all of them invoices come before shipments that are not billed yet.
"""

from collections.abc import Callable
from typing import Any

from ledger.models import Entry, Kind


def oldest_due_first(debt: Entry) -> Any:
    """By due date, then document date, then number; after the Civil Code of the PRC, articles 560 and 561."""
    return (debt.kind == Kind.SHIPMENT, debt.due_date, debt.date, debt.number, debt.instalment)


def oldest_document_first(debt: Entry) -> Any:
    return (debt.kind == Kind.SHIPMENT, debt.date, debt.number, debt.instalment)


ORDERS: dict[str, Callable[[Entry], Any]] = {
    "oldest_due_first": oldest_due_first,
    "oldest_document_first": oldest_document_first,
}
