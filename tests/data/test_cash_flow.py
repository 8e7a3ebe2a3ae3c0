"""The statements of Home: what they count, and the indexes they use."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import event, text

from billify.data import tenancy
from billify.data.db import db
from billify.data.queries import banking
from billify.data.queries import cash_flow as queries
from billify.data.queries.cash_flow import Late, Window
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from tests import factories
from tests.cast import Cast
from tests.data.conftest import Large

TODAY = date(2026, 11, 18)
PURCHASE = InvoiceDirection.PURCHASE


@pytest.fixture
def scope(cast: Cast) -> Iterator[UUID]:
    """Anna's company."""
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        yield cast.anna.company_id


def plan_of(ask: object, *without: str) -> str:
    """How PostgreSQL goes about the one statement of this call when it may not read whole tables.

    ``without`` names further ways it may not take: the tables of most tests are small and their
    statistics change with the tests before, so which of two ways is cheaper says nothing there.
    """
    seen: list[tuple[str, object]] = []

    def note(
        _connection: object, _cursor: object, statement: str, given: object, *_: object
    ) -> None:
        seen.append((statement, given))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()  # type: ignore[operator]  # a call without arguments
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    statement, given = next(pair for pair in seen if "FROM" in pair[0])
    for way in ("seqscan", *without):
        db.session.execute(text(f"SET LOCAL enable_{way} = off"))
    rows = db.session.connection().exec_driver_sql(f"EXPLAIN {statement}", given)  # type: ignore[arg-type]  # as it was sent
    return "\n".join(row[0] for row in rows)


def test_open_amounts_are_read_from_the_index_of_open_invoices_alone(large: Large) -> None:
    with large.app.app_context(), tenancy.company_scope(large.company_id):
        plan = plan_of(lambda: queries.open_days(TODAY))
        db.session.rollback()

    assert "Index Only Scan using ix_invoice_open" in plan


def test_what_waits_is_counted_from_an_index(scope: UUID) -> None:
    plan = plan_of(queries.waiting)

    assert "Seq Scan on invoice" not in plan
    assert "using ix_invoice_" in plan or "on ix_invoice_" in plan


def test_past_balances_never_touch_the_movements(scope: UUID) -> None:
    plan = plan_of(lambda: queries.history(TODAY))

    assert "bank_transaction" not in plan
    assert "Seq Scan on cash_flow_position" not in plan


def test_movements_of_all_accounts_come_by_the_newest_index(scope: UUID) -> None:
    plan = plan_of(lambda: banking.movements(banking.Wanted()), "sort", "bitmapscan")

    assert "ix_bank_transaction_newest" in plan


def test_overdue_is_one_day_and_a_late_credit_note_is_today(scope: UUID) -> None:
    factories.invoice(gross="10.00", due_date=TODAY - timedelta(days=30))
    factories.invoice(gross="20.00", due_date=TODAY - timedelta(days=2))
    factories.invoice(
        gross="3.00", due_date=TODAY - timedelta(days=9), kind=InvoiceKind.CREDIT_NOTE
    )
    factories.invoice(gross="5.00", due_date=TODAY)

    assert [(one.day, one.amount, one.count) for one in queries.open_days(TODAY)] == [
        (TODAY - timedelta(days=1), Decimal("30.00"), 2),
        (TODAY, Decimal("2.00"), 2),
    ]


@pytest.mark.parametrize(
    ("late", "total", "count"),
    [
        (Late.NONE, "5.00", 1),
        (Late.CREDIT_NOTES, "2.00", 2),
        (Late.ALL, "12.00", 3),
    ],
)
def test_a_window_takes_along_what_is_late_as_asked(
    scope: UUID, late: Late, total: str, count: int
) -> None:
    factories.invoice(gross="10.00", due_date=TODAY - timedelta(days=30))
    factories.invoice(
        gross="3.00", due_date=TODAY - timedelta(days=9), kind=InvoiceKind.CREDIT_NOTE
    )
    factories.invoice(gross="5.00", due_date=TODAY)
    factories.invoice(gross="7.00", due_date=TODAY + timedelta(days=9))
    window = Window(PURCHASE, "EUR", since=TODAY, until=TODAY + timedelta(days=5), late=late)

    assert queries.total(window) == (Decimal(total), count)
    assert sum((row.amount for row in queries.rows(window)), Decimal(0)) == Decimal(total)


def test_only_what_is_partly_open_counts_and_not_the_gross(scope: UUID) -> None:
    factories.invoice(gross="100.00", open_amount=Decimal("40.00"), due_date=TODAY)
    factories.invoice(gross="55.00", status=InvoiceStatus.TO_APPROVE, due_date=TODAY)

    assert queries.total(Window(PURCHASE, "EUR")) == (Decimal("40.00"), 1)


def test_waiting_invoices_are_counted_by_desk_state_and_currency(scope: UUID) -> None:
    factories.invoice(gross="55.00", status=InvoiceStatus.TO_APPROVE)
    factories.invoice(gross="5.00", status=InvoiceStatus.TO_APPROVE, kind=InvoiceKind.CREDIT_NOTE)
    factories.invoice(gross=None, status=InvoiceStatus.TO_CHECK)
    factories.invoice(gross="9.00", status=InvoiceStatus.TO_CHECK, currency="USD")

    assert [
        (one.status.value, one.currency, one.count, one.gross) for one in queries.waiting()
    ] == [
        ("to_approve", "EUR", 2, Decimal("50.00")),
        ("to_check", "EUR", 1, Decimal("0.00")),
        ("to_check", "USD", 1, Decimal("9.00")),
    ]
