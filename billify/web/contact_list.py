"""The list of contacts: by name, filtered as one types, walked by key."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from billify.data.queries import contacts as queries
from billify.data.queries.contacts import Row, Side
from billify.domain.refusal import N_
from billify.domain.roles import Right
from billify.web import access, htmx, keyset, languages, searching

SIZE = 50
LARGEST_REFRESH = 500
MOST_ROWS = 10**6
MOST_OPTIONS = 8
SIDES = {
    Side.ALL: N_("All"),
    Side.CUSTOMERS: N_("Customers"),
    Side.SUPPLIERS: N_("Suppliers"),
}
Place = tuple[str, UUID]


class Asked(NamedTuple):
    """What an address asks for; what made no sense is a sentence."""

    words: str
    side: Side
    after: Place | None
    problems: tuple[str, ...]

    def parts(self) -> dict[str, Any]:  # Any: as url_for wants it
        """The parts of the address that shows this."""
        found = {"q": self.words, "side": "" if self.side is Side.ALL else self.side.value}
        return {name: value for name, value in found.items() if value}


def index() -> Response:
    """The page."""
    return htmx.page("contacts/index.html", **_list(_asked(request.args), SIZE))


def rows() -> Response:
    """The list alone: after typing, after a change elsewhere, or the rows behind a place."""
    asked = _asked(request.args)
    if asked.after is not None:
        found, following = _page(asked, SIZE)
        so_far = keyset.count("so_far", usual=0, most=MOST_ROWS) + len(found)
        return htmx.fragment(
            "contacts/_more.html",
            rows=found,
            show_url=_show_url(),
            **_following(asked, following, so_far),
        )
    size = keyset.count("size", usual=SIZE, most=LARGEST_REFRESH)
    response = htmx.fragment("contacts/_answer.html", **_list(asked, size))
    if "size" not in request.args:
        response.headers["HX-Push-Url"] = url_for("contacts.index", **asked.parts())
    return response


def options() -> Response:
    """Contacts that fit what is typed into a picker; `contact_name` is the field it stands in."""
    typed = request.args.get("q") or request.args.get("contact_name") or ""
    words = typed.replace("\x00", "")[: searching.LONGEST_SEARCH].strip()
    found = queries.found_by(words, MOST_OPTIONS) if words else ()
    return htmx.fragment("contacts/_options.html", contacts=found)


def _asked(args: Mapping[str, str]) -> Asked:
    problems = []
    try:
        side = Side(args.get("side") or Side.ALL)
    except ValueError:
        side = Side.ALL
        problems.append(_("There is no such view of this list. It shows all contacts."))
    after = _place(args.get("after", ""))
    if args.get("after") and after is None:
        problems.append(_("This place in the list does not exist. Here is its start."))
    words = searching.words(args)
    return Asked(words, side, after, tuple(problems))


def _place(text: str) -> Place | None:
    key, mark, contact_id = text.replace("\x00", "").rpartition("~")
    try:
        return (key, UUID(contact_id)) if mark else None
    except ValueError:
        return None


def _page(asked: Asked, size: int) -> tuple[list[Row], Place | None]:
    found, following = queries.page(
        words=asked.words, side=asked.side, after=asked.after, size=size
    )
    return list(found), following


def _list(asked: Asked, size: int) -> dict[str, Any]:  # Any: what a template is given
    found, following = _page(asked, size)
    here = asked.parts()
    return {
        "asked": asked,
        "rows": found,
        "views": [
            (
                languages.phrase(label),
                url_for("contacts.index", **_with_side(asked, side)),
                side is asked.side,
                None,
            )
            for side, label in SIDES.items()
        ],
        "list_url": url_for("contacts.rows", **here),
        "show_url": _show_url(),
        "can_edit": access.actor().can(Right.EDIT_INVOICES),
        **_following(asked, following, len(found)),
    }


def _with_side(asked: Asked, side: Side) -> dict[str, Any]:
    return asked._replace(side=side).parts()


def _following(asked: Asked, place: Place | None, so_far: int) -> dict[str, Any]:
    """The addresses of the rows that come next, and how many are there by now."""
    found: dict[str, Any] = {"so_far": so_far, "more_url": None, "more_rows_url": None}
    if place is not None:
        here = {**asked.parts(), "after": f"{place[0]}~{place[1]}"}
        found["more_url"] = url_for("contacts.index", **here)
        found["more_rows_url"] = url_for("contacts.rows", **here, so_far=so_far)
    return found


def _show_url() -> str:
    nobody = UUID(int=0)
    return url_for("contacts.show", contact_id=nobody).removesuffix(str(nobody))
