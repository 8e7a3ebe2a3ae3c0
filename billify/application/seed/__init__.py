"""`billify seed`: a company with very many rows, to measure how Billify behaves with them.

The same numbers give the same rows: keys are made from the row's day, its place and the company.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import accumulate

from billify.application import audit, people, ports
from billify.application.forecast_asking import ask
from billify.application.seed import rows
from billify.application.seed.rows import Made, Values
from billify.data import tenancy
from billify.data.db import Base, db, transaction
from billify.data.models import (
    Allocation,
    BankAccount,
    BankTransaction,
    Company,
    Contact,
    Invoice,
    InvoiceLine,
    InvoiceVat,
    NumberSeries,
    PlannedItem,
)
from billify.data.queries import auth, banking, bulk
from billify.data.types import uuid7
from billify.domain.brussels import day_of
from billify.domain.refusal import N_, Refusal
from billify.domain.roles import Role

LEAST_BALANCE = Decimal(25_000)
Say = Callable[[str], None]


def seed(*, invoices: int, transactions: int, company: str, say: Say) -> None:
    """Fill a company with rows over five years; makes the company when it is not there.

    Refuses a company that was filled before, since the same rows would come twice.
    """
    today = day_of(datetime.now(UTC))
    _make_company(company, say)
    company_id = people.company_id(slug=company)
    with tenancy.company_scope(company_id), transaction():
        if bulk.has_rows_from(rows.SOURCE):
            raise Refusal(N_("The company %(slug)s has been filled before."), slug=company)
        _Filling(Made(company, invoices, transactions, today), today, say).fill()
        ask()
        audit.record(
            "company.seeded",
            db.session.get_one(Company, company_id),
            by=None,
            after={"invoices": invoices, "transactions": transactions},
        )
    owner_url = ports.settings().database_owner_url
    if owner_url:
        bulk.tidy(owner_url)


def _make_company(slug: str, say: Say) -> None:
    """The company, and somebody who can log in to it."""
    with tenancy.unscoped("the company to fill may be there already"):
        if auth.slug_is_taken(slug):
            return
    made = Company(id=uuid7(), slug=slug, name=slug.replace("-", " ").title(), language="nl")
    with tenancy.company_scope(made.id), transaction() as session:
        session.add(made)
    email = f"owner@{slug}.billify.test"
    password = people.add(
        email=email, name="Owner", slug=slug, role=Role.OWNER.value, approval_limit=None
    )
    say(f"Log in as {email} / {password or '(the password it has)'}")


@dataclass(frozen=True, slots=True)
class _Filling:
    """One company being filled, within the running transaction."""

    made: Made
    today: date
    say: Say

    def fill(self) -> None:
        """Every table in the order in which rows point to each other."""
        made = self.made
        self._copy("contacts", Contact, rows.CONTACT, made.contacts())
        self._copy("invoices", Invoice, rows.INVOICE, made.invoices())
        self._copy("invoice lines", InvoiceLine, rows.LINE, made.lines())
        self._copy("VAT rows", InvoiceVat, rows.VAT, made.vat())
        bulk.add(NumberSeries, made.series())
        bulk.add(PlannedItem, rows.planned(self.today))
        self._fill_bank()

    def _fill_bank(self) -> None:
        made, started = self.made, time.perf_counter()
        bulk.add(BankAccount, made.accounts())
        self._copy("transactions", BankTransaction, rows.MOVEMENT, made.movements())
        self._copy("allocations", Allocation, rows.ALLOCATION, made.allocations())
        self._keep_balances()
        rate = made.transactions / (time.perf_counter() - started)
        self.say(f"transactions with allocations and balances: {rate:,.0f} a second")

    def _copy(
        self, what: str, model: type[Base], columns: tuple[str, ...], values: Iterable[Values]
    ) -> None:
        started, count = time.perf_counter(), 0
        for count in bulk.copy(model, columns, values):
            self.say(f"{what}: {count:,} in {time.perf_counter() - started:.1f} s")

    def _keep_balances(self) -> None:
        """Balances from the lines themselves, opened so that no account goes below a floor."""
        for account_id, days in self.made.moved().items():
            lowest = min(accumulate(days[day] for day in sorted(days)), default=Decimal(0))
            account = banking.lock_account(account_id)
            if account is not None:
                account.balance = banking.recount(
                    account_id,
                    opening_day=min(days, default=self.today),
                    opening_balance=LEAST_BALANCE - min(lowest, Decimal(0)),
                )
        db.session.flush()
