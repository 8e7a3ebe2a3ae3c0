"""What an e-invoice says: the terms of EN 16931 as values, whatever syntax they were written in.

Amounts are as stated; a text that is missing is empty, a value that is missing is None. BT and BG
numbers are the terms of EN 16931-1.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from billify.domain.einvoice.prolog import Syntax

#: UNTDID 1001 codes that give money back (BT-3). 261 and 389 are self-billed.
CREDIT_CODES = frozenset({"81", "83", "261", "296", "308", "381", "396", "420", "458", "532"})


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number with the scheme it belongs to, as `0208` for Belgian enterprise numbers."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """BG-5, BG-8, BG-15."""

    street: str = ""
    additional: str = ""
    third: str = ""
    city: str = ""
    postcode: str = ""
    subdivision: str = ""
    country: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """As it is written on a letter."""
        town = f"{self.postcode} {self.city}".strip()
        parts = (self.street, self.additional, self.third, town, self.subdivision, self.country)
        return tuple(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Party:
    """BG-4, BG-7, BG-10, BG-11."""

    name: str = ""
    """The legal name, else the only one there is."""
    trading_name: str = ""
    vat_number: str = ""
    tax_number: str = ""
    """A registration with another tax than VAT (BT-32)."""
    legal_id: Identifier | None = None
    legal_form: str = ""
    endpoint: Identifier | None = None
    ids: tuple[Identifier, ...] = ()
    address: Address | None = None
    contact_name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the e-invoice (BT-125). The name is only a name and never a path."""

    name: str
    media_type: str
    content: bytes | None = field(repr=False)
    """None when it could not be decoded."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document: its number and, where given, day, kind, words, address and file."""

    number: str
    day: date | None = None
    type_code: str = ""
    scheme: str = ""
    description: str = ""
    address: str = ""
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class AllowanceCharge:
    """BG-20, BG-21 and, on a line, BG-27, BG-28."""

    is_charge: bool
    amount: Decimal | None
    base: Decimal | None = None
    percent: Decimal | None = None
    reason: str = ""
    reason_code: str = ""
    category: str = ""
    rate: Decimal | None = None

    @property
    def signed(self) -> Decimal:
        """What it adds to a sum."""
        amount = self.amount or Decimal(0)
        return amount if self.is_charge else -amount


@dataclass(frozen=True, slots=True)
class VatSubtotal:
    """BG-23."""

    category: str
    rate: Decimal | None
    base: Decimal | None
    amount: Decimal | None
    exemption_reason: str = ""
    exemption_code: str = ""
    name: str = ""
    """UBL.BE writes its own code here, as 45 for a co-contractor."""


@dataclass(frozen=True, slots=True)
class PaymentMeans:
    """BG-16 to BG-19."""

    code: str = ""
    name: str = ""
    reference: str = ""
    account: str = ""
    account_name: str = ""
    bic: str = ""
    card_number: str = ""
    card_holder: str = ""
    mandate: str = ""
    debited_account: str = ""
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """BG-14, BG-26."""

    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """BG-13."""

    day: date | None = None
    party_name: str = ""
    location: Identifier | None = None
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """BG-25."""

    number: str = ""
    name: str = ""
    description: str = ""
    note: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    net: Decimal | None = None
    price: Decimal | None = None
    """Net of the price's own discount, for `price_quantity` units (BT-146)."""
    price_quantity: Decimal | None = None
    gross_price: Decimal | None = None
    price_discount: Decimal | None = None
    allowances: tuple[AllowanceCharge, ...] = ()
    category: str = ""
    rate: Decimal | None = None
    category_name: str = ""
    period: Period | None = None
    order_line: str = ""
    object_id: Identifier | None = None
    buyer_item: str = ""
    seller_item: str = ""
    standard_item: Identifier | None = None
    classifications: tuple[Identifier, ...] = ()
    origin: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    accounting_cost: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class EInvoice:
    """One e-invoice."""

    syntax: Syntax
    root: str
    seller: Party
    buyer: Party
    number: str = ""
    type_code: str = ""
    issue_date: date | None = None
    due_date: date | None = None
    tax_point_date: date | None = None
    tax_point_code: str = ""
    currency: str = ""
    tax_currency: str = ""
    customization: str = ""
    profile: str = ""
    notes: tuple[str, ...] = ()
    accounting_cost: str = ""
    buyer_reference: str = ""
    order_reference: str = ""
    sales_order: str = ""
    contract: str = ""
    project: str = ""
    tender: str = ""
    despatch: str = ""
    receipt: str = ""
    customer_number: str = ""
    """What the seller calls the buyer; UBL only."""
    object_id: Identifier | None = None
    preceding: tuple[Reference, ...] = ()
    documents: tuple[Reference, ...] = ()
    period: Period | None = None
    payee: Party | None = None
    tax_representative: Party | None = None
    delivery: Delivery | None = None
    delivery_terms: str = ""
    creditor_id: str = ""
    payment_means: tuple[PaymentMeans, ...] = ()
    payment_terms: str = ""
    allowances: tuple[AllowanceCharge, ...] = ()
    vat_subtotals: tuple[VatSubtotal, ...] = ()
    vat_amount: Decimal | None = None
    vat_in_tax_currency: Decimal | None = None
    line_total: Decimal | None = None
    allowance_total: Decimal | None = None
    charge_total: Decimal | None = None
    net_amount: Decimal | None = None
    gross_amount: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None
    payable: Decimal | None = None
    lines: tuple[Line, ...] = ()
    foreign_amounts: tuple[str, ...] = ()
    """Places of amounts in another currency than the document's, where only its own may be."""

    @property
    def is_credit_note(self) -> bool:
        """Whether it calls itself a credit note."""
        return self.root == "CreditNote" or self.type_code in CREDIT_CODES

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files inside."""
        return tuple(one.attachment for one in self.documents if one.attachment is not None)

    @property
    def means(self) -> PaymentMeans:
        """How to pay, the way with an account first."""
        with_account = [one for one in self.payment_means if one.account]
        return next(iter([*with_account, *self.payment_means]), PaymentMeans())

    @property
    def payment_reference(self) -> str:
        """BT-83."""
        return next((one.reference for one in self.payment_means if one.reference), "")

    @property
    def mandate(self) -> str:
        """BT-89."""
        return next((one.mandate for one in self.payment_means if one.mandate), "")
