"""Connections to the bank: made, their accounts picked, renewed."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import structlog

from billify.application import audit, banking, jobs, live, ports
from billify.application.partners import credentials, rows
from billify.application.partners.credentials import Secret
from billify.application.partners.ponto import access
from billify.application.partners.ponto.faults import as_refusal
from billify.data.db import transaction
from billify.data.models import BankAccount, ConnectedAccount, Integration
from billify.data.queries import bank_sync as movements
from billify.data.queries import banking as accounts
from billify.data.queries import connections as queries
from billify.domain.bank_files import fields
from billify.domain.banking import AccountKind
from billify.domain.connections import (
    AccountState,
    ConnectionState,
    Partner,
)
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor
from billify.domain.sealing import CannotOpen
from billify.integrations import ponto

log = structlog.get_logger()
LONGEST_KEY = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do with an account that is offered: bring it to an account, or to a new one."""

    account_id: UUID | None = None
    name: str = ""


def has_connect() -> bool:
    """Is there a client of our own at Ponto Connect?"""
    return ports.settings().ponto.has_connect


def connect_with_keys(*, client_id: str, client_secret: str, by: Actor) -> Integration:
    """Connect with the company's own keys at Ponto. Refuses keys that Ponto does not take."""
    rows.require(by)
    secret = _keys(client_id, client_secret)
    secret, found, name = _logged_in(Partner.PONTO, secret)
    with transaction() as session:
        row = Integration(partner=Partner.PONTO, made_by=by.user_id)
        session.add(row)
        session.flush()
        _settle(row, secret, found, name)
        audit.record("connection.made", row, by=by, after={"partner": row.partner})
    return row


def renew_keys(*, integration_id: UUID, client_id: str, client_secret: str, by: Actor) -> None:
    """Give a connection other keys. Refuses keys that Ponto does not take."""
    rows.require(by)
    secret = _keys(client_id, client_secret)
    secret, found, name = _logged_in(Partner.PONTO, secret)
    with transaction():
        row = rows.locked(integration_id)
        if row.partner is not Partner.PONTO:
            raise NotFound
        _settle(row, secret, found, name)
        audit.record("connection.renewed", row, by=by)


def begin(*, by: Actor) -> Integration:
    """Begin a connection by Ponto Connect: a person goes there and allows it."""
    rows.require(by)
    if not has_connect():
        raise Refusal(N_("Ponto Connect is not set up here. Use keys of your own."))
    with transaction() as session:
        row = Integration(partner=Partner.PONTO_CONNECT, made_by=by.user_id)
        session.add(row)
        session.flush()
        _ask_anew(row)
        audit.record("connection.begun", row, by=by, after={"partner": row.partner})
    return row


def begin_again(*, integration_id: UUID, by: Actor) -> Integration:
    """Let a person allow it once more, when Ponto no longer takes the login."""
    rows.require(by)
    with transaction():
        row = rows.locked(integration_id)
        if row.partner is not Partner.PONTO_CONNECT:
            raise NotFound
        _ask_anew(row)
    return row


def renewal_address(*, integration_id: UUID, redirect_url: str, by: Actor) -> str:
    """Where a person renews the consent that ends first. Refuses when Ponto gives no address."""
    rows.require(by)
    row = rows.found(integration_id)
    brought = [one for one in queries.accounts(row.id) if one.account_id is not None]
    if row.partner is not Partner.PONTO_CONNECT or not brought:
        raise NotFound
    latest = datetime.max.replace(tzinfo=UTC)
    first = min(brought, key=lambda one: one.consent_ends or latest)
    try:
        with access.client(integration_id=row.id) as client:
            found = client.reauthorization(first.external_id, redirect_uri=_redirect(redirect_url))
    except ponto.PontoError as error:
        raise as_refusal(error) from error
    if found is None:
        raise Refusal(N_("Ponto gave no address to renew the consent. Try again later."))
    return found


def consent_address(*, integration_id: UUID, slug: str, redirect_url: str) -> str | None:
    """Where a person allows it at Ponto; None when nothing is asked. The state in it leads back
    to this connection of this company."""
    row = rows.found(integration_id)
    secret = _secret(row)
    if "verifier" not in secret:
        return None
    wanted = ports.settings().ponto
    return ponto.authorization_url(
        wanted.authorization_url,
        client_id=wanted.client_id or "",
        redirect_uri=_redirect(redirect_url),
        state=f"{slug}.{row.id}.{secret['state']}",
        challenge=ponto.Verifier(str(secret["verifier"])).challenge,
    )


def finish(*, integration_id: UUID, code: str, state: str, redirect_url: str, by: Actor) -> None:
    """The person has allowed it: take the code that came back. Refuses one of another request."""
    rows.require(by)
    row = rows.found(integration_id)
    secret = _secret(row)
    given = state.rpartition(".")[2]
    if not secret.get("state") or not secrets.compare_digest(str(secret["state"]), given):
        raise Refusal(N_("This answer of Ponto belongs to another request. Start again."))
    verifier = ponto.Verifier(str(secret["verifier"]))
    secret, found, name = _logged_in(
        Partner.PONTO_CONNECT, secret, code=(code, verifier, _redirect(redirect_url))
    )
    for used in ("verifier", "state"):
        secret.pop(used, None)
    with transaction():
        row = rows.locked(integration_id)
        _settle(row, secret, found, name)
        audit.record("connection.made", row, by=by, after={"partner": row.partner})


def choose(
    *, integration_id: UUID, choices: Mapping[UUID, Choice], today: date, by: Actor
) -> Integration:
    """Pick the accounts of a connection; those without a choice are not brought any more."""
    rows.require(by)
    with transaction():
        row = rows.locked(integration_id)
        if row.state not in (ConnectionState.CHOOSING, ConnectionState.ACTIVE):
            raise Refusal(N_("This connection has to be renewed first."))
        offered = queries.accounts(integration_id)
        for one in offered:
            _bring(one, choices.get(one.id), today=today, by=by)
        if not any(one.account_id for one in offered):
            raise Refusal(N_("Choose at least one account."))
        row.state, row.next_run = ConnectionState.ACTIVE, datetime.now(UTC)
        row.last_job = jobs.later("connection.sync", integration_id=row.id)
        after = {"accounts": sorted(one.reference for one in offered if one.account_id)}
        audit.record("connection.accounts_chosen", row, by=by, after=after)
        live.touch("bank", "connections", "cash-flow")
    return row


def suggestions(*, offered: Sequence[ConnectedAccount]) -> dict[UUID, BankAccount]:
    """The account of the company that each offered one is, by its number."""
    found = {one.id: accounts.account_by_iban(one.iban) for one in offered if one.iban}
    return {key: account for key, account in found.items() if account is not None}


def _keys(client_id: str, client_secret: str) -> Secret:
    if not (client_id and client_secret) or max(len(client_id), len(client_secret)) > LONGEST_KEY:
        raise Refusal(N_("Fill in both keys as Ponto shows them."))
    return {"client_id": client_id, "client_secret": client_secret}


def _logged_in(
    partner: Partner,
    secret: Secret,
    code: tuple[str, ponto.Verifier, str] | None = None,
) -> tuple[Secret, list[ponto.Account], str]:
    """Log in and ask which accounts there are; no transaction is open meanwhile."""
    transport = access.transport_of(partner=partner)
    try:
        logins = access.logins_of(partner=partner, transport=transport, secret=secret)
        if code is None:
            grant = logins.by_keys()
        else:
            grant = logins.by_code(code=code[0], verifier=code[1], redirect_uri=code[2])
        client = ponto.Client(
            transport, lambda _: grant.access_token, limit_name=ports.settings().ponto.limit_name
        )
        name = client.organisation() if partner is Partner.PONTO_CONNECT else ""
        found = client.accounts()
    except ponto.PontoError as error:
        raise as_refusal(error) from error
    finally:
        transport.close()
    return access.with_grant(secret, grant=grant, now=datetime.now(UTC)), found, name


def _settle(row: Integration, secret: Secret, found: Sequence[ponto.Account], name: str) -> None:
    """A login that works: keep it, and the accounts it leads to. One that had accounts goes on."""
    credentials.seal(row, secret=secret)
    row.name = name or next((one.holder for one in found if one.holder), row.name)
    known = list(queries.accounts(row.id))
    for one in found:
        _offer(row, one, known)
    is_used = any(one.account_id for one in known)
    row.state = ConnectionState.ACTIVE if is_used else ConnectionState.CHOOSING
    row.failures, row.trouble = 0, None
    row.next_run = datetime.now(UTC)
    live.touch("connections")


def _offer(row: Integration, told: ponto.Account, known: list[ConnectedAccount]) -> None:
    """An account with what is told of it; the same number under another key is the same one."""
    iban = fields.account_number(told.reference) if told.is_iban else None
    iban = iban if fields.is_iban(iban) else None
    mine = next((one for one in known if one.external_id == told.id), None)
    if mine is None and iban:
        mine = next((one for one in known if one.iban == iban), None)
    if mine is None:
        mine = ConnectedAccount(integration_id=row.id, external_id=told.id)
        mine.company_id = row.company_id
        known.append(mine)
        queries.add(mine)
    if mine.external_id != told.id:
        mine.external_id, mine.cursor, mine.resume = told.id, "", None
    mine.name = told.name or told.holder or told.reference
    mine.reference, mine.iban, mine.currency = told.reference, iban, told.currency[:3]
    mine.balance, mine.consent_ends = told.balance, told.consent_ends


def _bring(one: ConnectedAccount, choice: Choice | None, *, today: date, by: Actor) -> None:
    """Let an offered account bring its movements to where the choice says, or no longer."""
    if choice is None:
        if one.account_id is not None:
            movements.forget_pending(one.account_id)
            one.account_id, one.state = None, AccountState.OFFERED
            one.cursor, one.resume = "", None
        return
    if choice.account_id is not None and choice.account_id == one.account_id:
        return
    account = (
        _opened(one, choice, today=today, by=by)
        if choice.account_id is None
        else _existing(one, choice.account_id)
    )
    one.account_id, one.state = account.id, AccountState.FOLLOWED
    one.cursor, one.resume, one.is_complete = "", None, False
    one.is_anchored = choice.account_id is None and one.balance is not None


def _existing(one: ConnectedAccount, account_id: UUID) -> BankAccount:
    account = accounts.lock_account(account_id)
    if account is None:
        raise NotFound
    if account.currency != one.currency:
        raise Refusal(
            N_("%(name)s is kept in %(kept)s, but the bank has it in %(told)s."),
            name=account.name,
            kept=account.currency,
            told=one.currency,
        )
    if queries.follower(account_id) is not None:
        raise Refusal(N_("%(name)s is connected already."), name=account.name)
    return account


def _opened(one: ConnectedAccount, choice: Choice, *, today: date, by: Actor) -> BankAccount:
    """A new account that begins with what the bank says it holds today."""
    return banking.open_account(
        account=banking.Account(
            choice.name or one.name or one.reference,
            one.iban,
            AccountKind.CURRENT,
            one.currency,
        ),
        opening_balance=one.balance or Decimal(0),
        opening_day=today,
        today=today,
        by=by,
    )


def _ask_anew(row: Integration) -> None:
    secret = _secret(row)
    secret |= {"verifier": ponto.Verifier.new().secret, "state": secrets.token_urlsafe(24)}
    credentials.seal(row, secret=secret)


def hand_back(row: Integration) -> None:
    """Tell Ponto that we forget the login; when it can't be told, it ends by itself."""
    secret = _secret(row)
    token = secret.get("refresh_token")
    if row.partner is not Partner.PONTO_CONNECT or not token:
        return
    transport = access.transport_of(partner=row.partner)
    try:
        access.logins_of(partner=row.partner, transport=transport, secret=secret).revoke(str(token))
    except ponto.PontoError as error:
        log.warning("connection.not_revoked", error=type(error).__name__)
    finally:
        transport.close()


def _secret(row: Integration) -> Secret:
    """What is kept; nothing when no key opens it any more, and then a person connects again."""
    try:
        return credentials.unseal(row)
    except CannotOpen:
        return {}


def _redirect(redirect_url: str) -> str:
    return ports.settings().ponto.redirect_url or redirect_url
