"""Candidates of many documents, each with its features and the field that it truly is."""

import pickle
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from billify.domain.reading import (
    candidates,
    described,
    described_amounts,
    described_codes,
    described_names,
    identities,
    kinds,
    parties,
    rates,
    soft_labels,
    tables,
)
from billify.domain.reading.clues import by_line
from billify.domain.reading.facts import Facts, gathered
from billify.domain.reading.features import Row, Soft
from billify.domain.reading.reading import DocumentType

SHARES = 4
"""Parts that documents and label texts are divided into, so that none judges itself."""

FIELDS = {
    "dates": described.DATE_FIELDS,
    "numbers": described.NUMBER_FIELDS,
    "amounts": ("net_amount", "vat_amount", "gross_amount"),
    "names": ("supplier_name", "buyer_name"),
    "vats": ("supplier_vat", "buyer_vat"),
    "accounts": ("iban",),
}
"""Kinds of candidates and the fields that each may be."""


@dataclass(slots=True)
class Paper:
    """One document: pages as they were opened, and what is true of it."""

    name: str
    issuer: str
    source: str
    pages: Any
    truth: dict[str, Any]
    ask: frozenset[str]
    language: str = ""
    groups: tuple[str, ...] = ()
    """Further groups that figures are reported by."""


@dataclass(slots=True)
class Table:
    """Rows of candidates of one kind from many documents."""

    names: list[str] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)
    papers: list[int] = field(default_factory=list)
    truths: dict[str, list[float]] = field(default_factory=dict)
    """Field → 1 right, 0 wrong, nan when the document's truth does not say."""
    values: list[str] = field(default_factory=list)


def papers(folder: Path, truths: dict[str, dict[str, Any]], source: str) -> Iterator[Paper]:
    """Documents whose opened pages lie in a folder as <id>.pkl."""
    for path in sorted(folder.glob("*.pkl")):
        kept = truths.get(path.stem)
        if kept is None:
            continue
        with path.open("rb") as packed:
            pages = pickle.load(packed)  # our own file, made a moment ago
        issuer = kept.get("layout") or re.sub(r"-[0-9a-f]{6}$", "", path.stem)
        is_belgian = str(kept["truth"].get("supplier_vat") or "").startswith("BE")
        yield Paper(
            path.stem,
            issuer,
            source,
            pages,
            kept["truth"],
            frozenset(kept["ask"]),
            kept["lang"],
            (f"{source} Belgian" if is_belgian else f"{source} other",),
        )


def facts_of(paper: Paper, *, without: int | None = None) -> Facts:
    """What the reader finds before it chooses; with one share of the known labels forgotten.

    Forgetting teaches the trees what to do where a page speaks in words of its own.
    """
    facts = gathered(paper.pages)
    if without is not None:
        facts.clues = [clue for clue in facts.clues if share_of(clue.phrase) != without]
        facts.clues_of_line = by_line(facts.clues)
    tables.tables(facts)
    return facts


def share_of(text: str) -> int:
    """Which share of all label texts one belongs to, always the same."""
    return zlib.crc32(text.encode()) % SHARES


def described_all(facts: Facts, soft: Soft) -> dict[str, tuple[list[str], list[Row]]]:
    """Kind → (values, rows) of one document."""
    dates = described.dates(facts, soft=soft)
    numbers = described.numbers(facts, soft=soft)
    found = candidates.candidates(facts)
    rate_rows = list(rates.rate_rows(facts))
    rates.support_by_rows(found, rate_rows)
    is_receipt = kinds.document_type(facts)[0] is DocumentType.RECEIPT
    named, sites = parties.ruled(facts, us=None, is_receipt=is_receipt)
    pair = parties.paired(facts, named, sites)
    holders = identities.held(facts, pair, us=None)
    accounts = [code for code in facts.codes if code.kind == "iban"]
    return {
        "dates": (dates.values, dates.rows),
        "numbers": (numbers.values, numbers.rows),
        "amounts": (
            [format(one.value, "f") for one in found],
            described_amounts.rows(facts, found, rate_rows, soft=soft),
        ),
        "names": (
            [one.text for one in named],
            described_names.rows(facts, named, sites, soft=soft),
        ),
        "vats": (
            [one.code.value for one in holders],
            described_codes.vat_rows(facts, holders, pair, soft=soft),
        ),
        "accounts": (
            [one.value for one in accounts],
            described_codes.account_rows(facts, accounts, pair, soft=soft),
        ),
    }


def tables_of(
    found: Sequence[Paper],
    same: Callable[..., bool],
    soft_of: Callable[[Paper], Soft],
    share_of_paper: Callable[[Paper], int] | None = None,
) -> dict[str, Table]:
    """The candidates of all documents; `same` is the scorer's own idea of right.

    With `share_of_paper` each document is there twice, the second time with that share of the
    known labels forgotten.
    """
    made = {kind: Table(truths={name: [] for name in fields}) for kind, fields in FIELDS.items()}
    for at, paper in enumerate(found):
        soft = soft_of(paper)
        _add(made, at, paper, facts_of(paper), soft, same)
        if share_of_paper is not None:
            _add(made, at, paper, facts_of(paper, without=share_of_paper(paper)), soft, same)
    return made


def _add(
    made: dict[str, Table],
    at: int,
    paper: Paper,
    facts: Facts,
    soft: Soft,
    same: Callable[..., bool],
) -> None:
    for kind, (values, rows) in described_all(facts, soft).items():
        table = made[kind]
        for value, row in zip(values, rows, strict=True):
            if not table.names:
                table.names = row.names
            elif len(row.values) != len(table.names):
                sys.exit(f"{paper.name}: {kind} has {len(row.values)} features")
            table.rows.append(row.values)
            table.papers.append(at)
            table.values.append(value)
            for name in FIELDS[kind]:
                table.truths[name].append(truth_of(paper, name, value, same))


def truth_of(paper: Paper, name: str, value: str, same: Callable[..., bool]) -> float:
    """1 when the value is the field's, 0 when not, nan when the truth does not say."""
    if name not in paper.ask:
        return float("nan")
    truth = paper.truth.get(name)
    if truth is None or truth == []:
        return 0.0
    return float(same(name, truth, value, paper.truth.get("document_type") == "credit_note"))


def no_soft(_: str) -> Sequence[float]:
    """Before the label model is learned."""
    return _NOUGHT


_NOUGHT = (0.0,) * len(soft_labels.CLASSES)


def as_array(table: Table) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Its rows."""
    return np.array(table.rows, dtype=np.float32)
