"""A whole document read: its own pages, the fields of its head, and all that stands around them."""

from collections.abc import Sequence
from dataclasses import replace

from billify.domain.reading import completion, papers, split
from billify.domain.reading.papers import OtherKind
from billify.domain.reading.reader import Reader
from billify.domain.reading.reading import DocumentType, Field, How, OwnCompany, Reading
from billify.domain.reading.words import Page


def reading(pages: Sequence[Page], us: OwnCompany | None) -> Reading:
    """Everything read from the pages of one document, its enclosed pages left out.

    What is no invoice at all is read too, and says so in document_type and other_kind.
    """
    parts = split.split(pages) if len(pages) > 1 else None
    own = [page for page in pages if parts is None or page.number in parts.own_pages]
    reader = Reader(own, us)
    found = reader.reading()
    if parts is not None and not parts.invoices:
        kind, sure = parts.parts[0].other, parts.parts[0].probability
    else:
        verdict = papers.verdict(reader.facts)
        kind, sure = verdict.kind, verdict.probability
    if kind is not None and (kind is not OtherKind.BLANK or not found.fields.get("gross_amount")):
        found = _other(found, kind, sure)
    elif found.text("document_type") == DocumentType.OTHER:
        found = _as(found, DocumentType.INVOICE, 0.5)
    return completion.completed(found, reader.facts, reader.tables)


def _other(found: Reading, kind: OtherKind, sure: float) -> Reading:
    named = _as(found, DocumentType.OTHER, sure)
    fields = named.fields | {"other_kind": Field(str(kind), round(sure, 3), how=How.LABEL)}
    return replace(named, fields=fields)


def _as(found: Reading, kind: DocumentType, sure: float) -> Reading:
    field = Field(str(kind), round(sure, 3), how=How.LABEL)
    return replace(found, fields=found.fields | {"document_type": field})
