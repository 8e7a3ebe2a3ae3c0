"""A numbered collection of made documents: the same seed and wish give the same files."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.made_documents import bundles, others, paper, receipts, typeset
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.story import ISSUERS
from benchmarks.made_documents.words import Side

KINDS = ("invoice", "receipt", "multi", "not_invoice")
TILL_LANGUAGES = ("nl", "fr", "de", "en", "it", "es")
SHARE_WITH_TERMS = 0.05


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
    name = f"made-{wish.kind.replace('_', '-')}-{seed}-{at:05d}"
    if wish.kind == "multi":
        bundle = bundles.several(chance, country=country, lang=lang, side=wish.side)
        return name, bundle.pdf, _of_several(name, bundle)
    draw = {"receipt": receipts.receipt, "not_invoice": others.other}.get(wish.kind, paper.invoice)
    made = draw(chance, country=country, lang=lang, side=wish.side)
    if wish.kind == "invoice" and chance.happens(SHARE_WITH_TERMS):
        bundle = bundles.with_terms(chance, made, side=wish.side)
        record = record_of(name, made, bundle.pdf, sum(bundle.pages))
        return name, bundle.pdf, record | {"parts": _ranges(bundle)}
    pdf, pages = typeset.pdf_of([made.source])
    return name, pdf, record_of(name, made, pdf, sum(pages))


def issuer(chance: Chance, wish: Wish) -> tuple[str, str]:
    """Country and language of the issuer."""
    spoken = TILL_LANGUAGES if wish.kind == "receipt" else ()
    allowed = {
        (country, lang): weight
        for (country, lang), weight in ISSUERS.items()
        if (not wish.langs or lang in wish.langs)
        and (not spoken or lang in spoken)
        and (not wish.countries or country in wish.countries)
    }
    if not allowed:
        raise ValueError("no issuer has such a country and language")
    return chance.weighed(allowed)


def record_of(name: str, made: paper.Paper, pdf: bytes, pages: int) -> dict[str, Any]:
    """The record in the form of the development set, with what a trainer may want besides."""
    client = made.sheet.story.buyer
    record = _bare(name, pdf, pages, made.layout, made.lang) | {
        "country": made.country,
        "ask": made.ink.asked(),
        "truth": made.ink.truth(),
        "printed": made.ink.printed,
        "adds_up": made.sheet.story.adds_up,
    }
    if made.kind == "not_invoice":
        return record | {"sort": made.sort, "ask": ["document_type"]}
    if made.kind == "receipt":
        return record
    return record | {"company": {"name": client.name, "vat": client.vat, "country": client.country}}


def _of_several(name: str, bundle: bundles.Bundle) -> dict[str, Any]:
    first = bundle.papers[0]
    record = _bare(name, bundle.pdf, sum(bundle.pages), "several", first.lang)
    return record | {"country": first.country, "ask": [], "truth": {}, "parts": bundle.parts()}


def _ranges(bundle: bundles.Bundle) -> list[dict[str, Any]]:
    wanted = ("first_page", "last_page", "sort")
    return [{key: part[key] for key in wanted} for part in bundle.parts()]


def _bare(name: str, pdf: bytes, pages: int, layout: str, lang: str) -> dict[str, Any]:
    sha = hashlib.sha256(pdf).hexdigest()
    return {
        "id": name,
        "kind": "pdf",
        "pages": pages,
        "layout": layout,
        "lang": lang,
        "truth_source": "made",
        "sha256": sha,
        "file_sha256": sha,
    }
