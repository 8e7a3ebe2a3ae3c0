"""E-invoices in files: an XML file itself, or one inside a PDF (Factur-X, ZUGFeRD).

Imported in the reading child process only.
"""

from dataclasses import dataclass
from typing import Any

from billify.domain.einvoice import as_fields, as_reading, prolog, rules
from billify.domain.einvoice.model import EInvoice
from billify.domain.einvoice.read import read
from billify.domain.refusal import Refusal
from billify.integrations import pdf
from billify.integrations.signature import MediaType


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds: an e-invoice, or why the one it holds cannot be read."""

    invoice: EInvoice | None = None
    problem: Refusal | None = None

    @property
    def paper(self) -> bytes | None:
        """The PDF inside an XML file, which shows people what it says."""
        if self.invoice is None:
            return None
        for file in self.invoice.attachments:
            if file.content is not None and b"%PDF-" in file.content[:1024]:
                return file.content
        return None

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """The fields, the reading and the broken rules, as the parent process takes them."""
        if self.invoice is None:
            return {}
        return {
            "fields": as_fields.fields(self.invoice),
            "reading": as_reading.reading_of(self.invoice).to_json(),
            "syntax": str(self.invoice.syntax),
            "violations": [
                {"rule": one.rule, "place": one.place, "message": one.message}
                for one in rules.violations(self.invoice)
            ],
        }


def found(content: bytes, kind: MediaType) -> Found:
    """The e-invoice in a file; neither invoice nor problem when there is none.

    Raises Encrypted or Damaged of `pdf` for a PDF that cannot be opened.
    """
    if kind is MediaType.XML:
        return _read(content)
    if kind is not MediaType.PDF:
        return Found()
    document = pdf.opened(content)
    try:
        files = pdf.attached(document)
    finally:
        document.close()
    problem = Found()
    for file in files:
        if prolog.is_einvoice(file):
            one = _read(file)
            if one.invoice is not None:
                return one
            problem = one
    return problem


def _read(content: bytes) -> Found:
    try:
        return Found(read(content))
    except Refusal as refusal:
        return Found(problem=refusal)
