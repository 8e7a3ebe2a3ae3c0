"""Jobs of reconciliation."""

from datetime import datetime

from billify.application import bank_rules
from billify.domain.brussels import BRUSSELS
from billify.tasks.registry import job


@job("matching.propose")
def propose(account_id: str | None = None) -> None:  # noqa: ARG001 (who asked; all is looked at)
    """Find the invoices of new bank lines."""
    bank_rules.explain_lines(now=datetime.now(BRUSSELS))
