"""What nobody should send gets a clear sentence where it happened; the rest goes on; no 500."""

import io
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import literal, select
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import AuditEvent, Document, Invoice, Job
from billify.data.queries import auth as auth_queries
from billify.data.queries import documents as document_queries
from billify.domain.documents import DocumentStatus
from billify.domain.invoices import InvoiceStatus
from billify.tasks import runner
from tests import factories
from tests.blueprints import bad_files
from tests.cast import PASSWORD, Cast, Member, make_cast
from tests.committed import at_once, committed_app
from tests.conftest import World

LETTER = bad_files.letter("Factuur 2026-001", "Totaal 121,00 EUR")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    yield cast.anna
    tenancy.leave()


@pytest.fixture
def browser(anna: Member) -> FlaskClient:
    return anna.client()


def hand_in(browser: FlaskClient, *files: tuple[bytes, str]) -> TestResponse:
    values = {"files": [FileStorage(io.BytesIO(content), name) for content, name in files]}
    boundary, body = encode_multipart(values)
    answer = browser.post(
        "/c/bakkerij-anna/documents",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers=HTMX,
    )
    tenancy.leave()
    return answer


def documents(member: Member) -> list[Document]:
    with tenancy.company_scope(member.actor.company_id):
        return list(
            db.session.scalars(
                select(Document).order_by(Document.id).execution_options(populate_existing=True)
            )
        )


def read(member: Member) -> Document:
    """Do the reading job, and see what became of the one document."""
    with tenancy.company_scope(member.actor.company_id):
        job_id = db.session.scalars(select(Job.id).where(Job.name == "documents.read")).one()
    runner.run(str(job_id), str(member.company_id))
    (document,) = documents(member)
    return document


REFUSED_AT_ONCE = {
    "a text file called PDF": (b"Dear Anna, this is no PDF.", "This is not a PDF, a picture"),
    "a program called PDF": (b"MZ\x90\x00\x03" * 100, "This is not a PDF, a picture"),
    "a page of HTML": (b"<html><script>alert(1)</script></html>", "This is not a PDF, a picture"),
    "a packed folder": (b"PK\x03\x04" + b"\0" * 100, "This is not a PDF, a picture"),
    "nothing": (b"", "This file is empty."),
    "half a PDF": (LETTER[: len(LETTER) // 2], "This file is cut off: its end is missing."),
    "half a JPEG": (bad_files.photo("x")[:2000], "This file is cut off: its end is missing."),
    "half a PNG": (bad_files.png(200, 200)[:-12], "This file is cut off: its end is missing."),
    "a picture of 30,000 by 30,000": (
        bad_files.lying_png(30_000, 30_000),
        "This picture is too large (30000 × 30000 pixels).",
    ),
    "a packed picture of 30,000 by 30,000": (
        bad_files.png(30_000, 30_000),
        "This picture is too large (30000 × 30000 pixels).",
    ),
    "a picture without a size": (bad_files.lying_png(0, 10), "This picture is damaged"),
    "2,000 pages": (
        bad_files.pages_pdf(2_000),
        "This PDF has 2000 pages. The limit is 200 pages.",
    ),
    "a claim of 2,000 pages": (bad_files.pdf(count=2_000), "This PDF has 2000 pages."),
    "XML that calls entities": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "This XML file declares a document type (DOCTYPE).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_AT_ONCE)
def test_what_can_not_be_read_is_refused_at_once(
    name: str, browser: FlaskClient, anna: Member
) -> None:
    content, sentence = REFUSED_AT_ONCE[name]

    answer = hand_in(browser, (content, "factuur.pdf"))

    assert answer.status_code == 422
    assert f"factuur.pdf: {sentence}" in answer.text
    assert documents(anna) == []


def test_a_file_of_60_mb_is_refused(browser: FlaskClient, anna: Member) -> None:
    answer = hand_in(browser, (b"%PDF-1.4\n" + bytes(60 * bad_files.MEBIBYTE), "groot.pdf"))

    assert answer.status_code == 422
    assert "groot.pdf: This file is 60 MB. The limit is 25 MB." in answer.text
    assert documents(anna) == []


XML = b'<?xml version="1.0"?>'
NOT_QUITE_INVOICES = {
    "another kind of XML": XML + b"<note><to>Anna</to></note>",
    "half an XML": XML + b"<Invoice><cbc:ID>",
    "XML nested a hundred thousand deep": XML + b"<a>" * 100_000 + b"</a>" * 100_000,
    "XML of many attributes": XML
    + b"<a "
    + b" ".join(b"b%d='c'" % n for n in range(50_000))
    + b"/>",
    "XML in a strange alphabet": b'<?xml version="1.0" encoding="utf-7"?><a/>',
    "XML in two bytes a letter": '<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16"),
    "XML that includes": XML
    + b"<a xmlns:x='http://www.w3.org/2001/XInclude'><x:include href='file:///etc/passwd'/></a>",
    "an invoice of nothing": XML
    + b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
}


@pytest.mark.parametrize("name", NOT_QUITE_INVOICES)
def test_xml_that_is_no_invoice_is_refused_or_told_on_its_row(
    name: str, browser: FlaskClient, anna: Member
) -> None:
    answer = hand_in(browser, (NOT_QUITE_INVOICES[name], "factuur.xml"))

    assert answer.status_code in (201, 422)
    assert "root:" not in answer.text
    if answer.status_code == 422:
        assert "factuur.xml: " in answer.text
        return
    document = read(anna)
    assert document.status in (DocumentStatus.FAILED, DocumentStatus.TO_CHECK)
    if document.status is DocumentStatus.FAILED:
        assert document.reason


FOUND_BY_READING = {
    "a PDF behind a password": (bad_files.protected_pdf(), "protected with a password"),
    "blank pages": (bad_files.pages_pdf(3), "No text was found in this document. Is it blank?"),
    "a PDF of rubbish": (
        b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\nstartxref\n0\n%%EOF",
        "This PDF is damaged and cannot be opened.",
    ),
    "a PDF that unpacks to 200 MB": (bad_files.bomb_pdf(), None),
    "a white picture": (bad_files.png(1_000, 1_000, depth=8), "No text was found"),
    "a picture that unpacks to 350 MB": (
        bad_files.png(10_800, 10_800, depth=8, colour=2),
        None,
    ),
    "a picture with a comment of 200 MB": (bad_files.text_bomb_png(), None),
    "a picture that ends early": (
        bad_files.lying_png(500, 500),
        "This picture is damaged and cannot be opened.",
    ),
}


@pytest.mark.parametrize("name", FOUND_BY_READING)
def test_what_only_reading_shows_is_told_on_its_row(
    name: str, browser: FlaskClient, anna: Member
) -> None:
    content, sentence = FOUND_BY_READING[name]
    assert hand_in(browser, (content, "factuur.pdf")).status_code == 201

    document = read(anna)

    assert document.status is DocumentStatus.FAILED
    row = browser.get(f"/c/bakkerij-anna/documents/{document.id}/row")
    assert row.status_code == 200
    assert document.reason is not None
    assert (sentence or document.reason) in row.text
    assert "hx-trigger" not in row.text.replace('hx-trigger="documents-changed', "")


def test_the_rest_of_a_batch_goes_on(browser: FlaskClient, anna: Member) -> None:
    answer = hand_in(
        browser,
        (b"rubbish", "een.pdf"),
        (LETTER, "twee.pdf"),
        (b"", "drie.pdf"),
        (bad_files.letter("Factuur 2"), "vier.pdf"),
    )

    assert answer.status_code == 201
    assert "een.pdf: This is not a PDF" in answer.text
    assert "drie.pdf: This file is empty." in answer.text
    assert [document.name for document in documents(anna)] == ["twee.pdf", "vier.pdf"]


def test_without_a_script_each_sentence_stands_on_the_page(
    browser: FlaskClient, anna: Member
) -> None:
    data = {"files": [(io.BytesIO(b"rubbish"), "een.pdf"), (io.BytesIO(LETTER), "twee.pdf")]}

    sent = browser.post("/c/bakkerij-anna/documents", data=data)
    answer = browser.get(sent.location)

    assert (sent.status_code, answer.status_code) == (303, 200)
    assert "een.pdf: This is not a PDF" in answer.text
    assert "twee.pdf" in answer.text


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_an_upload_of_nothing_gets_a_sentence(
    headers: dict[str, str], browser: FlaskClient, anna: Member
) -> None:
    answer = browser.post("/c/bakkerij-anna/documents", data={}, headers=headers)

    assert answer.status_code in (303, 422)
    if not headers:
        assert "Choose one or more files first." in browser.get(answer.location).text


def test_more_files_than_fit_are_told_and_not_dropped(browser: FlaskClient, anna: Member) -> None:
    answer = hand_in(browser, *[(b"rubbish", f"{number}.pdf") for number in range(103)])

    assert answer.status_code == 422
    for number in range(103):
        assert f"{number}.pdf: " in answer.text


NAMES = {
    "../../../../etc/cron.d/x.pdf": "x.pdf",
    "..\\..\\Windows\\x.pdf": None,
    "/etc/passwd": "passwd",
    "a\0b.pdf": "ab.pdf",
    "\u202efdp.exe": "fdp.exe",
    "<script>alert(1)</script>.pdf": "script>.pdf",
    "%2e%2e%2fx.pdf": "%2e%2e%2fx.pdf",
    '"; filename="y.pdf': None,
    " ": "document",
    "...": None,
    "🥐" * 1024: "🥐" * 200,
    "é" * 5000 + ".pdf": "é" * 200,
    "CON": "CON",
}


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:30])
def test_a_name_is_only_ever_a_name(name: str, browser: FlaskClient, anna: Member) -> None:
    answer = hand_in(browser, (LETTER, name))

    assert answer.status_code == 201
    (document,) = documents(anna)
    assert len(document.name) <= 200
    assert not re.search(r"[\x00-\x1f/\\\u202e]", document.name)
    if NAMES[name] is not None:
        assert document.name == NAMES[name]
    assert "<script>" not in answer.text
    file = browser.get(f"/c/bakkerij-anna/documents/{document.id}/original")
    assert file.data == LETTER
    header = file.headers["Content-Disposition"]
    assert header.startswith("attachment; filename=")
    assert "\n" not in header
    assert "/" not in unquote(header)
    assert len(header) < 2000


def test_a_script_in_a_picture_is_never_shown_as_a_page(browser: FlaskClient, anna: Member) -> None:
    """A file that is a PDF by its first bytes and a page by its others."""
    hand_in(browser, (LETTER + b"<script>alert(1)</script>", "x.html"))
    (document,) = documents(anna)

    file = browser.get(f"/c/bakkerij-anna/documents/{document.id}/original")

    assert file.mimetype == "application/pdf"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"].startswith("sandbox")
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_the_same_file_twice_is_one_document(browser: FlaskClient, anna: Member) -> None:
    hand_in(browser, (LETTER, "een.pdf"))

    answer = hand_in(browser, (LETTER, "twee.pdf"))

    assert "twee.pdf was already here." in answer.text
    assert len(documents(anna)) == 1


def test_the_same_file_twice_at_the_same_moment_is_one_document(world: World) -> None:
    with committed_app(world.settings, "same") as app:
        anna = make_cast().anna

        answers = at_once(app, *[lambda: hand_in(anna.client(), (LETTER, "x.pdf"))] * 6)

        texts = [answer.text for answer in answers]
        assert {answer.status_code for answer in answers} == {201}
        assert sum("was already here" in text for text in texts) == 5
        assert len(documents(anna)) == 1
        with tenancy.company_scope(anna.actor.company_id):
            assert len(db.session.scalars(select(Job)).all()) == 1
            assert len(db.session.scalars(select(AuditEvent)).all()) == 1


def test_ten_uploads_in_one_second_are_ten_documents(world: World) -> None:
    with committed_app(world.settings, "ten") as app:
        anna = make_cast().anna
        letters = [bad_files.letter(f"Factuur {number}") for number in range(10)]

        def send(content: bytes) -> TestResponse:
            return hand_in(anna.client(), (content, "x.pdf"))

        answers = at_once(app, *[lambda one=one: send(one) for one in letters])  # type: ignore[misc]

        assert {answer.status_code for answer in answers} == {201}
        assert len(documents(anna)) == 10


def test_a_file_that_was_deleted_may_come_again(browser: FlaskClient, anna: Member) -> None:
    """Also when its bytes are just being removed: see tests/application/test_documents.py."""
    hand_in(browser, (LETTER, "x.pdf"))
    (first,) = documents(anna)
    assert browser.post(f"/c/bakkerij-anna/documents/{first.id}/deletion").status_code == 303

    answer = hand_in(browser, (LETTER, "x.pdf"))

    assert answer.status_code == 201
    assert "was already here" not in answer.text
    assert len(documents(anna)) == 2


def test_a_document_is_deleted_once(browser: FlaskClient, anna: Member) -> None:
    hand_in(browser, (LETTER, "x.pdf"))
    (document,) = documents(anna)
    where = f"/c/bakkerij-anna/documents/{document.id}"

    first, second = browser.post(f"{where}/deletion"), browser.post(f"{where}/deletion")

    assert (first.status_code, second.status_code) == (303, 422)
    assert browser.get(f"{where}/original").status_code == 404


FORM = {
    "kind": "invoice",
    "contact_name": "Molens van Deinze",
    "number": "2026-12",
    "issue_date": "02/10/2026",
    "due_date": "01/11/2026",
    "currency": "EUR",
    "net_amount": "100,00",
    "vat_amount": "21,00",
    "gross_amount": "121,00",
    "vat_rows-0-vat": "S-21",
    "vat_rows-0-base": "100,00",
    "vat_rows-0-amount": "21,00",
}

MISTAKES = [
    ("issue_date", "31/02/2026", "The date 31/02/2026 does not exist."),
    ("issue_date", "29/02/2027", "The date 29/02/2027 does not exist."),
    ("issue_date", "00/00/0000", "The date 00/00/0000 does not exist."),
    ("issue_date", "01/01/0001", "The year of 01/01/0001 is not likely."),
    ("issue_date", "yesterday", "Write the date as dd/mm/yyyy."),
    ("issue_date", "", "Fill this in."),
    ("issue_date", "1/1/" + "9" * 5000, "Write the date as dd/mm/yyyy."),
    ("gross_amount", "1.234,5,6", None),
    ("gross_amount", "abc", None),
    ("gross_amount", "1e9", None),
    ("gross_amount", "NaN", None),
    ("gross_amount", "Infinity", None),
    ("gross_amount", "9" * 5000, None),
    ("gross_amount", "0x10", None),
    ("gross_amount", "12,345", None),
    ("gross_amount", "9.999.999.999.999,00", None),
    ("gross_amount", "<b>1</b>", None),
    ("kind", "gift", "Choose one from the list."),
    ("currency", "EURO", "Choose one from the list."),
    ("contact_id", "00000000-0000-0000-0000-000000000000", "Choose a contact from the list."),
    ("contact_name", "x" * 201, "At most 200 characters."),
    ("number", "x" * 61, "At most 60 characters."),
    ("payee_iban", "BE00 0000 0000 0000", None),
    ("vat_number", "BE 0123.456.780", None),
    ("vat_rows-0-vat", "S-NaN", None),
    ("vat_rows-0-base", "1.234,5,6", None),
]


def test_a_right_form_is_taken(browser: FlaskClient, anna: Member) -> None:
    answer = browser.post("/c/bakkerij-anna/invoices/new", data=FORM)

    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize(
    ("field", "value", "sentence"), MISTAKES, ids=lambda value: ascii(value)[:24]
)
def test_a_mistake_in_a_form_gets_a_sentence_at_its_field(
    field: str, value: str, sentence: str | None, browser: FlaskClient, anna: Member
) -> None:
    answer = browser.post("/c/bakkerij-anna/invoices/new", data={**FORM, field: value})

    assert answer.status_code == 422
    assert "field__error" in answer.text or 'role="alert"' in answer.text
    if sentence:
        assert sentence in answer.text
    with tenancy.company_scope(anna.actor.company_id):
        assert db.session.scalars(select(Invoice)).all() == []


@pytest.mark.parametrize("value", ["31/02/2026", "yesterday", "\0", "9" * 400, "2026-13-45"])
def test_a_filter_that_makes_no_sense_is_told_and_not_used(
    value: str, browser: FlaskClient, anna: Member
) -> None:
    """Whatever stands in the address of a list, there is a list and no 500."""
    for name in (
        "q",
        "status",
        "contact",
        "since",
        "until",
        "least",
        "most",
        "sort",
        "after",
        "view",
    ):
        for page in ("purchases", "purchases/list", "sales", "bank/movements", "contacts"):
            answer = browser.get(f"/c/bakkerij-anna/{page}", query_string={name: value})
            assert answer.status_code in (200, 400, 404, 422), (page, name)


def test_a_form_sent_twice_makes_no_second_step(browser: FlaskClient, anna: Member) -> None:
    with tenancy.company_scope(anna.actor.company_id):
        invoice = factories.invoice(
            of=factories.contact(), status=InvoiceStatus.TO_APPROVE, gross="121.00"
        )
    where = f"/c/bakkerij-anna/invoices/{invoice.id}/approval"

    first, second = browser.post(where), browser.post(where)

    assert first.status_code == 303
    assert second.status_code in (409, 422)
    with tenancy.company_scope(anna.actor.company_id):
        verbs = db.session.scalars(select(AuditEvent.verb)).all()
    assert verbs.count("invoice.approved") == 1


def test_a_stale_form_is_told_what_happened(browser: FlaskClient, anna: Member) -> None:
    with tenancy.company_scope(anna.actor.company_id):
        invoice = factories.invoice(of=factories.contact(), status=InvoiceStatus.TO_CHECK)
    where = f"/c/bakkerij-anna/invoices/{invoice.id}"
    first = browser.post(where, data={**FORM, "version": "1"})

    second = browser.post(where, data={**FORM, "version": "1", "number": "other"})

    assert first.status_code == 303, first.text
    assert second.status_code in (409, 422)
    assert "Somebody changed this while you had it open." in second.text
    assert 'value="other"' in second.text


def test_an_approval_above_the_limit_says_the_limit(anna: Member, cast: Cast) -> None:
    with tenancy.company_scope(anna.actor.company_id):
        invoice = factories.invoice(
            of=factories.contact(), status=InvoiceStatus.TO_APPROVE, gross="500.01"
        )

    answer = cast.emma.client().post(f"/c/bakkerij-anna/invoices/{invoice.id}/approval")

    assert answer.status_code == 422
    assert "500,00" in answer.text


@pytest.mark.parametrize(
    "path", ["/c/bakkerij-anna/invoices/abc", "/c/%00/", "/c/../../etc", "/%ff"]
)
def test_an_address_of_nothing_is_404(path: str, browser: FlaskClient) -> None:
    assert browser.get(path).status_code == 404


def test_a_wrong_method_says_which_are_right(browser: FlaskClient) -> None:
    answer = browser.get("/c/bakkerij-anna/bank/refreshing")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_login_form_of_rubbish_gets_a_sentence(client: FlaskClient, cast: Cast) -> None:
    for email in ("", "\0", "x" * 9_000, "a@b'; DROP TABLE invoice; --", cast.anna.email.upper()):
        answer = client.post("/log-in", data={"email": email, "password": PASSWORD + "x"})
        assert answer.status_code == 422, email


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:1",
    ],
)
def test_a_login_never_leads_elsewhere(wanted: str, client: FlaskClient, cast: Cast) -> None:
    answer = client.post(
        "/log-in",
        query_string={"next": wanted},
        data={"email": cast.anna.email, "password": PASSWORD},
    )

    assert answer.status_code == 303
    assert answer.location == "/c/bakkerij-anna/"


def test_text_that_no_column_takes_is_refused_kindly(
    browser: FlaskClient, anna: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        document_queries, "inbox", lambda _: db.session.scalar(select(literal("a\0b")))
    )

    answer = browser.get("/c/bakkerij-anna/inbox")

    assert answer.status_code == 400
    assert "Leave out unusual characters." in answer.text


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT", {}, Exception("gone")),
        InterfaceError("SELECT", {}, Exception("closed")),
        NoConnectionLeft("no connection left"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_while_the_database_is_away_the_page_says_so(
    error: Exception, app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The frame of the page would ask who it is, and is not asked."""

    def away(*_: object) -> None:
        raise error

    monkeypatch.setattr(auth_queries, "session_by_token", away)
    for headers in ({}, HTMX):
        answer = browser.get("/c/bakkerij-anna/purchases", headers=headers)

        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
    assert "Billify is away for a moment." in browser.get("/account").text
