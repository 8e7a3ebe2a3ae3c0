"""Connections to Yuki: an access key is given, the books are chosen, the key is renewed."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import UUID

from billify.application import accounting_leaving, audit, jobs, live
from billify.application.partners import rows
from billify.application.partners.credentials import Secret, seal
from billify.application.partners.protocol import PartnerFailed
from billify.application.partners.yuki import access
from billify.data.db import transaction
from billify.data.models import Integration
from billify.data.queries import accounting as queries
from billify.data.queries import companies
from billify.domain import references
from billify.domain.accounting import plan
from billify.domain.connections import TROUBLES, ConnectionState, Partner, Trouble
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor
from billify.integrations import yuki
from billify.integrations.yuki.client import log_in

NAME = "Yuki"
LONGEST_KEY = 200
MOST_DOMAINS = 30
"""The key of an accountant may open hundreds, and each costs two calls to look into."""
OTHER_BOOKS = N_(
    "These books are kept under VAT number %(theirs)s, and this company has %(ours)s. Choose them"
    " only when you are sure."
)


@dataclass(frozen=True, slots=True)
class Books:
    """An administration that a key opens, and the domain it lies in; as `details` keeps it."""

    domain_id: str
    domain_name: str
    administration_id: str
    administration_name: str
    vat_number: str


@dataclass(frozen=True, slots=True)
class Offered:
    """Books that a person may choose. `warning` says why they may be another company's."""

    books: Books
    is_suggested: bool
    warning: Refusal | None
    """A sentence with its values; not raised."""


def connect(*, access_key: str, by: Actor) -> Integration:
    """Connect with an access key; its books are chosen next. Refuses a key that is not taken."""
    rows.require(by)
    if queries.integration() is not None:
        raise Refusal(N_("%(partner)s is connected already."), partner=NAME)
    secret, found = _looked_into(access_key)
    with transaction() as session:
        row = Integration(partner=Partner.YUKI, made_by=by.user_id, daily_cap=plan.USUAL_CAP)
        session.add(row)
        session.flush()
        seal(row, secret=secret)
        row.state = ConnectionState.CHOOSING
        row.details = {"offered": [asdict(one) for one in found]}
        row.name = found[0].domain_name
        audit.record("connection.made", row, by=by, after={"partner": row.partner})
        live.touch("connections")
    return row


def renew(*, integration_id: UUID, access_key: str, by: Actor) -> None:
    """Give a connection another key. Refuses one that does not open the books that are read."""
    rows.require(by)
    before = rows.found(integration_id)
    secret, found = _looked_into(access_key)
    chosen = before.details.get("administration_id")
    books = next((one for one in found if one.administration_id == chosen), None)
    if chosen and books is None:
        raise Refusal(
            N_("This access key does not open the books of %(name)s."),
            name=before.details["administration_name"],
        )
    with transaction():
        row = rows.locked(integration_id)
        if books is None:
            row.details = {"offered": [asdict(one) for one in found]}
            row.state = ConnectionState.CHOOSING
        else:
            row.details = row.details | asdict(books)
            row.state, row.next_run = ConnectionState.ACTIVE, datetime.now(UTC)
        # The session that has just begun stands in another domain, so the next run logs in.
        seal(row, secret=secret)
        row.failures, row.trouble = 0, None
        audit.record("connection.renewed", row, by=by)
        live.touch("connections")


def offered(*, integration_id: UUID) -> list[Offered]:
    """The books that the key opens, those of this company first. Raises NotFound."""
    row = rows.found(integration_id)
    if row.partner is not Partner.YUKI:
        raise NotFound
    found = [Books(**one) for one in row.details.get("offered", ())]
    own = companies.own().vat_number
    offers = [_offer(one, own, is_only=len(found) == 1) for one in found]
    return sorted(
        offers, key=lambda one: (not one.is_suggested, one.books.administration_name.casefold())
    )


def choose(*, integration_id: UUID, administration_id: str, by: Actor) -> Integration:
    """Read these books from now on. Others want a connection of their own, since what is open in
    one says nothing about the other."""
    rows.require(by)
    with transaction():
        row = rows.locked(integration_id)
        if row.partner is not Partner.YUKI:
            raise NotFound
        chosen = row.details.get("administration_id")
        if chosen and chosen != administration_id:
            raise Refusal(N_("To read other books, end this connection and make a new one."))
        if row.state is not ConnectionState.CHOOSING:
            raise Refusal(N_("The books of this connection are chosen already."))
        books = next(
            (
                Books(**one)
                for one in row.details.get("offered", ())
                if one["administration_id"] == administration_id
            ),
            None,
        )
        if books is None:
            raise Refusal(N_("Choose one of the books in the list."))
        row.details = asdict(books)
        row.name = books.administration_name
        row.state, row.next_run = ConnectionState.ACTIVE, datetime.now(UTC)
        row.last_job = jobs.later("connection.sync", integration_id=row.id)
        left = accounting_leaving.go_on(row=row)
        audit.record("connection.books_chosen", row, by=by, after={"books": row.name} | left)
        live.touch("connections")
    return row


def set_cap(*, integration_id: UUID, cap: int, by: Actor) -> None:
    """Say how many calls a day the subscription at Yuki allows."""
    rows.require(by)
    if cap not in plan.CAPS:
        raise Refusal(N_("Choose the number of calls of your subscription."))
    with transaction():
        row = rows.locked(integration_id)
        before, row.daily_cap = access.cap_of(row), cap
        if row.trouble is Trouble.CALLS_SPENT:
            row.next_run = datetime.now(UTC)
        audit.record(
            "connection.cap_changed", row, by=by, before={"calls": before}, after={"calls": cap}
        )
        live.touch("connections")


def _offer(books: Books, own: str | None, *, is_only: bool) -> Offered:
    theirs = _vat(books.vat_number)
    is_other = bool(own and theirs and theirs != own)
    warning = Refusal(OTHER_BOOKS, theirs=theirs, ours=own) if is_other else None
    is_same = theirs is not None and theirs == own
    return Offered(books, is_suggested=is_same or (is_only and not is_other), warning=warning)


def _looked_into(access_key: str) -> tuple[Secret, list[Books]]:
    """Log in and see which books there are; no transaction is open meanwhile."""
    key = access_key.strip()
    if not key or len(key) > LONGEST_KEY:
        raise Refusal(N_("Fill in the access key as Yuki shows it."))
    line = access.wire()
    spend = access.Meter(cap=plan.USUAL_CAP)
    try:
        with access.understood():
            session = log_in(line, access_key=key, spend=spend)
            client = yuki.Client(line, lambda _: session, spend=spend)
            found = _all_books(client, spend)
    except PartnerFailed as failed:
        raise as_refusal(failed) from failed
    finally:
        line.close()
    if not found:
        raise Refusal(N_("This access key opens no books. Look at its rights in Yuki."))
    return {"access_key": key}, found


def _all_books(client: yuki.Client, spend: access.Meter) -> list[Books]:
    found: list[Books] = []
    for domain in client.domains()[:MOST_DOMAINS]:
        spend.enter(domain.id)
        client.choose_domain(domain_id=domain.id)
        found += [
            Books(domain.id, domain.name, one.id, one.name, one.vat_number)
            for one in client.administrations()
            if one.is_active
        ]
    return found


def as_refusal(failed: PartnerFailed) -> Refusal:
    """What went wrong at Yuki, for a person who waits for it."""
    if failed.trouble in (Trouble.LOGIN_REFUSED, Trouble.ACTION_NEEDED):
        return Refusal(N_("Yuki does not accept this access key. Check it and its rights there."))
    return Refusal(TROUBLES[failed.trouble], partner=NAME)


def _vat(text: str) -> str | None:
    try:
        return references.normalise_vat(text) if text else None
    except Refusal:
        return None
