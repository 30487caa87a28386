"""Rounds and differences."""

from reconciliation.rounds.models.differences import (
    Comment,
    Difference,
    DifferenceKind,
    DifferenceQuerySet,
    Resolution,
)
from reconciliation.rounds.models.rounds import (
    ENDED,
    EVERY,
    Policy,
    Reconciliation,
    ReconciliationQuerySet,
    Rhythm,
    Round,
    State,
)

__all__ = [
    "ENDED",
    "EVERY",
    "Comment",
    "Difference",
    "DifferenceKind",
    "DifferenceQuerySet",
    "Policy",
    "Reconciliation",
    "ReconciliationQuerySet",
    "Resolution",
    "Rhythm",
    "Round",
    "State",
]
