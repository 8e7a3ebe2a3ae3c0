"""What is remembered of a layout: seen by those who see money, changed by those who edit."""

from uuid import UUID

import pytest
from lxml import html
from sqlalchemy import select

from billify.data.db import db
from billify.data.models import Contact, ReadingMemory
from tests import factories
from tests.application.test_reading_memory import memories, taught
from tests.cast import Cast

BOOKS = "/c/bakkerij-anna/contacts"


def given(cast: Cast) -> tuple[UUID, UUID]:
    """The mill with one layout learned: its contact and the memory."""
    with factories.books_of(cast.anna):
        taught(cast.anna)
        (row,) = memories()
        return row.contact_id, row.id


def kept(cast: Cast) -> list[ReadingMemory]:
    with factories.books_of(cast.anna):
        query = select(ReadingMemory).execution_options(populate_existing=True)
        return list(db.session.scalars(query))


def test_the_contact_shows_how_well_it_is_read(cast: Cast) -> None:
    contact_id, memory_id = given(cast)

    text = cast.anna.client().get(f"{BOOKS}/{contact_id}").text

    assert "1 document checked." in text
    assert "fields were right as read." in text
    assert "Invoice number 1 ×" in text
    assert f"/contacts/{contact_id}/reading/{memory_id}" in text


def test_a_contact_nobody_learned_of_has_no_such_part(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        contact = factories.contact()

    assert "reading-title" not in cast.anna.client().get(f"{BOOKS}/{contact.id}").text


def test_a_layout_is_told_in_plain_words(cast: Cast) -> None:
    contact_id, memory_id = given(cast)

    text = cast.anna.client().get(f"{BOOKS}/{contact_id}/reading/{memory_id}").text

    assert "At “volgbriefje”, last Q7-117" in text
    assert "BE68 5390 0754 7034" in text
    assert "121,00" in text


def test_one_item_is_forgotten_by_a_form(cast: Cast) -> None:
    contact_id, memory_id = given(cast)
    address = f"{BOOKS}/{contact_id}/reading/{memory_id}"

    answer = cast.anna.client().post(f"{address}/forgotten", data={"item": "invoice_number"})

    assert answer.headers["Location"].endswith(address)
    assert "volgbriefje" not in cast.anna.client().get(address).text
    assert len(kept(cast)) == 1


def test_a_layout_is_forgotten_by_a_form(cast: Cast) -> None:
    contact_id, memory_id = given(cast)

    answer = cast.anna.client().post(f"{BOOKS}/{contact_id}/reading/{memory_id}/forgotten")

    assert answer.headers["Location"].endswith(f"{BOOKS}/{contact_id}")
    assert kept(cast) == []


def test_a_supplier_is_forgotten_by_a_form(cast: Cast) -> None:
    contact_id, _ = given(cast)

    cast.anna.client().post(f"{BOOKS}/{contact_id}/reading/forgotten")

    assert kept(cast) == []


def test_a_value_is_changed_by_a_form(cast: Cast) -> None:
    contact_id, memory_id = given(cast)
    address = f"{BOOKS}/{contact_id}/reading/{memory_id}"
    client = cast.anna.client()
    page = html.document_fromstring(client.get(address).text)
    version = page.xpath("//input[@name='version']/@value")[0]

    answer = client.post(
        address, data={"item": "supplier_name", "value": "De Molen", "version": version}
    )

    assert answer.status_code == 303
    text = client.get(address).text
    assert 'value="De Molen"' in text
    assert "Fixed by hand." in text


@pytest.mark.parametrize(
    "typed",
    [
        {"item": "terms_days", "value": "soon"},
        {"item": "currency", "value": "euros"},
        {"item": "iban", "value": "BE71096123456769"},
        {"item": "nonsense", "value": "x"},
        {},
    ],
    ids=["terms", "currency", "account", "unknown", "empty"],
)
def test_what_can_t_be_is_refused_with_a_sentence(cast: Cast, typed: dict[str, str]) -> None:
    contact_id, memory_id = given(cast)
    (row,) = kept(cast)

    answer = cast.anna.client().post(
        f"{BOOKS}/{contact_id}/reading/{memory_id}", data={**typed, "version": row.version}
    )

    assert answer.status_code == 422


def test_a_reader_sees_but_does_not_change(cast: Cast) -> None:
    contact_id, memory_id = given(cast)
    address = f"{BOOKS}/{contact_id}/reading/{memory_id}"
    client = cast.bram.client()

    assert client.get(address).status_code == 200
    assert "Forget" not in client.get(address).text
    assert client.post(address, data={"item": "currency"}).status_code == 403
    assert client.post(f"{address}/forgotten").status_code == 403
    assert client.post(f"{BOOKS}/{contact_id}/reading/forgotten").status_code == 403


def test_a_stranger_finds_nothing_and_forgets_nothing(cast: Cast) -> None:
    contact_id, memory_id = given(cast)
    client = cast.chloe.client()
    own = "/c/chocolaterie-chloe/contacts"

    assert client.get(f"{BOOKS}/{contact_id}/reading/{memory_id}").status_code == 404
    assert client.get(f"{own}/{contact_id}/reading/{memory_id}").status_code == 404
    assert client.post(f"{own}/{contact_id}/reading/{memory_id}/forgotten").status_code == 404
    assert client.post(f"{own}/{contact_id}/reading/forgotten").status_code == 404
    assert len(kept(cast)) == 1


def test_a_layout_of_another_supplier_is_not_there(cast: Cast) -> None:
    _, memory_id = given(cast)
    with factories.books_of(cast.anna):
        other: Contact = factories.contact("Zout BV")

    assert cast.anna.client().get(f"{BOOKS}/{other.id}/reading/{memory_id}").status_code == 404
