"""What the matcher is given and what it answers; amounts as a person sees them.

Money in is above zero. An invoice asks for a positive amount whoever sent it, a credit note for
a negative one; a sale settles with money in, a purchase with money out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billify.domain.invoices import InvoiceDirection


class MatchKind(StrEnum):
    """What a movement is to the invoices it is linked to."""

    EXACT = "exact"
    SEVERAL = "several"
    NETTED = "netted"
    PARTIAL = "partial"
    OVER = "over"
    DISCOUNT = "discount"
    AGREED_DISCOUNT = "agreed_discount"
    FEE = "fee"
    ROUNDING = "rounding"
    REFUND = "refund"
    RETURNED = "returned"
    TRANSFER = "transfer"
    PAID_TWICE = "paid_twice"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer or supplier and the accounts it is known to pay from or be paid on."""

    id: str
    name: str
    ibans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice as far as matching needs it; a settled one (`open` zero) still explains text.

    `amount` is the gross amount, below zero for a credit note; `open` what is left of it, with
    the same sign. `reference` is a structured communication or RF reference in stored form.
    """

    id: str
    number: str
    direction: InvoiceDirection
    contact_id: str
    issued: date
    due: date
    amount: Decimal
    open: Decimal
    references: tuple[str, ...] = ()
    discount_percent: Decimal | None = None
    discount_days: int = 0


@dataclass(frozen=True, slots=True)
class Movement:
    """A bank line to match; `account` is the own account it stands on, when known."""

    id: str
    day: date
    amount: Decimal
    name: str = ""
    iban: str = ""
    text: str = ""
    structured: str | None = None
    account: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason: a code of `sentences`, the values of its sentence, and what it weighs.

    Below zero it speaks against.
    """

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """A part of a movement that settles a part of an invoice.

    The amount has the invoice's sign; the opposite sign opens the invoice again by as much.
    """

    invoice_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Proposal:
    """Invoices a movement may settle, why, and how likely (0 to 1) that is right."""

    links: tuple[Link, ...]
    kind: MatchKind
    probability: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The answer for one movement: proposals, the likeliest first.

    `kind` is the likeliest proposal's, or why there is none. `is_sure` says that the first
    proposal may be booked without a person. `pair` is the other half of an own transfer.
    """

    movement_id: str
    kind: MatchKind
    proposals: tuple[Proposal, ...] = ()
    is_sure: bool = False
    pair: str | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def best(self) -> Proposal | None:
        """The likeliest proposal when it is likelier than none."""
        likely = self.proposals[0] if self.proposals else None
        return likely if likely and likely.probability >= LIKELY else None


LIKELY = 0.5
"""From here on a proposal is shown as the answer, below it as one of several guesses."""

Rejected = frozenset[tuple[str, str]]
"""Pairs of movement and invoice that a person has refused."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """An earlier bank line and what it settled, as a return or second payment looks back to it."""

    movement: Movement
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the matcher looks at: one company's invoices, contacts, lines and accounts.

    All in one currency. `settled` is what lines of the last months did; the invoices' open amounts
    count it already.
    """

    invoices: Sequence[OpenInvoice]
    contacts: Sequence[Contact]
    movements: Sequence[Movement]
    own_accounts: frozenset[str] = frozenset()
    rejected: Rejected = frozenset()
    settled: Sequence[Settlement] = ()


def seen(cents: int) -> Decimal:
    """Whole cents as an amount."""
    return Decimal(cents).scaleb(-2)
