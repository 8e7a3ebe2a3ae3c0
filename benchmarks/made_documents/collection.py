"""A numbered collection of made documents: the same seed and wish give the same files."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.made_documents import paper, receipts, typeset
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.story import ISSUERS
from benchmarks.made_documents.words import Side

KINDS = ("invoice", "receipt", "multi", "not_invoice")


@dataclass(frozen=True)
class Wish:
    """Which documents are wanted."""

    kind: str = "invoice"
    langs: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    side: Side = Side.ALL


def write(folder: Path, *, seed: int, count: int, wish: Wish) -> int:
    """Write PDFs with their truth beside them; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    for at in range(count):
        name, pdf, record = document(seed, at, wish)
        (folder / f"{name}.pdf").write_bytes(pdf)
        shown = json.dumps(record, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(shown + "\n", encoding="utf-8")
    return count


def document(seed: int, at: int, wish: Wish) -> tuple[str, bytes, dict[str, Any]]:
    """One document: its name, its PDF and the record with the truth."""
    chance = Chance(f"{wish.kind} {wish.side} {seed} {at}")
    country, lang = issuer(chance, wish)
    draw = receipts.receipt if wish.kind == "receipt" else paper.invoice
    made = draw(chance, country=country, lang=lang, side=wish.side)
    pdf, pages = typeset.pdf_of([made.source])
    name = f"made-{wish.kind}-{seed}-{at:05d}"
    return name, pdf, record_of(name, made, pdf, sum(pages))


def issuer(chance: Chance, wish: Wish) -> tuple[str, str]:
    """Country and language of the issuer."""
    allowed = {
        pair: weight
        for pair, weight in ISSUERS.items()
        if (not wish.langs or pair[1] in wish.langs)
        and (not wish.countries or pair[0] in wish.countries)
    }
    if not allowed:
        raise ValueError("no issuer has such a country and language")
    return chance.weighed(allowed)


def record_of(name: str, made: paper.Paper, pdf: bytes, pages: int) -> dict[str, Any]:
    """The record in the form of the development set, with what a trainer may want besides."""
    sha = hashlib.sha256(pdf).hexdigest()
    return {
        "id": name,
        "kind": "pdf",
        "pages": pages,
        "layout": made.layout,
        "lang": made.lang,
        "country": made.country,
        "truth_source": "made",
        "ask": made.ink.asked(),
        "truth": made.ink.truth(),
        "printed": made.ink.printed,
        "adds_up": made.sheet.story.adds_up,
        "company": {
            "name": made.sheet.story.buyer.name,
            "vat": made.sheet.story.buyer.vat,
            "country": made.sheet.story.buyer.country,
        },
        "sha256": sha,
        "file_sha256": sha,
    }
