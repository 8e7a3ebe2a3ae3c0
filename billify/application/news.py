"""What is worth telling people: each thing that happens, whom it is for and what its words need.

The use case where it happens calls one of these within its transaction; the words that read the
facts stand in web/notification_words.py.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from billify.application import notifications
from billify.application.notifications import Thing
from billify.data import tenancy
from billify.data.db import before_commit, db, transaction
from billify.data.models import Allocation, BankTransaction, Document, Integration, Invoice
from billify.data.queries import news as queries
from billify.data.queries import staff_companies
from billify.domain import connections as rules
from billify.domain.brussels import day_of
from billify.domain.forecast.shapes import AlertKind
from billify.domain.invoices import InvoiceDirection, InvoiceKind
from billify.domain.notifications import NotificationKind
from billify.domain.roles import Right

NEWS_UNTIL = timedelta(days=30)
"""A payment that is older is history that was brought in, and no news."""
_ALERTS = {
    AlertKind.BELOW_FLOOR: NotificationKind.BELOW_FLOOR,
    AlertKind.CUSTOMER_SLOWER: NotificationKind.CUSTOMER_SLOWER,
}


def invoice_waits(*, invoice: Invoice, uploaded_by: UUID | None = None) -> None:
    """An invoice came in or was checked, and waits for who may approve. Who uploaded it knows."""
    desk = "sales" if invoice.direction is InvoiceDirection.SALE else "purchases"
    notifications.tell(
        kind=NotificationKind.TO_APPROVE,
        key=str(invoice.id),
        facts=_invoice_facts(invoice),
        path=f"invoices/{invoice.id}",
        right=Right.APPROVE,
        but=[uploaded_by],
        group=f"{desk}?view={invoice.status.value}",
    )


def read_failed(*, document: Document) -> None:
    """A document could not be read: for who sent it in, and who edits invoices."""
    notifications.tell(
        kind=NotificationKind.READ_FAILED,
        key=str(document.id),
        facts={"name": document.name},
        path=f"documents/{document.id}",
        to=[document.uploaded_by] if document.uploaded_by else None,
        right=Right.EDIT_INVOICES,
        group="purchases",
    )


def payment_received(*, row: Allocation, invoice: Invoice, line: BankTransaction) -> None:
    """A customer paid. Told once for all of a transaction, before its commit."""
    is_money_in = (
        invoice.direction is InvoiceDirection.SALE
        and invoice.kind is InvoiceKind.INVOICE
        and not row.reopens
        and line.amount > 0
    )
    today = day_of(datetime.now(UTC))
    if not is_money_in or today - line.booked_on > NEWS_UNTIL:
        return
    waiting: list[tuple[Allocation, Invoice]] = db.session.info.setdefault("payments", [])
    waiting.append((row, invoice))
    before_commit("payments", _tell_payments)


def payment_taken_back(*, row: Allocation) -> None:
    """A line no longer settles an invoice: who has not read of it need not."""
    notifications.withdraw(kind=NotificationKind.PAYMENT_RECEIVED, key=str(row.id))


def alert_raised(*, alert_id: UUID, kind: AlertKind, key: str, facts: Mapping[str, Any]) -> None:
    """The forecast tells something new: the balance below the floor, or a slower customer."""
    told = _ALERTS.get(kind)
    if told is None:
        return
    is_customer = told is NotificationKind.CUSTOMER_SLOWER
    notifications.tell(
        kind=told,
        key=str(alert_id),
        facts=dict(facts),
        path=f"contacts/{key}" if is_customer else "cash-flow",
        right=Right.SEE_MONEY,
    )


def connection_went(*, row: Integration, was_fresh: datetime | None, had_failed: bool) -> None:
    """A run of a connection has ended, well or not. It is told once for each spell of failing,
    when Billify only tries now and then or a person has to do something; the end of it is
    quiet."""
    kind = NotificationKind.SYNC_FAILING
    if row.failures == 0:
        if had_failed:
            notifications.withdraw(kind=kind, key=_spell(row, was_fresh))
        return
    if row.failures < rules.OPEN_AFTER and row.trouble not in rules.WANTS_PERSON:
        return
    notifications.tell(
        kind=kind,
        key=_spell(row, was_fresh),
        facts={
            "name": row.name,
            "partner": row.partner.value,
            "trouble": row.trouble.value if row.trouble else None,
            "since": was_fresh.isoformat() if was_fresh else None,
        },
        path=f"settings/connections/{row.id}",
        right=Right.MANAGE_COMPANY,
    )


def consents_ending(*, now: datetime) -> None:
    """Look through the consents of the company: two weeks, a week and a day before one ends it is
    told, each once."""
    with transaction():
        for one in queries.ending_consents(now + timedelta(days=rules.WARN_DAYS[0] + 1)):
            notice = rules.consent_notice(one.name, one.ends, now=now)
            if notice is None or notice.has_ended:
                continue
            step = min(day for day in rules.WARN_DAYS if notice.days <= day)
            notifications.tell(
                kind=NotificationKind.CONSENT_ENDING,
                key=f"{one.account_id}:{one.ends.date()}:{step}",
                facts={"name": one.name, "ends": one.ends.isoformat(), "days": notice.days},
                path=f"settings/connections/{one.integration_id}",
                right=Right.MANAGE_COMPANY,
            )


def look_at_consents(*, now: datetime) -> None:
    """The same for every company."""
    with tenancy.unscoped("one clock looks after the consents of all companies"):
        company_ids = staff_companies.ids()
    for company_id in company_ids:
        with tenancy.company_scope(company_id):
            consents_ending(now=now)


def export_ready(*, key: str, facts: dict[str, Any], path: str, user_id: UUID) -> None:
    """A file somebody asked for is there."""
    notifications.tell(
        kind=NotificationKind.EXPORT_READY, key=key, facts=facts, path=path, to=[user_id]
    )


def announced(*, announcement_id: UUID, words: Mapping[str, str], companies: Iterable[UUID]) -> int:
    """Staff tell everybody; gives how many companies were told. Called outside of a company."""
    count = 0
    for company_id in companies:
        with tenancy.company_scope(company_id):
            notifications.tell(
                kind=NotificationKind.ANNOUNCEMENT,
                key=str(announcement_id),
                facts={"words": dict(words)},
            )
        count += 1
    return count


def support_asks(*, access_id: UUID, user_id: UUID, staff_name: str, reason: str) -> None:
    """Staff ask to see what a person of the company sees."""
    notifications.tell(
        kind=NotificationKind.SUPPORT_ASKS,
        key=str(access_id),
        facts={"name": staff_name, "reason": reason},
        path="support",
        to=[user_id],
    )


def _tell_payments() -> None:
    """All payments of a transaction at once, when their rows have their keys; by company, as one
    transaction may work for several."""
    paid: list[tuple[Allocation, Invoice]] = db.session.info.pop("payments", [])
    person = tenancy.current().user_id
    for company_id in sorted({row.company_id for row, _ in paid}):
        things = [
            Thing(
                str(row.id),
                {**_invoice_facts(invoice), "amount": str(row.amount)},
                f"invoices/{invoice.id}",
            )
            for row, invoice in paid
            if row.company_id == company_id
        ]
        with tenancy.company_scope(company_id, person):
            notifications.tell_of(
                kind=NotificationKind.PAYMENT_RECEIVED,
                things=things,
                right=Right.SEE_MONEY,
                group="sales?view=paid",
            )


def _invoice_facts(invoice: Invoice) -> dict[str, Any]:  # Any: JSON
    gross = invoice.gross_amount
    return {
        "name": invoice.party_name,
        "number": invoice.number,
        "amount": None if gross is None else str(gross),
        "currency": invoice.currency,
    }


def _spell(row: Integration, was_fresh: datetime | None) -> str:
    """A spell of failing, by when the connection was last up to date."""
    return f"{row.id}:{was_fresh.isoformat() if was_fresh else 'never'}"
