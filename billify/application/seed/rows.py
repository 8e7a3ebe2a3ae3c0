"""Made rows as the columns of their tables."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from billify.domain import identity
from billify.domain.cash_flow import Rhythm
from billify.domain.demo import bulk as generator
from billify.domain.demo.bulk import BulkContact, BulkInvoice
from billify.domain.duplicates import number_key

SEED = 9
CONTACTS = 500
SOURCE = "seed"
ACCOUNTS = ("Zichtrekening", "Tweede rekening")
_SECOND_EVERY = 8
_EPOCH = date(2020, 1, 1)
_NOTHING, _ONE = Decimal(0), Decimal(1)
Values = tuple[Any, ...]  # Any: column values

CONTACT = (
    "id", "name", "search_key", "is_customer", "is_supplier", "vat_number", "enterprise_number",
    "iban", "postcode", "city", "language", "country", "payment_terms", "version",
)  # fmt: skip
INVOICE = (
    "id", "direction", "kind", "status", "number", "number_key", "contact_id", "party_name",
    "party_key", "issue_date", "due_date", "currency", "net_amount", "vat_amount", "gross_amount",
    "open_amount", "payment_reference", "payee_iban", "source", "version",
)  # fmt: skip
LINE = (
    "id", "invoice_id", "position", "description", "quantity", "unit", "unit_price", "discount",
    "vat_category", "vat_rate", "net_amount",
)  # fmt: skip
VAT = ("id", "invoice_id", "position", "category", "rate", "base", "amount")
MOVEMENT = (
    "id", "account_id", "booked_on", "value_date", "amount", "currency", "counterparty_name",
    "counterparty_iban", "remittance_information", "structured_communication", "external_id",
    "state",
)  # fmt: skip
ALLOCATION = ("id", "invoice_id", "transaction_id", "amount", "evidence")
_KINDS = {"contact": 1, "account": 2, "invoice": 3, "line": 4, "vat": 5, "movement": 6, "paid": 7}


class Keys:
    """Keys in the order of days (UUID version 7), the same whenever they are asked for."""

    def __init__(self, slug: str) -> None:
        digest = hashlib.sha256(slug.encode()).hexdigest()
        self._middle = f"-7{digest[:3]}-8{digest[3:6]}-"
        self._days: dict[date, str] = {}

    def of(self, kind: int, day: date, row: int) -> str:
        """The key of one row; `kind` keeps rows of two tables apart."""
        start = self._days.get(day)
        if start is None:
            moment = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
            digits = f"{int(moment.timestamp()) * 1000:012x}"
            start = self._days[day] = f"{digits[:8]}-{digits[8:]}"
        return f"{start}{self._middle}{kind:x}{row:011x}"


class Made:
    """The rows of one company, table by table; allocations and balances come with movements."""

    def __init__(self, slug: str, invoices: int, transactions: int, today: date) -> None:
        self.transactions = transactions
        self._count = invoices
        self._today = today
        self._keys = Keys(slug)
        self._paid: list[tuple[int, date, int, Decimal]] = []
        self._moved: tuple[defaultdict[date, Decimal], ...] = tuple(
            defaultdict(Decimal) for _ in ACCOUNTS
        )

    @cached_property
    def _people(self) -> list[tuple[str, str, BulkContact]]:
        """Each contact with its key and the form of its name that is searched."""
        return [
            (self._keys.of(1, _EPOCH, one.row), identity.search_key(one.name), one)
            for one in generator.contacts(seed=SEED, count=CONTACTS)
        ]

    @cached_property
    def _account_keys(self) -> list[str]:
        return [self._keys.of(2, _EPOCH, row) for row in range(len(ACCOUNTS))]

    def contacts(self) -> Iterator[Values]:
        """Rows of CONTACT."""
        for key, search_key, one in self._people:
            yield (
                key, one.name, search_key, one.is_customer, one.is_supplier, one.vat_number,
                one.vat_number[2:], one.iban, one.postcode, one.city, one.language, "BE",
                "days:30", 1,
            )  # fmt: skip

    def invoices(self) -> Iterator[Values]:
        """Rows of INVOICE."""
        for one in self._bulk_invoices():
            contact_id, party_key, contact = self._people[one.contact]
            payee = contact.iban if one.direction == "purchase" else None
            yield (
                self._keys.of(3, one.issue_date, one.row), one.direction, one.kind, one.status,
                one.number, number_key(one.number), contact_id, contact.name, party_key,
                one.issue_date, one.due_date, "EUR", one.net, one.vat, one.gross, one.open_amount,
                one.payment_reference, payee, SOURCE, 1,
            )  # fmt: skip

    def lines(self) -> Iterator[Values]:
        """Rows of LINE, one for each invoice."""
        for one in self._bulk_invoices():
            yield (
                self._keys.of(4, one.issue_date, one.row),
                self._keys.of(3, one.issue_date, one.row),
                1, one.description, _ONE, "", one.net, _NOTHING, "S", one.vat_rate, one.net,
            )  # fmt: skip

    def vat(self) -> Iterator[Values]:
        """Rows of VAT, one for each invoice."""
        for one in self._bulk_invoices():
            yield (
                self._keys.of(5, one.issue_date, one.row),
                self._keys.of(3, one.issue_date, one.row),
                1, "S", one.vat_rate, one.net, one.vat,
            )  # fmt: skip

    def series(self) -> list[dict[str, Any]]:  # Any: column values
        """The last sales number of each year."""
        last: dict[int, int] = {}
        for one in self._bulk_invoices():
            if one.direction == "sale":
                last[one.issue_date.year] = one.row
        return [{"series": "sales", "year": year, "last_number": row} for year, row in last.items()]

    def accounts(self) -> list[dict[str, Any]]:  # Any: column values
        """Two accounts; their balances come with the movements."""
        now = datetime.now(UTC)
        return [
            {"id": UUID(key), "name": name, "as_of": now}
            for key, name in zip(self._account_keys, ACCOUNTS, strict=True)
        ]

    def movements(self) -> Iterator[Values]:
        """Rows of MOVEMENT; notes what they pay and what they move."""
        for one in generator.movements(
            seed=SEED,
            count=self.transactions,
            invoices=self._count,
            today=self._today,
            contacts=CONTACTS,
        ):
            account = 1 if one.row % _SECOND_EVERY == 0 else 0
            self._moved[account][one.booked_on] += one.amount
            if one.invoice is not None:
                self._paid.append((one.row, one.booked_on, one.invoice, abs(one.amount)))
            yield (
                self._keys.of(6, one.booked_on, one.row), self._account_keys[account],
                one.booked_on, one.booked_on, one.amount, "EUR", one.counterparty_name,
                one.counterparty_iban, one.text, one.reference, f"seed-{one.row:09d}", "booked",
            )  # fmt: skip

    def allocations(self) -> Iterator[Values]:
        """Rows of ALLOCATION, once the movements have been made."""
        for row, day, invoice, amount in self._paid:
            issued = generator.issue_date(invoice, count=self._count, today=self._today)
            yield (
                self._keys.of(7, day, row), self._keys.of(3, issued, invoice),
                self._keys.of(6, day, row), amount, '{"reference": 1}',
            )  # fmt: skip

    def moved(self) -> dict[UUID, dict[date, Decimal]]:
        """What moved on each account and day, once the movements have been made."""
        return {
            UUID(key): dict(days) for key, days in zip(self._account_keys, self._moved, strict=True)
        }

    def _bulk_invoices(self) -> Iterator[BulkInvoice]:
        return generator.invoices(
            seed=SEED, count=self._count, today=self._today, contacts=CONTACTS
        )


def planned(today: date) -> list[dict[str, Any]]:  # Any: column values
    """What comes back every month and quarter."""
    plan = (
        ("Lonen", Decimal(-180_000), Rhythm.MONTHLY_LAST_WORKING_DAY, 25),
        ("Huur", Decimal(-12_500), Rhythm.MONTHLY, 10),
        ("Btw", Decimal(-260_000), Rhythm.QUARTERLY, 20),
    )
    return [
        {
            "name": name,
            "amount": amount,
            "rhythm": rhythm,
            "starts_on": today + timedelta(days=wait),
            "source": "manual",
        }
        for name, amount, rhythm, wait in plan
    ]
