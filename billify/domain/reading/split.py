"""Which pages of a file are which invoice, and which are only enclosed.

Cutting one invoice in two loses its total, while two left together only show that they are: so a
new invoice needs strong evidence, and what is not sure is proposed to a person.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from billify.domain.reading import page_evidence, papers, tables
from billify.domain.reading.facts import Facts, gathered
from billify.domain.reading.page_evidence import PageEvidence
from billify.domain.reading.papers import OtherKind
from billify.domain.reading.words import Page

SURE = 0.95
"""From here a file is split without asking."""
_LOUD = 0.8
"""From here a page calls itself an invoice."""
_WEIGHTS = {
    "bias": -6.27,
    "carries": -4.01,
    "complete": 4.11,
    "date_only": 1.25,
    "first_after_last": 1.56,
    "first_page": 1.49,
    "follows": -5.81,
    "later_page": -2.5,
    "looks_first": 2.89,
    "number_first": 1.43,
    "number_new": 3.52,
    "number_same": -4.0,
    "one_of_one": 1.64,
    "other_date": 2.54,
    "other_parties": 0.44,
    "same_parties": -0.63,
    "title": 1.94,
    "title_repeated": -0.39,
    "total": 1.64,
    "unnumbered_in_the_middle": -2.72,
}
"""What each sign adds to the logarithm of the odds that a page begins an invoice.

Learned by benchmarks/reading_split_learning.py on made files, on real ones and on real ones put
behind each other, a wrong cut counting three times as much as a missed one. Two were set by hand,
since the documents hold too few: a number seen before, a page number that goes on elsewhere.
"""
_ATTACHED = 0.72
"""From here a page behind an invoice is taken as no part of it."""
_PROPOSED = 0.5


class PartKind(StrEnum):
    """What a run of pages is."""

    INVOICE = "invoice"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Part:
    """A run of pages, both ends included and counted from 1."""

    first: int
    last: int
    kind: PartKind
    probability: float
    """That it begins where it does and is what it is said to be."""
    other: OtherKind | None = None
    """What an attachment is."""

    @property
    def pages(self) -> range:
        """Its page numbers."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True, slots=True)
class Split:
    """All pages of a file, in parts from front to back."""

    parts: tuple[Part, ...]
    certainty: float
    """That no invoice is cut and none are left together."""

    @property
    def invoices(self) -> tuple[Part, ...]:
        """The parts that are invoices, receipts or credit notes."""
        return tuple(part for part in self.parts if part.kind is PartKind.INVOICE)

    @property
    def starts(self) -> tuple[int, ...]:
        """First pages of the files that the file falls into: attachments stay with the invoice
        before them, and with the first one where they come before it."""
        return (1, *(part.first for part in self._starting()[1:]))

    @property
    def is_sure(self) -> bool:
        """It may be split without asking."""
        return len(self.invoices) > 1 and self.certainty >= SURE

    @property
    def own_pages(self) -> tuple[int, ...]:
        """Pages to read as one invoice: without what is only enclosed, unless all of it is."""
        kept = self.invoices or self.parts
        return tuple(page for part in kept for page in part.pages)

    def _starting(self) -> list[Part]:
        """Invoices, a cover letter of a later one being part of what it comes with."""
        return list(self.invoices)


def split(pages: Sequence[Page]) -> Split:
    """The parts of a document; wants its pages in their order."""
    facts = gathered(pages)
    tables.tables(facts)
    return of_facts(facts)


def of_facts(facts: Facts) -> Split:
    """The same from facts whose tables are noted."""
    seen = page_evidence.evidence(facts)
    kinds = _kinds(seen)
    parts: list[Part] = []
    doubts: list[float] = []
    current: list[PageEvidence] = []
    for at, page in enumerate(seen):
        kind, sure = kinds[at]
        if kind is not None:
            _close(parts, current, page, kind, sure)
            continue
        chance = _new(page, current)
        doubts.append(max(chance, 1 - chance) if current else 1.0)
        starts = not current or chance >= _PROPOSED
        goes_on = (
            bool(parts) and parts[-1].kind is PartKind.INVOICE and parts[-1].last == page.page - 1
        )
        if starts or not goes_on:
            if not starts:
                # Behind an enclosed page the same invoice goes on: kept whole.
                _join(parts, page)
            else:
                parts.append(
                    Part(page.page, page.page, PartKind.INVOICE, chance if current else 1.0)
                )
                current = []
        else:
            last = parts[-1]
            parts[-1] = Part(last.first, page.page, last.kind, last.probability)
        current = [*current, page]
    return Split(tuple(_all_of(parts)), min(doubts, default=1.0))


def _all_of(parts: list[Part]) -> list[Part]:
    """Neighbouring attachments of the same kind as one."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if (
            last is not None
            and part.kind is last.kind is PartKind.ATTACHMENT
            and (part.other in (last.other, None))
        ):
            sure = min(last.probability, part.probability)
            found[-1] = Part(last.first, part.last, last.kind, sure, last.other)
        else:
            found.append(part)
    return found


def _close(
    parts: list[Part], current: list[PageEvidence], page: PageEvidence, kind: OtherKind, sure: float
) -> None:
    del current  # the invoice before an enclosed page may go on behind it
    parts.append(Part(page.page, page.page, PartKind.ATTACHMENT, sure, kind))


def _join(parts: list[Part], page: PageEvidence) -> None:
    """Take a page into the last invoice; what lies between is then read with it."""
    at = max(n for n, part in enumerate(parts) if part.kind is PartKind.INVOICE)
    begun = parts[at]
    del parts[at:]
    parts.append(Part(begun.first, page.page, begun.kind, begun.probability))


def _kinds(seen: Sequence[PageEvidence]) -> list[tuple[OtherKind | None, float]]:
    """For each page what it is other than an invoice, with the probability, or None."""
    found: list[tuple[OtherKind | None, float]] = []
    for at, page in enumerate(seen):
        verdict = page.verdict
        kind, sure = verdict.kind, verdict.probability
        if kind is not None and kind is not OtherKind.BLANK and sure < _ATTACHED:
            kind = None
        if kind is None and at and _goes_on(seen[at - 1], found[at - 1][0], page):
            kind, sure = found[at - 1][0], 0.75
        found.append((kind, sure))
    if all(kind in (None, OtherKind.BLANK) for kind, _ in found):
        return found
    return [_within(seen, found, at) for at in range(len(seen))]


def _within(
    seen: Sequence[PageEvidence], found: list[tuple[OtherKind | None, float]], at: int
) -> tuple[OtherKind | None, float]:
    """A page in the middle of "1 of 3, 2 of 3, 3 of 3" is enclosed only when it says so aloud."""
    kind, sure = found[at]
    page = seen[at]
    if kind in (None, OtherKind.BLANK, OtherKind.TERMS):
        return kind, sure
    numbering = page.numbering
    if numbering is not None and numbering.at > 1 and at and found[at - 1][0] is None:
        before = seen[at - 1].numbering
        follows = before is not None and (before.at + 1, before.of) == (numbering.at, numbering.of)
        if follows and page.other_title is None:
            return None, 1 - sure
    return kind, sure


def _goes_on(before: PageEvidence, kind: OtherKind | None, page: PageEvidence) -> bool:
    """The second page of a delivery note or a letter shows no title of its own."""
    if kind in (None, OtherKind.BLANK) or page.looks_first:
        return False
    if page.has_total and kind not in papers.WITH_SUMS:
        return False
    if before.numbering and page.numbering and page.numbering.at <= before.numbering.at:
        return False
    return page.verdict.probability < 0.9 or page.words < 60


def signs(page: PageEvidence, current: Sequence[PageEvidence]) -> dict[str, bool]:
    """What speaks for and against a page beginning an invoice, given the invoice's pages so far."""
    before = current[-1]
    titled = page.title >= _LOUD
    # Running heads repeat the title on every page; else only a first page has one.
    repeats = titled and any(one.title >= _LOUD for one in current[1:])
    return {
        **_by_numbering(page, before),
        **_by_number(page, current),
        **_by_date(page, current),
        **_by_parties(page, current),
        "carries": page.carries_in or before.carries_out,
        "complete": any(one.has_total for one in current),
        "title": titled and not repeats,
        "title_repeated": repeats,
        "total": page.has_total,
        "looks_first": page.looks_first,
    }


def _new(page: PageEvidence, current: Sequence[PageEvidence]) -> float:
    """The probability that a page begins an invoice."""
    if not current:
        return 1.0
    score = _WEIGHTS["bias"]
    score += sum(_WEIGHTS[name] for name, seen in signs(page, current).items() if seen)
    return 1 / (1 + math.exp(-score))


def _by_numbering(page: PageEvidence, before: PageEvidence) -> dict[str, bool]:
    this, last = page.numbering, before.numbering
    if this is None:
        is_within = last is not None and last.of is not None and last.at < last.of
        return {"unnumbered_in_the_middle": is_within}
    if this.at > 1:
        follows = last is not None and last.at == this.at - 1
        return {"follows": follows, "later_page": not follows}
    was_last = last is not None and last.of is not None and last.at == last.of
    return {
        "first_after_last": was_last,
        "first_page": not was_last,
        "one_of_one": this.of == 1,
    }


def _by_number(page: PageEvidence, current: Sequence[PageEvidence]) -> dict[str, bool]:
    known = {number for one in current for number in one.invoice_numbers}
    if not page.invoice_numbers:
        return {}
    if not known:
        return {"number_first": True}
    is_new = page.invoice_numbers.isdisjoint(known)
    return {"number_new": is_new, "number_same": not is_new}


def _by_date(page: PageEvidence, current: Sequence[PageEvidence]) -> dict[str, bool]:
    known = {day for one in current for day in one.dates}
    if not page.dates:
        return {}
    return {
        "date_only": not known,
        "other_date": bool(known) and page.dates.isdisjoint(known),
    }


def _by_parties(page: PageEvidence, current: Sequence[PageEvidence]) -> dict[str, bool]:
    known = {party for one in current for party in one.parties}
    if not page.parties or not known:
        return {}
    are_others = page.parties.isdisjoint(known)
    return {"other_parties": are_others, "same_parties": not are_others}
