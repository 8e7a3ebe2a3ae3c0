"""The bank of the demo company: a connection to the stand-in, and what it is to tell."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from billify.application import audit
from billify.application.demo import people
from billify.application.partners import credentials
from billify.data import tenancy
from billify.data.db import transaction
from billify.data.models import ConnectedAccount, Integration
from billify.data.queries import companies
from billify.data.queries import demo_bank as queries
from billify.data.queries import people as found
from billify.domain.connections import AccountState, ConnectionState, Partner
from billify.domain.invoices import InvoiceDirection

EXTERNAL_ID = "0d3f7c1a-5b52-4f7e-9a6d-2c1f4be80a11"
CLIENT = ("demo", "demo-secret")


@dataclass(frozen=True, slots=True)
class Payment:
    """A movement that the bank will tell; money in is above zero."""

    name: str
    iban: str | None
    amount: Decimal
    message: str
    is_structured: bool


@dataclass(frozen=True, slots=True)
class Script:
    """An account, what it holds, and who will pay."""

    account_id: str
    iban: str
    holder: str
    balance: Decimal
    payments: tuple[Payment, ...]


def connect() -> None:
    """Connect the demo company to the stand-in, unless it was connected before."""
    with bakery() as is_there:
        account = queries.main_account() if is_there else None
        if account is None or queries.has_connection():
            return
        with transaction() as session:
            row = Integration(
                partner=Partner.PONTO,
                state=ConnectionState.ACTIVE,
                name="Bakkerij Anna BV",
                next_run=datetime.now(UTC),
                failures=0,
            )
            session.add(row)
            session.flush()
            keys = {"client_id": CLIENT[0], "client_secret": CLIENT[1]}
            credentials.seal(row, secret=keys)
            session.add(
                ConnectedAccount(
                    integration_id=row.id,
                    external_id=EXTERNAL_ID,
                    account_id=account.id,
                    state=AccountState.FOLLOWED,
                    name=account.name,
                    reference=account.iban or "",
                    iban=account.iban,
                )
            )
            audit.record("connection.made", row, by=None, after={"partner": row.partner})
            # Demos are looked at in the evening too, and then a line a minute is wanted as well.
            companies.lock_own().asks_slower = False


def script(*, but: Collection[str] = ()) -> Script | None:
    """What the stand-in plays for the demo company; None when there is no such company. Nobody
    pays the invoices whose ids are in `but`."""
    with bakery() as is_there, transaction():
        account = queries.main_account() if is_there else None
        if account is None or account.iban is None:
            return None
        payments = [_payment(one) for one in queries.owed() if str(one.id) not in but]
        return Script(
            EXTERNAL_ID, account.iban, "Bakkerij Anna BV", account.balance, tuple(payments)
        )


def _payment(one: queries.Owed) -> Payment:
    is_sale = one.direction is InvoiceDirection.SALE
    message = one.reference or one.number or ""
    return Payment(
        one.party,
        one.iban,
        one.amount if is_sale else -one.amount,
        message,
        is_structured=len(message) == 12 and message.isdigit(),
    )


@contextmanager
def bakery() -> Iterator[bool]:
    """Within the demo company, when it is there."""
    with tenancy.unscoped("the demo company is found by its name"):
        company = next((one for one in found.companies() if one.slug == people.BAKERY), None)
    if company is None:
        yield False
        return
    with tenancy.company_scope(company.id):
        yield True
