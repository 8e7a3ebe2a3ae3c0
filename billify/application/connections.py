"""Connections to partners: made, asked, looked after and ended, whoever the partner is."""

from collections.abc import Mapping
from uuid import UUID

from billify.application import audit, jobs, live
from billify.application.partners import registry, rows
from billify.application.partners.protocol import Brings, Checked, PartnerFailed
from billify.data.db import transaction
from billify.data.models import Integration
from billify.data.queries import connections as queries
from billify.domain.connections import ConnectionState, Partner, RunState, Trouble
from billify.domain.refusal import N_, NotAllowed, Refusal
from billify.domain.roles import Actor, Right
from billify.domain.sealing import CannotOpen

_REFUSED = frozenset({Trouble.LOGIN_REFUSED, Trouble.ACTION_NEEDED})
_LOGGED_IN = frozenset({Trouble.NOT_ALLOWED, Trouble.CONSENT_ENDED, Trouble.CALLS_SPENT})


def connect(*, partner: Partner, given: Mapping[str, str], by: Actor) -> Integration:
    """Connect to a partner with what was filled in, or begin to. Refuses one not set up here."""
    rows.require(by)
    adapter = registry.of(partner)
    described = adapter.describe(partner=partner)
    if not described.is_offered:
        raise Refusal(N_("%(partner)s is not set up here."), partner=described.name)
    return adapter.connect(partner=partner, given=given, by=by)


def renew(*, integration_id: UUID, given: Mapping[str, str], by: Actor) -> Integration:
    """Give a connection another login. Refuses one that the partner does not take."""
    rows.require(by)
    row = rows.found(integration_id)
    registry.of(row.partner).renew(row=row, given=given, by=by)
    return row


def check(*, integration_id: UUID, by: Actor) -> Checked:
    """Ask the partner now whether login and place are good."""
    rows.require(by)
    row = rows.found(integration_id)
    try:
        return registry.of(row.partner).check(row=row)
    except CannotOpen:
        return Checked(is_login_good=False, trouble=Trouble.LOGIN_REFUSED)
    except PartnerFailed as failed:
        is_good = None
        if failed.trouble in _REFUSED | _LOGGED_IN:
            is_good = failed.trouble in _LOGGED_IN
        return Checked(is_login_good=is_good, trouble=failed.trouble)


def refresh(*, integration_id: UUID, by: Actor) -> None:
    """Ask the partner now. One run at a time: a second wish while one runs changes nothing."""
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
    with transaction():
        row = rows.locked(integration_id)
        if row.state is not ConnectionState.ACTIVE:
            raise Refusal(N_("This connection has to be renewed first."))
        last = queries.last_run(integration_id)
        if last is None or last.state is not RunState.RUNNING:
            jobs.later("connection.refresh", integration_id=row.id, address=by.address or "")
        live.touch("connections")


def refresh_bank(*, by: Actor) -> None:
    """Ask the bank now, through each connection to it that works."""
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
    for row in queries.connections():
        if row.state is ConnectionState.ACTIVE and brings_bank(row.partner):
            refresh(integration_id=row.id, by=by)


def brings_bank(partner: Partner) -> bool:
    """Do movements of the bank come in through it?"""
    return registry.described(partner).brings is Brings.BANK


def left_open(row: Integration) -> int:
    """How many open invoices nobody keeps up to date once this connection is ended."""
    return registry.of(row.partner).left_open(row=row)


def disconnect(*, integration_id: UUID, by: Actor, closes: bool = False) -> None:
    """End a connection. What it brought stays, its login is forgotten here and there.

    `closes` the open invoices that only it knows: they are set aside, or closed where bank lines
    have settled part of one.
    """
    rows.require(by)
    row = rows.found(integration_id)
    adapter = registry.of(row.partner)
    adapter.hand_back(row=row)
    with transaction():
        row = rows.locked(integration_id)
        left = adapter.let_go(row=row, closes=closes)
        row.state, row.credentials = ConnectionState.DISCONNECTED, None
        row.trouble, row.failures = None, 0
        audit.record("connection.ended", row, by=by, after=left or None)
        topics = adapter.describe(partner=row.partner).topics
        live.touch("connections", "cash-flow", *topics)
