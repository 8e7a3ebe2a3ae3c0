"""Invoices: approved once, within a limit; issued with numbers that have no gap and no twin;
never changed afterwards; every step in the audit log."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from billify.application import audit, invoices
from billify.application.entries import Entry
from billify.application.parties import NewContact
from billify.data import tenancy
from billify.data.db import db
from billify.data.models import AuditEvent, Contact, Invoice, NumberSeries
from billify.data.queries import contacts as contact_queries
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus, Line
from billify.domain.refusal import NotAllowed, NotFound, Refusal, Stale
from billify.domain.roles import Role
from billify.domain.vat import VatCategory
from tests import factories
from tests.cast import Cast, Member, add_member
from tests.committed import at_once

SALE, PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with tenancy.company_scope(cast.anna.actor.company_id, cast.anna.user_id):
        yield cast.anna


def entry(**more: Any) -> Entry:  # Any: fields
    values: dict[str, Any] = {
        "kind": InvoiceKind.INVOICE,
        "number": None,
        "contact_id": None,
        "new_contact": NewContact("Frituur De Hoek"),
        "issue_date": date(2026, 3, 2),
        "due_date": None,
        "delivery_date": None,
        "currency": "EUR",
        "net_amount": None,
        "vat_amount": None,
        "gross_amount": None,
        "payment_reference": None,
        "payee_iban": None,
        "note": None,
        "lines": (
            Line(
                quantity=Decimal(2),
                unit_price=Decimal("50.00"),
                vat_category=VatCategory.STANDARD,
                vat_rate=Decimal(21),
                description="Brood",
            ),
        ),
        **more,
    }
    return Entry(**values)


def sale(member: Member, **more: Any) -> Invoice:
    return invoices.enter(direction=SALE, entry=entry(**more), by=member.actor).invoice


def verbs() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq)))


class TestNumbers:
    def test_a_sale_gets_its_number_when_it_is_issued(self, anna: Member) -> None:
        draft = sale(anna)
        assert draft.number is None

        issued = invoices.approve(invoice_id=draft.id, by=anna.actor)

        assert issued.number == "2026-0001"
        assert issued.status is InvoiceStatus.OPEN
        assert issued.gross_amount == issued.open_amount == Decimal("121.00")
        assert issued.payment_reference is not None

    def test_numbers_follow_each_other_within_a_year(self, anna: Member) -> None:
        days = (date(2026, 3, 2), date(2027, 1, 4), date(2026, 12, 31))
        numbers = [
            invoices.approve(invoice_id=sale(anna, issue_date=day).id, by=anna.actor).number
            for day in days
        ]

        assert numbers == ["2026-0001", "2027-0001", "2026-0002"]

    def test_a_refused_issue_takes_no_number(self, anna: Member) -> None:
        empty = sale(anna, lines=())
        with pytest.raises(Refusal, match="total amount"):
            invoices.approve(invoice_id=empty.id, by=anna.actor)

        assert invoices.approve(invoice_id=sale(anna).id, by=anna.actor).number == "2026-0001"

    def test_a_number_given_elsewhere_is_passed_over(self, anna: Member) -> None:
        """Our own invoice of another program, read in, must not stop the series for ever."""
        factories.invoice(direction=SALE, number="2026-0001", of=factories.contact("Klant"))

        assert invoices.approve(invoice_id=sale(anna).id, by=anna.actor).number == "2026-0002"

    def test_companies_have_series_of_their_own(self, cast: Cast) -> None:
        for member in (cast.anna, cast.chloe):
            with tenancy.company_scope(member.actor.company_id):
                draft = sale(member)
                assert invoices.approve(invoice_id=draft.id, by=member.actor).number == "2026-0001"

    def test_sales_issued_at_the_same_moment_have_no_gap_and_no_twin(
        self, real: Flask, real_cast: Cast
    ) -> None:
        anna = real_cast.anna
        company_id = anna.actor.company_id
        with tenancy.company_scope(company_id):
            drafts = [sale(anna).id for _ in range(8)]

        def issue(key: Any) -> None:
            with tenancy.company_scope(company_id):
                invoices.approve(invoice_id=key, by=anna.actor)

        at_once(real, *[lambda key=key: issue(key) for key in drafts])  # type: ignore[misc]

        with tenancy.company_scope(company_id):
            numbers = db.session.scalars(select(Invoice.number)).all()
            assert sorted(str(number) for number in numbers) == [
                f"2026-{number:04d}" for number in range(1, 9)
            ]
            assert db.session.scalars(select(NumberSeries.last_number)).all() == [8]
            assert audit.verify() == []

    def test_one_sale_approved_twice_at_the_same_moment_takes_one_number(
        self, real: Flask, real_cast: Cast
    ) -> None:
        anna = real_cast.anna
        company_id = anna.actor.company_id
        with tenancy.company_scope(company_id):
            draft = sale(anna).id

        def issue() -> str:
            with tenancy.company_scope(company_id):
                try:
                    return str(invoices.approve(invoice_id=draft, by=anna.actor).number)
                except Refusal:
                    return "refused"

        assert sorted(at_once(real, issue, issue, issue)) == ["2026-0001", "refused", "refused"]


class TestAfterwards:
    @pytest.mark.parametrize("status", [InvoiceStatus.OPEN, InvoiceStatus.PAID])
    def test_what_is_in_the_books_is_not_changed(self, status: InvoiceStatus, anna: Member) -> None:
        invoice = factories.invoice(status=status)
        steps = (
            lambda: invoices.save(
                invoice_id=invoice.id, version=invoice.version, entry=entry(), by=anna.actor
            ),
            lambda: invoices.approve(invoice_id=invoice.id, by=anna.actor),
            lambda: invoices.reject(invoice_id=invoice.id, reason="no", by=anna.actor),
            lambda: invoices.set_aside(invoice_id=invoice.id, by=anna.actor),
            lambda: invoices.reopen(invoice_id=invoice.id, by=anna.actor),
        )

        for step in steps:
            with pytest.raises(Refusal):
                step()

        assert verbs() == []

    def test_a_stale_form_changes_nothing(self, anna: Member) -> None:
        invoice = factories.invoice(status=InvoiceStatus.TO_CHECK)
        version = invoice.version
        invoices.save(invoice_id=invoice.id, version=version, entry=entry(), by=anna.actor)

        with pytest.raises(Stale):
            invoices.save(
                invoice_id=invoice.id, version=version, entry=entry(number="x"), by=anna.actor
            )

    def test_two_savers_at_the_same_moment_one_is_told(self, real: Flask, real_cast: Cast) -> None:
        anna = real_cast.anna
        company_id = anna.actor.company_id
        with tenancy.company_scope(company_id):
            invoice = factories.invoice(status=InvoiceStatus.TO_CHECK)

        def save() -> str:
            with tenancy.company_scope(company_id):
                try:
                    invoices.save(invoice_id=invoice.id, version=1, entry=entry(), by=anna.actor)
                except Stale:
                    return "stale"
                return "saved"

        assert sorted(at_once(real, save, save)) == ["saved", "stale"]


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.VIEWER, Role.ACCOUNTANT, Role.EMPLOYEE])
    def test_who_only_reads_changes_nothing(self, role: Role, anna: Member) -> None:
        invoice = factories.invoice(status=InvoiceStatus.TO_CHECK)
        by = add_member(anna.actor.company_id, anna.slug, str(role), role).actor
        steps = (
            lambda: invoices.save(invoice_id=invoice.id, version=1, entry=entry(), by=by),
            lambda: invoices.enter(direction=SALE, entry=entry(), by=by),
            lambda: invoices.approve(invoice_id=invoice.id, by=by),
            lambda: invoices.approve_all(invoice_ids=[invoice.id], by=by),
            lambda: invoices.reject(invoice_id=invoice.id, reason=None, by=by),
            lambda: invoices.set_aside(invoice_id=invoice.id, by=by),
            lambda: invoices.reopen(invoice_id=invoice.id, by=by),
        )

        for step in steps:
            with pytest.raises(NotAllowed):
                step()

    def test_an_approval_stays_within_the_limit(self, anna: Member, cast: Cast) -> None:
        within = factories.invoice(status=InvoiceStatus.TO_APPROVE, gross="500.00")
        above = factories.invoice(status=InvoiceStatus.TO_APPROVE, gross="500.01")
        contact = factories.contact()
        for invoice in (within, above):
            invoice.contact_id = contact.id
        db.session.flush()

        done, refusals = invoices.approve_all(invoice_ids=[within.id, above.id], by=cast.emma.actor)

        assert done == 1
        assert "500,00" in str(refusals[0])

    def test_an_invoice_of_another_company_is_not_there(self, cast: Cast) -> None:
        with tenancy.company_scope(cast.chloe.actor.company_id):
            theirs = factories.invoice(status=InvoiceStatus.TO_APPROVE).id
            contact = factories.contact("Zoé").id
        with tenancy.company_scope(cast.anna.actor.company_id):
            for step in (invoices.approve, invoices.set_aside, invoices.reopen):
                with pytest.raises(NotFound):
                    step(invoice_id=theirs, by=cast.anna.actor)
            with pytest.raises(Refusal, match="from the list"):
                invoices.enter(
                    direction=PURCHASE,
                    entry=entry(contact_id=contact, new_contact=None),
                    by=cast.anna.actor,
                )


class TestTheLog:
    def test_every_step_is_told_with_before_and_after(self, anna: Member) -> None:
        entered = invoices.enter(
            direction=PURCHASE, entry=entry(number="F-1"), by=anna.actor
        ).invoice
        invoices.save(
            invoice_id=entered.id,
            version=entered.version,
            entry=entry(number="F-2"),
            by=anna.actor,
        )
        invoices.reject(invoice_id=entered.id, reason="Not ours", by=anna.actor)
        invoices.reopen(invoice_id=entered.id, by=anna.actor)
        invoices.approve(invoice_id=entered.id, by=anna.actor)

        events = [
            event
            for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq))
            if event.subject_type == "invoice"
        ]
        assert [event.verb for event in events] == [
            "invoice.entered",
            "invoice.saved",
            "invoice.rejected",
            "invoice.reopened",
            "invoice.approved",
        ]
        saved = events[1]
        assert saved.before is not None
        assert saved.after is not None
        assert (saved.before["number"], saved.after["number"]) == ("F-1", "F-2")
        assert saved.before["gross_amount"] == "121.00"
        assert events[2].after is not None
        assert events[2].after["reason"] == "Not ours"
        assert audit.verify() == []

    def test_a_refused_step_is_not_told(self, anna: Member, cast: Cast) -> None:
        invoice = factories.invoice(status=InvoiceStatus.TO_APPROVE, gross="9999.00")

        with pytest.raises(Refusal):
            invoices.approve(invoice_id=invoice.id, by=cast.emma.actor)

        assert verbs() == []


class TestTheDocument:
    def test_it_follows_its_invoice(self, anna: Member) -> None:
        document = factories.document()
        invoice = factories.invoice(
            status=InvoiceStatus.TO_CHECK, document_id=document.id, of=factories.contact()
        )

        def status() -> DocumentStatus:
            db.session.refresh(document)
            return document.status

        invoices.set_aside(invoice_id=invoice.id, by=anna.actor)
        assert status() is DocumentStatus.SET_ASIDE
        invoices.reopen(invoice_id=invoice.id, by=anna.actor)
        assert status() is DocumentStatus.TO_CHECK
        invoices.approve(invoice_id=invoice.id, by=anna.actor)
        assert status() is DocumentStatus.DONE


def test_a_known_vat_number_makes_no_second_contact(anna: Member) -> None:
    for _ in range(2):
        sale(anna, new_contact=NewContact("Frituur", vat_number="BE0202239951"))

    assert len(db.session.scalars(select(Contact)).all()) == 1


def test_money_in_the_database_is_never_negative(anna: Member) -> None:
    invoice = factories.invoice()

    with pytest.raises(Exception, match="open_amount_is_positive"), db.session.begin_nested():
        db.session.execute(
            text("UPDATE invoice SET open_amount = -0.01 WHERE id = :id"), {"id": invoice.id}
        )


def test_a_customer_s_new_name_does_not_change_what_was_issued(anna: Member) -> None:
    contact = factories.contact("Frituur De Hoek")
    contact.is_customer = True
    db.session.flush()
    issued = factories.invoice(of=contact, direction=SALE)
    draft = factories.invoice(of=contact, direction=SALE, status=InvoiceStatus.DRAFT, number=None)
    contact.name, contact.search_key = "Brasserie De Hoek", "brasserie de hoek"
    db.session.flush()

    contact_queries.rename_on_invoices(contact)

    names = dict(db.session.execute(select(Invoice.id, Invoice.party_name)).all())
    assert names == {issued.id: "Frituur De Hoek", draft.id: "Brasserie De Hoek"}


def test_a_contact_made_on_the_way_and_its_iban_stand_in_the_log(anna: Member) -> None:
    """A changed account number is how suppliers are impersonated."""
    entered = invoices.enter(direction=PURCHASE, entry=entry(number="F-1"), by=anna.actor).invoice
    again = entry(
        number="F-2",
        contact_id=entered.contact_id,
        new_contact=None,
        payee_iban="BE68 5390 0754 7034",
    )
    invoices.enter(direction=PURCHASE, entry=again, by=anna.actor)

    told = [
        (event.verb, event.actor, (event.after or {}).get("iban"))
        for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq))
        if event.subject_type == "contact"
    ]
    assert told == [
        ("contact.added", "Anna", None),
        ("contact.changed", "Anna", "BE68539007547034"),
    ]


def test_the_audit_log_keeps_the_lines_of_an_invoice(anna: Member) -> None:
    draft = sale(anna)
    dearer = Line(
        quantity=Decimal(2),
        unit_price=Decimal("50.00"),
        vat_category=VatCategory.STANDARD,
        vat_rate=Decimal(6),
        description="Brood",
    )

    invoices.save(
        invoice_id=draft.id, version=draft.version, entry=entry(lines=(dearer,)), by=anna.actor
    )

    saved = db.session.scalars(select(AuditEvent).where(AuditEvent.verb == "invoice.saved")).one()
    assert saved.before is not None
    assert saved.after is not None
    assert saved.before["lines"] == [["Brood", "2", "", "50", "0", "S", "21", "100"]]
    assert saved.after["lines"] == [["Brood", "2", "", "50", "0", "S", "6", "100"]]
