"""The check screen: what stands beside a document, what is unsure, and what comes next."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import html
from werkzeug.test import TestResponse

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import Company, Invoice
from billify.domain.invoices import InvoiceKind, InvoiceStatus
from billify.domain.reading import Reading
from tests import checked, factories
from tests.cast import Cast, Member
from tests.checked import as_read, sure
from tests.factories import books_of

HTMX = {"HX-Request": "true"}
FORM = {
    "version": "1",
    "kind": "invoice",
    "contact_name": "Molens van Deinze NV",
    "number": "2026-0815",
    "issue_date": "01/10/2026",
    "due_date": "31/10/2026",
    "currency": "EUR",
    "net_amount": "100,00",
    "vat_amount": "21,00",
    "gross_amount": "121,00",
    "direction": "purchase",
}


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    yield cast.anna
    tenancy.leave()


def waiting(
    anna: Member, reading: Reading | None = None, supplier: str = "Molens van Deinze NV"
) -> Invoice:
    with factories.books_of(anna):
        return checked.waits(reading, supplier=supplier)


def shown(anna: Member, invoice: Invoice) -> html.HtmlElement:
    answer = anna.client().get(f"/c/{anna.slug}/invoices/{invoice.id}")
    assert answer.status_code == 200
    return html.document_fromstring(answer.text)


def unsure(page: html.HtmlElement) -> list[str]:
    """Names of the marked fields, in the order of the page."""
    return [str(name) for name in page.xpath("//*[contains(@class,'field--doubt')]//@name")]


def sent(anna: Member, invoice: Invoice, headers: dict[str, str], **more: str) -> TestResponse:
    values = FORM | {"version": str(invoice.version)} | more
    return anna.client().post(f"/c/{anna.slug}/invoices/{invoice.id}", data=values, headers=headers)


def test_amounts_carry_the_sign_of_their_currency(cast: Cast) -> None:
    with factories.books_of(cast.anna):
        invoice = factories.invoice(status=InvoiceStatus.TO_CHECK, currency="USD")

    page = cast.anna.client().get(f"/c/{cast.anna.slug}/invoices/{invoice.id}").text

    assert '<span class="affix__mark">$</span>' in page
    assert '<span class="affix__mark">€</span>' not in page


class TestUnsureFields:
    def test_what_is_read_with_less_than_the_threshold_comes_first_least_sure_first(
        self, anna: Member
    ) -> None:
        reading = as_read(
            issue_date=sure("2026-10-01", 0.94), invoice_number=sure("2026-0815", 0.5)
        )

        page = shown(anna, waiting(anna, reading))

        assert unsure(page) == ["number", "issue_date"]

    def test_the_company_says_from_where_on_a_value_is_sure(self, anna: Member) -> None:
        invoice = waiting(anna, as_read(issue_date=sure("2026-10-01", 0.9)))
        assert unsure(shown(anna, invoice)) == ["issue_date"]

        with factories.books_of(anna):
            company = db.session.get(Company, anna.company_id)
            assert company is not None
            company.sure_percent = 90
            db.session.commit()

        assert unsure(shown(anna, invoice)) == []

    def test_figures_that_contradict_each_other_are_never_sure(self, anna: Member) -> None:
        reading = replace(as_read(), warnings=("totals",))

        page = shown(anna, waiting(anna, reading))

        assert set(unsure(page)) == {"net_amount", "vat_amount", "gross_amount"}

    def test_a_draft_that_does_not_add_up_is_never_sure(self, anna: Member) -> None:
        page = shown(anna, waiting(anna, as_read(gross_amount=sure("131.00"))))

        assert set(unsure(page)) == {"net_amount", "vat_amount", "gross_amount"}
        assert "but the total is 131,00" in page.get_element_by_id("wrongs").text_content()

    def test_what_was_not_found_is_asked_for(self, anna: Member) -> None:
        page = shown(anna, waiting(anna, as_read(invoice_number=None)))

        assert unsure(page) == ["number"]

    def test_the_inbox_counts_them_as_the_screen_does(self, anna: Member) -> None:
        waiting(anna, as_read(issue_date=sure("2026-10-01", 0.94), supplier_vat=sure("x", 0.2)))
        waiting(anna)

        page = html.document_fromstring(anna.client().get(f"/c/{anna.slug}/purchases").text)

        rows = page.xpath("//*[@id='inbox-rows']/tr")
        said = [" ".join(row.text_content().split()) for row in rows]
        assert "Nothing unsure" in said[0]
        assert "2 unsure" in said[1]

    def test_a_credit_note_in_the_inbox_is_below_zero(self, anna: Member) -> None:
        with books_of(anna):
            factories.invoice(
                kind=InvoiceKind.CREDIT_NOTE,
                status=InvoiceStatus.TO_CHECK,
                document_id=factories.document().id,
            )

        page = html.document_fromstring(anna.client().get(f"/c/{anna.slug}/purchases").text)

        assert "−121,00" in page.get_element_by_id("inbox-rows").text_content()


class TestRunnersUp:
    READING = as_read(
        issue_date=sure("2026-10-01", 0.6, ("2026-10-31", 0.3), ("2026-09-01", 0.01)),
        gross_amount=sure("121.00", 0.5, ("1234.5", 0.45), ("121.00", 0.3)),
    )

    def test_they_stand_at_the_field_with_their_likelihood_in_words(self, anna: Member) -> None:
        page = shown(anna, waiting(anna, self.READING))

        found = [
            (one.get("data-field"), one.get("data-value"), " ".join(one.text_content().split()))
            for one in page.xpath("//button[@class='runner']")
        ]
        assert found == [
            ("gross_amount", "1.234,50", "1.234,50 about as likely"),
            ("issue_date", "31/10/2026", "31/10/2026 less likely"),
        ]

    def test_they_have_a_box_of_their_own(self, anna: Member) -> None:
        page = shown(anna, waiting(anna, self.READING))

        boxes = page.xpath("//*[local-name()='rect'][@data-runner='0']/@data-field")
        assert sorted(boxes) == ["gross_amount", "issue_date"]

    def test_without_script_one_is_put_into_the_form_and_nothing_is_saved(
        self, anna: Member
    ) -> None:
        invoice = waiting(anna, self.READING)

        answer = sent(anna, invoice, {}, do="take:issue_date:0", number="typed")

        page = html.document_fromstring(answer.text)
        assert answer.status_code == 200
        assert page.xpath("//input[@name='issue_date']/@value") == ["31/10/2026"]
        assert page.xpath("//input[@name='number']/@value") == ["typed"]
        assert unsure(page) == ["gross_amount"]
        with factories.books_of(anna):
            db.session.refresh(invoice)
            assert invoice.issue_date.day == 1

    @pytest.mark.parametrize("do", ["take:issue_date:7", "take:note:0", "take:issue_date:x"])
    def test_one_that_is_not_there_can_not_be_taken(self, anna: Member, do: str) -> None:
        assert sent(anna, waiting(anna, self.READING), {}, do=do).status_code == 404

    def test_what_was_said_to_be_right_stays_so_while_mistakes_are_mended(
        self, anna: Member
    ) -> None:
        invoice = waiting(anna, self.READING)

        answer = sent(anna, invoice, {}, due_date="31/02/2026", checked="issue_date", do="save")

        assert answer.status_code == 422
        assert unsure(html.document_fromstring(answer.text)) == ["gross_amount"]


class TestWords:
    def test_the_words_of_a_page_lie_over_it_in_reading_order(self, anna: Member) -> None:
        invoice = waiting(anna)

        answer = anna.client().get(
            f"/c/{anna.slug}/documents/{invoice.document_id}/pages/1/words", headers=HTMX
        )

        svg = html.fragment_fromstring(answer.text)
        words = svg.xpath("//*[local-name()='rect']/@data-text")
        assert words[:5] == ["Molens", "van", "Deinze", "NV", "Factuur"]
        first = svg.xpath("//*[local-name()='rect']")[0]
        assert [float(first.get(side)) for side in ("x", "y", "width", "height")] == pytest.approx(
            [60, 60, 36, 10], abs=0.2
        )

    def test_a_page_without_words_says_nothing(self, anna: Member) -> None:
        invoice = waiting(anna)

        answer = anna.client().get(
            f"/c/{anna.slug}/documents/{invoice.document_id}/pages/2/words", headers=HTMX
        )

        assert (answer.status_code, answer.data) == (204, b"")

    @pytest.mark.parametrize(
        ("field", "text", "value"),
        [
            ("issue_date", "21.03.26", "21/03/2026"),
            ("gross_amount", "1.234,56 €", "1.234,56"),
            ("gross_amount", "-121,00", "121,00"),
            ("lines-3-unit_price", "-0,0125", "-0,0125"),
            ("vat_rows-0-base", "1 234,56", "1.234,56"),
            ("payee_iban", "BE71096123456769", "BE71 0961 2345 6769"),
            ("payment_reference", "090/9337/55493", "+++090/9337/55493+++"),
            ("kind", "Creditnota", "credit_note"),
            ("lines-0-description", "Bloem  T55", "Bloem T55"),
        ],
    )
    def test_picked_words_come_back_as_the_field_writes_them(
        self, anna: Member, field: str, text: str, value: str
    ) -> None:
        answer = anna.client().post(
            f"/c/{anna.slug}/invoices/words", data={"field": field, "text": text}, headers=HTMX
        )

        said = html.fragment_fromstring(answer.text)
        assert (said.get("data-field"), said.get("data-value")) == (field, value)

    @pytest.mark.parametrize(
        ("field", "text", "sentence"),
        [
            ("issue_date", "Totaal", "“Totaal” is not a date. Choose another word, or type it."),
            ("contact_id", "x", "This field is chosen from its list."),
            ("issue_date", "", "There is no text here. Choose a word, or type the value."),
        ],
    )
    def test_words_that_can_not_be_it_get_a_sentence(
        self, anna: Member, field: str, text: str, sentence: str
    ) -> None:
        answer = anna.client().post(
            f"/c/{anna.slug}/invoices/words", data={"field": field, "text": text}, headers=HTMX
        )

        said = html.fragment_fromstring(answer.text)
        assert said.text_content().strip() == sentence
        assert said.get("data-field") is None


class TestLines:
    def test_sums_nets_and_what_does_not_fit_come_from_one_answer(self, anna: Member) -> None:
        values = FORM | {
            "lines-0-description": "Bloem",
            "lines-0-quantity": "3",
            "lines-0-unit_price": "12,50",
            "lines-0-vat": "S-21",
            "lines-1-description": "Nog niets",
            "lines-1-quantity": "1",
        }

        answer = anna.client().post(f"/c/{anna.slug}/invoices/sums", data=values, headers=HTMX)

        text = " ".join(html.document_fromstring(answer.text).text_content().split())
        assert "Net37,50VAT 21 %7,88Total of the lines" in text.replace("\xa0", " ")
        assert "The lines make 37,50, but the amount without VAT is 100,00." in text
        assert re.search(r'hx-target="#lines-0-net"[^>]*>37,50<', answer.text)
        assert re.search(r'hx-target="#lines-1-net"[^>]*><', answer.text)

    def test_totals_that_contradict_each_other_are_told_above_the_form(self, anna: Member) -> None:
        values = FORM | {"gross_amount": "131,00"}

        answer = anna.client().post(f"/c/{anna.slug}/invoices/sums", data=values, headers=HTMX)

        partial = answer.text.split('hx-target="#wrongs"')[1]
        assert "but the total is 131,00" in partial


class TestNextDocument:
    def test_the_place_among_those_that_wait_is_told(self, anna: Member) -> None:
        oldest, middle, newest = (waiting(anna, supplier=f"Bakker {one}") for one in "ABC")

        page = shown(anna, middle)

        turn = page.xpath("//nav[@class='turn']")[0]
        assert " ".join(turn.text_content().split()) == "2 of 3"
        assert [link.rpartition("/")[2] for link in turn.xpath(".//a/@href")] == [
            str(newest.id),
            str(oldest.id),
        ]
        (ahead,) = page.xpath("//link[@rel='prefetch']/@href")
        assert ahead.endswith(f"/documents/{oldest.document_id}/pages/1")

    def test_behind_the_oldest_the_newest_comes_again(self, anna: Member) -> None:
        oldest, newest = (waiting(anna, supplier=f"Bakker {one}") for one in "AB")

        (ahead,) = shown(anna, oldest).xpath("//link[@rel='prefetch']/@href")

        assert str(newest.document_id) in ahead

    def test_the_only_one_has_no_next(self, anna: Member) -> None:
        page = shown(anna, waiting(anna))

        assert "1 of 1" in page.xpath("//nav[@class='turn']")[0].text_content()
        assert page.xpath("//link[@rel='prefetch']") == []

    def test_the_answer_to_an_approval_is_the_next_document(self, anna: Member) -> None:
        reading = as_read(invoice_number=sure("2026-0815", 0.5))
        following, first = waiting(anna, reading, supplier="Bakker A"), waiting(anna)

        answer = sent(anna, first, HTMX, do="approve", checked="number")

        page = html.document_fromstring(answer.text)
        assert answer.headers["HX-Push-Url"].endswith(f"/invoices/{following.id}")
        assert answer.headers["HX-Retarget"] == "#main"
        assert page.xpath("string(//h1)") == "Bakker A"
        assert page.xpath("string(//title)") == "Check Bakker A – Billify"
        assert "Approved." in answer.headers["HX-Trigger"]
        assert unsure(page) == ["number"]
        with factories.books_of(anna):
            db.session.refresh(first)
            assert (first.status, first.open_amount) == (InvoiceStatus.OPEN, Decimal("121.00"))

    @pytest.mark.parametrize("act", ["setting-aside", "rejection"])
    def test_other_decisions_go_on_as_well(self, anna: Member, act: str) -> None:
        following, first = waiting(anna, supplier="Bakker A"), waiting(anna)

        answer = anna.client().post(f"/c/{anna.slug}/invoices/{first.id}/{act}", headers=HTMX)

        assert answer.headers["HX-Push-Url"].endswith(f"/invoices/{following.id}")

    def test_without_script_it_is_a_page_of_its_own(self, anna: Member) -> None:
        following, first = waiting(anna, supplier="Bakker A"), waiting(anna)

        answer = sent(anna, first, {}, do="approve")

        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/invoices/{following.id}")

    def test_after_the_last_one_comes_the_list(self, anna: Member) -> None:
        answer = sent(anna, waiting(anna), HTMX, do="approve")

        assert answer.headers["HX-Redirect"].endswith("/purchases")

    def test_a_limit_still_stops_who_approves(self, cast: Cast) -> None:
        first = waiting(cast.anna, as_read(net_amount=sure("10000.00"), gross_amount=sure("1e4")))

        answer = cast.emma.client().post(
            f"/c/{cast.emma.slug}/invoices/{first.id}/approval", headers=HTMX
        )

        assert answer.status_code != 200
        with factories.books_of(cast.anna):
            db.session.refresh(first)
            assert first.status is InvoiceStatus.TO_CHECK


class TestThreshold:
    def setting(self, anna: Member, percent: str) -> TestResponse:
        values = {"name": "Bakkerij Anna", "country": "BE", "language": "nl"}
        return anna.client().post(
            f"/c/{anna.slug}/settings", data=values | {"sure_percent": percent}
        )

    @pytest.mark.parametrize(("typed", "kept"), [("90", 90), ("90 %", 90), ("", 95)])
    def test_it_is_a_setting_of_the_company(self, anna: Member, typed: str, kept: int) -> None:
        assert self.setting(anna, typed).status_code == 303

        with factories.books_of(anna):
            company = db.session.get(Company, anna.company_id, populate_existing=True)
            assert company is not None
            assert company.sure_percent == kept

    @pytest.mark.parametrize("typed", ["49", "100", "9,5", "veel"])
    def test_what_makes_no_sense_is_said_so(self, anna: Member, typed: str) -> None:
        answer = self.setting(anna, typed)

        assert answer.status_code == 422
        assert "Write a whole number from 50 to 99." in answer.text
