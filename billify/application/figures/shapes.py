"""What a figure is: a name, the words for it, what it takes, and where its rows come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from billify.application.cash_flow import Position
from billify.domain.forecast.shapes import Flow

PLUS, MINUS = 1, -1
FIRST = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Given:
    """What a figure is asked for, where it takes it.

    `ref` names a row of the forecast (an invoice, a planned item, a recurring movement, a tax), a
    contact or a source of money; `category` is the code or id of one.
    """

    today: date
    currency: str
    since: date | None = None
    until: date | None = None
    account: UUID | None = None
    ref: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a figure.

    `kind` says what `id` points to: invoice, account, line (of the bank), position, or a source
    of the forecast (planned, recurring, tax, budget, rest). `is_msgid`: `what` is to be put into
    the person's language.
    """

    kind: str
    id: str
    what: str
    detail: str
    on: date | None
    amount: Decimal
    is_credit: bool = False
    is_msgid: bool = False
    flow: Flow | None = None
    """The expected movement itself, of a row of the forecast."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page of a figure's rows begins: behind a row, or at the start of a part."""

    part: int
    due: date = date.min
    id: UUID = FIRST


class Part(Protocol):
    """Some of the rows of a figure, which can be summed without being read."""

    def total(self) -> tuple[Decimal, int]:
        """The sum of the rows, and how many they are."""

    def page(self, after: Place | None, limit: int) -> list[tuple[Row, Place]]:
        """Rows behind a place, each with its own place; the part's number is not in it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a figure's parts are made from: what was asked for, and what the accounts hold."""

    given: Given
    held: Position


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a figure can't hold, as it is not told: the figure of it, its sum and its rows."""

    figure: str
    total: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class Built:
    """A figure's parts for what was asked, the words its title takes, and how old it is.

    `made_at` is the moment of the forecast that the rows are from; None for rows of now.
    `lacking` are the parts of what it can't hold, with the name of their own figure.
    """

    parts: Sequence[Part]
    words: tuple[tuple[str, str], ...] = ()
    made_at: datetime | None = None
    is_stale: bool = False
    lacking: tuple[str, Part] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A name, the words for it, what it takes, and where its rows come from."""

    name: str
    title: str
    formula: str
    build: Callable[[Asked], Built]
    takes: tuple[str, ...] = ()
    is_of_forecast: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure opened: its sum, how many rows it has, and a page of them."""

    figure: Figure
    given: Given
    held: Position
    total: Decimal
    count: int
    rows: list[Row]
    next: Place | None
    words: dict[str, str] = field(default_factory=dict)
    made_at: datetime | None = None
    is_stale: bool = False
    lacking: Lacking | None = None
