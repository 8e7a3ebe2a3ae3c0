"""Jobs of reconciliation."""

from datetime import datetime
from zoneinfo import ZoneInfo

from billify.application import bank_rules, matching
from billify.tasks.registry import job

_BRUSSELS = ZoneInfo("Europe/Brussels")


@job("matching.propose")
def propose(account_id: str | None = None) -> None:  # noqa: ARG001 (who asked; all lines are looked at)
    """Look for the invoices of new bank lines."""
    now = datetime.now(_BRUSSELS)
    looked_at = matching.catch_up(now=now, today=now.date())
    if looked_at is not None:
        bank_rules.use_all(line_ids=looked_at.unexplained)
