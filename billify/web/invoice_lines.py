"""Invoices as rows of a list: signs, states and marks decided, so that the template of a row asks
for no address, no text and no rule."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from billify.application.partners import registry
from billify.data.queries import lists
from billify.data.queries.accounting import PARTNERS
from billify.data.queries.lists import Page
from billify.domain import invoices as rules
from billify.domain.invoices import InvoiceKind, InvoiceStatus
from billify.web import marks

NOBODY = UUID(int=0)
EMPTY = Markup("")
APPROVABLE = frozenset({*rules.WAITING, InvoiceStatus.DRAFT})


class Line(NamedTuple):
    """A row as the template writes it. It is taken apart in this order there, so mind both."""

    id: str
    number: str | None
    name: str
    issued: Markup
    due: Markup
    chip: Markup
    open: Markup
    gross: Markup
    note: str
    is_late: bool
    is_partly_paid: bool
    can_be_marked: bool


def lines(page: Page, *, today: date) -> list[Line]:
    """Rows as templates write them: signs, states and marks decided."""
    made: Any = current_app.jinja_env.globals["marks"]  # Any: as Jinja keeps its globals
    credit_note = _("Credit note")
    told = {
        str(one): _("from %(partner)s", partner=registry.described(one).name) for one in PARTNERS
    }

    def note(row: lists.Row) -> str:
        kind = credit_note if row.kind is InvoiceKind.CREDIT_NOTE else ""
        origin = "" if row.document_id else told.get(row.source, "")
        return ", ".join(filter(None, (kind, origin)))

    return [_line(row, today, made.status, note(row)) for row in page.rows]


def frame() -> dict[str, Any]:
    """What a table of lines needs besides them."""
    before, after = _("Mark %(name)s", name="\0").split("\0")
    show_url = url_for("invoices.show", invoice_id=NOBODY).removesuffix(str(NOBODY))
    return {"show_url": show_url, "mark": (before, after)}


def _line(row: lists.Row, today: date, chip: Callable[[str], Markup], note: str) -> Line:
    is_late = rules.is_overdue(
        row.due_date, open_amount=row.open_amount, status=row.status, today=today
    )
    is_open = row.status is InvoiceStatus.OPEN
    is_partly_paid = is_open and row.open_amount != row.gross_amount
    state = "overdue" if is_late else "partly_paid" if is_partly_paid else row.status.value
    currency = "" if row.currency == "EUR" else row.currency
    opened = rules.shown(row.open_amount, kind=row.kind)
    gross = None if row.gross_amount is None else rules.shown(row.gross_amount, kind=row.kind)
    return Line(
        id=str(row.id),
        number=row.number,
        name=row.party_name,
        issued=marks.day(row.issue_date),
        due=marks.day(row.due_date),
        chip=chip(state),
        open=marks.money(opened, currency, late=is_late) if is_open else EMPTY,
        gross=marks.money(gross, currency),
        note=note,
        is_late=is_late,
        is_partly_paid=is_partly_paid,
        can_be_marked=row.status in APPROVABLE,
    )
