"""Categories as a form offers them; before a company has any, the default set."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from billify.data.queries import categories as queries
from billify.domain.categories import CATEGORIES
from billify.web import words

if TYPE_CHECKING:
    from billify.data.models import Category

_DEFAULTS = dict(CATEGORIES)


def offered(kept: str = "") -> list[tuple[str, str]]:
    """Pairs of value and name; one no longer offered only when it is `kept`."""
    return pairs(queries.every(), kept)


def pairs(known: Iterable["Category"], kept: str = "") -> list[tuple[str, str]]:
    """The same of categories that were fetched already."""
    rows = list(known)
    if not rows:
        return [(code, str(words.text(name))) for code, name in CATEGORIES]
    return [
        (str(one.id), name(one.name, one.code))
        for one in rows
        if one.is_active or str(one.id) == kept
    ]


def name(given: str, code: str | None) -> str:
    """A category's name; one of the default set in the person's language until it is renamed."""
    is_default = code is not None and _DEFAULTS.get(code) == given
    return str(words.text(given)) if is_default else given
