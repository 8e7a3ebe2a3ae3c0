"""The nightly job that lets go of what a company need not keep."""

from datetime import UTC, datetime

from billify.application import retention
from billify.tasks.registry import job


@job("retention.apply")
def apply() -> None:
    """Let go of what is old in this company."""
    retention.apply(now=datetime.now(UTC))
