"""What each document does to a customer's ledger.

Apply one with `posting.post`; the import applies many of them to one book. Amounts are given as the document states
them, above zero: the kind of document decides the sign. Each function returns the document's (first) entry.
"""

from ledger.documents.goods import LineInput, goods_return, shipment
from ledger.documents.invoices import Instalment, credit_note, invoice, red_letter
from ledger.documents.payments import discount, opening, payment, refund

__all__ = [
    "Instalment",
    "LineInput",
    "credit_note",
    "discount",
    "goods_return",
    "invoice",
    "opening",
    "payment",
    "red_letter",
    "refund",
    "shipment",
]
