"""Several papers in one file: invoices one behind another, invoices with a page of terms."""

from dataclasses import dataclass
from typing import Any

from benchmarks.made_documents import others, paper, typeset
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.paper import Paper
from benchmarks.made_documents.words import Side


@dataclass(frozen=True)
class Bundle:
    """A file of several papers: its PDF, the papers and how many pages each has."""

    pdf: bytes
    papers: list[Paper]
    pages: list[int]

    @property
    def invoices(self) -> list[Paper]:
        """The papers that are invoices or credit notes."""
        return [p for p in self.papers if p.kind != "not_invoice"]

    def parts(self) -> list[dict[str, Any]]:
        """Each paper with its page range, counted from 1, its truth and what may be asked."""
        found, first = [], 1
        for made, count in zip(self.papers, self.pages, strict=True):
            found.append(
                {
                    "first_page": first,
                    "last_page": first + count - 1,
                    "sort": made.sort or made.kind,
                    "layout": made.layout,
                    "ask": made.ink.asked() if made.kind != "not_invoice" else ["document_type"],
                    "truth": made.ink.truth(),
                    "printed": made.ink.printed,
                }
            )
            first += count
        return found


def several(chance: Chance, *, country: str, lang: str, side: Side) -> Bundle:
    """Two to four invoices, of one issuer or of several; now and then terms or a letter between."""
    same = chance.happens(0.55)
    papers: list[Paper] = []
    for _ in range(chance.weighed({2: 45, 3: 32, 4: 23})):
        like = papers[0] if same and papers else None
        papers.append(paper.invoice(chance, country=country, lang=lang, side=side, like=like))
    if chance.happens(0.3):
        extra = others.terms(chance, country=country, lang=lang, side=side)
        papers.insert(chance.whole(1, len(papers)), extra)
    pdf, pages = typeset.pdf_of([p.source for p in papers])
    return Bundle(pdf, papers, pages)


def with_terms(chance: Chance, made: Paper, *, side: Side) -> Bundle:
    """An invoice followed by its page of general terms."""
    extra = others.terms(chance, country=made.country, lang=made.lang, side=side)
    pdf, pages = typeset.pdf_of([made.source, extra.source])
    return Bundle(pdf, [made, extra], pages)
