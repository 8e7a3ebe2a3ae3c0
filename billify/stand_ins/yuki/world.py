"""What the stand-in holds: domains with their books, keys and sessions, and how it behaves."""

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from billify.stand_ins.faults import Faults

BRUSSELS = ZoneInfo("Europe/Brussels")
SALES_INVOICE, PURCHASE_INVOICE, SUNDRY = 6, 2, 21


def _guid() -> str:
    return str(uuid.uuid4())


@dataclass(slots=True)
class Item:
    """An open item; a credit note is below zero."""

    contact: str
    reference: str
    dated: date
    due: date | None
    original: Decimal
    open: Decimal | None = None
    vat_number: str = ""
    code: str = ""
    type_id: int = SALES_INVOICE
    description: str = ""
    document_id: str = ""
    contact_id: str = field(default_factory=_guid)
    id: str = field(default_factory=_guid)

    @property
    def left(self) -> Decimal:
        """What is still open."""
        return self.original if self.open is None else self.open


@dataclass(slots=True)
class Document:
    """A document of the archive. Folder 1 holds purchases, 2 sales, 7 what is to be handled."""

    subject: str
    dated: date
    folder: int
    content: bytes = b"%PDF-1.4"
    name: str = "document.pdf"
    contact: str = ""
    amount: Decimal | None = None
    id: str = field(default_factory=_guid)


@dataclass(slots=True)
class Entry:
    """One entry on a ledger account."""

    account: str
    dated: date
    amount: Decimal
    description: str = ""
    contact: str = ""
    id: str = field(default_factory=_guid)


@dataclass(slots=True)
class Books:
    """An administration."""

    name: str
    vat_number: str = ""
    receivables: list[Item] = field(default_factory=list)
    payables: list[Item] = field(default_factory=list)
    ledger: list[Entry] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)
    """Names of ledger accounts by code."""
    documents: list[Document] = field(default_factory=list)
    is_active: bool = True
    id: str = field(default_factory=_guid)


@dataclass(slots=True)
class Domain:
    """A customer of Yuki."""

    name: str
    books: list[Books] = field(default_factory=list)
    is_active: bool = True
    id: str = field(default_factory=_guid)


@dataclass(slots=True)
class Session:
    """A session and the domain it has chosen."""

    access_key: str
    domain: Domain
    calls_left: int | None


@dataclass(slots=True)
class Behaviour:
    """How the stand-in answers."""

    daily_cap: int | None = None
    session_calls: int | None = None
    """A session ends after so many calls."""
    language: str = "nl"
    charset: str = "utf-8"
    compresses: bool = True


@dataclass(slots=True)
class World:
    """All of it. `now` can be set, so that a day can pass."""

    keys: dict[str, list[Domain]] = field(default_factory=dict)
    behaviour: Behaviour = field(default_factory=Behaviour)
    faults: Faults = field(default_factory=Faults)
    calls: Counter[str] = field(default_factory=Counter)
    """How often each operation was called."""
    spent: Counter[tuple[str, date]] = field(default_factory=Counter)
    """Calls of a domain on a day in Brussels."""
    sessions: dict[str, Session] = field(default_factory=dict)
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, domain: Domain, *, access_key: str) -> Domain:
        """A domain that a key opens."""
        self.keys.setdefault(access_key, []).append(domain)
        return domain

    def end_sessions(self) -> None:
        """As after a night: nobody is logged in."""
        with self.lock:
            self.sessions.clear()

    @property
    def today(self) -> date:
        """The day by which calls are counted."""
        return self.now().astimezone(BRUSSELS).date()
