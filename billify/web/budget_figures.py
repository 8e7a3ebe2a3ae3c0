"""Links from what moved in a budget to the bank lines behind it."""

from datetime import date

from billify.application.budgets import Other, OtherRow, Row
from billify.web.figures import figure_url

OF_OTHERS = {
    Other.CUSTOMERS: "received_on_invoices",
    Other.SUPPLIERS: "paid_on_invoices",
    Other.UNSORTED_IN: "received_unsorted",
    Other.UNSORTED_OUT: "paid_unsorted",
}


def actual_url(row: Row | OtherRow, since: date, until: date) -> str:
    """The figure whose rows are the bank lines that moved; there money out is below zero."""
    if isinstance(row, OtherRow):
        return figure_url(OF_OTHERS[row.kind], since=since, until=until)
    return figure_url("category_actual", since=since, until=until, category=row.key)
