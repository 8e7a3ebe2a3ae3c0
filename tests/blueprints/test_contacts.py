"""Contacts: the list, one contact, the form, and the picker for other forms."""

from typing import Any
from uuid import UUID

import pytest
from lxml import html
from werkzeug.test import TestResponse

from billify.data.db import db
from billify.data.models import AuditEvent, Contact, Invoice
from billify.data.queries import lists
from billify.domain.invoices import InvoiceDirection, InvoiceKind
from tests import factories
from tests.cast import Cast

LIST = "/c/bakkerij-anna/contacts"
HTMX = {"HX-Request": "true"}
FILLED = {
    "name": "Molens van Deinze NV",
    "is_supplier": "1",
    "country": "BE",
    "language": "nl",
    "payment_terms": "days:30",
}


def given(cast: Cast, name: str = "Molens van Deinze NV", **more: Any) -> Contact:
    """A contact of Anna's bakery."""
    with factories.books_of(cast.anna):
        return factories.contact(name, **more)


def stored(cast: Cast, contact_id: UUID | None = None) -> Contact:
    """The contact as the database has it now, or the only one."""
    with factories.books_of(cast.anna):
        query = db.session.query(Contact).populate_existing()
        return query.filter_by(id=contact_id).one() if contact_id else query.one()


def _tree(answer: TestResponse) -> html.HtmlElement:
    return html.document_fromstring(answer.text)


def test_the_list_is_by_name_whatever_the_accents(cast: Cast) -> None:
    for name in ("Zout BV", "Éclair SRL", "Azijn NV"):
        given(cast, name)

    text = cast.anna.client().get(LIST).text

    assert text.index("Azijn NV") < text.index("Éclair SRL") < text.index("Zout BV")


def test_an_empty_list_says_what_to_do_first(cast: Cast) -> None:
    assert "No contacts yet" in cast.anna.client().get(LIST).text


def test_words_and_side_narrow_the_list(cast: Cast) -> None:
    given(cast, "Bloem en Meel BV")
    given(cast, "Meel Retail NV", is_customer=True, is_supplier=False)
    client = cast.anna.client()

    assert "Bloem en Meel" in client.get(f"{LIST}?q=meel+bloem").text
    assert "Retail" not in client.get(f"{LIST}?q=meel+bloem").text
    assert "Retail" not in client.get(f"{LIST}?side=suppliers").text
    assert "Bloem" not in client.get(f"{LIST}?side=customers&q=meel").text


@pytest.mark.parametrize(
    "asked", ["side=friends", "after=zzz", "after=~", "q=%00%25_", "size=x", "after=a~%00"]
)
@pytest.mark.parametrize("route", ["", "/list", "/options"])
def test_what_makes_no_sense_is_no_mistake_of_ours(cast: Cast, asked: str, route: str) -> None:
    given(cast)

    assert cast.anna.client().get(f"{LIST}{route}?{asked}").status_code == 200


def test_more_contacts_follow_the_last_one(cast: Cast) -> None:
    for at in range(53):
        given(cast, f"Leverancier {at:02d}")
    client = cast.anna.client()

    rest = client.get(f"{LIST}/list?after=leverancier+49~{UUID(int=2**128 - 1)}", headers=HTMX)

    assert "Leverancier 49" in client.get(LIST).text
    assert "Leverancier 50" not in client.get(LIST).text
    assert rest.text.count("<tr") == 3
    assert 'value="3"' in rest.text


def test_the_page_shows_particulars_what_is_open_and_the_invoices(cast: Cast) -> None:
    contact = given(cast, is_customer=True, iban="BE71096123456769", vat_number="BE0403170701")
    with factories.books_of(cast.anna):
        factories.invoice(of=contact, gross="100.00", number="P-1")
        factories.invoice(of=contact, gross="30.00", kind=InvoiceKind.CREDIT_NOTE)
        factories.invoice(of=contact, gross="55.00", direction=InvoiceDirection.SALE)

    answer = cast.anna.client().get(f"{LIST}/{contact.id}")

    assert answer.status_code == 200
    assert "BE71 0961 2345 6769" in answer.text
    assert ">70,00<" in answer.text.replace("</span> ", ">").replace(" ", "")
    assert ">55,00<" in answer.text.replace("</span> ", ">").replace(" ", "")
    assert "P-1" in answer.text


def test_its_invoices_are_asked_for_again_when_one_changes(cast: Cast) -> None:
    contact = given(cast)
    with factories.books_of(cast.anna):
        factories.invoice(of=contact, number="P-1")

    answer = cast.anna.client().get(f"{LIST}/{contact.id}/invoices", headers=HTMX)

    assert "P-1" in answer.text
    assert "purchases-changed from:body" in answer.text


def test_a_contact_is_added_with_its_numbers_in_one_form(cast: Cast) -> None:
    answer = cast.anna.client().post(
        f"{LIST}/new",
        data={
            **FILLED,
            "vat_number": "be 0403.170.701",
            "iban": "BE71 0961 2345 6769",
            "payment_terms": "other",
            "own_days": "21",
        },
    )

    contact = stored(cast)
    assert answer.status_code == 303
    assert answer.location == f"{LIST}/{contact.id}"
    assert contact.vat_number == "BE0403170701"
    assert contact.enterprise_number == "0403170701"
    assert contact.iban == "BE71096123456769"
    assert contact.payment_terms == "days:21"
    assert contact.search_key == "molens van deinze nv"


def test_adding_and_changing_stand_in_the_audit_log(cast: Cast) -> None:
    client = cast.anna.client()
    client.post(f"{LIST}/new", data=FILLED)
    contact = stored(cast)

    client.post(f"{LIST}/{contact.id}/edit", data={**FILLED, "version": 1, "phone": "09 123"})

    with factories.books_of(cast.anna):
        events = db.session.query(AuditEvent).order_by(AuditEvent.seq).all()
    assert [event.verb for event in events] == ["contact.added", "contact.changed"]
    assert events[1].before is not None
    assert events[1].after is not None
    assert (events[1].before["phone"], events[1].after["phone"]) == (None, "09 123")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Fill this in."),
        ("name", "!!!", "letters or figures"),
        ("name", "x" * 201, "At most 200 characters."),
        ("vat_number", "BE0403170702", "not a valid VAT number"),
        ("enterprise_number", "123", "not a valid enterprise number"),
        ("enterprise_number", "0202239951", "one is wrong"),
        ("iban", "BE71096123456760", "not a valid IBAN"),
        ("email", "anna@", "Check the e-mail address."),
        ("country", "Belgium", "Choose one from the list."),
        ("language", "it", "Choose one from the list."),
        ("payment_terms", "soon", "Choose one from the list."),
        ("own_days", "x", "Give a number of days"),
        ("own_days", "999", "Give a number of days"),
        ("own_days", "-1", "Give a number of days"),
    ],
)
def test_a_mistake_gets_a_sentence_at_its_field(
    cast: Cast, field: str, value: str, said: str
) -> None:
    data = {**FILLED, "vat_number": "BE0403170701", field: value}
    if field == "own_days":
        data["payment_terms"] = "other"

    answer = cast.anna.client().post(f"{LIST}/new", data=data)

    assert answer.status_code == 422
    assert said in answer.text
    with factories.books_of(cast.anna):
        assert db.session.query(Contact).count() == 0


def test_a_vat_number_belongs_to_one_contact(cast: Cast) -> None:
    given(cast, "Eerste BV", vat_number="BE0403170701")

    answer = cast.anna.client().post(f"{LIST}/new", data={**FILLED, "vat_number": "0403170701"})

    assert answer.status_code == 422
    assert "Eerste BV has this VAT number already." in answer.text


def test_two_companies_may_know_the_same_supplier(cast: Cast) -> None:
    given(cast, "Eerste BV", vat_number="BE0403170701")

    answer = cast.chloe.client().post(
        "/c/chocolaterie-chloe/contacts/new", data={**FILLED, "vat_number": "0403170701"}
    )

    assert answer.status_code == 303


def test_a_new_name_is_found_on_the_invoices_too(cast: Cast) -> None:
    contact = given(cast, "Oude Naam")
    with factories.books_of(cast.anna):
        invoice = factories.invoice(of=contact)

    cast.anna.client().post(
        f"{LIST}/{contact.id}/edit", data={**FILLED, "name": "Nieuwe Naam", "version": 1}
    )

    with factories.books_of(cast.anna):
        row = db.session.get(Invoice, invoice.id, populate_existing=True)
        wanted = lists.Filter(InvoiceDirection.PURCHASE, words="nieuwe")
        found = lists.page(wanted, today=factories.ISSUED).rows
    assert row is not None
    assert (row.party_name, row.party_key) == ("Nieuwe Naam", "nieuwe naam")
    assert [one.id for one in found] == [invoice.id]


def test_a_stale_form_shows_what_was_stored_and_keeps_what_was_typed(cast: Cast) -> None:
    contact = given(cast)
    client = cast.anna.client()
    client.post(f"{LIST}/{contact.id}/edit", data={**FILLED, "version": 1, "phone": "first"})

    second = client.post(
        f"{LIST}/{contact.id}/edit", data={**FILLED, "version": 1, "phone": "second"}
    )

    assert second.status_code == 409
    assert "Somebody changed this" in second.text
    assert [said.strip() for said in _tree(second).xpath("//form//dd/text()")] == ["first"]
    assert 'value="second"' in second.text
    assert stored(cast, contact.id).phone == "first"
    client.post(f"{LIST}/{contact.id}/edit", data={**FILLED, "version": 2, "phone": "second"})
    assert stored(cast, contact.id).phone == "second"


@pytest.mark.parametrize("asked", ["q", "contact_name"])
def test_the_picker_offers_names_with_their_keys(cast: Cast, asked: str) -> None:
    contact = given(cast, "Bloem & Co")

    answer = cast.anna.client().get(f"{LIST}/options?{asked}=bloem", headers=HTMX)

    assert f'data-id="{contact.id}"' in answer.text
    assert 'data-name="Bloem &amp; Co"' in answer.text
    assert 'role="option"' in answer.text


def test_the_picker_offers_nothing_before_a_word_is_typed(cast: Cast) -> None:
    given(cast, "Bloem & Co")

    answer = cast.anna.client().get(f"{LIST}/options?q=+", headers=HTMX)

    assert "Bloem" not in answer.text


def test_the_filter_of_a_desk_offers_the_contacts_most_used(cast: Cast) -> None:
    given(cast, "Aardig maar nieuw")
    used = given(cast, "Zelden niet")
    with factories.books_of(cast.anna):
        factories.invoice(of=used)

    text = cast.anna.client().get("/c/bakkerij-anna/purchases/contacts", headers=HTMX).text

    assert text.index("Zelden niet") < text.index("Aardig maar nieuw")


@pytest.mark.parametrize("route", ["/new", "/{id}/edit"])
def test_a_reader_may_not_change_contacts(cast: Cast, route: str) -> None:
    address = LIST + route.format(id=given(cast).id)

    assert cast.bram.client().get(address).status_code == 403
    assert cast.bram.client().post(address, data=FILLED).status_code == 403


@pytest.mark.parametrize("route", ["", "/list", "/options", "/new", "/{id}", "/{id}/invoices"])
def test_a_stranger_finds_nothing(cast: Cast, route: str) -> None:
    contact = given(cast)

    assert cast.chloe.client().get(LIST + route.format(id=contact.id)).status_code == 404


def test_a_contact_of_another_company_is_not_there(cast: Cast) -> None:
    contact = given(cast)
    own = "/c/chocolaterie-chloe/contacts"

    assert cast.chloe.client().get(f"{own}/{contact.id}").status_code == 404
    answer = cast.chloe.client().post(f"{own}/{contact.id}/edit", data={**FILLED, "version": 1})
    assert answer.status_code == 404
    assert stored(cast, contact.id).name == "Molens van Deinze NV"
