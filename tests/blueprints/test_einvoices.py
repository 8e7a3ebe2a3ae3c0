"""An e-invoice handed in becomes an invoice to check, with nothing left to guess."""

import io
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Document, Invoice, Job
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceKind
from billify.domain.vat import VatCategory
from billify.tasks import runner
from tests.cast import Cast, Member
from tests.domain.einvoice import made


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    yield cast.anna
    tenancy.leave()


def taken_in(anna: Member, browser: FlaskClient, content: bytes) -> tuple[Document, Invoice | None]:
    """Hand the file in, have it read, and give the document with its invoice."""
    values = {"files": [FileStorage(io.BytesIO(content), "factuur.xml")]}
    boundary, body = encode_multipart(values)
    answer = browser.post(
        "/c/bakkerij-anna/documents",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"HX-Request": "true"},
    )
    tenancy.leave()
    assert answer.status_code == 201
    with tenancy.company_scope(anna.actor.company_id):
        job_id = db.session.scalars(select(Job.id).where(Job.name == "documents.read")).one()
    runner.run(str(job_id), str(anna.company_id))
    with tenancy.company_scope(anna.actor.company_id):
        document = db.session.scalars(
            select(Document).execution_options(populate_existing=True)
        ).one()
        invoice = db.session.scalars(
            select(Invoice)
            .where(Invoice.document_id == document.id)
            .options(selectinload(Invoice.lines), selectinload(Invoice.vat_rows))
        ).one_or_none()
    return document, invoice


def test_every_value_is_drafted_and_nothing_is_unsure(anna: Member) -> None:
    browser = anna.client()

    document, invoice = taken_in(anna, browser, made.sample("be-01"))

    assert document.status is DocumentStatus.TO_CHECK
    assert document.pages == 1
    assert invoice is not None
    assert (invoice.number, invoice.party_name) == ("2026-0001", "Voorbeeld Schrijnwerkerij BV")
    assert (invoice.net_amount, invoice.gross_amount) == (Decimal("1344.00"), Decimal("1561.98"))
    assert invoice.payment_reference == "020260000178"
    assert invoice.payee_iban == "BE68539007547034"
    assert {row.rate for row in invoice.vat_rows} == {21, 12, 6}
    assert len(invoice.lines) == 3
    page = browser.get(f"/c/bakkerij-anna/invoices/{invoice.id}").text
    assert "Check these first" not in page
    assert f"/documents/{document.id}/pages/1" in page


def test_the_vat_category_is_kept(anna: Member) -> None:
    _, invoice = taken_in(anna, anna.client(), made.sample("be-03"))

    assert invoice is not None
    assert invoice.lines[0].vat_category is VatCategory.REVERSE_CHARGE
    assert invoice.vat_rows[0].category is VatCategory.REVERSE_CHARGE


def test_the_form_shows_each_rate_and_category(anna: Member) -> None:
    browser = anna.client()

    _, invoice = taken_in(anna, browser, made.changed("be-12", (">6<", ">5.5<")))

    assert invoice is not None
    page = browser.get(f"/c/bakkerij-anna/invoices/{invoice.id}").text
    shown = dict(
        re.findall(
            r'<select[^>]*name="((?:lines|vat_rows)-[0-9]-vat)"(?:(?!</select>).)*'
            r'<option value="([^"]*)" selected>',
            page,
            re.DOTALL,
        )
    )
    rates = {f"vat_rows-{row.position - 1}-vat": _code(row.category, row.rate) for row in
             invoice.vat_rows}  # fmt: skip
    lines = {f"lines-{line.position - 1}-vat": _code(line.vat_category, line.vat_rate) for line in
             invoice.lines}  # fmt: skip
    assert set(rates.values()) == {"S-21", "S-5.5", "Z-0"}
    assert shown == rates | lines


def _code(category: VatCategory, rate: Decimal) -> str:
    return f"{category}-{rate.normalize():f}"


def test_a_credit_note_and_its_form_without_a_picture(anna: Member) -> None:
    browser = anna.client()

    _, invoice = taken_in(anna, browser, made.sample("be-08"))

    assert invoice is not None
    assert invoice.kind is InvoiceKind.CREDIT_NOTE
    assert browser.get(f"/c/bakkerij-anna/invoices/{invoice.id}").status_code == 200


def test_a_contradiction_is_shown_before_anything_else(anna: Member) -> None:
    browser = anna.client()

    _, invoice = taken_in(anna, browser, made.changed("be-02", (">1349.90<", ">1449.90<")))

    assert invoice is not None
    page = browser.get(f"/c/bakkerij-anna/invoices/{invoice.id}").text
    assert "Read, but it does not go with the other values. Please check." in page


def test_what_was_prepaid_is_told(anna: Member) -> None:
    browser = anna.client()

    _, invoice = taken_in(anna, browser, made.sample("be-02"))

    assert invoice is not None
    page = browser.get(f"/c/bakkerij-anna/invoices/{invoice.id}").text
    assert "1.099,90 of this is still due, the document says." in page.replace("&nbsp;", " ")


def test_a_malformed_one_fails_with_its_place(anna: Member) -> None:
    content = made.changed("be-02", ("1099.90", "1.099,90"))

    document, invoice = taken_in(anna, anna.client(), content)

    assert invoice is None
    assert document.status is DocumentStatus.FAILED
    assert document.reason_params is not None
    assert document.reason_params["path"] == "/Invoice/LegalMonetaryTotal/PayableAmount"
