"""The books of the stand-in, and what is kept of them here."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from billify.application import accounting
from billify.application.partners import engine
from billify.data.db import db, transaction
from billify.data.models import AccountingItem, Allocation, Integration, Invoice
from billify.stand_ins.yuki import Item, YukiServer
from tests import factories
from tests.cast import Member
from tests.fakes import yuki as fake


def connected(by: Member, server: YukiServer) -> Integration:
    """A connection whose books are chosen, and have been read once."""
    row = accounting.connect(access_key=fake.KEY, by=by.actor)
    accounting.choose(integration_id=row.id, administration_id=fake.books(server).id, by=by.actor)
    engine.run(integration_id=row.id)
    return row


def bill(number: int = 1, **more: Any) -> Item:
    """An open purchase invoice."""
    return fake.item(number, **{"contact": f"Leverancier {number}", "type_id": 2, **more})


def items() -> list[AccountingItem]:
    return every(AccountingItem, AccountingItem.issue_date, AccountingItem.number)


def all_invoices() -> list[Invoice]:
    return every(Invoice, Invoice.direction, Invoice.number)


def every(model: Any, *order: Any) -> list[Any]:  # Any: rows of any table
    query = select(model).order_by(*order).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def one_invoice() -> Invoice:
    (found,) = all_invoices()
    return found


def state(row: Integration) -> Integration:
    return db.session.scalars(
        select(Integration)
        .where(Integration.id == row.id)
        .execution_options(populate_existing=True)
    ).one()


def pay(invoice: Invoice, amount: str) -> Allocation:
    """A bank line that settled part of an invoice."""
    line = factories.movement(on=factories.account(), amount=amount)
    made = Allocation(invoice_id=invoice.id, transaction_id=line.id, amount=Decimal(amount))
    with transaction() as session:
        session.add(made)
        session.flush()
        found = session.scalars(
            select(Invoice)
            .where(Invoice.id == invoice.id)
            .execution_options(populate_existing=True)
        ).one()
        found.open_amount -= Decimal(amount)
    return made


def assert_equals_the_books(server: YukiServer) -> None:
    """Each open item is there once, open, with its amounts, and is an invoice once."""
    listed = fake.books(server).receivables + fake.books(server).payables
    told = sorted((one.id, one.left, one.original) for one in listed if one.left)
    kept = [one for one in items() if one.settled_on is None]
    assert sorted((one.external_id, one.open_amount, one.original_amount) for one in kept) == told
    linked = [one.invoice_id for one in kept if one.invoice_id]
    assert len(linked) == len(set(linked))
