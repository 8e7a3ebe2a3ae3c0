"""The company itself and its own particulars."""

from sqlalchemy import select

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import BankAccount, Company


def own() -> Company:
    """The company of the scope."""
    company_id = tenancy.current().company_id
    if company_id is None:
        raise tenancy.NoScope("no company scope")
    return db.session.scalars(select(Company).where(Company.id == company_id)).one()


def own_ibans() -> list[str]:
    """The company's own account numbers."""
    found = db.session.scalars(select(BankAccount.iban).order_by(BankAccount.iban).limit(50)).all()
    return [iban for iban in found if iban]
