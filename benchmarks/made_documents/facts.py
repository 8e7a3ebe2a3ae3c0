"""What happened: the values of one paper before anyone writes it down."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.made_documents.parties import Party

CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    """Rounded to the cent, halves up, as invoices do."""
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass
class Line:
    """One line sold; net and gross are the line's own totals without and with VAT."""

    description: str
    detail: str
    code: str
    quantity: Decimal | None
    unit: str
    price: Decimal | None
    price_incl: Decimal | None
    discount: Decimal | None
    rate: Decimal
    category: str
    net: Decimal
    gross: Decimal
    section: str = ""
    day: date | None = None
    remark: str = ""


@dataclass(frozen=True)
class VatRow:
    """One row of the VAT breakdown. Categories are those of EN 16931 (S, Z, E, AE, K, G)."""

    rate: Decimal
    category: str
    base: Decimal
    amount: Decimal


@dataclass
class Story:
    """One invoice or credit note."""

    kind: str
    seller: Party
    buyer: Party
    number: str
    issue: date
    currency: str
    lines: list[Line]
    vat_rows: list[VatRow]
    net: Decimal
    vat: Decimal
    gross: Decimal
    incl: bool = False
    goods_net: Decimal = Decimal(0)
    discount: tuple[Decimal, Decimal] | None = None
    shipping: Decimal | None = None
    paid: Decimal | None = None
    deposit: Decimal | None = None
    rounding: Decimal | None = None
    due: date | None = None
    due_shown: str = "date"
    days: int | None = None
    end_of_month: bool = False
    early: tuple[Decimal, int | None, date | None] | None = None
    delivery: date | None = None
    period: tuple[date, date] | None = None
    order_ref: str = ""
    decoys: dict[str, str] = field(default_factory=dict)
    reference: str = ""
    reference_printed: str = ""
    regime: str = "S"
    corrects: tuple[str, date] | None = None
    other_currency: tuple[str, Decimal] | None = None
    paid_on: date | None = None
    balance: Decimal | None = None
    debit: tuple[str, str] | None = None
    factor: tuple[str, str, str] | None = None
    adds_up: bool = True

    @property
    def amount_due(self) -> Decimal:
        """What is left to pay."""
        left = self.gross + (self.balance or 0)
        for part in (self.paid, self.deposit):
            left -= part or 0
        return left + (self.rounding or 0)
