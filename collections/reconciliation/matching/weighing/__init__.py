"""Which payment, or which debts, a line of the bank is: pure rules, without a database, a clock or a setting.

Nothing is compared with everything: a line meets only the customers that its number, payer or amount leads to.
"""

from reconciliation.matching.weighing.facts import (
    Customers,
    Item,
    Limits,
    Line,
    Reason,
    Suggestion,
)
from reconciliation.matching.weighing.lines import weigh

__all__ = ["Customers", "Item", "Limits", "Line", "Reason", "Suggestion", "weigh"]
