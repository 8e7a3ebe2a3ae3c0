"""Accounts, transactions and synchronisations as Ponto tells them, checked and typed.

Attributes that are not known do no harm; those that are missing are None. What can't be money on
a day is no transaction, and is given back as odd rather than guessed at.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from billify.domain.brussels import day_of
from billify.integrations.ponto.errors import Unreadable

Json = dict[str, Any]  # Any: JSON
CENT = Decimal("0.01")
LARGEST = Decimal("999999999999.99")
LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Account:
    """An account that a connection may read."""

    id: str
    name: str
    reference: str
    is_iban: bool
    subtype: str
    holder: str
    currency: str
    balance: Decimal | None
    balance_at: datetime | None
    consent_ends: datetime | None
    synchronized: str
    """Changes whenever there may be something new to read: when and by what it was synchronised."""
    synchronized_at: datetime | None
    latest: str
    """The key of its latest synchronisation."""
    errors: tuple[str, ...]
    is_readonly: bool
    institution: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """One movement; money in is above zero. `booked_on` is the day in Brussels."""

    id: str
    booked_on: date
    value_date: date | None
    amount: Decimal
    currency: str
    counterpart_name: str
    counterpart_reference: str
    message: str


@dataclass(frozen=True, slots=True)
class Synchronization:
    """What was asked of the bank, and how it goes."""

    id: str
    status: str
    errors: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Neither waiting nor running."""
        return self.status not in ("pending", "running")


def account(found: Json) -> Account:
    """An account. Raises Unreadable without a key."""
    told = _attributes(found)
    meta = _object(found.get("meta"))
    latest = _object(meta.get("latestSynchronization"))
    key = _key(found)
    synchronized = _text(meta.get("synchronizedAt"))
    institution = _object(_object(found.get("relationships")).get("financialInstitution"))
    return Account(
        id=key,
        name=_text(told.get("description")) or _text(told.get("product")),
        reference=_text(told.get("reference")),
        is_iban=told.get("referenceType") == "IBAN",
        subtype=_text(told.get("subtype")),
        holder=_text(told.get("holderName")),
        currency=_text(told.get("currency")) or "EUR",
        balance=_amount(told.get("currentBalance")),
        balance_at=_moment(told.get("currentBalanceReferenceDate")),
        consent_ends=_moment(told.get("authorizationExpirationExpectedAt")),
        synchronized=f"{synchronized}|{_text(latest.get('id'))}",
        synchronized_at=_moment(meta.get("synchronizedAt")),
        latest=_text(latest.get("id")),
        errors=_codes(_attributes(latest).get("errors")) if latest else (),
        is_readonly=meta.get("availability") == "readonly",
        institution=_text(_object(institution.get("data")).get("id")),
    )


def transaction(found: Json) -> Transaction | None:
    """A movement; None when it has no key, no day or no amount in whole cents."""
    key = found.get("id")
    told = found.get("attributes")
    if not key or not isinstance(told, dict):
        return None
    amount = _amount(told.get("amount"))
    booked = _day(told.get("executionDate") or told.get("valueDate") or told.get("createdAt"))
    if amount is None or booked is None:
        return None
    return Transaction(
        id=str(key),
        booked_on=booked,
        value_date=_day(told.get("valueDate")),
        amount=amount,
        currency=_text(told.get("currency")),
        counterpart_name=_text(told.get("counterpartName")),
        counterpart_reference=_text(told.get("counterpartReference")),
        message=_text(told.get("remittanceInformation")) or _text(told.get("description")),
    )


def synchronization(found: Json) -> Synchronization:
    """A synchronisation. Raises Unreadable without a key."""
    told = _attributes(found)
    return Synchronization(_key(found), _text(told.get("status")), _codes(told.get("errors")))


def resource(document: Json) -> Json:
    """The one resource of a document. Raises Unreadable."""
    found = document.get("data")
    if not isinstance(found, dict):
        raise Unreadable("the answer holds no resource")
    return found


def resources(document: Json) -> list[Json]:
    """The resources of a list. Raises Unreadable."""
    found = document.get("data")
    if not isinstance(found, list):
        raise Unreadable("the answer holds no list")
    return [one for one in found if isinstance(one, dict)]


def next_link(document: Json) -> str | None:
    """Where older ones stand."""
    link = _object(document.get("links")).get("next")
    return link if isinstance(link, str) and link else None


def redirect_link(document: Json) -> str | None:
    """Where a person is to go."""
    links = _object(resource(document).get("links")) or _object(document.get("links"))
    link = links.get("redirect")
    return link if isinstance(link, str) else None


def _key(found: Json) -> str:
    key = found.get("id")
    if not isinstance(key, str) or not key:
        raise Unreadable("a resource has no key")
    return key


def _attributes(found: Json) -> Json:
    return _object(found.get("attributes"))


def _object(value: Any) -> Json:  # Any: JSON
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:  # Any: JSON
    """A text without NUL, which can't be stored, and without end."""
    if value is None or value == "":
        return ""
    said = value if isinstance(value, str) else str(value)
    return said.replace("\x00", "")[:LONGEST_TEXT]


def _amount(value: Any) -> Decimal | None:  # Any: JSON
    """An amount in whole cents that a column takes, or None."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        return None
    told = Decimal(value)
    if abs(told) > LARGEST:
        return None
    cents = told.quantize(CENT)
    return cents if cents == told else None


def _codes(value: Any) -> tuple[str, ...]:  # Any: JSON
    if not isinstance(value, list):
        return ()
    return tuple(_text(one.get("code")) for one in value if isinstance(one, dict))


@lru_cache(maxsize=4096)
def _instant(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def _moment(value: Any) -> datetime | None:  # Any: JSON
    return _instant(value) if isinstance(value, str) else None


@lru_cache(maxsize=4096)
def _brussels_day(value: str) -> date | None:
    """Days come as the instant of a midnight in Brussels: 4 January 23:00 UTC is 5 January."""
    found = _instant(value)
    if found is None or not 1990 <= found.year <= 2200:
        return None
    return day_of(found)


def _day(value: Any) -> date | None:  # Any: JSON
    return _brussels_day(value) if isinstance(value, str) else None
