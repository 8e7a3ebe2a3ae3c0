"""Categories of bank lines that settle no invoice."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from billify.data.db import db
from billify.data.models import BankRule, BankTransaction, Budget, Category, PlannedItem

MOST = 500


class Used(NamedTuple):
    """A category, and how many rules give it."""

    category: Category
    rules: int


def every() -> list[Category]:
    """The company's categories in their order."""
    order = (Category.position, Category.name, Category.id)
    return list(db.session.scalars(select(Category).order_by(*order).limit(MOST)))


def with_rules() -> list[Used]:
    """The same, each with how many rules give it."""
    rules = (
        select(func.count(BankRule.id))
        .where(BankRule.category_id == Category.id)
        .correlate(Category)
        .scalar_subquery()
    )
    order = (Category.position, Category.name, Category.id)
    return [
        Used(row[0], row[1])
        for row in db.session.execute(select(Category, rules).order_by(*order).limit(MOST))
    ]


def get(category_id: UUID) -> Category | None:
    """One category of the company."""
    return db.session.scalars(select(Category).where(Category.id == category_id)).one_or_none()


def by_code(code: str) -> Category | None:
    """A category of the default set."""
    return db.session.scalars(select(Category).where(Category.code == code)).one_or_none()


def is_used(category_id: UUID) -> bool:
    """Whether a line, a rule, a planned item or a budget has this category."""
    users = (BankTransaction, BankRule, PlannedItem, Budget)
    found = (
        db.session.scalar(select(one.id).where(one.category_id == category_id).limit(1))
        for one in users
    )
    return any(key is not None for key in found)
