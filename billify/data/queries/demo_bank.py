"""What the bank of the demo company has yet to see: open invoices and who pays them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from billify.data.db import db
from billify.data.models import BankAccount, Contact, Integration, Invoice
from billify.domain.banking import AccountKind
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

MOST = 200


@dataclass(frozen=True, slots=True)
class Owed:
    """An open invoice as somebody will pay it."""

    id: UUID
    direction: InvoiceDirection
    number: str | None
    party: str
    iban: str | None
    reference: str | None
    amount: Decimal
    due: date | None


def owed() -> Sequence[Owed]:
    """Open invoices in euro, those due first before the others."""
    rows = db.session.execute(
        select(
            Invoice.id,
            Invoice.direction,
            Invoice.number,
            Invoice.party_name,
            Contact.iban,
            Invoice.payee_iban,
            Invoice.payment_reference,
            Invoice.open_amount,
            Invoice.due_date,
        )
        .join(Contact, Contact.id == Invoice.contact_id)
        .where(
            Invoice.status == InvoiceStatus.OPEN,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.currency == "EUR",
            Invoice.open_amount > 0,
        )
        .order_by(Invoice.due_date, Invoice.id)
        .limit(MOST)
    )
    return [
        Owed(key, direction, number, party, payee or iban, reference, amount, due)
        for key, direction, number, party, iban, payee, reference, amount, due in rows
    ]


def main_account() -> BankAccount | None:
    """The current account with a number."""
    return db.session.scalars(
        select(BankAccount)
        .where(BankAccount.kind == AccountKind.CURRENT, BankAccount.iban.is_not(None))
        .order_by(BankAccount.id)
        .limit(1)
    ).one_or_none()


def has_connection() -> bool:
    """Was a connection ever made?"""
    return db.session.scalar(select(Integration.id).limit(1)) is not None
