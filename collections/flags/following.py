"""The desk follows each act: what was posted is swept at once, for the customers that it touched."""

import logging
from collections.abc import Collection

from django.db import OperationalError
from django.utils import timezone

from flags.sweep import raise_flags

logger = logging.getLogger(__name__)

# For more customers than this, which only an import touches at once, sweeping all is cheaper.
MOST_CUSTOMERS = 500
# For so many seconds at most a person who has posted waits for another sweep, or on SQLite for another writer.
PATIENCE = 2.0


def follow(customers: Collection[int]) -> None:
    """Sweeps the customers as of today. Where the turn is not had in time the act's flags stay as they are until the
    customer's next act or the night.
    """
    narrowed = customers if len(customers) <= MOST_CUSTOMERS else None
    try:
        raise_flags(as_of=timezone.localdate(), customers=narrowed, patience=PATIENCE)
    except OperationalError as busy:
        logger.warning("The flags of %d customers are left to the next sweep: %s", len(customers), busy)
