"""What a partner has to be able to do here, and what a run of it counts (ADR 0021)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from billify.application import live
from billify.data.db import transaction
from billify.data.models import Integration
from billify.data.queries import connections as queries
from billify.domain.connections import STALE_AFTER, Cause, Partner, Trouble
from billify.domain.roles import Actor

CONNECT_PAGE = "connections.connect"
SHOW_PAGE = "connections.show"


class Brings(StrEnum):
    """What comes in through a partner."""

    BANK = "bank"
    ACCOUNTING = "accounting"


@dataclass(frozen=True, slots=True)
class Field:
    """Something a person fills in to connect; `label` and `hint` are marked for translation."""

    name: str
    label: str
    hint: str = ""
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """A partner as a person meets it; sentences are marked for translation.

    `name` stands in sentences as `%(partner)s`. `connect_page` is the endpoint that connects:
    the general form of `fields`, or a page of the partner's own. `next_page` comes after it, and
    `own_page` is where what it brings is seen or chosen; both take `integration_id`. A page whose
    route is not there is left out.
    """

    name: str
    brings: Brings
    title: str
    promise: str
    how: str
    fields: tuple[Field, ...] = ()
    connect_page: str = CONNECT_PAGE
    next_page: str = SHOW_PAGE
    renew_page: str | None = None
    """Where a person allows it once more, asked by POST; else the form of `fields` does it."""
    own_page: str | None = None
    own_page_title: str = ""
    own_address: str | None = None
    """The partner's own site, where a person sees to keys and consents."""
    words: Mapping[Trouble, str] = field(default_factory=dict)
    """Sentences of its own in the place of the general ones."""
    topics: tuple[str, ...] = ()
    """What is shown anew when a run has brought something."""
    stale_after: timedelta = STALE_AFTER
    counts_calls: bool = False
    """Does the partner allow only so many calls a day?"""
    is_offered: bool = True
    """Can it be connected here, by the settings of this machine?"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a cheap question found out: is the login good, is the place that is read there.

    A login is neither good nor bad while the partner does not answer.
    """

    is_login_good: bool | None
    place: str = ""
    """What is read there, as the partner calls it."""
    is_place_good: bool = False
    trouble: Trouble | None = None

    @property
    def is_good(self) -> bool:
        """Nothing stands in the way of a run."""
        return bool(self.is_login_good) and self.is_place_good and self.trouble is None


class PartnerFailed(Exception):
    """A partner did not do what was asked: the adapter's own errors, by what follows from them.

    `retry_after` seconds is how long the partner itself wants to be left alone. `code` is what
    the partner calls the fault; it holds no names, amounts or keys, since it is kept and logged.
    """

    def __init__(
        self, trouble: Trouble, *, retry_after: float | None = None, code: str = ""
    ) -> None:
        super().__init__(trouble.value)
        self.trouble, self.retry_after, self.code = trouble, retry_after, code


@dataclass(slots=True)
class Counted:
    """What was written."""

    added: int = 0
    changed: int = 0
    known: int = 0
    pending: int = 0


class Traffic(Protocol):
    """What the calls of a run weighed on the wire; the client of a partner keeps its own."""

    requests: int
    bytes: int


@dataclass(slots=True)
class NoTraffic:
    """A run that has not asked anything yet."""

    requests: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Run:
    """One run as it goes on. `address` is that of the person who waits for it.

    `traffic` is the client's own count from the first call on, so that a run which is cut short
    still tells what it has cost.
    """

    integration_id: UUID
    cause: Cause
    started: datetime
    address: str | None = None
    counted: Counted = field(default_factory=Counted)
    odd: int = 0
    """Rows of the partner that could not be taken."""
    traffic: Traffic = field(default_factory=NoTraffic)
    partner_request: str = ""
    """The partner's own key of the last call, to ask its support about."""
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    """Cursors that moved, by what they are of."""
    log_id: UUID | None = None

    @property
    def is_quiet(self) -> bool:
        """Nothing came of it."""
        counted = self.counted
        return not (counted.added or counted.changed or counted.pending or self.odd)

    def begin_log(self) -> None:
        """Before the first row is written: a run that does something is seen while it goes on."""
        if self.log_id is not None:
            return
        with transaction():
            row = queries.new_run(self.integration_id, self.cause, self.started)
            queries.keep_run(row)
            self.log_id = row.id
            live.touch("connections")


class Adapter(Protocol):
    """A partner: how it is connected, asked and described.

    Called within the company's scope and, but for `let_go`, outside any transaction. Whatever
    goes wrong there is raised as PartnerFailed; what a person did wrong as Refusal.
    """

    @property
    def partners(self) -> frozenset[Partner]:
        """The kinds of connection it looks after."""
        ...

    def describe(self, *, partner: Partner) -> Description:
        """One of them, as a person meets it."""
        ...

    def connect(self, *, partner: Partner, given: Mapping[str, str], by: Actor) -> Integration:
        """Connect with what a person filled in, or begin to. Refuses what is not taken there."""
        ...

    def renew(self, *, row: Integration, given: Mapping[str, str], by: Actor) -> None:
        """Give a connection another login. Refuses what is not taken there."""
        ...

    def check(self, *, row: Integration) -> Checked:
        """Ask cheaply whether login and place are good; writes no rows of the company."""
        ...

    def sync(self, *, run: Run) -> Trouble | None:
        """Read what changed and write it, each part all or nothing with the place to go on from.

        Gives what a person should know although the run got through, such as a consent that
        ended.
        """
        ...

    def next_run(self, *, row: Integration, now: datetime, is_slow: bool) -> datetime | None:
        """When it runs next after it got through; None leaves it to the engine.

        `is_slow` at night, on weekends and holidays, when the company asks slower then. `row` is
        locked, and its `trouble` is that of the run that has ended.
        """
        ...

    def calls_left(self, *, row: Integration) -> tuple[int, int] | None:
        """How many calls are left today, and of how many; None when nobody counts."""
        ...

    def hand_back(self, *, row: Integration) -> None:
        """Tell the partner that its login is forgotten here; never fails."""
        ...

    def left_open(self, *, row: Integration) -> int:
        """How many open invoices nobody keeps up to date once this connection is ended."""
        ...

    def let_go(self, *, row: Integration, closes: bool) -> dict[str, int]:
        """Within the transaction that ends a connection: what only it kept up to date.

        `closes` what `left_open` counts, so that it no longer counts as open. Gives what
        happened to how many, for the audit log.
        """
        ...
