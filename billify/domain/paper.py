"""An invoice as it is printed: every word and amount ready, so that a printer only places them."""

from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PrintedParty:
    """A letterhead or an address: its name, and the lines under it."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on an invoice, in reading order. `look` chooses one of the designs."""

    language: str
    title: str
    seller: PrintedParty
    buyer_label: str
    buyer: PrintedParty
    facts: Pairs
    """Number, dates, reference: label and value."""
    line_heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    """As wide as the heads: the first one is text, the others are figures."""
    vat_heads: tuple[str, ...]
    vat: tuple[tuple[str, ...], ...]
    totals: Pairs
    """The last one is what to pay."""
    payment: Pairs
    mentions: tuple[str, ...]
    footer: str = ""
    author: str = ""
    look: int = 0
