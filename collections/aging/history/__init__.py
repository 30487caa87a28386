"""The aging report of past month ends, stored by customer, so that twelve of them cost what one page may cost."""

from aging.history.month_end import MonthEnd, month_ends_before
from aging.history.reading import month_ends, stale_since

__all__ = ["MonthEnd", "month_ends", "month_ends_before", "stale_since"]
