"""The list of a desk: purchases and sales differ in their words, not in how they work.

Built for speed: rows come as column tuples and leave as plain values, see invoice_lines.py.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from flask import Response, flash, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from billify.application import exports as use_cases
from billify.application import invoices
from billify.data.queries import contacts, lists
from billify.data.queries.lists import Filter, Page, Sort, View
from billify.domain.invoices import InvoiceDirection
from billify.domain.refusal import N_, Refusal
from billify.domain.roles import Right
from billify.web import (
    access,
    exports,
    htmx,
    invoice_filter,
    invoice_lines,
    keyset,
    languages,
    searching,
    words,
)
from billify.web.invoice_filter import Asked

SIZE = 50
LARGEST_REFRESH = 500
MOST_ROWS = 10**6
MOST_MARKED = 500
Context = dict[str, Any]  # Any: what a template is given


@dataclass(frozen=True, slots=True)
class Desk:
    """One of the two desks: its blueprint, which is its topic too, and its tabs."""

    name: str
    direction: InvoiceDirection
    views: tuple[View, ...]
    counted: tuple[View, ...]

    def url(self, route: str, parts: dict[str, str] | None = None) -> str:
        """The address of one of the desk's routes."""
        known = g.setdefault("desk_addresses", {})
        address = known.get((self.name, route))
        if address is None:
            address = known[self.name, route] = url_for(f"{self.name}.{route}")
        return f"{address}?{urlencode(parts)}" if parts else address


class Latest(NamedTuple):
    """A contact's newest invoices on one desk, and the address of them all."""

    desk: str
    lines: list[invoice_lines.Line]
    all_url: str


class Tab(NamedTuple):
    """A view of the list, with its address and how many stand in it."""

    label: str
    href: str
    is_current: bool
    many: str | None


class Head(NamedTuple):
    """A column that sorts."""

    href: str
    list_href: str
    direction: str | None


VIEWS = {
    View.ALL: N_("All"),
    View.DRAFT: N_("Drafts"),
    View.TO_CHECK: N_("To check"),
    View.TO_APPROVE: N_("To approve"),
    View.OPEN: N_("Open"),
    View.OVERDUE: N_("Overdue"),
    View.PAID: N_("Paid"),
    View.LEFT: N_("Rejected or set aside"),
}
SORTS = {
    "-issued": N_("Newest first"),
    "issued": N_("Oldest first"),
    "due": N_("Due first"),
    "-due": N_("Due last"),
    "-amount": N_("Largest first"),
    "amount": N_("Smallest first"),
    "contact": N_("Contact A to Z"),
    "-contact": N_("Contact Z to A"),
}


def index(desk: Desk, **more: Any) -> Response:
    """The page of a desk, with what else its template wants (any values, hence Any)."""
    asked = invoice_filter.read(request.args, desk.direction)
    return htmx.page(f"{desk.name}/index.html", **_list(desk, asked, SIZE), **more)


def rows(desk: Desk) -> Response:
    """The list alone: after typing, after a change elsewhere, or the rows behind a place."""
    asked = invoice_filter.read(request.args, desk.direction)
    if asked.after is not None and "so_far" in request.args:
        return _more(desk, asked)
    size = keyset.count("size", usual=SIZE, most=LARGEST_REFRESH)
    response = htmx.fragment("invoice_list/_answer.html", **_list(desk, asked, size))
    if "size" not in request.args:
        response.headers["HX-Push-Url"] = desk.url("index", invoice_filter.parts(asked.filter))
    return response


def approve(desk: Desk) -> Response:
    """Approve what is marked; say how many, and why the others were not."""
    marked = _marked()
    done, refusals = invoices.approve_all(invoice_ids=marked, by=access.actor())
    tone = "good" if not refusals else "warn" if done else "bad"
    said = _approved(done, [languages.sentence(refusal) for refusal in refusals])
    if htmx.is_htmx():
        return htmx.toast(Response(status=204), said, tone)
    flash(said, tone)
    return htmx.go(desk.url("index", _parts_here(desk)))


def export(desk: Desk) -> Response:
    """The whole filtered list as a file. A filter that makes no sense is not guessed at."""
    asked = invoice_filter.read(request.args, desk.direction)
    if asked.problems:
        raise Refusal(" ".join(asked.problems))
    kind = use_cases.file_format(request.form.get("format", ""))
    today = access.today()
    exported = use_cases.invoices(
        wanted=asked.filter,
        kind=kind,
        described=", ".join(_description(asked)),
        today=today,
        by=access.actor(),
    )
    return exports.answer(
        exported,
        kind=kind,
        title=f"{g.company.name} – {desk_name(desk)}",
        name=f"{g.company.slug}-{desk_name(desk).lower()}-{today.isoformat()}",
    )


def contact_links(desk: Desk) -> Response:
    """Contacts to narrow the list to, as links that keep the other filters."""
    asked = invoice_filter.read(request.args, desk.direction)
    typed = request.args.get("contact_words", "")[: searching.LONGEST_SEARCH]
    found: Iterable[Any]  # Any: contacts, or rows of them
    found = contacts.found_by(typed, 8) if typed.strip() else contacts.most_used(desk.direction, 8)
    kept = invoice_filter.parts(asked.filter, without=("contact",))
    links = [(one.name, desk.url("index", {**kept, "contact": str(one.id)})) for one in found]
    return htmx.fragment("invoice_list/_contact_links.html", links=links)


def latest(direction: InvoiceDirection, *, contact_id: UUID, size: int) -> Latest:
    """The newest invoices of a contact, for its own page."""
    today = access.today()
    page = lists.page(Filter(direction, contact_id=contact_id), today=today, size=size)
    name = "purchases" if direction is InvoiceDirection.PURCHASE else "sales"
    return Latest(
        name, invoice_lines.lines(page, today=today), url_for(f"{name}.index", contact=contact_id)
    )


def desk_name(desk: Desk) -> str:
    """The desk's name in the person's language."""
    name: str = _("Purchases") if desk.direction is InvoiceDirection.PURCHASE else _("Sales")
    return name


def _list(desk: Desk, asked: Asked, size: int) -> Context:
    today = access.today()
    wanted = asked.filter
    page = lists.page(wanted, today=today, after=asked.after, size=size)
    here = invoice_filter.parts(wanted)
    return {
        "desk": desk,
        "is_purchase": desk.direction is InvoiceDirection.PURCHASE,
        "asked": asked,
        "lines": invoice_lines.lines(page, today=today),
        "views": _tabs(desk, asked, today),
        "sorts": _sorts(),
        "sort": _sort_part(wanted),
        "heads": {sort.value: _head(desk, wanted, sort) for sort in Sort},
        "said": _chips(desk, asked),
        "description": _description(asked),
        "today": today,
        "hidden": {name: here[name] for name in ("view", "contact") if name in here},
        "list_url": desk.url("rows", _after(asked, here)),
        "index_url": desk.url("index"),
        "rows_url": desk.url("rows"),
        "contacts_url": desk.url("contact_links"),
        "export_url": desk.url("export", here) if _can(Right.EXPORT) else None,
        "approve_url": desk.url("approve", here) if _can(Right.APPROVE) else None,
        "can_edit": _can(Right.EDIT_INVOICES),
        "start_url": desk.url("index", here) if asked.after else None,
        **_following(desk, asked, page, len(page.rows)),
        **invoice_lines.frame(),
    }


def _more(desk: Desk, asked: Asked) -> Response:
    so_far = keyset.count("so_far", usual=SIZE, most=MOST_ROWS)
    page = lists.page(asked.filter, today=access.today(), after=asked.after, size=SIZE)
    return htmx.fragment(
        "invoice_list/_more.html",
        lines=invoice_lines.lines(page, today=access.today()),
        approve_url=desk.url("approve") if _can(Right.APPROVE) else None,
        **_following(desk, asked, page, so_far + len(page.rows)),
        **invoice_lines.frame(),
    )


def _following(desk: Desk, asked: Asked, page: Page, so_far: int) -> Context:
    """The addresses of the rows that come next, and how many are there by now."""
    found: Context = {"so_far": so_far, "more_url": None, "more_rows_url": None}
    if page.next is not None:
        here = invoice_filter.parts(asked.filter)
        here["after"] = invoice_filter.after_part(page.next)
        found["more_url"] = desk.url("index", here)
        found["more_rows_url"] = desk.url("rows", {**here, "so_far": str(so_far)})
    return found


def _tabs(desk: Desk, asked: Asked, today: date) -> list[Tab]:
    """The views, each keeping the other filters. Counts are of the desk, so not while filtered."""
    counts: dict[View, int] = {}
    if not asked.is_narrowed:
        counts = lists.counts(desk.direction, desk.counted, today=today)
    kept = invoice_filter.parts(asked.filter, without=("view",))
    return [
        Tab(
            words.text(VIEWS[view]),
            desk.url("index", kept if view is View.ALL else {"view": view.value, **kept}),
            view is asked.filter.view,
            _at_most(counts.get(view, 0)),
        )
        for view in desk.views
    ]


def _at_most(count: int) -> str | None:
    if count > lists.MOST_COUNTED:
        return f"{lists.MOST_COUNTED}+"
    return str(count) if count else None


def _head(desk: Desk, wanted: Filter, sort: Sort) -> Head:
    """A press on the column that sorts already turns it round."""
    is_this = sort is wanted.sort
    is_descending = not wanted.is_descending if is_this else sort in invoice_filter.FIRST_DOWN
    here = invoice_filter.parts(wanted, without=("sort",))
    part = invoice_filter.sort_part(sort, is_descending=is_descending)
    if part:
        here["sort"] = part
    direction = ("descending" if wanted.is_descending else "ascending") if is_this else None
    return Head(desk.url("index", here), desk.url("rows", here), direction)


def _sorts() -> list[tuple[str, str]]:
    """Each order as a choice: a phone shows no column heads to press."""
    return [(part, words.text(label)) for part, label in SORTS.items()]


def _sort_part(wanted: Filter) -> str:
    return ("-" if wanted.is_descending else "") + wanted.sort.value


def _chips(desk: Desk, asked: Asked) -> list[tuple[str, str]]:
    """Each filter that is set, with the address of the list without it."""
    return [
        (said.text, desk.url("index", invoice_filter.parts(asked.filter, without=said.parts)))
        for said in invoice_filter.in_words(asked)
    ]


def _description(asked: Asked) -> list[str]:
    """View, filters and order in words, for paper and for the audit log."""
    wanted = asked.filter
    return [
        languages.phrase(VIEWS[wanted.view]),
        *[said.text for said in invoice_filter.in_words(asked)],
        languages.phrase(SORTS[_sort_part(wanted)]),
    ]


def _approved(done: int, sentences: Sequence[str]) -> str:
    said = [ngettext("%(num)s invoice approved.", "%(num)s invoices approved.", done)]
    for sentence, times in Counter(sentences).most_common(3):
        not_done = ngettext("%(num)s not:", "%(num)s not:", times)
        said.append(f"{not_done} {sentence}")
    return " ".join(said)


def _marked() -> list[UUID]:
    try:
        marked = [UUID(text) for text in request.form.getlist("ids")]
    except ValueError:
        raise Refusal(N_("Mark invoices of this list.")) from None
    if not marked:
        raise Refusal(N_("Mark one or more invoices first."))
    if len(marked) > MOST_MARKED:
        raise Refusal(N_("Mark at most %(most)s invoices at once."), most=MOST_MARKED)
    return list(dict.fromkeys(marked))


def _parts_here(desk: Desk) -> dict[str, str]:
    return invoice_filter.parts(invoice_filter.read(request.args, desk.direction).filter)


def _after(asked: Asked, here: dict[str, str]) -> dict[str, str]:
    return {**here, "after": invoice_filter.after_part(asked.after)} if asked.after else here


def _can(right: Right) -> bool:
    return access.actor().can(right)
