"""The database: session, base classes, composite links and the transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    ForeignKeyConstraint,
    MetaData,
    UniqueConstraint,
    event,
    inspect,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    declared_attr,
    mapped_column,
    relationship,
    with_loader_criteria,
)

from billify.data import tenancy
from billify.data.types import uuid7

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _Declared(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=_Declared, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Base = _Declared
else:
    Base = db.Model


class CompanyScoped:
    """A row that belongs to one company, whatever its key is."""

    company_id: Mapped[UUID] = mapped_column()


class CompanyOwned(CompanyScoped):
    """A business row: key, company, and the pair as target of composite links."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return company_args()


def company_args(*more: Any) -> tuple[Any, ...]:
    """Table arguments of a company's table: its key pair, its company, and what else it has."""
    return (
        UniqueConstraint("company_id", "id"),
        ForeignKeyConstraint(["company_id"], ["company.id"]),
        *more,
    )


def company_fk(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A link that can't point into another company: (company_id, column) to (company_id, id)."""
    return ForeignKeyConstraint(
        ["company_id", column], [f"{table}.company_id", f"{table}.id"], ondelete=ondelete
    )


def link(target: str, *, by: str, to: str | None = None, **options: Any) -> Any:
    """A relationship joined on the id alone: `by` names the key column, as "Invoice.contact_id".

    The key column points to `to`, by default the target (many to one); name the owning class
    for the other way round (one to many).

    With two composite keys a plain relationship would write company_id twice. Nothing loads by
    itself: a query says what its page shows.
    """
    options.setdefault("lazy", "raise")
    return relationship(target, primaryjoin=f"foreign({by}) == {to or target}.id", **options)


@event.listens_for(Session, "do_orm_execute")
def _add_company(state: ORMExecuteState) -> None:
    """The second lock: each statement on company rows carries the company, or does not run."""
    scope = tenancy.current()
    if scope.is_system or state.is_column_load or state.is_relationship_load:
        return
    owned = [m.class_ for m in state.all_mappers if issubclass(m.class_, CompanyScoped)]
    if not owned or _are_own_places(owned, scope):
        return
    company_id = scope.company_id
    if company_id is None:
        raise tenancy.NoScope("company rows were asked for without a company scope")
    state.statement = state.statement.options(
        with_loader_criteria(
            CompanyScoped, lambda cls: cls.company_id == company_id, include_aliases=True
        )
    )


def _are_own_places(classes: list[type], scope: tenancy.Scope) -> bool:
    """Before a company is chosen a person may read where they belong, and nothing else."""
    return (
        scope.company_id is None
        and scope.user_id is not None
        and all(getattr(one, "is_read_by_its_person", False) for one in classes)
    )


@event.listens_for(Session, "before_flush")
def _stamp_company(session: Session, _context: object, _instances: object) -> None:
    """New rows belong to the scope's company; a row of another one is refused."""
    scope = tenancy.current()
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, CompanyScoped) or scope.is_system:
            continue
        named: UUID | None = row.company_id
        if inspect(row).pending and named is None and scope.company_id is not None:
            named = row.company_id = scope.company_id
        if scope.company_id is None or named != scope.company_id:
            raise tenancy.NoScope(f"a {type(row).__name__} of another company was written")


@event.listens_for(Session, "after_begin")
def _tell_postgres(session: Session, _transaction: object, connection: Connection) -> None:
    """The third lock: the row-level policies read these settings, until this commit."""
    _set_scope(session, connection)


def announce_scope() -> None:
    """Tell a running transaction the scope that has just changed."""
    session = db.session()
    if session.in_transaction() and session.info.get("scope") != tenancy.current():
        _set_scope(session, session.connection())


def _set_scope(session: Session, connection: Connection) -> None:
    scope = session.info["scope"] = tenancy.current()
    connection.exec_driver_sql(
        "SELECT set_config('app.company_id', %s, true), set_config('app.user_id', %s, true),"
        " set_config('app.system', %s, true)",
        (str(scope.company_id or ""), str(scope.user_id or ""), "on" if scope.is_system else ""),
    )


_after_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar("after", default=None)
_before_commit: ContextVar[dict[str, Callable[[], None]] | None] = ContextVar("last", default=None)


@contextmanager
def transaction() -> Iterator[Session]:
    """All or nothing. Bells rung inside wait for the commit; an inner one joins the outer one."""
    session = db.session()
    if _after_commit.get() is not None:
        yield session
        return
    after: list[Callable[[], None]] = []
    last: dict[str, Callable[[], None]] = {}
    tokens = _after_commit.set(after), _before_commit.set(last)
    try:
        yield session
        session.flush()
        for finish in last.values():
            finish()
        session.commit()
    except BaseException:
        session.info.pop("audit", None)
        session.rollback()
        raise
    finally:
        _after_commit.reset(tokens[0])
        _before_commit.reset(tokens[1])
    for ring in after:
        ring()


def after_commit(ring: Callable[[], None]) -> None:
    """Call this when the running transaction has been committed."""
    bells = _after_commit.get()
    if bells is None:
        raise RuntimeError("after_commit() wants a transaction()")
    bells.append(ring)


def before_commit(key: str, finish: Callable[[], None]) -> None:
    """Call this once, last thing before the commit; the same key replaces an earlier one."""
    finishers = _before_commit.get()
    if finishers is None:
        raise RuntimeError("before_commit() wants a transaction()")
    finishers[key] = finish
