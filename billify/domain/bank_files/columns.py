"""What the columns of a bank's CSV or XLSX export mean.

Columns are found by their names in any language, never by position. Names are compared as
`identity.search_key` writes them: lower case, no accents, no marks, and without a currency in
brackets behind them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a column tells of a movement."""

    BOOKED = "booked"
    VALUED = "valued"
    AMOUNT = "amount"
    CREDIT = "credit"
    DEBIT = "debit"
    DIRECTION = "direction"
    CURRENCY = "currency"
    BALANCE = "balance"
    ACCOUNT = "account"
    COUNTERPARTY_ACCOUNT = "counterparty_account"
    COUNTERPARTY_NAME = "counterparty_name"
    PAYEE = "payee"
    STRUCTURED = "structured"
    MESSAGE = "message"
    DESCRIPTION = "description"
    REFERENCE = "reference"
    STATE = "state"
    FEE = "fee"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Profile:
    """An export of a bank: known by names that only it has, read by the names of its columns."""

    bank: str
    marks: tuple[frozenset[str], ...]
    columns: Mapping[Role, tuple[str, ...]]
    is_fee_apart: bool = False
    """Whether the fee comes on top of the amount, as the balance column has it."""


def places(
    header: Sequence[str], columns: Mapping[Role, Sequence[str]]
) -> dict[Role, tuple[int, ...]]:
    """At which places of a header each role stands, the most telling name first."""
    at: dict[str, int] = {}
    for place, name in enumerate(header):
        at.setdefault(name, place)
    found = {
        role: tuple(at[name] for name in names if name in at) for role, names in columns.items()
    }
    return {role: stand for role, stand in found.items() if stand}


def is_enough(found: Mapping[Role, Sequence[int]]) -> bool:
    """Whether a day and an amount are known, the least a movement needs."""
    has_amount = Role.AMOUNT in found or {Role.CREDIT, Role.DEBIT} <= set(found)
    return Role.BOOKED in found and has_amount
