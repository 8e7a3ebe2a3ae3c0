"""Jobs of reconciliation."""

from datetime import datetime
from zoneinfo import ZoneInfo

from billify.application import matching
from billify.tasks.registry import job

_BRUSSELS = ZoneInfo("Europe/Brussels")


@job("matching.propose")
def propose(account_id: str | None = None) -> None:  # noqa: ARG001 (who asked; all lines are looked at)
    """Look for the invoices of new bank lines."""
    now = datetime.now(_BRUSSELS)
    matching.catch_up(now=now, today=now.date())
