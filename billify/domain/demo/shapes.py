"""What a demo company is made of: plain values that a use case turns into rows.

Keys are short and stable (`c012`, `i0345`); rows of one kind refer to others by them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billify.domain.cash_flow import Rhythm, Shift
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.vat import VatCategory


@dataclass(frozen=True, slots=True)
class DemoContact:
    """A customer, a supplier or both. Numbers are compact: `BE0123456749`, `0123456749`."""

    key: str
    name: str
    language: str
    is_customer: bool
    is_supplier: bool
    vat_number: str | None
    enterprise_number: str | None
    street: str
    postcode: str
    city: str
    country: str
    email: str
    phone: str
    iban: str | None
    bic: str | None
    terms: str
    vat_category: VatCategory = VatCategory.STANDARD


@dataclass(frozen=True, slots=True)
class DemoLine:
    """A line of an invoice; `net` is its amount without VAT."""

    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    discount: Decimal
    vat_category: VatCategory
    vat_rate: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class DemoInvoice:
    """An invoice or credit note, amounts positive; reference: twelve digits, no marks."""

    key: str
    direction: InvoiceDirection
    kind: InvoiceKind
    status: InvoiceStatus
    number: str
    contact: str
    issue_date: date
    due_date: date
    delivery_date: date | None
    currency: str
    lines: tuple[DemoLine, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    open_amount: Decimal
    payment_reference: str | None
    payee_iban: str | None
    credited: str | None = None


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A bank account; opening balance + its movements = closing balance."""

    key: str
    name: str
    kind: str
    iban: str
    bic: str
    currency: str
    opening_date: date
    opening_balance: Decimal
    closing_balance: Decimal


@dataclass(frozen=True, slots=True)
class DemoMovement:
    """A booked line of a bank account; above zero comes in."""

    key: str
    account: str
    booked_on: date
    value_on: date
    amount: Decimal
    counterparty_name: str
    counterparty_iban: str | None
    reference: str | None
    text: str
    kind: str
    contact: str | None


@dataclass(frozen=True, slots=True)
class DemoAllocation:
    """So much (above zero) of a movement settles an invoice; evidence: reference, number,
    amount, or `credit_note` where two invoices are set against each other."""

    invoice: str
    movement: str
    amount: Decimal
    evidence: str


@dataclass(frozen=True, slots=True)
class DemoPlanned:
    """Money expected without an invoice. Kind: manual, tax, detected; `category` a code or ""."""

    key: str
    what: str
    kind: str
    amount: Decimal
    rhythm: Rhythm
    first: date
    until: date | None
    day: int | None
    shift: Shift
    contact: str | None
    category: str = ""


@dataclass(frozen=True, slots=True)
class DemoBudget:
    """What may go out (below zero) on a category in each month of a year."""

    category: str
    amount: Decimal
    year: int


@dataclass(frozen=True, slots=True)
class DemoIncoming:
    """A purchase invoice that came in and waits to be read: print it, then upload it.

    The supplier may be new: then its contact is not among those of the company.
    """

    file_name: str
    language: str
    supplier: DemoContact
    invoice: DemoInvoice


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """Everything of one demo company."""

    name: str
    slug: str
    language: str
    vat_number: str
    enterprise_number: str
    street: str
    postcode: str
    city: str
    country: str
    email: str
    phone: str
    contacts: tuple[DemoContact, ...]
    invoices: tuple[DemoInvoice, ...]
    accounts: tuple[DemoAccount, ...]
    movements: tuple[DemoMovement, ...]
    allocations: tuple[DemoAllocation, ...]
    planned: tuple[DemoPlanned, ...]
    """What a person planned; all else is to be found from the history."""
    usual: tuple[DemoPlanned, ...]
    """Wages, taxes, bills and trade ahead, by which the company's past was set; kept nowhere."""
    budgets: tuple[DemoBudget, ...]
    incoming: tuple[DemoIncoming, ...]
