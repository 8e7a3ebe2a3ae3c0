"""The company scope: which company's rows a piece of work may touch.

Two of the three locks live here and in db.py: every ORM statement gets a company criterion and
refuses to run without a scope, and every transaction tells PostgreSQL the company for the
row-level policies. The first lock, the address, is in web/access.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


class NoScope(Exception):
    """Company data was asked for without saying whose."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows may be seen. `is_system` is for the sweeper and the back office alone."""

    company_id: UUID | None = None
    user_id: UUID | None = None
    is_system: bool = False


NOBODY = Scope()
_scope: ContextVar[Scope] = ContextVar("scope", default=NOBODY)


def current() -> Scope:
    """The scope of the running piece of work."""
    return _scope.get()


def company_id() -> UUID:
    """The company whose rows may be seen. Raises NoScope where there is none."""
    found = _scope.get().company_id
    if found is None:
        raise NoScope("this is asked within a company only")
    return found


def enter(scope: Scope) -> None:
    """Set the scope until it is set again; the running transaction learns it at once."""
    from billify.data.db import announce_scope

    _scope.set(scope)
    announce_scope()


def leave() -> None:
    """Forget the scope at the end of a request, whose transaction has ended by then."""
    _scope.set(NOBODY)


@contextmanager
def company_scope(company_id: UUID, user_id: UUID | None = None) -> Iterator[None]:
    """Work on one company's rows."""
    with _within(Scope(company_id=company_id, user_id=user_id)):
        yield


@contextmanager
def user_scope(user_id: UUID) -> Iterator[None]:
    """Work on what a person has across companies: memberships and company names only."""
    with _within(Scope(user_id=user_id)):
        yield


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """Work across companies. Only the clock, the back office and tests may; say why."""
    if not reason:
        raise NoScope("unscoped() wants a reason")
    with _within(Scope(is_system=True)):
        yield


@contextmanager
def _within(scope: Scope) -> Iterator[None]:
    from billify.data.db import announce_scope_after

    before = _scope.get()
    enter(scope)
    try:
        yield
    finally:
        _scope.set(before)
        announce_scope_after()
