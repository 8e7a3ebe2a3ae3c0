"""Categories: what bank lines without an invoice are for. Each company begins with the Belgian
default set, which is written down the first time it is needed, and makes it its own."""

from uuid import UUID

from billify.application import audit, bank_rules, live
from billify.data.db import transaction
from billify.data.models import Category
from billify.data.queries import categories as queries
from billify.domain.categories import CATEGORIES
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Right

LONGEST = 80


def chosen(*, given: str) -> UUID | None:
    """The category that a form names, by its key or by a code of the default set; empty is none."""
    if not given:
        return None
    if given in dict(CATEGORIES):
        bank_rules.ensure_categories()
        found = queries.by_code(given)
    else:
        found = queries.get(_key(given))
    if found is None:
        raise Refusal(N_("Choose a category from the list."))
    return found.id


def add(*, name: str, by: Actor) -> Category:
    """Add a category of one's own, at the end."""
    _require(by)
    name = _checked(name)
    with transaction() as session:
        known = list(bank_rules.ensure_categories())
        _refuse_twin(name, known)
        row = Category(name=name, code=None, position=max(one.position for one in known) + 1)
        session.add(row)
        session.flush()
        audit.record("category.added", row, by=by, after={"name": name})
        live.touch("bank")
    return row


def change(*, category_id: UUID, name: str, is_active: bool, by: Actor) -> Category:
    """Rename a category, or offer it no longer; lines keep it."""
    _require(by)
    name = _checked(name)
    with transaction():
        row = _known(category_id)
        _refuse_twin(name, [one for one in queries.every() if one.id != category_id])
        before = {"name": row.name, "active": row.is_active}
        row.name, row.is_active = name, is_active
        after = {"name": name, "active": is_active}
        audit.record("category.changed", row, by=by, before=before, after=after)
        live.touch("bank")
    return row


def drop(*, category_id: UUID, by: Actor) -> Category:
    """Delete a category of one's own that nothing uses."""
    _require(by)
    with transaction() as session:
        row = _known(category_id)
        if row.code is not None or queries.is_used(category_id):
            raise Refusal(N_("This category is in use. Offer it no longer instead."))
        audit.record("category.removed", row, by=by, before={"name": row.name})
        session.delete(row)
        live.touch("bank")
    return row


def _known(category_id: UUID) -> Category:
    row = queries.get(category_id)
    if row is None:
        raise NotFound
    return row


def _key(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise Refusal(N_("Choose a category from the list.")) from None


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(N_("Give the category a name."))
    if len(name) > LONGEST:
        raise Refusal(N_("A name has at most %(most)s characters."), most=LONGEST)
    return name


def _refuse_twin(name: str, known: list[Category]) -> None:
    if any(one.name.casefold() == name.casefold() for one in known):
        raise Refusal(N_("There is a category of this name already."))


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
