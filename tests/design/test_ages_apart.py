"""The colours of ages are told apart, also by those who see no red, no green or no blue."""

from collections.abc import Sequence
from itertools import combinations
from math import dist

import pytest

from tests.design.test_page import tokens_of

AGES = [*(f"age-{n}" for n in range(8)), "unapplied"]
# What each kind of eye makes of linear red, green and blue (Machado, Oliveira, Fernandes 2009).
EYES = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "no green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "no blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
# In Oklab, where black and white are 1 apart.
APART = 0.09


def oklab(colour: str, eye: Sequence[Sequence[float]]) -> tuple[float, ...]:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    seen = [min(1, max(0, times(row, linear))) for row in eye]
    cones = [
        times(row, seen) ** (1 / 3)
        for row in ((0.4122, 0.5363, 0.0514), (0.2119, 0.6807, 0.1074), (0.0883, 0.2817, 0.6300))
    ]
    return tuple(
        times(row, cones) for row in ((0.2105, 0.7936, -0.0041), (1.9780, -2.4286, 0.4506), (0.0259, 0.7828, -0.8087))
    )


def times(row: Sequence[float], column: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(row, column, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
def test_no_two_ages_look_alike(scheme: str, eye: Sequence[Sequence[float]]) -> None:
    colours = tokens_of(scheme)
    seen = {name: oklab(colours[name], eye) for name in AGES}
    alike = [
        f"{one} and {other}: {dist(seen[one], seen[other]):.3f}"
        for one, other in combinations(AGES, 2)
        if dist(seen[one], seen[other]) < APART
    ]
    assert alike == []
