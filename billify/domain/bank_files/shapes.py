"""What a bank file holds: statements of accounts, each with its movements. Values only."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billify.domain.refusal import Refusal


class Format(StrEnum):
    """The families of files that banks write."""

    CODA = "coda"
    CAMT = "camt"
    MT940 = "mt940"
    CSV = "csv"
    XLSX = "xlsx"


class State(StrEnum):
    """How far the bank is with a movement; only booked ones change a balance."""

    BOOKED = "booked"
    PENDING = "pending"
    INFORMATION = "information"


class Unreadable(Refusal):
    """The file is no statement, or a line of it can't be trusted; `line` counts from 1."""

    def __init__(self, message: str, *, line: int | None = None, **params: object) -> None:
        if line is not None:
            params["line"] = line
        super().__init__(message, **params)
        self.line = line


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a file, with %(name)s places, for a person to read."""

    message: str
    params: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of an account; money in is above zero. The parts of a batch are its details."""

    booked_on: date
    amount: Decimal
    value_date: date | None = None
    counterparty_name: str = ""
    counterparty_account: str | None = None
    message: str = ""
    structured: str | None = None
    creditor_reference: str | None = None
    reference: str | None = None
    state: State = State.BOOKED
    details: tuple["Movement", ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What happened on one account, as far as the file tells."""

    account: str | None
    currency: str | None
    movements: tuple[Movement, ...] = ()
    opening_balance: Decimal | None = None
    closing_balance: Decimal | None = None
    opening_date: date | None = None
    closing_date: date | None = None
    number: str | None = None
    holder: str = ""
    product: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it tells neither a movement nor a balance."""
        return not self.movements and self.opening_balance is None and self.closing_balance is None


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file that was read. Notes are worth knowing, warnings want a look before importing."""

    format: Format
    bank: str
    statements: tuple[Statement, ...]
    notes: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    header: tuple[str, ...] = ()
    """The names of the columns, of a CSV or XLSX file."""
