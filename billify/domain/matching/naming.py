"""Whose name stands on a bank line: contacts found by rare words, legal forms and order aside.

Banks cut names, turn them round, drop accents and legal forms. So words are compared one by one,
a word counts by how rare it is among the contacts, and a word may be cut or have a typo.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz

from billify.domain.identity import name_key

ALIKE_WORDS = 82
FEWEST = 0.25
MOST_LOOKED_AT = 160
MOST_FOUND = 8
_PREFIX = 4
_SHORT = frozenset({"de", "den", "der", "het", "la", "le", "les", "van", "von", "en", "et", "und",
                    "du", "des", "d", "l", "co", "m", "mme", "ou", "mr", "mevr", "dhr", "heer",
                    "firma", "ets"})  # fmt: skip


class Names:
    """The contacts' names, ready to be asked who a name is."""

    def __init__(self, contacts: Iterable[tuple[str, str]]) -> None:
        """Takes (contact, name) pairs; a contact may have several names."""
        self._words: list[tuple[str, tuple[str, ...]]] = []
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._by_prefix: defaultdict[str, list[int]] = defaultdict(list)
        self._count: Counter[str] = Counter()
        self._asked: dict[str, dict[str, float]] = {}
        for contact, name in contacts:
            words = _words(name)
            at = len(self._words)
            self._words.append((contact, words))
            for word in set(words):
                self._count[word] += 1
                self._by_word[word].append(at)
                self._by_prefix[word[:_PREFIX]].append(at)
        self._total = max(len(self._words), 1)

    def alike(self, name: str) -> dict[str, float]:
        """Contacts whose name is like this one, with how much (0 to 1), at most eight."""
        known = self._asked.get(name)
        if known is None:
            known = self._asked[name] = self._look(name)
        return known

    def _look(self, name: str) -> dict[str, float]:
        words = _words(name)
        if not words:
            return {}
        found: dict[str, float] = {}
        for at in self._near(words):
            contact, theirs = self._words[at]
            likeness = self._likeness(words, theirs)
            if likeness >= FEWEST and likeness > found.get(contact, 0):
                found[contact] = likeness
        best = sorted(found, key=lambda contact: (-found[contact], contact))[:MOST_FOUND]
        return {contact: found[contact] for contact in best}

    def _near(self, words: tuple[str, ...]) -> list[int]:
        """Names that share a word, the rarest words first; then those that share a beginning."""
        near: dict[int, None] = {}
        for word in sorted(set(words), key=lambda word: (self._count[word], word)):
            for at in self._by_word.get(word, ())[:MOST_LOOKED_AT]:
                near[at] = None
            if len(near) > MOST_LOOKED_AT:
                return list(near)
        for word in words:
            for at in self._by_prefix.get(word[:_PREFIX], ())[:MOST_LOOKED_AT]:
                near[at] = None
        return list(near)

    def _likeness(self, ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
        """Dice of the words' weights; words that are only alike count by how much."""
        if ours == theirs:
            return 1.0
        whole = fuzz.ratio("".join(ours), "".join(theirs)) / 100
        shared, left = 0.0, list(theirs)
        ours_weight = sum(self._weight(word) for word in ours)
        theirs_weight = sum(self._weight(word) for word in theirs)
        for word in ours:
            best, score = _closest(word, left)
            if best is not None:
                shared += score * (self._weight(word) + self._weight(best))
                left.remove(best)
        total = ours_weight + theirs_weight
        return min(max(shared / total if total else 0.0, whole if whole > 0.86 else 0.0), 0.99)

    def _weight(self, word: str) -> float:
        small = 0.3 if word in _SHORT else 1.0
        return small * math.log(1 + self._total / (1 + self._count[word]))


def _words(name: str) -> tuple[str, ...]:
    return tuple(name_key(name).split())


def _closest(word: str, among: list[str]) -> tuple[str | None, float]:
    """The word it is, cut off or mistyped, and how much it is alike."""
    if word in among:
        return word, 1.0
    best, score = None, 0.0
    for other in among:
        shorter, longer = sorted((word, other), key=len)
        if len(shorter) > 2 and longer.startswith(shorter):
            found = 0.75 + 0.25 * len(shorter) / len(longer)
        elif len(shorter) > 3:
            found = fuzz.ratio(word, other) / 100
            found = found if found * 100 >= ALIKE_WORDS else 0.0
        else:
            found = 0.0
        if found > score:
            best, score = other, found
    return best, score
