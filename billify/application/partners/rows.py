"""A connection's row, taken for who may see to it."""

from uuid import UUID

from billify.data.models import Integration
from billify.data.queries import connections as queries
from billify.domain.connections import ConnectionState
from billify.domain.refusal import NotAllowed, NotFound
from billify.domain.roles import Actor, Right


def require(by: Actor) -> None:
    """Only who manages the company sees to its connections. Raises NotAllowed."""
    if not by.can(Right.MANAGE_COMPANY):
        raise NotAllowed


def found(integration_id: UUID) -> Integration:
    """A connection that was not ended. Raises NotFound."""
    row = queries.connection(integration_id)
    if row is None or row.state is ConnectionState.DISCONNECTED:
        raise NotFound
    return row


def locked(integration_id: UUID) -> Integration:
    """The same, locked until the commit and as it stands now. Raises NotFound."""
    row = queries.lock_connection(integration_id)
    if row is None or row.state is ConnectionState.DISCONNECTED:
        raise NotFound
    return row
