"""What Yuki tells, as values. Amounts are in the currency of the administration."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Domain:
    """A customer of Yuki, which holds administrations."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Administration:
    """The books of one company."""

    id: str
    name: str
    domain_id: str
    vat_number: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is open with a customer or supplier; credit notes are below zero.

    `type_id` is 6 for a sales invoice, 2 for a purchase invoice, 21 for a sundry entry; others
    exist. `due` can be missing.
    """

    id: str
    dated: date
    due: date | None
    description: str
    contact: str
    contact_id: str
    contact_code: str
    vat_number: str
    open_amount: Decimal
    original_amount: Decimal
    type_id: int | None
    reference: str
    document_id: str


@dataclass(frozen=True, slots=True)
class LedgerBalance:
    """The balance of a ledger account on a day; credit is below zero."""

    code: str
    description: str
    amount: Decimal
    is_balance_sheet: bool


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry on a ledger account."""

    id: str
    dated: date
    description: str
    amount: Decimal
    contact: str
    contact_id: str
    account: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer or supplier of a domain."""

    id: str
    name: str
    code: str
    vat_number: str
    enterprise_number: str
    is_customer: bool
    is_supplier: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the archive, without its bytes."""

    id: str
    subject: str
    dated: date | None
    amount: Decimal | None
    file_name: str
    media_type: str
    size: int
    contact: str


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of a document."""

    name: str
    content: bytes = field(repr=False)
