"""What is old goes and is counted; books, the log and what is young stay."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from billify.application import documents, ports, retention
from billify.data import tenancy
from billify.data.db import Base, db, transaction
from billify.data.models import (
    Allocation,
    AuditEvent,
    BankTransaction,
    Company,
    Document,
    Integration,
    Invitation,
    Invoice,
    Job,
    LoginSession,
    Mail,
    Notification,
    PersonToken,
    SyncLog,
)
from billify.data.queries import retention as queries
from billify.data.types import uuid7
from billify.domain.connections import ConnectionState, Partner, RunState
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceStatus
from billify.domain.jobs import JobStatus
from billify.domain.keeping import Keeping
from billify.domain.mails import MailState
from billify.domain.notifications import NotificationKind
from billify.domain.people import TokenPurpose
from billify.domain.refusal import NotAllowed, Refusal
from billify.domain.roles import Role
from tests import factories
from tests.cast import Cast

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
"""Half past three in Brussels."""
LONG_AGO = NOW - timedelta(days=4000)


@pytest.fixture(autouse=True)
def bakery(cast: Cast) -> Iterator[None]:
    """The job works on Anna's company."""
    with factories.books_of(cast.anna):
        yield


def add(*rows: Base) -> None:
    with transaction() as session:
        session.add_all(rows)


def count(table: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def run_of(started: datetime, state: RunState = RunState.DONE) -> SyncLog:
    row = Integration(partner=Partner.PONTO, state=ConnectionState.ACTIVE)
    add(row)
    return SyncLog(integration_id=row.id, started_at=started, state=state)


def told(cast: Cast, created: datetime) -> Notification:
    return Notification(
        user_id=cast.anna.user_id,
        kind=NotificationKind.TO_APPROVE,
        key=str(uuid7()),
        created_at=created,
    )


def job(status: JobStatus, finished: datetime | None) -> Job:
    return Job(name="forecast.make", queue="default", status=status, finished_at=finished)


def keep(cast: Cast, *, put_away: int | None) -> None:
    retention.keep(keeping=Keeping(90, 180, put_away), by=cast.anna.actor)


def test_old_runs_go_and_young_ones_stay() -> None:
    add(run_of(NOW - timedelta(days=91)), run_of(NOW - timedelta(days=89)))
    add(run_of(LONG_AGO, RunState.RUNNING))

    assert retention.apply(now=NOW) == {"sync_log": 1}
    assert count(SyncLog) == 2


def test_what_people_were_told_long_ago_goes(cast: Cast) -> None:
    add(told(cast, NOW - timedelta(days=181)), told(cast, NOW - timedelta(days=179)))

    assert retention.apply(now=NOW) == {"notification": 1}


def test_jobs_that_are_done_go_and_dead_ones_wait() -> None:
    old, young = NOW - timedelta(days=31), NOW - timedelta(days=29)
    add(job(JobStatus.DONE, old), job(JobStatus.DISCARDED, old), job(JobStatus.DONE, young))
    add(job(JobStatus.DEAD, old), job(JobStatus.WAITING, None))

    assert retention.apply(now=NOW) == {"job": 2}
    assert count(Job) == 3


def test_ended_invitations_go_after_a_year() -> None:
    for days in (364, 366):
        add(
            Invitation(
                email="x@example.be",
                role=Role.VIEWER,
                language="nl",
                token_hash=uuid7().bytes * 2,
                expires_at=NOW - timedelta(days=days),
            )
        )

    assert retention.apply(now=NOW) == {"invitation": 1}


def mail(company: Any, state: MailState = MailState.SENT) -> Mail:
    return Mail(
        kind="digest",
        recipient="anna@example.be",
        language="nl",
        subject="",
        state=state,
        about_company=company,
        created_at=LONG_AGO,
    )


def test_mails_of_over_a_year_ago_go_but_those_that_wait(cast: Cast) -> None:
    here = cast.anna.company_id
    add(mail(here), mail(here, MailState.WAITING))

    assert retention.apply(now=NOW) == {"mail": 1}


def put_away(**more: Any) -> Document:
    return factories.document(
        **{"status": DocumentStatus.SET_ASIDE, "created_at": NOW - timedelta(days=40), **more}
    )


def test_files_put_away_stay_for_good_unless_the_company_says_otherwise(cast: Cast) -> None:
    put_away()

    assert retention.apply(now=NOW) == {}


def test_files_put_away_go_with_their_bytes(cast: Cast) -> None:
    keep(cast, put_away=30)
    document = put_away()
    ports.storage().put(document.key, b"paper", "application/pdf")

    assert retention.apply(now=NOW) == {"document": 1}
    documents.forget(document_id=document.id)

    assert not ports.storage().exists(document.key)


def test_a_file_with_an_invoice_stays_whatever_became_of_it(cast: Cast) -> None:
    keep(cast, put_away=30)
    for status in (InvoiceStatus.SET_ASIDE, InvoiceStatus.REJECTED, InvoiceStatus.OPEN):
        factories.invoice(status=status, document_id=put_away().id)

    assert retention.apply(now=NOW) == {}


def test_a_file_that_waits_to_be_checked_stays(cast: Cast) -> None:
    keep(cast, put_away=30)
    put_away(status=DocumentStatus.TO_CHECK)

    assert retention.apply(now=NOW) == {}


def test_the_books_are_never_touched(cast: Cast) -> None:
    keep(cast, put_away=30)
    invoice = factories.invoice(issue_date=date(2014, 1, 1), status=InvoiceStatus.PAID)
    line = factories.movement(on=factories.account(), booked_on=date(2014, 2, 1))
    add(Allocation(invoice_id=invoice.id, transaction_id=line.id, amount=invoice.gross_amount))
    events = count(AuditEvent)

    retention.apply(now=NOW + timedelta(days=40_000))

    assert (count(Invoice), count(BankTransaction), count(Allocation)) == (1, 1, 1)
    assert count(AuditEvent) >= events


def test_what_went_is_counted_in_the_log(cast: Cast) -> None:
    add(told(cast, LONG_AGO), told(cast, LONG_AGO))

    retention.apply(now=NOW)
    retention.apply(now=NOW)

    found = db.session.scalars(
        select(AuditEvent.after).where(AuditEvent.verb == "retention.applied")
    ).all()
    assert found == [{"notification": 2}]


def test_it_goes_on_where_a_batch_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    add(*(told(cast, LONG_AGO) for _ in range(5)))

    assert retention.apply(now=NOW) == {"notification": 5}


def test_another_company_keeps_its_own(cast: Cast) -> None:
    with factories.books_of(cast.chloe):
        row = told(cast, LONG_AGO)
        row.user_id = cast.chloe.user_id
        add(row)

    assert retention.apply(now=NOW) == {}


def test_links_and_log_ins_that_ended_go(cast: Cast) -> None:
    with tenancy.user_scope(cast.anna.user_id):
        add(
            PersonToken(
                user_id=cast.anna.user_id,
                purpose=TokenPurpose.RESET_PASSWORD,
                token_hash=bytes(32),
                expires_at=LONG_AGO,
            )
        )
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == cast.emma.user_id)
        .values(revoked_at=LONG_AGO)
    )
    sessions = count(LoginSession)
    tenancy.enter(tenancy.NOBODY)

    assert retention.ring_due(now=NOW) >= 2

    assert count(LoginSession) == sessions - 1
    with tenancy.unscoped("the test looks at the links of all"):
        assert count(PersonToken) == 0


def test_by_day_nothing_happens(cast: Cast) -> None:
    tenancy.enter(tenancy.NOBODY)

    assert retention.ring_due(now=NOW + timedelta(hours=1)) == 0


def test_owners_alone_say_how_long(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        retention.keep(keeping=Keeping(90, 180, None), by=cast.emma.actor)


@pytest.mark.parametrize("keeping", [Keeping(29, 180, None), Keeping(90, 3651, None)])
def test_no_less_than_a_month_and_no_more_than_ten_years(cast: Cast, keeping: Keeping) -> None:
    with pytest.raises(Refusal):
        retention.keep(keeping=keeping, by=cast.anna.actor)


def test_what_is_said_is_kept(cast: Cast) -> None:
    retention.keep(keeping=Keeping(60, 61, 62), by=cast.anna.actor)

    row = db.session.scalars(select(Company).where(Company.id == cast.anna.company_id)).one()
    assert (row.keep_logs_days, row.keep_told_days, row.keep_put_away_days) == (60, 61, 62)
