"""The thresholds in force: finance's own where there are any, else the defaults of `rules`."""

from dataclasses import dataclass

from flags.models import SWEPT_KINDS, SeverityLimit, Threshold
from flags.rules import DEFAULT_DAYS, DEFAULT_LIMITS, Limit


@dataclass(frozen=True, slots=True)
class InForce:
    days: int
    active: bool


def days_in_force() -> dict[str, InForce]:
    found = {row.kind: InForce(row.days, row.active) for row in Threshold.objects.all()}
    return {kind: found.get(kind, InForce(DEFAULT_DAYS[kind], True)) for kind in SWEPT_KINDS}


def limits_in_force() -> dict[int, Limit]:
    found = {row.severity: Limit(row.days, row.amount) for row in SeverityLimit.objects.all()}
    return {**DEFAULT_LIMITS, **found}
