"""The stream of rows for seeding."""

from collections import Counter
from datetime import date, timedelta

from billify.domain import invoices, references
from billify.domain.demo import bulk
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus

TODAY = date(2026, 11, 20)
COUNT = 4000
INVOICES = list(bulk.invoices(seed=1, count=COUNT, today=TODAY))
MOVEMENTS = list(bulk.movements(seed=1, count=10 * COUNT, invoices=COUNT, today=TODAY))


def test_there_are_as_many_rows_as_asked_for() -> None:
    assert [one.row for one in INVOICES] == list(range(COUNT))
    assert [one.row for one in MOVEMENTS] == list(range(10 * COUNT))


def test_rows_come_oldest_first_over_five_years() -> None:
    issued = [one.issue_date for one in INVOICES]

    assert issued == sorted(issued)
    assert issued[-1] <= TODAY
    assert issued[0] == TODAY - timedelta(days=bulk.DAYS - 1)
    assert [one.booked_on for one in MOVEMENTS] == sorted(one.booked_on for one in MOVEMENTS)
    assert MOVEMENTS[-1].booked_on <= TODAY


def test_most_are_paid_and_a_few_contacts_have_most() -> None:
    paid = sum(one.status == "paid" for one in INVOICES)
    places = Counter(one.contact for one in INVOICES).most_common()

    assert 0.94 < paid / COUNT < 0.96
    assert len(places) > 400
    assert places[0][1] > COUNT / 20
    assert {one.status for one in INVOICES} <= set(InvoiceStatus)
    assert {one.direction for one in INVOICES} == set(InvoiceDirection)


def test_each_paid_invoice_has_its_one_movement() -> None:
    paying = {one.invoice: one for one in MOVEMENTS if one.invoice is not None}

    assert sorted(paying) == [one.row for one in INVOICES if one.status == "paid"]
    for invoice in INVOICES:
        if invoice.status == "paid":
            movement = paying[invoice.row]
            assert movement.amount == invoices.signed(
                invoice.gross,
                direction=InvoiceDirection(invoice.direction),
                kind=InvoiceKind(invoice.kind),
            )
            assert movement.contact == invoice.contact
            assert movement.booked_on > invoice.issue_date
            assert movement.reference in (None, invoice.payment_reference)


def test_amounts_numbers_and_references_are_right() -> None:
    people = bulk.contacts(seed=1)

    assert len({one.name for one in people}) == 500
    assert len({one.number for one in INVOICES}) == COUNT
    for contact in people:
        assert references.normalise_vat(contact.vat_number) == contact.vat_number
        assert references.normalise_iban(contact.iban) == contact.iban
    for invoice in INVOICES[:500]:
        assert invoice.net + invoice.vat == invoice.gross
        assert references.structured(invoice.payment_reference)
        assert invoice.open_amount == (0 if invoice.status == "paid" else invoice.gross)


def test_fewer_lines_than_invoices_still_stream() -> None:
    found = list(bulk.movements(seed=1, count=100, invoices=COUNT, today=TODAY))

    assert len(found) == 100
    assert len({one.invoice for one in found if one.invoice is not None}) > 50


def test_the_same_seed_makes_the_same_rows() -> None:
    again = list(bulk.invoices(seed=1, count=COUNT, today=TODAY))
    other = list(bulk.invoices(seed=2, count=COUNT, today=TODAY))

    assert again == INVOICES
    assert other != INVOICES
