"""The page of one file: splitting by hand, putting together, what is no invoice."""

from flask.testing import FlaskClient
from lxml import html

from billify.application import documents, splitting
from billify.data import tenancy
from billify.data.models import Document
from billify.domain.roles import Role
from tests.application.test_splitting import LONG, NOTE, TWO
from tests.cast import Cast, Member, add_member

COMPANY = "/c/bakkerij-anna"


def read(member: Member, content: bytes) -> Document:
    with tenancy.company_scope(member.actor.company_id, member.user_id):
        document = documents.receive(content=content, name="scan.pdf", by=member.actor).document
        documents.read(document_id=document.id)
        splitting.divide(document_id=document.id)
    return document


def shown(client: FlaskClient, document: Document) -> str:
    answer = client.get(f"{COMPANY}/documents/{document.id}")
    assert answer.status_code == 200
    return answer.text


def test_a_split_file_lists_its_parts_and_offers_to_undo(cast: Cast) -> None:
    document = read(cast.anna, TWO)

    page = shown(cast.anna.client(), document)

    assert "Split into 2 documents" in page
    assert "scan (1).pdf" in page
    assert "It is one invoice" in page


def test_a_split_file_stands_in_a_list(cast: Cast) -> None:
    document = read(cast.anna, TWO)

    page = cast.anna.client().get(f"{COMPANY}/documents?view=split").text

    assert f"/documents/{document.id}" in page
    assert "2 documents" in page


def test_a_file_that_was_set_aside_stands_in_a_list(cast: Cast) -> None:
    document = read(cast.anna, NOTE)
    client = cast.anna.client()
    client.post(f"{COMPANY}/documents/{document.id}/setting-aside")

    page = client.get(f"{COMPANY}/documents").text

    assert f"/documents/{document.id}" in page
    assert "No file was split" in client.get(f"{COMPANY}/documents?view=split").text


def test_who_only_hands_in_sees_no_file_of_others(cast: Cast) -> None:
    document = read(cast.anna, TWO)
    cas = add_member(cast.anna.company_id, cast.anna.slug, "Cas", Role.EMPLOYEE)

    page = cas.client().get(f"{COMPANY}/documents?view=split").text

    assert f"/documents/{document.id}" not in page


def test_the_list_goes_on_behind_a_file(cast: Cast) -> None:
    document = read(cast.anna, TWO)
    client = cast.anna.client()

    behind = client.get(f"{COMPANY}/documents?view=split&before={document.id}")

    assert f"/documents/{document.id}" not in behind.text
    assert client.get(f"{COMPANY}/documents?before=x").status_code == 404


def test_the_check_screen_leads_to_splitting(cast: Cast) -> None:
    document = read(cast.anna, LONG)
    client = cast.anna.client()
    links = html.document_fromstring(client.get(f"{COMPANY}/purchases").text).xpath(
        f"//tr[@id='document-{document.id}']//a[@class='table__link clip']/@href"
    )

    page = client.get(links[0]).text

    assert f"/documents/{document.id}#split" in page
    assert 'id="split"' in shown(client, document)


def test_a_part_names_the_file_it_comes_from(cast: Cast) -> None:
    document = read(cast.anna, TWO)
    client = cast.anna.client()
    links = html.document_fromstring(shown(client, document)).xpath(
        "//td//a[contains(., 'scan (2).pdf')]/@href"
    )

    page = client.get(links[0]).text

    assert f"/documents/{document.id}" in page


def test_a_file_is_split_where_pages_are_marked(cast: Cast) -> None:
    document = read(cast.anna, LONG)
    client = cast.anna.client()
    assert "Mark each page on which a new invoice starts." in shown(client, document)

    answer = client.post(f"{COMPANY}/documents/{document.id}/splitting", data={"start": ["2"]})

    assert answer.status_code == 303
    assert "Reading" in shown(client, document)


def test_no_mark_is_told_beside_the_pages(cast: Cast) -> None:
    document = read(cast.anna, LONG)

    answer = cast.anna.client().post(f"{COMPANY}/documents/{document.id}/splitting")

    assert answer.status_code == 422
    assert "Choose at least one page" in answer.text


def test_marks_that_are_no_pages_are_told(cast: Cast) -> None:
    document = read(cast.anna, LONG)

    answer = cast.anna.client().post(
        f"{COMPANY}/documents/{document.id}/splitting", data={"start": ["9", "x", "-1"]}
    )

    assert answer.status_code == 422
    assert "no such pages" in answer.text


def test_it_is_one_invoice_after_all(cast: Cast) -> None:
    document = read(cast.anna, TWO)
    client = cast.anna.client()

    answer = client.post(f"{COMPANY}/documents/{document.id}/joining")

    assert answer.status_code == 303
    assert "scan (1).pdf" not in shown(client, document)


def test_a_delivery_note_stands_in_the_inbox_with_its_sentence(cast: Cast) -> None:
    document = read(cast.anna, NOTE)
    client = cast.anna.client()

    inbox = client.get(f"{COMPANY}/inbox").text

    assert "This looks like a delivery note." in inbox
    assert f"{COMPANY}/documents/{document.id}/drafting" in inbox


def test_it_is_an_invoice_leads_to_its_check_screen(cast: Cast) -> None:
    document = read(cast.anna, NOTE)
    client = cast.anna.client()

    answer = client.post(f"{COMPANY}/documents/{document.id}/drafting")

    assert answer.status_code == 303
    assert client.get(answer.headers["Location"]).status_code == 200
    assert "This looks like" not in client.get(f"{COMPANY}/inbox").text


def test_a_paper_set_aside_leaves_the_inbox_and_keeps_its_page(cast: Cast) -> None:
    document = read(cast.anna, NOTE)
    client = cast.anna.client()

    client.post(f"{COMPANY}/documents/{document.id}/setting-aside")

    assert "scan.pdf" not in client.get(f"{COMPANY}/inbox").text
    assert "It is an invoice after all" in shown(client, document)


def test_who_may_only_read_gets_no_forms(cast: Cast) -> None:
    document = read(cast.anna, TWO)

    page = shown(cast.bram.client(), document)

    assert "It is one invoice" not in page
    assert cast.bram.client().post(f"{COMPANY}/documents/{document.id}/joining").status_code == 403


def test_another_company_does_not_find_it(cast: Cast) -> None:
    document = read(cast.anna, TWO)

    answer = cast.chloe.client().get(f"/c/chocolaterie-chloe/documents/{document.id}")

    assert answer.status_code == 404
