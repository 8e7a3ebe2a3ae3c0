"""Where a list goes on: the place of its last row and its length, as its address says them."""

from datetime import date
from uuid import UUID

from flask import request

from billify.domain.refusal import NotFound

_MOST_DIGITS = 9


def day_and_id() -> tuple[date, UUID] | None:
    """The row that the list goes on after, by its day and key; None at the beginning.

    Raises NotFound for what no list of ours has written.
    """
    text = request.args.get("after")
    if not text:
        return None
    try:
        day, key = text.split("_")
        return date.fromisoformat(day), UUID(key)
    except ValueError:
        raise NotFound from None


def row_id(name: str) -> UUID | None:
    """The row that the list goes on after, where its key alone says so. Raises NotFound."""
    text = request.args.get(name)
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def after(day: date, key: UUID) -> str:
    """The same place for the address of what follows."""
    return f"{day.isoformat()}_{key}"


def count(name: str, *, usual: int, most: int) -> int:
    """How long a list has grown; nothing that an address says makes it endless."""
    text = request.args.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        return usual
    return min(max(int(text), usual), most)
