"""Many rows for measuring: they hold together, come out the same, and come once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from billify.application import cash_flow, people, seed
from billify.application.seed import rows
from billify.data import tenancy
from billify.data.db import Base, db
from billify.data.models import (
    Allocation,
    BankTransaction,
    Contact,
    Invoice,
    InvoiceLine,
    InvoiceVat,
)
from billify.domain.refusal import Refusal

TODAY = date(2026, 11, 21)


@pytest.fixture
def seeded(app: Flask) -> list[str]:
    """A company with 300 invoices and 2,000 movements, in its scope; what was said."""
    said: list[str] = []
    seed.seed(invoices=300, transactions=2000, company="large", say=said.append)
    tenancy.enter(tenancy.Scope(company_id=people.company_id(slug="large")))
    return said


@pytest.mark.parametrize(
    ("table", "count"),
    [
        (Contact, 500),
        (Invoice, 300),
        (InvoiceLine, 300),
        (InvoiceVat, 300),
        (BankTransaction, 2000),
    ],
)
def test_as_many_rows_as_asked_for(seeded: list[str], table: type[Base], count: int) -> None:
    assert db.session.scalar(select(func.count()).select_from(table)) == count


def test_balances_equal_the_lines(seeded: list[str]) -> None:
    assert cash_flow.verify() == []


def test_what_was_paid_is_what_is_no_longer_open(seeded: list[str]) -> None:
    wrong = db.session.scalars(
        select(Invoice.number)
        .join(Allocation, Allocation.invoice_id == Invoice.id)
        .where(
            (Invoice.open_amount != 0) | (Allocation.amount != Invoice.gross_amount),
        )
        .limit(10)
    ).all()

    assert wrong == []
    assert (db.session.scalar(select(func.count(Allocation.id))) or 0) > 200


def test_a_company_is_filled_once(seeded: list[str]) -> None:
    with pytest.raises(Refusal):
        seed.seed(invoices=10, transactions=10, company="large", say=seeded.append)


def test_the_speed_is_told(seeded: list[str]) -> None:
    assert seeded[-1].endswith("a second")


def test_rows_are_the_same_every_time() -> None:
    assert _all_rows() == _all_rows()


def test_keys_follow_the_days() -> None:
    keys = rows.Keys("large")

    made = [keys.of(3, date(2026, 3, day), row) for row, day in enumerate((1, 1, 2, 9))]

    assert made == sorted(made)
    assert len(set(made)) == 4


def _all_rows() -> list[Any]:
    made = rows.Made("large", 50, 300, TODAY)
    found: list[Any] = [*made.contacts(), *made.invoices(), *made.lines(), *made.movements()]
    return [*found, *made.allocations(), made.moved()]


def test_the_moved_amounts_are_the_sum_of_the_lines() -> None:
    made = rows.Made("large", 50, 300, TODAY)

    total = sum((row[4] for row in made.movements()), Decimal(0))

    assert sum(sum(days.values()) for days in made.moved().values()) == total
