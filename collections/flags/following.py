"""The desk follows each act: flags whose cause an act has taken away, or made smaller, say so at once."""

import logging
from collections.abc import Collection

from django.db import OperationalError
from django.utils import timezone

from flags.sweep import refresh_flags

logger = logging.getLogger(__name__)

# For more customers than this, which only an import touches at once, refreshing all is cheaper.
MOST_CUSTOMERS = 500
# For so many seconds at most a person who has posted waits for another sweep, or on SQLite for another writer.
PATIENCE = 2.0


def follow(customers: Collection[int]) -> None:
    """Refreshes the customers' flags as of today; what deserves a new one is found by the night. Where the turn is
    not had in time the flags stay as they are until the customer's next act or the night.
    """
    narrowed = customers if len(customers) <= MOST_CUSTOMERS else None
    try:
        refresh_flags(as_of=timezone.localdate(), customers=narrowed, patience=PATIENCE)
    except OperationalError as busy:
        logger.warning("The flags of %d customers are left to the next sweep: %s", len(customers), busy)
