"""What is asked once a day: the balances of the ledger, and numbers that contacts lack."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from billify.application import accounting_contacts, live
from billify.application.partners.protocol import Run
from billify.application.partners.yuki import access
from billify.data.db import transaction
from billify.data.models import Integration
from billify.data.queries import accounting_balances as queries
from billify.data.queries import accounting_invoices as invoices
from billify.data.queries import connections
from billify.domain.accounting import plan
from billify.domain.brussels import day_of
from billify.integrations import yuki

BALANCES_ON, CONTACTS_ON = "balances_on", "contacts_on"
"""Where a connection's details say when each was done last."""


def work(*, run: Run, client: yuki.Client) -> None:
    """Ask for what is due today; each part is kept for itself, so that a later fault loses none."""
    with transaction():
        row = connections.connection(run.integration_id)
    if row is None:
        return
    if _is_due(row, BALANCES_ON, run.started):
        _balances(run, client, access.books_of(row))
    if _is_due(row, CONTACTS_ON, run.started):
        _contacts(run, client, str(row.details["domain_id"]))


def _is_due(row: Integration, mark: str, now: datetime) -> bool:
    done = row.details.get(mark)
    return plan.is_daily_due(date.fromisoformat(done) if done else None, now=now)


def _balances(run: Run, client: yuki.Client, administration_id: str) -> None:
    """Those of yesterday's end: a day's bank statement reaches the books on the next."""
    today = day_of(run.started)
    day = today - timedelta(days=1)
    found = client.balances(administration_id=administration_id, on=day)
    kept = {one.code: (one.description, one.amount) for one in found}
    with transaction():
        queries.replace(run.integration_id, day, kept, at=datetime.now(UTC))
        _mark(run.integration_id, BALANCES_ON, today)


def _contacts(run: Run, client: yuki.Client, domain_id: str) -> None:
    """Nothing is asked while no contact lacks its number."""
    with transaction():
        wanted = invoices.without_vat_number(run.integration_id)
    told: list[tuple[UUID, str]] = []
    left = set(wanted)
    for page in range(1, plan.CONTACT_PAGES_A_DAY + 1):
        found = client.contacts(domain_id=domain_id, page=page) if left else []
        told += [(wanted[one.id], one.vat_number) for one in found if one.id in left]
        left -= {one.id for one in found}
        if not found:
            break
    with transaction():
        if accounting_contacts.fill_numbers(told=told):
            live.touch("contacts")
        _mark(run.integration_id, CONTACTS_ON, day_of(run.started))


def _mark(integration_id: UUID, mark: str, day: date) -> None:
    row = connections.lock_connection(integration_id)
    if row is not None:
        row.details = row.details | {mark: day.isoformat()}
