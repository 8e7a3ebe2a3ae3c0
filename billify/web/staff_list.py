"""Lists of the back office: by name, filtered as one types, walked by key."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from flask import request, url_for

from billify.web import searching

if TYPE_CHECKING:
    from flask_babel import LazyString

SIZE = 25
Place = tuple[str, UUID]
View = TypeVar("View", bound=StrEnum)


def view(usual: View) -> View:
    """The view an address names, else the usual one."""
    try:
        return type(usual)(request.args.get("view") or usual)
    except ValueError:
        return usual


def place() -> Place | None:
    """The row that the list goes on after; none for what no list of ours has written."""
    key, mark, row_id = request.args.get("after", "").replace("\x00", "").rpartition("~")
    try:
        return (key, UUID(row_id)) if mark else None
    except ValueError:
        return None


def context(
    names: Mapping[View, "LazyString"], asked: View, usual: View, following: Place | None
) -> dict[str, Any]:  # Any: what the template takes
    """What is asked, the tabs of the views, and where the list goes on, for its template."""
    said, named = searching.words(request.args), None if asked is usual else asked.value
    # Any: as url_for has it, which also takes flags of its own
    same: dict[str, Any] = {"q": said or None, "view": named}
    return {
        "words": said,
        "view": asked,
        "views": [
            (name, url_for(".index", q=said or None, view=one.value), one is asked, None)
            for one, name in names.items()
        ],
        "more_url": url_for(".index", **same, after=_mark(following)) if following else None,
    }


def template(page: str, more: str) -> str:
    """The page, or what follows for a list that is there already."""
    is_part = request.headers.get("HX-Request-Type") == "partial"
    return more if is_part and request.args.get("after") else page


def _mark(row: Place) -> str:
    return f"{row[0]}~{row[1]}"
