"""What happens is told to those it is for, once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from billify.application import documents, matching, news
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import (
    BankTransaction,
    ConnectedAccount,
    Integration,
    Invoice,
    Notification,
)
from billify.data.types import uuid7
from billify.domain.brussels import day_of
from billify.domain.connections import AccountState, ConnectionState, Partner, Trouble
from billify.domain.documents import DocumentStatus
from billify.domain.forecast.shapes import AlertKind
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.matching.settling import Part
from billify.domain.notifications import NotificationKind
from billify.domain.refusal import Refusal
from tests import factories
from tests.cast import Cast

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KINDS = NotificationKind


@pytest.fixture(autouse=True)
def bakery(cast: Cast) -> Iterator[None]:
    """A job works on Anna's company."""
    with factories.books_of(cast.anna):
        yield


def told(kind: NotificationKind) -> list[Notification]:
    return list(
        db.session.scalars(
            select(Notification)
            .where(Notification.kind == kind)
            .order_by(Notification.id)
            .execution_options(populate_existing=True)
        )
    )


def people(kind: NotificationKind) -> set[UUID]:
    return {row.user_id for row in told(kind)}


def wait(invoice: Invoice, **more: Any) -> None:
    with transaction():
        news.invoice_waits(invoice=invoice, **more)


def test_an_invoice_that_was_read_waits_for_who_approves_but_its_uploader(cast: Cast) -> None:
    invoice = factories.invoice(status=InvoiceStatus.TO_CHECK)

    wait(invoice, uploaded_by=cast.emma.user_id)

    (row,) = told(KINDS.TO_APPROVE)
    assert row.user_id == cast.anna.user_id
    assert row.path == f"invoices/{invoice.id}"


def test_many_that_wait_lead_to_their_list(cast: Cast) -> None:
    for _ in range(3):
        wait(factories.invoice(status=InvoiceStatus.TO_CHECK), uploaded_by=cast.emma.user_id)

    (row,) = told(KINDS.TO_APPROVE)
    assert (row.facts["count"], row.path) == (3, "purchases?view=to_check")


def test_what_was_checked_waits_for_all_who_approve(cast: Cast) -> None:
    invoice = factories.invoice(status=InvoiceStatus.TO_APPROVE)

    wait(invoice)

    assert people(KINDS.TO_APPROVE) == {cast.anna.user_id, cast.emma.user_id}
    assert {row.facts["group"] for row in told(KINDS.TO_APPROVE)} == {"purchases?view=to_approve"}


def test_a_document_that_failed_is_told_to_who_sent_it_and_who_edits(cast: Cast) -> None:
    document = factories.document(status=DocumentStatus.READING, uploaded_by=cast.bram.user_id)

    documents.record_failure(document_id=document.id, refusal=Refusal("No."))

    everybody = {cast.anna.user_id, cast.bram.user_id, cast.emma.user_id}
    assert people(KINDS.READ_FAILED) == everybody


def paid_sale(booked_on: date) -> tuple[Invoice, BankTransaction]:
    invoice = factories.invoice(direction=InvoiceDirection.SALE)
    return invoice, factories.movement(on=factories.account(), amount="121.00", booked_on=booked_on)


def settle(cast: Cast, invoice: Invoice, line: BankTransaction) -> None:
    part = Part(str(invoice.id), Decimal("121.00"))
    matching.settle(line_id=line.id, parts=[part], by=cast.anna.actor)


def today() -> date:
    return day_of(datetime.now(UTC))


def test_a_payment_is_told_with_its_amount(cast: Cast) -> None:
    invoice, line = paid_sale(today())

    settle(cast, invoice, line)

    rows = told(KINDS.PAYMENT_RECEIVED)
    assert len(rows) == 3
    assert (rows[0].facts["amount"], rows[0].path) == ("121.00", f"invoices/{invoice.id}")


def test_who_settled_it_by_hand_is_not_told(cast: Cast) -> None:
    invoice, line = paid_sale(today())

    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        settle(cast, invoice, line)

    assert people(KINDS.PAYMENT_RECEIVED) == {cast.bram.user_id, cast.emma.user_id}


def test_a_payment_taken_back_is_no_longer_told(cast: Cast) -> None:
    invoice, line = paid_sale(today())
    settle(cast, invoice, line)

    matching.undo(line_id=line.id, by=cast.anna.actor)

    assert told(KINDS.PAYMENT_RECEIVED) == []


def test_history_is_no_news(cast: Cast) -> None:
    invoice, line = paid_sale(today() - timedelta(days=31))

    settle(cast, invoice, line)

    assert told(KINDS.PAYMENT_RECEIVED) == []


def test_what_we_pay_is_not_told_as_received(cast: Cast) -> None:
    invoice = factories.invoice()
    line = factories.movement(on=factories.account(), amount="-121.00", booked_on=today())
    part = Part(str(invoice.id), Decimal("121.00"))

    matching.settle(line_id=line.id, parts=[part], by=cast.anna.actor)

    assert told(KINDS.PAYMENT_RECEIVED) == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (AlertKind.BELOW_FLOOR, KINDS.BELOW_FLOOR),
        (AlertKind.CUSTOMER_SLOWER, KINDS.CUSTOMER_SLOWER),
    ],
)
def test_an_alert_is_told(cast: Cast, kind: AlertKind, expected: NotificationKind) -> None:
    facts = {"name": "Horeca", "before": 2, "now": 20}

    news.alert_raised(alert_id=uuid7(), kind=kind, key=str(uuid7()), facts=facts)

    assert people(expected) == {cast.anna.user_id, cast.bram.user_id, cast.emma.user_id}


def test_a_large_outflow_is_shown_on_home_alone(cast: Cast) -> None:
    news.alert_raised(alert_id=uuid7(), kind=AlertKind.LARGE_OUTFLOW, key="x", facts={})

    assert db.session.scalars(select(Notification)).all() == []


def connection(**more: Any) -> Integration:
    values = {"partner": Partner.PONTO, "state": ConnectionState.ACTIVE, "name": "Bank", **more}
    row = Integration(**values)
    with transaction() as session:
        session.add(row)
    return row


def went(
    row: Integration, failures: int, *, fresh: datetime = NOW, had_failed: bool = True
) -> None:
    row.failures = failures
    with transaction():
        news.connection_went(row=row, was_fresh=fresh, had_failed=had_failed)


def test_a_failing_connection_is_told_once_a_spell(cast: Cast) -> None:
    row = connection(trouble=Trouble.UNREACHABLE)

    for failures in range(1, 9):
        went(row, failures)

    (only,) = told(KINDS.SYNC_FAILING)
    assert only.user_id == cast.anna.user_id
    assert only.path == f"settings/connections/{row.id}"


def test_the_end_of_a_spell_is_quiet(cast: Cast) -> None:
    row = connection(trouble=Trouble.UNREACHABLE)
    went(row, 5)

    went(row, 0)

    assert told(KINDS.SYNC_FAILING) == []


def test_a_new_spell_is_told_anew(cast: Cast) -> None:
    row = connection(trouble=Trouble.UNREACHABLE)
    went(row, 5)
    went(row, 5, fresh=NOW + timedelta(days=1))

    assert len(told(KINDS.SYNC_FAILING)) == 2


def test_a_refused_login_is_told_at_once(cast: Cast) -> None:
    row = connection(state=ConnectionState.RECONNECT, trouble=Trouble.LOGIN_REFUSED)

    went(row, 1)

    assert len(told(KINDS.SYNC_FAILING)) == 1


def test_a_consent_is_told_two_weeks_a_week_and_a_day_before_it_ends(cast: Cast) -> None:
    row = connection()
    with transaction() as session:
        session.add(
            ConnectedAccount(
                integration_id=row.id,
                external_id="1",
                state=AccountState.FOLLOWED,
                name="Zichtrekening",
                consent_ends=NOW + timedelta(days=20),
            )
        )

    for day in range(21):
        for hour in (0, 6):
            news.consents_ending(now=NOW + timedelta(days=day, hours=hour))

    assert [one.facts["days"] for one in told(KINDS.CONSENT_ENDING)] == [14, 7, 1]


def test_an_announcement_reaches_every_company_once(cast: Cast) -> None:
    key = uuid7()
    assert cast.chloe.company_id is not None
    both = [cast.anna.actor.company_id, cast.chloe.company_id]
    tenancy.enter(tenancy.NOBODY)
    for _ in range(2):
        news.announced(announcement_id=key, words={"en": "Work tonight"}, companies=both)

    with factories.books_of(cast.chloe):
        assert people(KINDS.ANNOUNCEMENT) == {cast.chloe.user_id}
    with factories.books_of(cast.anna):
        assert len(told(KINDS.ANNOUNCEMENT)) == 3


def test_what_one_enters_by_hand_is_told_to_the_others(cast: Cast) -> None:
    invoice = factories.invoice(status=InvoiceStatus.TO_APPROVE)

    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        wait(invoice)

    assert people(KINDS.TO_APPROVE) == {cast.emma.user_id}
