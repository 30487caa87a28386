"""Which documents a text names: by whole numbers, or by last digits with which only one number ends."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

# A number in a memo says something from so many characters on; so many of its last digits are enough.
LEAST_NUMBER, LEAST_DIGITS = 4, 6
_WORD = re.compile(r"[0-9A-Za-z]+(?:[-_/.][0-9A-Za-z]+)*")


class NamedNumbers(Generic[T]):
    """Things by their numbers, laid out once and asked for each text."""

    def __init__(self, numbered: Iterable[tuple[str, T]]) -> None:
        self._whole: dict[str, list[T]] = defaultdict(list)
        self._endings: dict[str, list[tuple[str, T]]] = defaultdict(list)
        for said, thing in numbered:
            number = said.strip().casefold()
            if len(number) >= LEAST_NUMBER:
                self._whole[number].append(thing)
                self._endings[number[-LEAST_DIGITS:]].append((number, thing))

    def named_in(self, words: str) -> list[T]:
        """What the words name, in the order in which they do; a thing may come twice."""
        found: list[T] = []
        for word in _WORD.findall(words.casefold()):
            some = self._whole.get(word, [])
            if not some and word.isdecimal() and len(word) >= LEAST_DIGITS:
                ending = [pair for pair in self._endings.get(word[-LEAST_DIGITS:], []) if pair[0].endswith(word)]
                some = [thing for _number, thing in ending] if len({number for number, _thing in ending}) == 1 else []
            found += some
        return found
