"""The word tables: labels, goods, names, places. A third of the wordings is held back."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from benchmarks.made_documents.chance import Chance

FOLDER = Path(__file__).resolve().parent / "words"
LANGUAGES = ("nl", "fr", "de", "en", "it", "es", "pt", "pl")
HELD_EVERY = 3


class Side(StrEnum):
    """Which wordings and layouts may be used: those to learn from, the held ones, or all."""

    TRAIN = "train"
    BLIND = "blind"
    ALL = "all"


@dataclass(frozen=True)
class Good:
    """Something sold: unit, price range (per unit), VAT class and its name by language."""

    trade: str
    unit: str
    low: float
    high: float
    vat_class: str
    names: tuple[str, ...]

    def name(self, lang: str) -> str:
        """What it is called; English where a language has no name of its own."""
        at = LANGUAGES.index(lang)
        return self.names[at] if at < len(self.names) else self.names[3]


@cache
def table(name: str) -> dict[str, tuple[str, ...]]:
    """A file of `key: a | b | c` rows."""
    rows = {}
    for row in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if row and not row.startswith("#"):
            key, values = row.split(":", 1)
            rows[key] = tuple(v.strip() for v in values.split(" | "))
    return rows


@cache
def listed(name: str) -> dict[str, tuple[str, ...]]:
    """A file of `key: a, b, c` rows."""
    return {key: tuple(v.strip() for v in vs[0].split(",")) for key, vs in table(name).items()}


@cache
def goods() -> dict[str, tuple[Good, ...]]:
    """Goods and services by trade."""
    found: dict[str, list[Good]] = {}
    trade = ""
    for row in (FOLDER / "goods.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("@"):
            trade = row[1:]
        elif row and not row.startswith("#"):
            unit, low, high, vat, names = row.split(";", 4)
            texts = tuple(n.strip() for n in names.split(" | "))
            good = Good(trade, unit, float(low), float(high), vat, texts)
            found.setdefault(trade, []).append(good)
    return {key: tuple(value) for key, value in found.items()}


def wordings(lang: str, concept: str, side: Side) -> tuple[str, ...]:
    """The wordings of a concept that this side may use (all, where there are fewer than three)."""
    rows = table(f"labels_{lang}")
    every = rows.get(concept) or table("labels_en").get(concept) or ()
    if side is Side.ALL or len(every) < HELD_EVERY:
        return every
    taught = tuple(w for k, w in enumerate(every) if k % HELD_EVERY != HELD_EVERY - 1)
    if side is Side.TRAIN:
        return taught
    held = every[HELD_EVERY - 1 :: HELD_EVERY]
    # A wording that stands twice, since it is so common, is no secret.
    return tuple(w for w in held if w not in taught) or held


def unit_word(chance: Chance, unit: str, lang: str) -> str:
    """How a unit is written."""
    row = table("units")[unit]
    at = LANGUAGES.index(lang)
    return chance.earlier((row[at] if at < len(row) else row[0]).split("/"))
