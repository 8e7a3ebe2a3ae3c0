"""Bank files that were handed in, what they brought, and columns that a person explained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import defer

from billify.data.db import db
from billify.data.models import (
    Allocation,
    BankAccount,
    BankImport,
    BankTransaction,
    CashFlowPosition,
    CsvMapping,
)
from billify.domain.bank_files.twins import Known
from billify.domain.banking import ImportState

SHOWN = 50
MOST_ACCOUNTS = 200
LAST = 3


@dataclass(frozen=True, slots=True)
class Moved:
    """What an import brought to an account on a day."""

    account_id: UUID
    day: date
    amount: Decimal


def imports() -> Sequence[BankImport]:
    """The newest files, without their bytes."""
    return db.session.scalars(
        select(BankImport)
        .options(defer(BankImport.content))
        .order_by(BankImport.created_at.desc(), BankImport.id.desc())
        .limit(SHOWN)
    ).all()


def one(import_id: UUID) -> BankImport | None:
    """One file with its bytes."""
    return db.session.scalars(select(BankImport).where(BankImport.id == import_id)).one_or_none()


def lock(import_id: UUID) -> BankImport | None:
    """One file, locked until the commit and as it stands now."""
    return db.session.scalars(
        select(BankImport)
        .where(BankImport.id == import_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def imported_before(sha256: str) -> BankImport | None:
    """The same bytes, imported and not taken back."""
    return db.session.scalars(
        select(BankImport)
        .options(defer(BankImport.content))
        .where(BankImport.sha256 == sha256, BankImport.state == ImportState.IMPORTED)
        .order_by(BankImport.id)
        .limit(1)
    ).one_or_none()


def forget_previews(before: datetime) -> None:
    """Remove files that were looked at and never imported."""
    db.session.execute(
        delete(BankImport)
        .where(BankImport.state == ImportState.PREVIEW, BankImport.created_at < before)
        .execution_options(synchronize_session=False)
    )


def remove(row: BankImport) -> None:
    """Throw a file away."""
    db.session.delete(row)
    db.session.flush()


def accounts() -> Sequence[BankAccount]:
    """The accounts by name."""
    return db.session.scalars(
        select(BankAccount).order_by(BankAccount.name, BankAccount.id).limit(MOST_ACCOUNTS)
    ).all()


def accounts_of_bank(bank: str) -> frozenset[UUID]:
    """The accounts that the last files of a bank went to."""
    last = (
        select(BankImport.id)
        .where(BankImport.bank == bank, BankImport.state == ImportState.IMPORTED)
        .order_by(BankImport.created_at.desc())
        .limit(LAST)
    )
    return frozenset(
        db.session.scalars(
            select(BankTransaction.account_id)
            .where(BankTransaction.import_id.in_(last))
            .group_by(BankTransaction.account_id)
            .limit(MOST_ACCOUNTS)
        )
    )


def opening_days(account_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The first day that the balance of each account is known of."""
    rows = db.session.execute(
        select(CashFlowPosition.account_id, func.min(CashFlowPosition.day))
        .where(CashFlowPosition.account_id.in_(account_ids))
        .group_by(CashFlowPosition.account_id)
    )
    return {row[0]: row[1] for row in rows}


def known(account_ids: Sequence[UUID], first: date, last: date) -> dict[UUID, list[Known]]:
    """The movements of accounts between two days, whatever told them."""
    rows = db.session.execute(
        select(
            BankTransaction.account_id,
            BankTransaction.booked_on,
            BankTransaction.amount,
            BankTransaction.external_id,
            BankTransaction.counterparty_iban,
            BankTransaction.structured_communication,
        )
        .where(
            BankTransaction.account_id.in_(account_ids),
            BankTransaction.booked_on.between(first, last),
        )
        .order_by(BankTransaction.booked_on, BankTransaction.id)
    )
    found: dict[UUID, list[Known]] = {}
    for account_id, day, amount, external_id, other, reference in rows:
        told = Known(day, amount, external_id, other, reference)
        found.setdefault(account_id, []).append(told)
    return found


def settling(import_id: UUID) -> int:
    """How many movements of an import settle an invoice."""
    return (
        db.session.scalar(
            select(func.count(func.distinct(Allocation.transaction_id)))
            .join(BankTransaction, BankTransaction.id == Allocation.transaction_id)
            .where(_only_from(import_id), Allocation.undone_at.is_(None))
        )
        or 0
    )


def moved(import_id: UUID) -> Sequence[Moved]:
    """What an import brought, by account and day."""
    rows = db.session.execute(
        select(
            BankTransaction.account_id,
            BankTransaction.booked_on,
            func.sum(BankTransaction.amount),
        )
        .where(_only_from(import_id))
        .group_by(BankTransaction.account_id, BankTransaction.booked_on)
        .order_by(BankTransaction.account_id, BankTransaction.booked_on)
    )
    return [Moved(*row) for row in rows]


def remove_movements(import_id: UUID) -> None:
    """Remove what an import brought, with matches that had been undone already.

    What a connection told as well stays, as if that alone had brought it.
    """
    brought = select(BankTransaction.id).where(_only_from(import_id))
    db.session.execute(
        delete(Allocation)
        .where(Allocation.transaction_id.in_(brought), Allocation.undone_at.is_not(None))
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        delete(BankTransaction)
        .where(_only_from(import_id))
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(BankTransaction)
        .where(BankTransaction.import_id == import_id)
        .values(import_id=None, external_id=None)
        .execution_options(synchronize_session=False)
    )


def _only_from(import_id: UUID) -> ColumnElement[bool]:
    """Movements that an import brought and no connection told."""
    return and_(BankTransaction.import_id == import_id, BankTransaction.connection_key.is_(None))


def mapping(header_key: str) -> CsvMapping | None:
    """What the company said about a header."""
    return db.session.scalars(
        select(CsvMapping).where(CsvMapping.header_key == header_key)
    ).one_or_none()


# Any: JSON, role to names of columns
def keep_mapping(header_key: str, columns: Mapping[str, Any], made_by: UUID | None) -> CsvMapping:
    """Write down what a header means, in place of what was said before."""
    row = mapping(header_key) or CsvMapping(header_key=header_key)
    row.columns, row.made_by = dict(columns), made_by
    row.changed_at = func.now()
    db.session.add(row)
    db.session.flush()
    return row
