"""What a caller looks for in a table: fields, and the headings that they go by."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class Holds(Enum):
    TEXT = auto()
    DAY = auto()
    AMOUNT = auto()
    # Digits that stand for something: Excel may have damaged them.
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    label: Any
    holds: Holds
    # The headings of the field, the likeliest first; a heading that merely contains one counts less.
    names: tuple[str, ...] = ()
    required: bool = False
    # Whether several columns may fill it: their texts are joined.
    many: bool = False

    def likeness(self, heading: str) -> tuple[int, int]:
        """How well a heading fits: (0, 0) not at all; the very name first, then by how much of it a name is."""
        best = (0, 0)
        for candidate, weight in candidates(heading).items():
            for place, name in enumerate(self.names):
                known = plain(name)
                if candidate == known:
                    best = max(best, (weight, -place))
                elif len(known) >= 2 and known in candidate and not _is_within_word(known, candidate):
                    best = max(best, (100 * len(known) // len(candidate), -place))
        return best


_BRACKETS = re.compile(r"[\[(（【<《][^\])）】>》]*[\])）】>》]?")
_NOISE = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """A heading without what does not matter: width, case, blanks, punctuation."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())


def candidates(heading: str) -> dict[str, int]:
    """The texts by which a heading may be known, and what each is worth: the whole, what stands in its brackets (金额
    (收入) is 收入), what stands outside them, the other language of a double one.
    """
    text = unicodedata.normalize("NFKC", heading)
    outside = plain(_BRACKETS.sub("", text))
    found = {plain(text): 1000}
    for part in map(plain, _BRACKETS.findall(text)):
        found.setdefault(part, 950 if part.isascii() == outside.isascii() else 800)
    found.setdefault(outside, 900)
    parts = re.split(r"[/|\n]", text)
    if len({part.isascii() for part in parts}) == 2:
        for part in map(plain, parts):
            found.setdefault(part, 850)
    found.pop("", None)
    return found


def _is_within_word(known: str, candidate: str) -> bool:
    """Whether Latin letters run on beside it: “in” is not part of “interest”."""
    if not known.isascii() or len(known) >= 5:
        return False
    place = candidate.find(known)
    beside = candidate[place - 1 : place] + candidate[place + len(known) : place + len(known) + 1]
    return any(letter.isascii() and letter.isalpha() for letter in beside)
