"""The way in to Yuki: sealed access key and session, and a count of the day's calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from billify.application import ports
from billify.application.partners.credentials import Secret, seal, unseal
from billify.application.partners.protocol import PartnerFailed
from billify.data.db import transaction
from billify.data.models import Integration
from billify.data.queries import connections as queries
from billify.data.queries import partner_calls
from billify.domain.accounting import plan
from billify.domain.accounting.plan import Budget
from billify.domain.brussels import day_of
from billify.domain.connections import Partner, Trouble
from billify.domain.refusal import NotFound
from billify.domain.sealing import CannotOpen
from billify.integrations import yuki
from billify.integrations.yuki.client import log_in

SESSION_LASTS = timedelta(hours=23)
"""Yuki ends a session after about a day; a call with one that has ended is a call for nothing."""
ASK_A_PERSON = timedelta(hours=4)
"""So long a refusal for want of rights stands before it is tried again by itself."""
OWN_BUDGET, THEIR_LIMIT = "budget", "limit"
"""Whose limit ended a run, as the log keeps it."""


class BudgetSpent(yuki.LimitReached):
    """Billify's own share of the day's calls is spent; nothing was sent."""


class Meter:
    """Counts each call before it is made, for the domain it is made for.

    Until a domain is known, as while somebody connects, calls wait to be counted for the first.
    """

    def __init__(self, *, cap: int, domain_id: str | None = None) -> None:
        self._cap = cap
        self._place: bytes | None = None
        self._waiting = 0
        if domain_id is not None:
            self.enter(domain_id)

    def enter(self, domain_id: str) -> None:
        """From now on calls are made for this domain."""
        self._place = partner_calls.place_of(domain_id)
        waiting, self._waiting = self._waiting, 0
        for _ in range(waiting):
            self()

    def __call__(self) -> None:
        """One more call. Raises BudgetSpent when it may not be made today."""
        if self._place is None:
            self._waiting += 1
            return
        may = partner_calls.spend(
            partner=Partner.YUKI,
            place=self._place,
            day=day_of(datetime.now(UTC)),
            most=self._cap - plan.reserve(self._cap),
        )
        if not may:
            raise BudgetSpent(OWN_BUDGET)


def wire() -> yuki.Wire:
    """A wire to Yuki, or to what stands in for it by the settings."""
    return yuki.Wire(ports.settings().yuki.api_url)


def cap_of(row: Integration) -> int:
    """What the customer's subscription allows for a day."""
    return row.daily_cap or plan.USUAL_CAP


def budget_of(row: Integration, *, now: datetime) -> Budget:
    """The calls of the domain today; before one is chosen nothing is spent."""
    day, cap = day_of(now), cap_of(row)
    domain_id = row.details.get("domain_id")
    spent = 0
    if domain_id:
        place = partner_calls.place_of(domain_id)
        spent = partner_calls.spent(partner=Partner.YUKI, place=place, day=day)
    return Budget(
        day=day,
        cap=cap,
        reserved=plan.reserve(cap),
        spent=spent,
        plan=plan.calls_of_a_day(day, cap=cap),
    )


def take_document(row: Integration, *, now: datetime) -> bool:
    """Count one more document of the archive for today; False when it was the last already."""
    return partner_calls.spend(
        partner=Partner.YUKI,
        place=partner_calls.place_of(f"documents {row.details['domain_id']}"),
        day=day_of(now),
        most=plan.DOCUMENTS_A_DAY,
    )


def books_of(row: Integration) -> str:
    """Yuki's key of the books that are read."""
    return str(row.details["administration_id"])


@contextmanager
def client(*, integration_id: UUID) -> Iterator[yuki.Client]:
    """A client of a connection whose books are chosen. Its session is taken from the row, or
    renewed there. What goes wrong with Yuki within the block is raised as PartnerFailed."""
    with transaction():
        row = queries.connection(integration_id)
        if row is None or "domain_id" not in row.details:
            raise NotFound
        domain_id, cap = str(row.details["domain_id"]), cap_of(row)
    line = wire()
    spend = Meter(cap=cap, domain_id=domain_id)
    used = ""

    def session(refused: str | None) -> str:
        nonlocal used
        if not used or refused is not None:
            used = _session(integration_id, line, spend, refused)
        return used

    try:
        with understood():
            yield yuki.Client(line, session, spend=spend)
    finally:
        line.close()


@contextmanager
def understood() -> Iterator[None]:
    """Errors of Yuki within the block as what follows from them."""
    try:
        yield
    except yuki.LimitReached as error:
        now = datetime.now(UTC)
        code = OWN_BUDGET if isinstance(error, BudgetSpent) else THEIR_LIMIT
        wait = (plan.resumes(now) - now).total_seconds()
        raise PartnerFailed(Trouble.CALLS_SPENT, retry_after=wait, code=code) from error
    except yuki.ActionNeeded as error:
        wait = ASK_A_PERSON.total_seconds()
        raise PartnerFailed(Trouble.ACTION_NEEDED, retry_after=wait, code="rights") from error
    except yuki.SessionEnded as error:
        raise PartnerFailed(Trouble.PARTNER_FAULT, code="session") from error
    except yuki.Unreadable as error:
        raise PartnerFailed(Trouble.UNREADABLE, code=str(error)) from error
    except yuki.Unreachable as error:
        raise PartnerFailed(Trouble.UNREACHABLE, code=str(error)) from error
    except CannotOpen as error:
        raise PartnerFailed(Trouble.LOGIN_REFUSED, code="no key opens it") from error


def with_session(secret: Secret, *, session: str, now: datetime) -> Secret:
    """Credentials with a session that has just begun."""
    return secret | {"session": session, "session_until": (now + SESSION_LASTS).timestamp()}


def _session(integration_id: UUID, line: yuki.Wire, spend: Meter, refused: str | None) -> str:
    """The session that is kept, unless it has ended or is the one that was not taken."""
    with transaction():
        row = queries.connection(integration_id)
        if row is None:
            raise NotFound
        kept = _kept(unseal(row), refused)
    return kept or _renewed(integration_id, line, spend, refused)


def _renewed(integration_id: UUID, line: yuki.Wire, spend: Meter, refused: str | None) -> str:
    """Log in while the row is locked, so that several workers do it once: the one call outside
    that happens within a transaction."""
    with transaction():
        row = queries.lock_connection(integration_id)
        if row is None:
            raise NotFound
        secret = unseal(row)
        kept = _kept(secret, refused)
        if kept is not None:
            return kept
        key = str(secret.get("access_key") or "")
        domain_id = str(row.details["domain_id"])
        try:
            session = log_in(line, access_key=key, domain_id=domain_id, spend=spend)
        except yuki.ActionNeeded as error:
            raise PartnerFailed(Trouble.LOGIN_REFUSED, code="access key") from error
        seal(row, secret=with_session(secret, session=session, now=datetime.now(UTC)))
    return session


def _kept(secret: Secret, refused: str | None) -> str | None:
    session = secret.get("session")
    is_good = float(secret.get("session_until") or 0) > datetime.now(UTC).timestamp()
    return str(session) if session and session != refused and is_good else None
