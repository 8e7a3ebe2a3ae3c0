"""Jobs on the memory of suppliers' layouts."""

from uuid import UUID

from billify.application import lessons
from billify.tasks.registry import job


@job("reading_memory.learn")
def learn(document_id: str) -> None:
    """Let a checked invoice teach."""
    lessons.learn(document_id=UUID(document_id))
