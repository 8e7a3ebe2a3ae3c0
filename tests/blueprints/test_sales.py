"""The desk of sales: what differs from purchases; the rest is proven there once."""

import pytest

from billify.data.db import db
from billify.data.models import Invoice
from billify.domain.invoices import InvoiceDirection, InvoiceStatus
from tests import factories
from tests.cast import Cast

DESK = "/c/bakkerij-anna/sales"
SALE = InvoiceDirection.SALE


def test_the_desk_lists_sales_and_no_purchases(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        factories.invoice(number="S-1", direction=SALE)
        factories.invoice(number="P-1")

    answer = cast.anna.client().get(DESK)

    assert answer.status_code == 200
    assert "S-1" in answer.text
    assert "P-1" not in answer.text
    assert "Drafts" in answer.text


def test_an_empty_desk_says_what_to_do_first(cast: Cast) -> None:
    assert "No sales invoices yet" in cast.anna.client().get(DESK).text


def test_marked_drafts_are_issued_with_a_number(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        customer = factories.contact("Hotel Zon", is_customer=True)
        draft = factories.invoice(
            of=customer, direction=SALE, status=InvoiceStatus.DRAFT, number=None
        )

    answer = cast.anna.client().post(
        f"{DESK}/approvals", data={"ids": [draft.id]}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 204
    assert "sales-changed" in answer.headers["HX-Trigger"]
    with factories.books_of(cast.anna):
        issued = db.session.get_one(Invoice, draft.id)
    assert issued.status is InvoiceStatus.OPEN
    assert issued.number


def test_the_list_is_exported(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        factories.invoice(number="S-1", direction=SALE)
        factories.invoice(number="P-1")

    answer = cast.anna.client().post(f"{DESK}/exports", data={"format": "csv"})

    assert "S-1;" in answer.text
    assert "P-1;" not in answer.text


@pytest.mark.parametrize("route", ["", "/list", "/contacts"])
def test_a_member_reads_and_a_stranger_finds_nothing(cast: Cast, route: str) -> None:
    assert cast.bram.client().get(f"{DESK}{route}").status_code == 200
    assert cast.chloe.client().get(f"{DESK}{route}").status_code == 404


@pytest.mark.parametrize("route", ["/approvals", "/exports"])
def test_a_reader_and_a_stranger_change_nothing(cast: Cast, route: str) -> None:
    assert cast.bram.client().post(f"{DESK}{route}").status_code == 403
    assert cast.chloe.client().post(f"{DESK}{route}").status_code == 404
