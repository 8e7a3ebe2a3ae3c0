"""Jobs on connections to partners."""

from uuid import UUID

from billify.application.partners import engine
from billify.domain.connections import Cause
from billify.tasks.registry import job


def _give_up(integration_id: str, **_: str) -> None:
    engine.give_up(integration_id=UUID(integration_id))


@job("connection.sync", when_dead=_give_up)
def sync(integration_id: str) -> None:
    """Ask a connection what is new."""
    engine.run(integration_id=UUID(integration_id))


@job("connection.refresh", when_dead=_give_up)
def refresh(integration_id: str, address: str = "") -> None:
    """Ask a connection what is new, for a person who waits."""
    engine.run(integration_id=UUID(integration_id), cause=Cause.PERSON, address=address or None)
