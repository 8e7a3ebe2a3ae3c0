"""The clock of Belgian days: of a due date, of a bank's day, of calls that are counted."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def day_of(moment: datetime) -> date:
    """The day on the clock of Brussels at a moment, which knows its time zone."""
    return moment.astimezone(BRUSSELS).date()
