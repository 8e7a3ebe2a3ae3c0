"""Everything that a forecast is made from, as plain values. No numpy in here.

`Known` is how things stand today; `History` is what was before, from which `profile.learn` makes
the profile. Amounts are in the company's currency where nothing else is said.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from billify.domain.cash_flow import Planned, Rhythm, Shift
from billify.domain.forecast.shapes import Verdict
from billify.domain.invoices import InvoiceDirection, InvoiceKind
from billify.domain.obligations import Every

if TYPE_CHECKING:
    from billify.domain.forecast.history import Movements

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its bank last told it; only those in the company's currency count."""

    id: str
    name: str
    currency: str
    balance: Decimal


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An open invoice or credit note of either direction; both amounts are above zero.

    `contact` is the contact's id, by which payments are learned; `name` is shown.
    """

    id: str
    direction: InvoiceDirection
    kind: InvoiceKind
    contact: str
    name: str
    issued: date
    due: date
    amount: Decimal
    """What is still open."""
    gross: Decimal
    currency: str
    expected_on: date | None = None
    """The day a person expects it."""
    is_disputed: bool = False
    discount_percent: Decimal | None = None
    discount_until: date | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """An invoice that was settled, in the company's currency; credit notes stay out.

    `settled` is the day of its last payment.
    """

    direction: InvoiceDirection
    contact: str
    name: str
    issued: date
    due: date
    gross: Decimal
    settled: date


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A planned item and its category."""

    planned: Planned
    category: str = ""


@dataclass(frozen=True, slots=True)
class RecurrenceChoice:
    """What a person decided about a recurring movement; what is None stays as found."""

    key: str
    verdict: Verdict
    name: str | None = None
    amount: Decimal | None = None
    rhythm: Rhythm | None = None
    day: int | None = None
    shift: Shift | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TaxChoice:
    """What a person decided about one payment to the state.

    `tax` and `period` as in a tax flow's `ref`; `amount` above zero is owed.
    """

    tax: str
    period: str
    amount: Decimal | None = None
    pay_on: date | None = None
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class VatMonth:
    """The VAT of a month's own invoices by issue date, credit notes taken off.

    `sales` is owed; `purchases` is what may be deducted. Invoices that only the accounting knows
    tell no VAT: they stand apart, by their totals.
    """

    month: date
    """The first day of the month."""
    sales: Decimal
    purchases: Decimal
    sales_by_now: Decimal = ZERO
    purchases_by_now: Decimal = ZERO
    """Of these, what was issued until the day of the month that today is."""
    told_sales: Decimal = ZERO
    told_purchases: Decimal = ZERO
    """The totals of the invoices that tell their VAT."""
    untold_sales: Decimal = ZERO
    untold_purchases: Decimal = ZERO
    untold_sales_by_now: Decimal = ZERO
    untold_purchases_by_now: Decimal = ZERO
    """The totals of those that tell none, all and until that day of the month."""
    untold_count: int = field(default=0, kw_only=True)
    """How many tell none."""


@dataclass(frozen=True, slots=True)
class TaxPaid:
    """A payment to the state seen in the bank; `taxes.tax_of` says which tax a line is.

    Money out is negative, as in the bank.
    """

    tax: str
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """What may go out (below zero) or should come in for a category in a month."""

    category: str
    name: str
    month: date
    """The first day of the month."""
    amount: Decimal
    actual: Decimal
    """What came in or went out in the month so far, with the same sign."""


@dataclass(frozen=True, slots=True)
class UnmatchedLine:
    """A bank line that is neither matched nor booked on a category."""

    id: str
    day: date
    amount: Decimal
    name: str


@dataclass(frozen=True, slots=True)
class Consent:
    """A connection to a bank whose consent ends."""

    id: str
    name: str
    ends: date


@dataclass(frozen=True, slots=True)
class TaxSettings:
    """How long the company's periods are.

    VAT None: no returns, so no VAT. Withholding None: as often as it was paid before, if it was.
    """

    vat_every: Every | None = Every.QUARTER
    withholding_every: Every | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """How things stand on a day: all that a forecast is made from besides the profile."""

    today: date
    currency: str
    floor: Decimal = ZERO
    accounts: tuple[Account, ...] = ()
    open: tuple[OpenInvoice, ...] = ()
    planned: tuple[PlannedItem, ...] = ()
    planned_since: date | None = None
    """Planned items from this day on count, since the bank has not shown them yet; at most today.
    None is today."""
    recurrence_choices: tuple[RecurrenceChoice, ...] = ()
    taxes: TaxSettings = TaxSettings()
    tax_choices: tuple[TaxChoice, ...] = ()
    vat_months: tuple[VatMonth, ...] = ()
    """Of the last 15 months, the running one included; without a row there were no invoices."""
    taxes_paid: tuple[TaxPaid, ...] = ()
    """Of the last 15 months."""
    budgets: tuple[BudgetLine, ...] = ()
    """Of the running month and those ahead."""
    counts_budget: bool = False
    unsorted_in: Decimal = ZERO
    unsorted_out: Decimal = ZERO
    """What booked lines without a category moved in the month so far, both at or above zero; own
    transfers left out. Only budgets ask for it."""
    unmatched: tuple[UnmatchedLine, ...] = ()
    """The newest ones, at most 200."""
    unmatched_count: int = 0
    consents: tuple[Consent, ...] = ()
    booked_today: tuple[UnmatchedLine, ...] = ()
    """Bank lines of today that settle no invoice: what comes back may have come already, and the
    history ends before today."""

    @property
    def balance(self) -> Decimal:
        """What the accounts in the company's currency hold."""
        own = (one.balance for one in self.accounts if one.currency == self.currency)
        return sum(own, ZERO)


@dataclass(frozen=True, slots=True)
class History:
    """What was before today, in the company's currency: `profile.learn` reads it once.

    `movements` are booked bank lines that settle no invoice and are no transfers between own
    accounts, taxes that `Known.taxes_paid` names left out. `since` is the day of the first bank
    line of any kind, None without any.
    """

    today: date
    movements: "Movements | None" = None
    paid: tuple[Paid, ...] = ()
    open: tuple[OpenInvoice, ...] = ()
    since: date | None = None
    currency: str = "EUR"
    """Open invoices in another one are left aside."""
