"""Jobs on bank connections."""

from uuid import UUID

from billify.application import bank_sync
from billify.domain.connections import Cause
from billify.tasks.registry import job


def _give_up(integration_id: str, **_: str) -> None:
    bank_sync.give_up(integration_id=UUID(integration_id))


@job("bank.sync", when_dead=_give_up)
def sync(integration_id: str) -> None:
    """Ask a connection what is new."""
    bank_sync.run(integration_id=UUID(integration_id))


@job("bank.refresh", when_dead=_give_up)
def refresh(integration_id: str, address: str = "") -> None:
    """Ask a connection what is new, for a person who waits."""
    bank_sync.run(integration_id=UUID(integration_id), cause=Cause.PERSON, address=address or None)
