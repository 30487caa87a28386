"""How two people write one number of a document. Pure."""

import re
import unicodedata
from collections.abc import Iterator

# A short number says little: 12 may be anything.
SHORTEST_CORE = 4
# Of the twenty digits of an electronic invoice many write the last eight only.
TAIL = 8
_LONGEST = 60
_NOISE = re.compile(r"[^0-9A-Z]")
_PREFIX = re.compile(r"^[A-Z]+(?=\d)")
_NAMED = re.compile(r"[A-Za-z]{0,6}[-_/#]?\d[\dA-Za-z/_-]{3,30}")


def plain(number: str) -> str:
    """Full-width letters made ordinary, no blanks around, capitals."""
    return unicodedata.normalize("NFKC", number).strip().upper()[:_LONGEST]


def core(number: str) -> str:
    """What is left without blanks, signs, letters in front and leading zeros: “No. FP-00123” is 123."""
    bare = _NOISE.sub("", plain(number))
    digits = _PREFIX.sub("", bare)
    return digits.lstrip("0") or bare


def is_telling(number: str) -> bool:
    """Whether the number alone says which document is meant, whatever its amount."""
    return len(core(number)) >= SHORTEST_CORE


def tail(number: str) -> str:
    """The last digits of a long number, else nothing."""
    digits = core(number)
    return digits[-TAIL:] if len(digits) >= TAIL else ""


def named_in(memo: str) -> Iterator[str]:
    """The numbers that a memo names."""
    for found in _NAMED.finditer(unicodedata.normalize("NFKC", memo)):
        if len(digits := core(found.group())) >= SHORTEST_CORE:
            yield digits


def swapped_digits(one: str, other: str) -> bool:
    """Whether two neighbours changed places, and nothing else."""
    if len(one) != len(other):
        return False
    apart = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and one[apart[0]] == other[apart[1]]
        and one[apart[1]] == other[apart[0]]
    )


def blanked(number: str) -> Iterator[str]:
    """The number with each of its places left open in turn: two that differ in one place share one of these."""
    if len(number) > SHORTEST_CORE:
        for place in range(len(number)):
            yield f"{number[:place]}?{number[place + 1 :]}"
