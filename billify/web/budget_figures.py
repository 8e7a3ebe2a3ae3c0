"""Links from what moved in a budget to the bank lines behind it."""

from datetime import date

from billify.application.budgets import OtherRow, Row


def actual_url(row: Row | OtherRow, since: date, until: date) -> str | None:
    """The bank lines that sum to what moved for a row of the budget."""
    return None
