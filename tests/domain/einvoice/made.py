"""E-invoices for tests: the Belgian samples, and changes to them."""

from dataclasses import replace
from pathlib import Path

from billify.domain.einvoice.model import EInvoice
from billify.domain.einvoice.prolog import Syntax

FOLDER = Path(__file__).parent / "samples"
NAMES = sorted(path.name for path in FOLDER.glob("*.xml"))


def sample(start: str) -> bytes:
    """The one sample whose name starts so."""
    (path,) = FOLDER.glob(f"{start}*.xml")
    return path.read_bytes()


def changed(start: str, *changes: tuple[str, str]) -> bytes:
    """The sample with texts replaced; each must be there."""
    text = sample(start).decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def empty_invoice(inside: str = "", head: str = '<?xml version="1.0"?>') -> bytes:
    """A UBL invoice with nothing but what is given."""
    space = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    return f'{head}<Invoice xmlns="{space}">{inside}</Invoice>'.encode()


def comparable(one: EInvoice) -> EInvoice:
    """Without what only one of the syntaxes has, and the way of writing."""
    means = tuple(
        replace(way, reference=one.payment_reference, mandate=one.mandate, due_date=None)
        for way in one.payment_means
    )
    return replace(
        one,
        syntax=Syntax.UBL,
        root="Invoice",
        customer_number="",
        payment_means=means,
        vat_subtotals=tuple(replace(row, name="") for row in one.vat_subtotals),
        lines=tuple(replace(line, place="", category_name="") for line in one.lines),
    )
