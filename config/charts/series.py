"""What is drawn: named values in a tone, one for each label."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

TONES = ("accent", "good", "warn", "bad", "quiet", "unapplied", *(f"age-{n}" for n in range(8)))


@dataclass(frozen=True, slots=True)
class Series:
    """`values` has one for each label of its chart; None is a gap: not known, which is not zero."""

    label: str
    values: Sequence[Decimal | None]
    tone: str

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"{self.tone} is none of the tones {', '.join(TONES)}.")


def checked(labels: Sequence[str], series: Sequence[Series], links: Sequence[str]) -> None:
    """Every series has a value for every label, and either every label has a link or none."""
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.label} has {len(one.values)} values for {len(labels)} labels.")
    if links and len(links) != len(labels):
        raise ValueError(f"{len(links)} links for {len(labels)} labels.")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table behind a chart."""

    label: str
    url: str
    values: tuple[Decimal | None, ...]
