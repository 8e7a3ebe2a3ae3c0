"""Who stood on a sales invoice on the day it was issued, whatever they are called later.

An issued invoice does not change: its origin and content have to stay as they were until the end
of the storage period (directive 2006/112/EC, article 233; Belgian VAT code, article 60).
"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Particulars:
    """A party as the law wants it on an invoice."""

    name: str
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str = "BE"
    vat_number: str | None = None
    enterprise_number: str | None = None


@dataclass(frozen=True, slots=True)
class IssuedAs:
    """Both parties, the language of the paper, and the account it asks to be paid to."""

    seller: Particulars
    buyer: Particulars
    language: str
    iban: str | None = None

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """The form that is kept with the invoice."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "IssuedAs":  # Any: JSON
        """What was kept."""
        return cls(
            seller=Particulars(**told["seller"]),
            buyer=Particulars(**told["buyer"]),
            language=told["language"],
            iban=told["iban"],
        )
