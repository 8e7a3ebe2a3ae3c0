"""Layouts: which parts stand where. About a third is held back for the blind set."""

from dataclasses import dataclass
from functools import cache

from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.words import FOLDER, Side


@dataclass(frozen=True)
class Layout:
    """Rows of parts from top to bottom; parts of one row stand side by side."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    foot: str
    vat_in: str
    bank_in: str
    name_in: str
    side: str
    held: bool


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts of the table words/layouts.txt."""
    rows = (FOLDER / "layouts.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_parsed(row) for row in rows if row and not row.startswith("#"))


def choose(chance: Chance, side: Side) -> Layout:
    """One of the layouts this side may use."""
    if side is Side.ALL:
        return chance.pick(layouts())
    return chance.pick([x for x in layouts() if x.held == (side is Side.BLIND)])


def _parsed(row: str) -> Layout:
    head, parts = row.split("= ", 1)
    name, given = head.split(":", 1)
    options = dict(pair.split("=") for pair in given.split() if "=" in pair)
    return Layout(
        name=name,
        rows=tuple(tuple(part.split("+")) for part in parts.split()),
        foot=options.get("foot", "none"),
        vat_in=options.get("vat", "head"),
        bank_in=options.get("bank", "pay"),
        name_in=options.get("name", "logo"),
        side=options.get("side", ""),
        held="held" in given.split(),
    )
