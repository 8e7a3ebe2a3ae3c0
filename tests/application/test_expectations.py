"""A person says when an invoice will be paid, or that it is in dispute: the forecast follows."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from billify.application import expectations, forecasts
from billify.data.db import db
from billify.data.models import AuditEvent, Invoice, Job
from billify.data.queries import forecast as queries
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from billify.domain.refusal import NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Role
from tests import factories
from tests.cast import Cast, add_member
from tests.factories import books_of

TODAY = date(2026, 11, 18)


@pytest.fixture
def anna(cast: Cast) -> Iterator[Actor]:
    with books_of(cast.anna):
        yield cast.anna.actor


def a_sale(status: InvoiceStatus = InvoiceStatus.OPEN) -> Invoice:
    return factories.invoice(
        gross="800.00",
        direction=InvoiceDirection.SALE,
        due_date=date(2026, 12, 1),
        status=status,
    )


def verbs() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.at)))


def asked() -> int:
    return len(db.session.scalars(select(Job).where(Job.name == queries.JOB)).all())


def test_the_day_a_person_expects_counts_instead_of_the_one_worked_out(anna: Actor) -> None:
    invoice = a_sale()

    expectations.expect(invoice_id=invoice.id, on=date(2027, 1, 11), today=TODAY, by=anna)
    [flow] = forecasts.make(today=TODAY).flows[:1]

    assert flow.day == date(2027, 1, 11)
    assert flow.amount == Decimal("800.00")
    assert flow.is_by_hand
    assert flow.reason.code == "by_hand"


def test_it_is_written_down_and_the_forecast_is_asked_for(anna: Actor) -> None:
    invoice = a_sale()

    expectations.expect(invoice_id=invoice.id, on=date(2027, 1, 11), today=TODAY, by=anna)

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == invoice.id)).one()
    assert event.verb == "invoice.expected"
    assert event.before == {"expected_on": None, "is_disputed": False}
    assert event.after == {"expected_on": "2027-01-11", "is_disputed": False}
    assert invoice.expected_by == anna.user_id
    assert asked() == 1


def test_to_say_the_same_again_writes_nothing(anna: Actor) -> None:
    invoice = a_sale()
    expectations.expect(invoice_id=invoice.id, on=date(2027, 1, 11), today=TODAY, by=anna)

    expectations.expect(invoice_id=invoice.id, on=date(2027, 1, 11), today=TODAY, by=anna)

    assert verbs() == ["invoice.expected"]


def test_a_day_taken_back_is_worked_out_again(anna: Actor) -> None:
    invoice = a_sale()
    expectations.expect(invoice_id=invoice.id, on=date(2027, 1, 11), today=TODAY, by=anna)

    expectations.forget_day(invoice_id=invoice.id, by=anna)

    assert invoice.expected_on is None
    assert invoice.expected_by is None
    assert not forecasts.make(today=TODAY).flows[0].is_by_hand


def test_a_disputed_invoice_is_not_counted_until_the_dispute_is_over(anna: Actor) -> None:
    invoice = a_sale()

    expectations.dispute(invoice_id=invoice.id, by=anna)
    during = forecasts.make(today=TODAY)
    expectations.end_dispute(invoice_id=invoice.id, by=anna)
    after = forecasts.make(today=TODAY)

    assert (during.flows, [one.reason.code for one in during.not_counted]) == ((), ["disputed"])
    assert [one.ref for one in after.flows] == [str(invoice.id)]
    assert after.not_counted == ()
    assert verbs() == ["invoice.disputed", "invoice.dispute_ended"]


@pytest.mark.parametrize("days", [-1, -400, 36 * 30 + 1, 20_000])
def test_a_day_that_is_over_or_out_of_sight_is_refused(anna: Actor, days: int) -> None:
    invoice = a_sale()

    with pytest.raises(Refusal):
        expectations.expect(
            invoice_id=invoice.id, on=TODAY + timedelta(days=days), today=TODAY, by=anna
        )

    assert invoice.expected_on is None
    assert verbs() == []


def test_an_invoice_that_is_paid_can_no_longer_be_expected(anna: Actor) -> None:
    invoice = a_sale(status=InvoiceStatus.PAID)

    with pytest.raises(Refusal):
        expectations.expect(invoice_id=invoice.id, on=TODAY, today=TODAY, by=anna)
    with pytest.raises(Refusal):
        expectations.dispute(invoice_id=invoice.id, by=anna)


def test_who_may_only_read_says_nothing(cast: Cast) -> None:
    with books_of(cast.anna):
        invoice = a_sale()
        assert cast.anna.company_id is not None
        viewer = add_member(cast.anna.company_id, cast.anna.slug, "Vera", Role.VIEWER).actor

        with pytest.raises(NotAllowed):
            expectations.expect(invoice_id=invoice.id, on=TODAY, today=TODAY, by=viewer)
        with pytest.raises(NotAllowed):
            expectations.dispute(invoice_id=invoice.id, by=viewer)


def test_another_companys_invoice_is_not_there(cast: Cast) -> None:
    with books_of(cast.chloe):
        theirs = a_sale()

    with books_of(cast.anna), pytest.raises(NotFound):
        expectations.expect(invoice_id=theirs.id, on=TODAY, today=TODAY, by=cast.anna.actor)
