"""Every choice of a made document comes from one seeded chance."""

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws by seed; the same seed draws the same document on every machine."""

    def __init__(self, seed: str) -> None:
        # A string seed is hashed by random itself with SHA-512: stable between versions.
        self._random = random.Random(seed)

    def happens(self, share: float) -> bool:
        """True in this share (0 to 1) of cases."""
        return self._random.random() < share

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all as likely."""
        return options[self._random.randrange(len(options))]

    def weighed(self, options: Mapping[T, float]) -> T:
        """One of the keys, as likely as its weight says."""
        return self._random.choices(list(options), weights=list(options.values()))[0]

    def earlier(self, options: Sequence[T]) -> T:
        """One of the options; those in front (the commoner ones) are likelier."""
        weights = [1 / (k + 1.5) ** 0.6 for k in range(len(options))]
        return self._random.choices(list(options), weights=weights)[0]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """So many different options, in drawn order."""
        return self._random.sample(list(options), min(count, len(options)))

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def decimal(self, low: float, high: float, step: str = "0.01") -> Decimal:
        """An amount between the two, on the step's grid; smaller ones are likelier."""
        share = self._random.random() ** 1.5
        return Decimal(str(low + (high - low) * share)).quantize(Decimal(step))

    def digits(self, count: int) -> str:
        """So many decimal digits."""
        return "".join(str(self._random.randrange(10)) for _ in range(count))

    def number(self, pattern: str) -> str:
        """The pattern with 9 → digit, A → capital letter; others stay."""
        letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
        made = {"9": lambda: self.digits(1), "A": lambda: self.pick(letters)}
        return "".join(made[c]() if c in made else c for c in pattern)
