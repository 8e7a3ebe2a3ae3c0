"""Accounts to try things out with: the odd ones that banks do have."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from billify.stand_ins.ponto.world import BRUSSELS, Account, Transaction, World

PLAIN, SAVINGS, DOLLARS = "BE68539007547034", "BE71096123456769", "BE62510007547061"


def world() -> World:
    """An account with lines, one for savings, one in dollars, and one of a payment service."""
    made = World()
    today = datetime.now(BRUSSELS).date()
    first = made.add(Account(PLAIN, opening=Decimal("9342.84")))
    made.add(Account(SAVINGS, opening=Decimal("25000.00"), more={"subtype": "savings"}))
    made.add(Account(DOLLARS, opening=Decimal("120.10"), currency="USD"))
    service = {"subtype": "psp", "referenceType": "email"}
    made.add(Account("anna@voorbeeld.be", opening=Decimal("0.1"), more=service))
    made.tell(first, *lines(today))
    return made


def lines(today: date) -> list[Transaction]:
    """Equal twins, no counterpart, tiny and huge amounts, days over a change of the clock."""
    return [
        Transaction(today, Decimal("-2.50"), "Bakker", SAVINGS, "Brood"),
        Transaction(today, Decimal("-2.50"), "Bakker", SAVINGS, "Brood"),
        Transaction(today - timedelta(days=1), Decimal("0.1"), None, None, None),
        Transaction(
            today - timedelta(days=1), Decimal("-1234567.89"), "Notaris", "BE9786154282554"
        ),
        Transaction(
            today - timedelta(days=2), Decimal("121.00"), "Klant", SAVINGS, "090933755493", True
        ),
        Transaction(
            date(2026, 3, 29), Decimal("10.00"), more={"executionDate": "2026-03-28T23:00:00.000Z"}
        ),
        Transaction(
            date(2026, 10, 25), Decimal("11.00"), more={"executionDate": "2026-10-24T22:00:00.000Z"}
        ),
    ]
