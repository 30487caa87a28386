"""Rounds and differences."""

from reconciliation.rounds.models.differences import KINDS, Comment, Difference, DifferenceQuerySet, Resolution
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
    "KINDS",
    "Comment",
    "Difference",
    "DifferenceQuerySet",
    "Policy",
    "Reconciliation",
    "ReconciliationQuerySet",
    "Resolution",
    "Rhythm",
    "Round",
    "State",
]
