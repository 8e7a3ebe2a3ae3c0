"""Lists of the back office: by name, filtered as one types, walked by key."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import request

SIZE = 25
LONGEST_SEARCH = 100
Place = tuple[str, UUID]
View = TypeVar("View", bound=StrEnum)


def words() -> str:
    """The words that are looked for."""
    return " ".join(request.args.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH]


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


def after(place: Place | None) -> str | None:
    """The same for the address of what follows."""
    return f"{place[0]}~{place[1]}" if place else None


def template(page: str, more: str) -> str:
    """The page, or what follows for a list that is there already."""
    is_part = request.headers.get("HX-Request-Type") == "partial"
    return more if is_part and request.args.get("after") else page
