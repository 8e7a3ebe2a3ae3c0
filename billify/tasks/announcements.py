"""Jobs on announcements."""

from uuid import UUID

from billify.application.back_office import announcements
from billify.tasks.registry import job


@job("announcements.tell")
def tell(announcement_id: str) -> None:
    """Tell the people of a company what staff announce."""
    announcements.tell(announcement_id=UUID(announcement_id))
