"""The database: session, base classes, composite links and the transaction."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ClauseElement,
    Connection,
    Executable,
    ForeignKeyConstraint,
    MetaData,
    Table,
    UniqueConstraint,
    event,
    inspect,
)
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
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
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql import visitors

from billify.data import tenancy
from billify.data.types import uuid7

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# What the database may say, by the names the web room knows.
Away = OperationalError
Unreached = (OperationalError, InterfaceError, NoConnectionLeft)
"""Every way in which the database can be out of reach."""
Unfit = DataError
"""A value that no column takes, such as text with NUL."""
Conflict = IntegrityError
StaleRow = StaleDataError


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
    if state.is_column_load or state.is_relationship_load:
        return
    scope = tenancy.current()
    if scope.company_id is None:
        _refuse_without_company(state.statement, scope)
        return
    company_id = scope.company_id
    state.statement = state.statement.options(
        with_loader_criteria(
            CompanyScoped, lambda cls: cls.company_id == company_id, include_aliases=True
        )
    )


def _refuse_without_company(statement: Executable, scope: tenancy.Scope) -> None:
    """Look at every table of a statement, also in its subqueries, joins and aliases.

    Before a company is chosen a person may read where they belong, the clock may look at the
    jobs of all companies, and that is all. Text can't be looked through: there the policies of
    the database are the lock.
    """
    # cast: what can be executed can be looked through, though the types don't say so
    for part in visitors.iterate(cast(ClauseElement, statement)):
        if not isinstance(part, Table) or "company_id" not in part.c:
            continue
        opening = _OPENINGS.get(part.name)
        if opening is None or not opening(scope, statement.is_select):
            raise tenancy.NoScope(f"{part.name} was asked for without a company scope")


_OPENINGS: dict[str, Callable[[tenancy.Scope, bool], bool]] = {
    "membership": lambda scope, is_read: is_read and scope.user_id is not None,
    "job": lambda scope, _: scope.is_system,
    "document": lambda scope, is_read: is_read and scope.is_system,
    "integration": lambda scope, is_read: is_read and scope.is_system,
    "notification": lambda scope, is_read: is_read and scope.is_system,
}
"""Who may use which table without a company. The database's policies say the same, and more."""


@event.listens_for(Session, "before_flush")
def _stamp_company(session: Session, _context: object, _instances: object) -> None:
    """New rows belong to the scope's company; a row of another one is refused."""
    scope = tenancy.current()
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, CompanyScoped):
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


def announce_scope_after() -> None:
    """The same at the end of a scope: a transaction that has failed can't be told, and needn't.

    It takes no further statement, and its failure is what the caller wants to hear of.
    """
    with suppress(SQLAlchemyError):
        announce_scope()


def _set_scope(session: Session, connection: Connection) -> None:
    scope = session.info["scope"] = tenancy.current()
    connection.exec_driver_sql(
        "SELECT set_config('app.company_id', %s, true), set_config('app.user_id', %s, true),"
        " set_config('app.system', %s, true)",
        (str(scope.company_id or ""), str(scope.user_id or ""), "on" if scope.is_system else ""),
    )


@dataclass(slots=True)
class _Work:
    """What a running transaction still has to do."""

    after: list[Callable[[], None]] = field(default_factory=list)
    last: dict[str, Callable[[], None]] = field(default_factory=dict)
    has_failed_inside: bool = False


_GATHERED = ("audit", "payments")
"""What is gathered beside a transaction, to be written just before its commit."""
_running: ContextVar[_Work | None] = ContextVar("transaction", default=None)


@contextmanager
def transaction() -> Iterator[Session]:
    """All or nothing. Bells rung inside wait for the commit; an inner one joins the outer one.

    When an inner one fails nothing is kept, even if somebody catches its refusal on the way out.
    """
    session = db.session()
    outer = _running.get()
    if outer is not None:
        try:
            yield session
        except BaseException:
            outer.has_failed_inside = True
            raise
        return
    work = _Work()
    token = _running.set(work)
    try:
        yield session
        _commit(session, work)
    except BaseException:
        for name in _GATHERED:
            session.info.pop(name, None)
        session.rollback()
        raise
    finally:
        _running.reset(token)
    _ring(work.after)


def after_commit(ring: Callable[[], None]) -> None:
    """Call this when the running transaction has been committed."""
    _work("after_commit").after.append(ring)


def before_commit(key: str, finish: Callable[[], None]) -> None:
    """Call this once, last thing before the commit; the same key replaces an earlier one."""
    _work("before_commit").last[key] = finish


def _work(asked_by: str) -> _Work:
    work = _running.get()
    if work is None:
        raise RuntimeError(f"{asked_by}() wants a transaction()")
    return work


def _commit(session: Session, work: _Work) -> None:
    if work.has_failed_inside:
        raise RuntimeError("a part of this transaction failed inside it, so nothing is kept")
    session.flush()
    for finish in work.last.values():
        finish()
    session.commit()


def _ring(bells: list[Callable[[], None]]) -> None:
    """Every bell rings, also when one before it fails."""
    with ExitStack() as stack:
        for bell in reversed(bells):
            stack.callback(bell)


def abandon() -> None:
    """Give up what the session holds, even when its connection is gone."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
