"""Who may do what in a company: one table, deny by default."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """A person's place in one company."""

    OWNER = "owner"
    ADMIN = "admin"
    BOOKKEEPER = "bookkeeper"
    APPROVER = "approver"
    EMPLOYEE = "employee"
    ACCOUNTANT = "accountant"
    VIEWER = "viewer"


class Right(StrEnum):
    """What a role may cover."""

    SEE_MONEY = "see_money"
    UPLOAD = "upload"
    EDIT_INVOICES = "edit_invoices"
    APPROVE = "approve"
    EXPORT = "export"
    MANAGE_COMPANY = "manage_company"


_EVERYTHING = frozenset(Right)
_READS = frozenset({Right.SEE_MONEY, Right.EXPORT})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: _EVERYTHING,
    Role.ADMIN: _EVERYTHING,
    Role.BOOKKEEPER: _READS | {Right.UPLOAD, Right.EDIT_INVOICES},
    Role.APPROVER: _READS | {Right.UPLOAD, Right.EDIT_INVOICES, Right.APPROVE},
    Role.EMPLOYEE: frozenset({Right.UPLOAD}),
    Role.ACCOUNTANT: _READS,
    Role.VIEWER: frozenset({Right.SEE_MONEY}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which company, with which role. `approval_limit` None means no limit (EUR)."""

    user_id: UUID | None
    name: str
    email: str
    company_id: UUID
    role: Role
    approval_limit: Decimal | None = None
    address: str | None = None

    def can(self, right: Right | str) -> bool:
        """Does this actor's role cover the right?"""
        return Right(right) in RIGHTS[self.role]


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts for Billify itself. Staff have no role in a company and so no right to its rows:
    each look at them is a deed of its own, see `application/back_office/looking.py`."""

    user_id: UUID
    name: str
    email: str
    address: str | None = None
