"""What the stand-in holds: accounts with their movements, logins, and how it behaves."""

import bisect
import hashlib
import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from billify.stand_ins.faults import Faults

Json = dict[str, Any]  # Any: JSON
BRUSSELS = ZoneInfo("Europe/Brussels")
CONSENT = timedelta(days=180)


def stamp(moment: datetime) -> str:
    """An instant as Ponto writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + "000Z"


def midnight(day: date) -> str:
    """A day as Ponto writes it: the instant of its midnight in Brussels."""
    return stamp(datetime(day.year, day.month, day.day, tzinfo=BRUSSELS))


@dataclass(slots=True)
class Transaction:
    """A movement. `more` are attributes beside or instead of the usual ones."""

    day: date
    amount: Decimal
    counterpart: str | None = None
    iban: str | None = None
    message: str | None = None
    structured: bool = False
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    more: Json = field(default_factory=dict)
    number: int = 0
    _text: str | None = None

    @property
    def place(self) -> tuple[date, int]:
        """Where it stands in the list of its account, oldest first."""
        return self.day, self.number

    def text(self, kind: str, currency: str, account_id: str) -> str:
        """As JSON; kept, since it is asked for often."""
        if self._text is None:
            self._text = json.dumps(self._resource(kind, currency, account_id))
        return self._text

    def forget_text(self) -> None:
        """It was changed."""
        self._text = None

    def _resource(self, kind: str, currency: str, account_id: str) -> Json:
        said = f"{self.day}|{self.amount}|{self.counterpart}|{self.iban}|{self.message}"
        attributes: Json = {
            "valueDate": midnight(self.day),
            "executionDate": midnight(self.day),
            "amount": float(self.amount),
            "currency": currency,
            "description": self.message,
            "counterpartName": self.counterpart,
            "counterpartReference": self.iban,
            "remittanceInformation": self.message,
            "remittanceInformationType": "structured" if self.structured else "unstructured",
            "bankTransactionCode": "PMNT-RCDT-ESCT" if self.amount > 0 else "PMNT-ICDT-ESCT",
            "proprietaryBankTransactionCode": None,
            "purposeCode": None,
            "endToEndId": None,
            "mandateId": None,
            "creditorId": None,
            "internalReference": None,
            "additionalInformation": None,
            "cardReference": None,
            "cardReferenceType": None,
            "fee": None,
            "digest": hashlib.sha256(said.encode()).hexdigest(),
            "createdAt": midnight(self.day),
            "updatedAt": midnight(self.day),
            **self.more,
        }
        return {
            "type": kind,
            "id": self.id,
            "attributes": attributes,
            "relationships": {"account": {"data": {"type": "account", "id": account_id}}},
        }


@dataclass(slots=True)
class Account:
    """An account at the bank. `coming` are movements that the next synchronisation brings."""

    reference: str
    holder: str = "Bakkerij Anna BV"
    opening: Decimal = Decimal(0)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    currency: str = "EUR"
    booked: list[Transaction] = field(default_factory=list)
    pending: list[Transaction] = field(default_factory=list)
    coming: list[Transaction] = field(default_factory=list)
    more: Json = field(default_factory=dict)
    availability: str = "available"
    is_revoked: bool = False
    consent_ends: datetime | None = None
    synchronized_at: datetime | None = None
    latest: Json | None = None
    by_id: dict[str, Transaction] = field(default_factory=dict)
    _next: int = 0

    @property
    def balance(self) -> Decimal:
        """What the bank says it holds; `more` may say otherwise."""
        return self.opening + sum((one.amount for one in self.booked), Decimal(0))

    def book(self, one: Transaction) -> Transaction:
        """Put a movement in the list, at its day."""
        self._next += 1
        one.number = self._next
        self.by_id[one.id] = one
        bisect.insort(self.booked, one, key=lambda kept: kept.place)
        return one

    def change_ids(self) -> None:
        """The bank tells the same movements under new keys."""
        for one in self.booked:
            one.id = str(uuid.uuid4())
            one.forget_text()
        self.by_id = {one.id: one for one in self.booked}


@dataclass(slots=True)
class Synchronization:
    """What was asked of the bank; each look at it brings it one step further."""

    account_id: str
    subtype: str
    created: datetime
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    looks: int = 0
    status: str = "pending"
    errors: list[Json] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Behaviour:
    """What the specification leaves open, and what a test wants to be quick."""

    token_seconds: float = 1799
    between_synchronizations: float = 300
    looks_until_done: int = 3
    after_name: str = "after"
    has_unknown_attributes: bool = False
    embeds_latest: bool = True
    compresses: bool = True
    wants_signature: bool = False
    synchronizes_every: float | None = None
    """Seconds between synchronisations of its own accord; None leaves them to whoever asks."""


class World:
    """Everything the server answers from. Change it under its lock."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.behaviour = Behaviour()
        self.faults = Faults()
        self.accounts: dict[str, Account] = {}
        self.synchronizations: dict[str, Synchronization] = {}
        self.clients: dict[str, str] = {"demo": "demo-secret"}
        self.access: dict[str, float] = {}
        self.refresh: dict[str, str] = {}
        self.codes: dict[str, Json] = {}
        self.calls: Counter[str] = Counter()
        self.signature_key: Any = None  # Any: a public key of cryptography
        self.on_change: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        """The time on the server's clock."""
        return datetime.fromtimestamp(self.clock(), UTC)

    def add(self, account: Account) -> Account:
        """An account that whoever logs in may read."""
        with self.lock:
            if account.consent_ends is None:
                account.consent_ends = self.now() + CONSENT
            self.accounts[account.id] = account
            self.synchronize(account)
        return account

    def synchronize(self, account: Account) -> Synchronization:
        """A synchronisation that Ponto does of its own accord, done at once."""
        with self.lock:
            made = Synchronization(account.id, "accountTransactions", self.now())
            self.synchronizations[made.id] = made
            self.finish(made)
        return made

    def tell(self, account: Account, *movements: Transaction) -> None:
        """The bank books movements and Ponto knows of them at once."""
        with self.lock:
            account.coming.extend(movements)
            self.synchronize(account)

    def finish(self, one: Synchronization) -> None:
        """What was coming is there now; or the consent had ended, and nothing is."""
        account = self.accounts[one.account_id]
        moment = self.now()
        if account.consent_ends is not None and account.consent_ends <= moment:
            one.status = "error"
            one.errors = [{"code": "authorizationInvalid", "detail": "Reauthorize it.", "meta": {}}]
        else:
            one.status = "success"
            one.updated = [account.book(coming).id for coming in account.coming]
            account.coming.clear()
            account.synchronized_at = moment
        account.latest = synchronization_resource(one, moment)
        self.on_change()


def synchronization_resource(one: Synchronization, moment: datetime) -> Json:
    """A synchronisation as JSON:API has it."""
    return {
        "type": "synchronization",
        "id": one.id,
        "attributes": {
            "status": one.status,
            "subtype": one.subtype,
            "resourceType": "account",
            "resourceId": one.account_id,
            "errors": one.errors,
            "createdAt": stamp(one.created),
            "updatedAt": stamp(moment),
        },
    }
