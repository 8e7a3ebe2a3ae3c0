"""E-invoices for tests: the Belgian samples, and changes to them."""

from pathlib import Path

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
