"""Figures of what is open: by direction, due date and contact."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from billify.application.figures.parts import Invoices
from billify.application.figures.shapes import Asked, Built, Figure, Given
from billify.data.queries.cash_flow import Late, Window
from billify.domain.invoices import InvoiceDirection
from billify.domain.refusal import N_, NotFound

PURCHASE, SALE = InvoiceDirection.PURCHASE, InvoiceDirection.SALE
Build = Callable[[Asked], Built]
_WINDOW = ("since", "until")


def _all(direction: InvoiceDirection) -> Build:
    return lambda asked: _one(Window(direction, asked.given.currency))


def _overdue(direction: InvoiceDirection) -> Build:
    def build(asked: Asked) -> Built:
        until = asked.given.today - timedelta(days=1)
        window = Window(direction, asked.given.currency, until=until, only_invoices=True)
        return _one(window)

    return build


def _due(direction: InvoiceDirection) -> Build:
    """Due within the window. In the window that holds today, late credit notes come along."""

    def build(asked: Asked) -> Built:
        given = asked.given
        since = max(given.since or given.today, given.today)
        along = Late.CREDIT_NOTES if since == given.today else Late.NONE
        return _one(Window(direction, given.currency, since=since, until=given.until, late=along))

    return build


def _aged(direction: InvoiceDirection) -> Build:
    """Due within any days, late or not: the columns of aged balances."""

    def build(asked: Asked) -> Built:
        given = asked.given
        return _one(Window(direction, given.currency, since=given.since, until=given.until))

    return build


def _contact(direction: InvoiceDirection) -> Build:
    def build(asked: Asked) -> Built:
        return _one(Window(direction, asked.given.currency, contact=_key(asked.given)))

    return build


def _key(given: Given) -> UUID:
    try:
        return UUID(given.ref or "")
    except ValueError:
        raise NotFound from None


def _one(window: Window) -> Built:
    return Built((Invoices(window),))


FIGURES: Sequence[Figure] = (
    Figure(
        "open_receivables",
        N_("To receive"),
        N_("What is still open on sales invoices, less open credit notes."),
        _all(SALE),
    ),
    Figure(
        "open_payables",
        N_("To pay"),
        N_("What is still open on approved purchase invoices, less open credit notes."),
        _all(PURCHASE),
    ),
    Figure(
        "overdue_receivables",
        N_("Overdue to receive"),
        N_("What is still open on sales invoices due before today."),
        _overdue(SALE),
    ),
    Figure(
        "overdue_payables",
        N_("Overdue to pay"),
        N_("What is still open on approved purchase invoices due before today."),
        _overdue(PURCHASE),
    ),
    Figure(
        "due_receivables",
        N_("To receive from %(since)s until %(until)s"),
        N_(
            "Open sales invoices due in these days, less credit notes; late credit notes "
            "count today."
        ),
        _due(SALE),
        _WINDOW,
    ),
    Figure(
        "due_payables",
        N_("To pay from %(since)s until %(until)s"),
        N_(
            "Open purchase invoices due in these days, less credit notes; late credit notes "
            "count today."
        ),
        _due(PURCHASE),
        _WINDOW,
    ),
    Figure(
        "later_receivables",
        N_("To receive from %(since)s on"),
        N_("Open sales invoices due on this day or after it, less credit notes."),
        _due(SALE),
        ("since",),
    ),
    Figure(
        "later_payables",
        N_("To pay from %(since)s on"),
        N_("Open purchase invoices due on this day or after it, less credit notes."),
        _due(PURCHASE),
        ("since",),
    ),
    Figure(
        "aged_receivables",
        N_("To receive, due until %(until)s"),
        N_("Open sales invoices due in these days, late or not, less credit notes."),
        _aged(SALE),
        ("until",),
    ),
    Figure(
        "aged_payables",
        N_("To pay, due until %(until)s"),
        N_("Open purchase invoices due in these days, late or not, less credit notes."),
        _aged(PURCHASE),
        ("until",),
    ),
    Figure(
        "receivable_of",
        N_("To receive from one customer"),
        N_("What is still open on this customer's invoices, less open credit notes."),
        _contact(SALE),
        ("ref",),
    ),
    Figure(
        "payable_to",
        N_("To pay to one supplier"),
        N_("What is still open on this supplier's invoices, less open credit notes."),
        _contact(PURCHASE),
        ("ref",),
    ),
)
