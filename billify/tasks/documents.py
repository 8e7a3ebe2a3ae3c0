"""Jobs on documents."""

from uuid import UUID

from billify.application import documents, splitting
from billify.tasks.registry import job


def _give_up(document_id: str) -> None:
    documents.give_up(document_id=UUID(document_id))


@job("documents.read", when_dead=_give_up)
def read(document_id: str) -> None:
    """Read a document."""
    documents.read(document_id=UUID(document_id))


@job("documents.split", when_dead=_give_up)
def split(document_id: str) -> None:
    """Make a document of each invoice in a file."""
    splitting.divide(document_id=UUID(document_id))


@job("documents.store")
def store(document_id: str) -> None:
    """Move a spooled document to the store."""
    documents.store(document_id=UUID(document_id))


@job("documents.forget")
def forget(document_id: str) -> None:
    """Remove the bytes of a deleted document."""
    documents.forget(document_id=UUID(document_id))
