"""The tables of the ledger: acts, entries and the movements between them, and what each document says besides."""

from ledger.models.attachments import Attachment
from ledger.models.closing import LatePosting, PeriodClose
from ledger.models.confirmations import Confirmation
from ledger.models.documents import Billing, Invoice, InvoiceStep, Payment, Shipment, ShipmentLine
from ledger.models.entries import Allocation, Entry, EntryQuerySet, Kind, Posting, Side, seen_by

__all__ = [
    "Allocation",
    "Attachment",
    "Billing",
    "Confirmation",
    "Entry",
    "EntryQuerySet",
    "Invoice",
    "InvoiceStep",
    "Kind",
    "LatePosting",
    "Payment",
    "PeriodClose",
    "Posting",
    "Shipment",
    "ShipmentLine",
    "Side",
    "seen_by",
]
