"""What a forecast is made of, as it is handed on, kept and shown. No numpy in here."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

DAYS_AHEAD = 91
"""Day by day: thirteen weeks, today included."""
MONTHS_AHEAD = 36
LOW, HIGH = 0.10, 0.90
"""The band: four of five days should lie inside."""


class Source(StrEnum):
    """Where an expected movement comes from."""

    SALE = "sale"
    PURCHASE = "purchase"
    RECURRING = "recurring"
    TAX = "tax"
    PLANNED = "planned"
    BUDGET = "budget"
    REST = "rest"
    SCENARIO = "scenario"


class Verdict(StrEnum):
    """What a person says of a recurring movement that was found."""

    CONFIRMED = "confirmed"
    CHANGED = "changed"
    REFUSED = "refused"


class ActionKind(StrEnum):
    """What a person can do about the lowest point."""

    REMIND = "remind"
    WAIT = "wait"
    SET_ASIDE = "set_aside"
    MATCH_LINES = "match_lines"
    RENEW_CONSENT = "renew_consent"


class AlertKind(StrEnum):
    """What is told once."""

    BELOW_FLOOR = "below_floor"
    LARGE_OUTFLOW = "large_outflow"
    CUSTOMER_SLOWER = "customer_slower"


Values = tuple[tuple[str, str | int], ...]
"""Names and values that the words of a reason take; days as ISO dates, amounts as `0.00` text."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is expected then and for that much: a code that the web has words for."""

    code: str
    values: Values = ()


NO_REASON = Reason("")


@dataclass(frozen=True, slots=True)
class Flow:
    """One expected movement; the balance ahead is the balance now and the sum of these.

    `amount` is above zero when it comes in. `day` is never before today. `early` and `late` are
    the days of the band (10 % and 90 %). `ref` names the row behind it: the invoice or planned
    item by its id, a recurrence by its key, a tax as `vat 2026-Q4`, the rest as `in 2026-W48`.
    `what` is a name to show; of a tax and of the rest it is a msgid.
    """

    day: date
    amount: Decimal
    source: Source
    ref: str
    what: str
    contact: str = ""
    due: date | None = None
    early: date | None = None
    late: date | None = None
    reason: Reason = NO_REASON
    is_by_hand: bool = False
    """A person said the day or the amount."""
    category: str = ""
    """The code or id of its category, for budgets and scenarios."""


@dataclass(frozen=True, slots=True)
class DayAhead:
    """The balance at the end of a day, with its band and what comes in and goes out that day."""

    day: date
    balance: Decimal
    low: Decimal
    high: Decimal
    money_in: Decimal
    money_out: Decimal
    """Above zero."""


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """The same at the end of a month; the first one is the month of today."""

    end: date
    balance: Decimal
    low: Decimal
    high: Decimal
    money_in: Decimal
    money_out: Decimal


@dataclass(frozen=True, slots=True)
class Crossing:
    """The first day the expected balance is below a limit, and the flows that make it so."""

    day: date
    balance: Decimal
    chance: int
    """In how many of 100 simulated courses the balance is below the limit on some day till then."""
    because: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do; `effect` is what the lowest point gains, in the currency."""

    kind: ActionKind
    effect: Decimal
    amount: Decimal
    ref: str
    what: str
    reason: Reason = NO_REASON
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A movement that comes back, found in the bank's history. Money out is negative.

    `rhythm` and `shift` are those of `domain.cash_flow.Planned`; `confidence` is the chance in
    percent that the next one comes within its days.
    """

    key: str
    name: str
    rhythm: str
    amount: Decimal
    day: int | None
    shift: str
    next: date
    last: date
    count: int
    spread_amount: Decimal
    spread_days: int
    drift: Decimal
    """By how much of its size the amount grows in a year (0.02 is 2 %)."""
    confidence: int
    category: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The whole of it, for one company and one day."""

    today: date
    currency: str
    balance: Decimal
    floor: Decimal
    days: tuple[DayAhead, ...]
    months: tuple[MonthAhead, ...]
    lowest: DayAhead
    below_floor: Crossing | None
    below_zero: Crossing | None
    actions: tuple[Action, ...]
    missing: tuple[str, ...] = ()
    """What the forecast had to do without, as codes: `history`, `accounts`, `invoices` …"""
    not_counted: tuple[Flow, ...] = ()
    """Open amounts that are not expected to come within the time ahead, or are disputed."""
    flows: tuple[Flow, ...] = field(default=(), repr=False)
    recurrences: tuple[Recurrence, ...] = field(default=(), repr=False)
    """As they were found; what people decided about them is not in them."""
