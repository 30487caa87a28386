"""The working set of a posting: the open items of the locked customers, and what the act adds to them.

A `Book` changes nothing in the database. Documents, allocations and reversals are applied to it in memory, one or
a hundred thousand of them, and `posting.write` stores the outcome at once.
"""

from ledger.book.acts import Book
from ledger.book.checks import positive

__all__ = ["Book", "positive"]
