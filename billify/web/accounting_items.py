"""Open items of the accounting as a list and a page: by side, filtered as one types, by key."""

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from billify.data.queries import accounting as queries
from billify.data.queries import invoices
from billify.domain.accounting import plan
from billify.domain.accounting.items import is_invoice
from billify.domain.accounting.plan import Budget
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.invoices import shown as signed
from billify.domain.refusal import NotFound
from billify.domain.roles import Right
from billify.web import access, filters, htmx, keyset, marks, searching
from billify.web.accounting_words import PARTNER

if TYPE_CHECKING:
    from billify.data.models import AccountingItem, Invoice

SIZE = 50
LARGEST_REFRESH = 500
MOST_ROWS = 10**6
NOBODY = UUID(int=0)
Context = dict[str, Any]  # Any: what a template is given


class Asked(NamedTuple):
    """What an address asks for."""

    side: InvoiceDirection
    words: str
    after: tuple[date, UUID] | None

    def parts(self, **more: object) -> Context:
        """The parts of the address that shows this."""
        found = {"side": self.side.value, "q": self.words, **more}
        return {name: value for name, value in found.items() if value}


def index() -> Response:
    """The page."""
    connection = queries.integration()
    if connection is None or connection.fresh_at is None:
        return htmx.page("accounting/items.html", connection=connection, partner=PARTNER)
    shown = _list(connection.id, _asked(), SIZE)
    return htmx.page("accounting/items.html", connection=connection, **shown)


def rows() -> Response:
    """The list alone: after typing, or the rows behind a place."""
    connection, asked = queries.integration(), _asked()
    if connection is None:
        raise NotFound
    if asked.after is not None:
        found, following = _page(connection.id, asked, SIZE)
        so_far = keyset.count("so_far", usual=0, most=MOST_ROWS) + len(found)
        shown = _rows(found) | _following(asked, following, so_far)
        return htmx.fragment("accounting/_items_more.html", **shown)
    size = keyset.count("size", usual=SIZE, most=LARGEST_REFRESH)
    response = htmx.fragment("accounting/_items_answer.html", **_list(connection.id, asked, size))
    response.headers["HX-Push-Url"] = url_for("accounting.items", **asked.parts())
    return response


def show(item_id: UUID) -> Response:
    """One item beside the invoice here that it is."""
    item = queries.item(item_id)
    if item is None:
        raise NotFound
    invoice = invoices.get(item.invoice_id) if item.invoice_id else None
    is_paper_wanted = invoice is None or invoice.document_id is None
    may_fetch = access.actor().can(Right.EDIT_INVOICES)
    return htmx.page(
        "accounting/item.html",
        item=item,
        invoice=invoice,
        kind=_kind(item),
        is_invoice=is_invoice(item.direction, item.kind_id),
        sides=_sides(item, invoice),
        can_fetch=bool(item.document_external_id) and is_paper_wanted and may_fetch,
        partner=PARTNER,
    )


def plan_of(budget: Budget) -> list[tuple[str, str, str]]:
    """What is asked on a day, when, and by how many calls."""
    looks = budget.plan - plan.CALLS_A_LOGIN - 1
    return [
        (
            _("What is open with customers and suppliers"),
            _("Every few minutes by day, each hour at night"),
            str(looks),
        ),
        (_("Login and choice of the books"), _("Once a day"), str(plan.CALLS_A_LOGIN)),
        (_("Balances of the ledger"), _("Once a day"), "1"),
        (
            _("Documents"),
            _("When you ask for one"),
            _("at most %(most)s", most=plan.DOCUMENTS_A_DAY),
        ),
    ]


def caps() -> list[tuple[str, str]]:
    """The subscriptions to choose from."""
    return [(str(cap), filters.quantity(cap)) for cap in plan.CAPS]


def _asked() -> Asked:
    side = request.args.get("side") or InvoiceDirection.SALE
    if side not in set(InvoiceDirection):
        raise NotFound
    words = searching.words(request.args)
    return Asked(InvoiceDirection(side), words, keyset.day_and_id())


def _page(integration_id: UUID, asked: Asked, size: int) -> Any:  # Any: as the query gives it
    return queries.page(
        integration_id=integration_id,
        direction=asked.side,
        words=asked.words,
        after=asked.after,
        size=size,
    )


def _list(integration_id: UUID, asked: Asked, size: int) -> Context:
    found, following = _page(integration_id, asked, size)
    return {
        "asked": asked,
        "partner": PARTNER,
        "sides": _tabs(integration_id, asked),
        **_rows(found),
        **_following(asked, following, len(found)),
    }


def _rows(found: Any) -> Context:  # Any: rows of the query
    address = url_for("accounting.item", open_item_id=NOBODY).removesuffix(str(NOBODY))
    return {"rows": found, "item_url": address, "today": access.today()}


def _tabs(integration_id: UUID, asked: Asked) -> list[tuple[str, str, bool, str]]:
    """Each side with how many items it has and what they come to."""
    sums = {one.direction: one for one in queries.sums(integration_id)}
    names = {
        InvoiceDirection.SALE: _("Customers"),
        InvoiceDirection.PURCHASE: _("Suppliers"),
    }
    return [
        (
            name,
            url_for("accounting.items", **asked._replace(side=side).parts()),
            side is asked.side,
            f"{sums[side].count} · {filters.money(sums[side].amount)}" if side in sums else "0",
        )
        for side, name in names.items()
    ]


def _following(asked: Asked, place: tuple[date, UUID] | None, so_far: int) -> Context:
    """The addresses of the rows that come next, and how many are there by now."""
    found: Context = {"so_far": so_far, "more_url": None, "more_rows_url": None}
    if place is not None:
        here = asked.parts(after=keyset.after(*place))
        found["more_url"] = url_for("accounting.items", **here)
        found["more_rows_url"] = url_for("accounting.item_rows", **here, so_far=so_far)
    return found


def _kind(item: "AccountingItem") -> str:
    said: str = _("Entry")
    if is_invoice(item.direction, item.kind_id):
        is_credit = (item.original_amount or item.open_amount) < 0
        said = _("Credit note") if is_credit else _("Invoice")
    return said


def _sides(item: "AccountingItem", invoice: "Invoice | None") -> list[tuple[Any, ...]]:
    """What each side says, line by line, and whether it differs. Any: marks and texts."""
    left = None if item.settled_on else item.open_amount
    lines: list[tuple[str, Any, Any, bool]] = [
        (_("Number"), invoice and invoice.number, item.number, False),
        (
            _("Invoice date"),
            invoice and marks.day(invoice.issue_date),
            marks.day(item.issue_date),
            False,
        ),
        (_("Due date"), invoice and marks.day(invoice.due_date), marks.day(item.due_date), False),
        (
            _("Total"),
            *_amounts(_total(invoice), item.original_amount, invoice is not None),
        ),
        (_("Still open"), *_amounts(_open(invoice), left or 0, invoice is not None)),
    ]
    if item.settled_on:
        lines.append((_("Settled on"), None, marks.day(item.settled_on), False))
    return [(name, here or "–", there or "–", differs) for name, here, there, differs in lines]


def _amounts(here: Any, there: Any, is_there: bool) -> tuple[Any, Any, bool]:  # Any: amounts
    differs = is_there and here is not None and here != there
    return (marks.money(here) if here is not None else None), marks.money(there), differs


def _total(invoice: "Invoice | None") -> Any:  # Any: an amount or nothing
    if invoice is None or invoice.gross_amount is None:
        return None
    return signed(invoice.gross_amount, kind=InvoiceKind(invoice.kind))


def _open(invoice: "Invoice | None") -> Any:  # Any: an amount or nothing
    if invoice is None or invoice.status not in (InvoiceStatus.OPEN, InvoiceStatus.PAID):
        return None
    return signed(invoice.open_amount, kind=InvoiceKind(invoice.kind))
