"""Amounts of money: read what people type, round, share out, show. Decimal only."""

from collections.abc import Sequence
from decimal import Decimal

CENT = Decimal("0.01")


def parse(text: str) -> Decimal:
    """The amount a person typed, in cents: `1.234,56`, `1234.56`, `1 234,56`, `-12`, `€ 5`.

    Refuses what can be read in two ways or not at all.
    """
    raise NotImplementedError


def parse_number(text: str, *, places: int) -> Decimal:
    """A typed quantity, price or rate with at most so many decimals."""
    raise NotImplementedError


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents, half away from zero, as Belgian invoices are."""
    raise NotImplementedError


def allocate(amount: Decimal, *, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Share an amount in proportion to weights so that the parts sum to it exactly."""
    raise NotImplementedError


def show(amount: Decimal, *, places: int = 2) -> str:
    """The amount as it is written in every language of Billify: `1.234,56`, `-12,00`."""
    raise NotImplementedError
