"""How alike a payer and a customer are called: what of a name says who it is, and an index that finds it again."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

# Names are alike from here on: one character of five may differ.
ALIKE = 0.78
# A pair of characters that more names have says too little to look at them all.
MOST_OF_A_PAIR = 60
MOST_COMPARED = 12
# A name within a memo says something from so many characters on.
LEAST_SAID = 4
_LEGAL = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|股份公司|总公司|分公司|公司|集团|"
    r"coltd|companylimited|limited|ltd|incorporated|inc|corporation|corp|company|gmbh|llc|plc|bv|ag|sa|co)$"
)


def plain(text: str) -> str:
    """Letters, digits and characters alone, in small letters and half width."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def core(name: str) -> str:
    """The name without its legal form."""
    said = plain(name)
    while (shorter := _LEGAL.sub("", said)) != said and len(shorter) >= 2:
        said = shorter
    return said


def alike(one: str, other: str) -> float:
    """From 0 to 1, of two cores."""
    return Levenshtein.normalized_similarity(one, other)


class Names:
    """Cores of names and whose they are, found by the whole, by likeness, or within a longer text."""

    def __init__(self, named: Iterable[tuple[int, str]]) -> None:
        self._whose: dict[str, set[int]] = defaultdict(set)
        for customer, name in named:
            if name:
                self._whose[name].add(customer)
        self._cores = list(self._whose)
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(self._cores):
            for pair in _pairs(name):
                self._by_pair[pair].append(place)
        # Each name stands under its rarest pair alone: whoever reads a memo looks there.
        self._by_rarest: dict[str, list[str]] = defaultdict(list)
        for name in self._cores:
            if len(name) >= LEAST_SAID:
                self._by_rarest[min(_pairs(name), key=lambda pair: (len(self._by_pair[pair]), pair))].append(name)

    def of(self, name: str) -> set[int]:
        return self._whose.get(name, set())

    def like(self, name: str) -> dict[int, float]:
        """Customers called nearly so, with how nearly."""
        shared: Counter[int] = Counter()
        for pair in _pairs(name):
            places = self._by_pair.get(pair, ())
            if len(places) <= MOST_OF_A_PAIR:
                shared.update(places)
        found: dict[int, float] = {}
        for place, _count in shared.most_common(MOST_COMPARED):
            likeness = alike(name, self._cores[place])
            if likeness >= ALIKE:
                for customer in self._whose[self._cores[place]]:
                    found[customer] = max(likeness, found.get(customer, 0))
        return found

    def within(self, text: str) -> set[int]:
        """Whose whole names the text holds; of a name within a longer one the longer counts."""
        said = {name for pair in _pairs(text) for name in self._by_rarest.get(pair, ()) if name in text}
        longest = {name for name in said if not any(name != other and name in other for other in said)}
        return {customer for name in longest for customer in self._whose[name]}


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}
