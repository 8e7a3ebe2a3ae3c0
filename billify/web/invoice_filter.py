"""What the address of a list asks for, and the address of what a list shows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _

from billify.data.queries import contacts, lists
from billify.data.queries.lists import Filter, Place, Sort, View
from billify.domain import money
from billify.domain.invoices import InvoiceDirection
from billify.domain.refusal import Refusal
from billify.web import filters, forms, languages, searching

FIRST_DOWN = frozenset({Sort.ISSUED, Sort.DUE, Sort.AMOUNT})
"""These start with the newest or largest; names start with A."""


class Said(NamedTuple):
    """A filter that is set, in words, and which parts of the address set it."""

    text: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, understood: what made no sense is left out, with a sentence for each."""

    filter: Filter
    typed: Mapping[str, str]
    after: Place | None = None
    contact_name: str | None = None
    problems: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Is any filter set besides the tab and the order?"""
        plain = Filter(self.filter.direction, self.filter.view)
        return plain != replace(self.filter, sort=plain.sort, is_descending=plain.is_descending)


def read(args: Mapping[str, str], direction: InvoiceDirection) -> Asked:
    """Understand the parts of an address. Nothing in it can fail; problems are sentences."""
    problems: list[str] = []
    sort, is_descending = _sort(args.get("sort", ""), problems)
    contact_id, contact_name = _contact(args.get("contact", ""), problems)
    wanted = Filter(
        direction,
        view=_view(args.get("view", ""), problems),
        words=searching.words(args),
        contact_id=contact_id,
        issued_from=_day(args.get("from", ""), problems),
        issued_until=_day(args.get("until", ""), problems),
        amount_from=_amount(args.get("min", ""), problems),
        amount_until=_amount(args.get("max", ""), problems),
        sort=sort,
        is_descending=is_descending,
    )
    after = lists.place(sort, args["after"]) if args.get("after") else None
    if args.get("after") and after is None:
        problems.append(_("This place in the list does not exist. Here is its start."))
    typed = {name: args.get(name, "")[:40] for name in ("from", "until", "min", "max")}
    return Asked(wanted, typed, after, contact_name, tuple(problems))


def parts(wanted: Filter, *, without: tuple[str, ...] = ()) -> dict[str, str]:
    """The parts of the address that shows this; what is usual is left out."""
    found = {
        "view": "" if wanted.view is View.ALL else wanted.view.value,
        "q": wanted.words,
        "contact": str(wanted.contact_id or ""),
        "from": filters.day(wanted.issued_from),
        "until": filters.day(wanted.issued_until),
        "min": _shown(wanted.amount_from),
        "max": _shown(wanted.amount_until),
        "sort": sort_part(wanted.sort, is_descending=wanted.is_descending),
    }
    return {name: value for name, value in found.items() if value and name not in without}


def sort_part(sort: Sort, *, is_descending: bool) -> str:
    """An order as it stands in an address: `due`, or `-due` from the last; "" for the usual."""
    if sort is Sort.ISSUED and is_descending:
        return ""
    return f"-{sort.value}" if is_descending else sort.value


def after_part(place: Place) -> str:
    """A place as it stands in an address."""
    value = place.value.isoformat() if isinstance(place.value, date) else place.value
    return f"{value}~{place.id}"


def in_words(asked: Asked) -> list[Said]:
    """The filters that are set, for people: above the list, on paper, in the audit log."""
    wanted = asked.filter
    said = []
    if wanted.words:
        said.append(Said(_("Search: %(words)s", words=wanted.words), ("q",)))
    if asked.contact_name:
        said.append(Said(asked.contact_name, ("contact",)))
    if wanted.issued_from:
        said.append(Said(_("From %(day)s", day=filters.day(wanted.issued_from)), ("from",)))
    if wanted.issued_until:
        said.append(Said(_("Until %(day)s", day=filters.day(wanted.issued_until)), ("until",)))
    if wanted.amount_from is not None:
        said.append(Said(_("At least %(amount)s", amount=_shown(wanted.amount_from)), ("min",)))
    if wanted.amount_until is not None:
        said.append(Said(_("At most %(amount)s", amount=_shown(wanted.amount_until)), ("max",)))
    return said


def _view(text: str, problems: list[str]) -> View:
    try:
        return View(text) if text else View.ALL
    except ValueError:
        problems.append(_("There is no such view of this list. It shows all invoices."))
        return View.ALL


def _sort(text: str, problems: list[str]) -> tuple[Sort, bool]:
    try:
        return (Sort(text.removeprefix("-")), text.startswith("-")) if text else (Sort.ISSUED, True)
    except ValueError:
        problems.append(_("A list can't be sorted like that. The newest invoices come first."))
        return Sort.ISSUED, True


def _contact(text: str, problems: list[str]) -> tuple[UUID | None, str | None]:
    if not text:
        return None, None
    try:
        contact_id = UUID(text)
        name = contacts.name(contact_id)
    except ValueError:
        name = None
    if name is None:
        problems.append(_("This contact does not exist. The list shows all contacts."))
        return None, None
    return contact_id, name


def _day(text: str, problems: list[str]) -> date | None:
    if not text.strip():
        return None
    try:
        return forms.parse_day(text.strip())
    except ValueError as mistake:
        problems.append(_not_used(str(mistake)))
        return None


def _amount(text: str, problems: list[str]) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return money.parse(text)
    except Refusal as refusal:
        problems.append(_not_used(languages.sentence(refusal)))
        return None


def _not_used(sentence: str) -> str:
    said: str = _("%(mistake)s This filter is not used.", mistake=sentence)
    return said


def _shown(amount: Decimal | None) -> str:
    return "" if amount is None else money.show(amount)
