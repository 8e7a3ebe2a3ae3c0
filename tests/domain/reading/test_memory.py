"""Memory of a layout: what one checked paper teaches, and what it must never do."""

import json
from decimal import Decimal

import pytest

from billify.domain.reading import Field, How, LineItem, OwnCompany, Page, Reading, memory
from billify.domain.reading.memory import Corrected, ItemKind, Memory
from billify.domain.refusal import Refusal
from tests.domain.reading.pages import page

US = OwnCompany("Bakkerij Anna BV", "BE0100021846", ibans=("BE68539007547034",))
VAT, OTHER_VAT = "BE0203201340", "BE0100032536"
IBAN, NEW_IBAN = "BE71096123456769", "BE43068999999501"


def odd(**changes: str) -> Page:
    """An invoice whose words no vocabulary of labels knows; a keyword replaces a printed text."""
    said = {
        "name": "Drukkerij Peeters BV",
        "vat": VAT,
        "number": "Q7-0042",
        "day": "01/03/2026",
        "last": "31/03/2026",
        "net": "100,00",
        "tax": "21,00",
        "gross": "121,00",
        "iban": IBAN,
        "thing": "Folders",
    } | changes
    return page(
        (40, [(50, said["name"])]),
        (54, [(50, "Nijverheidslaan 12")]),
        (68, [(50, "9000 Gent")]),
        (82, [(50, said["vat"])]),
        (130, [(330, "Bakkerij Anna BV")]),
        (144, [(330, "Kerkstraat 5")]),
        (158, [(330, "2000 Antwerpen")]),
        (220, [(50, "Volgbriefje"), (150, said["number"])]),
        (234, [(50, "Opgesteld"), (150, said["day"])]),
        (248, [(50, "Uiterlijk"), (150, said["last"])]),
        (300, [(50, "Wat"), (320, "Stuks"), (400, "Elk"), (500, "Samen")]),
        (320, [(50, said["thing"]), (320, "200"), (400, "0,30"), (500, "60,00")]),
        (340, [(50, "Kaartjes"), (320, "100"), (400, "0,40"), (500, "40,00")]),
        (420, [(380, "Zonder taks"), (500, said["net"])]),
        (436, [(380, "De taks"), (500, said["tax"])]),
        (452, [(380, "Alles samen"), (500, said["gross"])]),
        (520, [(50, "Graag storten op"), (150, said["iban"])]),
        (760, [(50, "Peeters drukt al sinds negentienhonderd voor bakkers")]),
    )


VALUES: dict[str, str | None] = {
    "supplier_name": "Drukkerij Peeters BV",
    "supplier_vat": VAT,
    "invoice_number": "Q7-0042",
    "issue_date": "2026-03-01",
    "due_date": "2026-03-31",
    "currency": "EUR",
    "net_amount": "100.00",
    "vat_amount": "21.00",
    "gross_amount": "121.00",
    "iban": IBAN,
    "payment_reference": None,
}


def taught(
    first: Page | None = None, *, reading: Reading | None = None, **changes: str | None
) -> Memory:
    """The memory after one checked paper; a keyword replaces what a person filled in."""
    return memory.learn(
        pages=[first or odd()],
        reading=reading or Reading(),
        corrected=Corrected(values=VALUES | changes, vat=[(Decimal(21), "S")]),
        key="1",
        us=US,
    )


def applied(known: Memory, second: Page, *, reading: Reading | None = None) -> memory.Applied:
    return memory.apply(pages=[second], reading=reading or Reading(), memories=[known], us=US)


def noisy(one: Page) -> Page:
    """The page as OCR gives it: never quite sure."""
    words = tuple(type(word)(word.text, *word.box, 0.9) for word in one.words)
    return Page(one.number, one.width, one.height, words)


SECOND = {
    "number": "Q7-0117",
    "day": "12/04/2026",
    "last": "12/05/2026",
    "net": "250,00",
    "tax": "52,50",
    "gross": "302,50",
    "thing": "Affiches",
}


class TestReadingRight:
    def test_the_second_paper_reads_right_after_one_correction(self) -> None:
        done = applied(taught(), odd(**SECOND))

        found = {name: field.value for name, field in done.reading.fields.items()}
        assert done.at == 0
        assert found == {
            "supplier_name": "Drukkerij Peeters BV",
            "supplier_vat": VAT,
            "supplier_enterprise_number": VAT[2:],
            "invoice_number": "Q7-0117",
            "issue_date": "2026-04-12",
            "due_date": "2026-05-12",
            "currency": "EUR",
            "net_amount": "250.00",
            "vat_amount": "52.50",
            "gross_amount": "302.50",
            "iban": IBAN,
        }
        assert {field.how for field in done.reading.fields.values()} == {How.MEMORY}
        assert not done.reading.unsure

    def test_a_value_knows_where_it_stands(self) -> None:
        field = applied(taught(), odd(**SECOND)).reading.fields["invoice_number"]

        assert field.page == 1
        assert field.box is not None
        assert (round(field.box[0] * 595), round(field.box[1] * 842)) == (150, 220)
        assert field.label == "volgbriefje"

    def test_totals_are_found_where_a_longer_table_pushes_them(self) -> None:
        lower = [
            (word, 150.0 if 400 < word.y0 * 842 < 600 else 0.0) for word in odd(**SECOND).words
        ]
        moved = Page(
            1,
            595.0,
            842.0,
            tuple(
                type(word)(word.text, word.x0, word.y0 + by / 842, word.x1, word.y1 + by / 842)
                for word, by in lower
            ),
        )

        found = applied(taught(), moved).reading

        assert found.text("gross_amount") == "302.50"
        assert found.text("net_amount") == "250.00"

    def test_letters_misread_by_ocr_do_not_hide_a_layout(self) -> None:
        noisy = odd(**SECOND)
        words = tuple(
            type(word)(
                {"Volgbriefje": "Volgbrietje", "Opgesteld": "0pgesteld"}.get(word.text, word.text),
                word.x0 + 0.004,
                word.y0 + 0.003,
                word.x1 + 0.004,
                word.y1 + 0.003,
                0.9,
            )
            for word in noisy.words
        )

        done = applied(taught(), Page(1, 595.0, 842.0, words))

        assert done.reading.text("invoice_number") == "Q7-0117"
        assert done.reading.text("gross_amount") == "302.50"

    def test_a_misread_number_is_put_into_the_shape_it_always_has(self) -> None:
        noisy = tuple(
            type(word)(word.text.replace("Q7", "07"), *word.box, 0.9)
            for word in odd(**SECOND | {"number": "QI-O117"}).words
        )
        known = taught(odd(number="QI-0042"), invoice_number="QI-0042")

        done = applied(known, Page(1, 595.0, 842.0, noisy))

        assert done.reading.text("invoice_number") == "QI-0117"

    @pytest.mark.parametrize(
        ("field", "printed", "told"),
        [
            ("iban", "BE710961294S8769", IBAN),
            ("iban", "BE71 0961 1123 456", None),
            ("bic", "GEBAREBB", "GEBABEBB"),
            ("bic", "KREDBEBB", None),
        ],
    )
    def test_a_misread_code_is_known_by_what_is_left_of_it(
        self, field: str, printed: str, told: str | None
    ) -> None:
        usual = {"iban": IBAN, "bic": "GEBABEBB"}[field]
        known = taught(odd(iban=usual), **{"iban": None, field: usual})

        found = applied(known, noisy(odd(iban=printed, **SECOND))).reading

        assert found.text(field) == told
        assert told is None or 0.6 < found.fields[field].confidence < 0.95
        assert applied(known, odd(iban=printed, **SECOND)).reading.text(field) is None

    @pytest.mark.parametrize(
        ("said", "kept", "is_sure"),
        [("invoice", "invoice", True), ("credit_note", "credit_note", False)],
    )
    def test_the_kind_is_sure_once_it_was_right_but_a_credit_note_is_not(
        self, said: str, kept: str, is_sure: bool
    ) -> None:
        known = taught(
            reading=Reading(fields={"document_type": Field("invoice", 0.8)}),
            document_type="invoice",
        )
        second = Reading(fields={"document_type": Field(said, 0.8)})

        found = applied(known, odd(**SECOND), reading=second).reading.fields["document_type"]

        assert found.value == kept
        assert (found.confidence > 0.9) is is_sure

    def test_the_month_goes_first_where_a_person_said_so(self) -> None:
        known = taught(odd(day="03/01/2026", last="03/31/2026"))

        found = applied(known, odd(**SECOND | {"day": "04/02/2026", "last": "05/02/2026"})).reading

        assert found.text("issue_date") == "2026-04-02"

    def test_a_due_date_that_is_not_printed_follows_the_terms(self) -> None:
        known = taught(odd(last="zoals steeds"))

        found = applied(known, odd(**SECOND | {"last": "zoals steeds"})).reading

        assert found.text("due_date") == "2026-05-12"
        assert known.usual_terms == 30

    def test_lines_are_read_under_a_head_that_only_a_person_understands(self) -> None:
        lines = [
            LineItem("Folders", Decimal("60.00"), Decimal(200), Decimal("0.30")),
            LineItem("Kaartjes", Decimal("40.00"), Decimal(100), Decimal("0.40")),
        ]
        known = memory.learn(
            pages=[odd()],
            reading=Reading(),
            corrected=Corrected(values=VALUES, lines=lines),
            key="1",
            us=US,
        )

        found = applied(known, odd(number="Q7-0099", thing="Affiches")).reading

        assert [(one.description, one.net_amount, one.quantity) for one in found.line_items] == [
            ("Affiches", Decimal("60.00"), Decimal(200)),
            ("Kaartjes", Decimal("40.00"), Decimal(100)),
        ]

    def test_what_a_paper_does_not_have_is_no_longer_made_up(self) -> None:
        wrong = Reading(
            fields={"payment_reference": Field("9000", 0.7, 1, (0.08, 0.08, 0.12, 0.093))}
        )
        known = taught(reading=wrong)

        found = applied(known, odd(**SECOND), reading=wrong).reading

        assert "payment_reference" not in found.fields


class TestDoubt:
    def test_a_paper_of_another_supplier_in_the_same_form_is_left_alone(self) -> None:
        reading = Reading(fields={"supplier_vat": Field(OTHER_VAT, 0.9)})
        other = odd(name="Zetterij Maes BV", vat=OTHER_VAT, iban=NEW_IBAN, **SECOND)

        done = applied(taught(), other, reading=reading)

        assert done.at is None
        assert done.reading == reading

    def test_another_paper_of_the_same_supplier_is_left_alone(self) -> None:
        letter = page(
            (100, [(60, "Geachte klant")]),
            (300, [(200, f"Ons nummer is {VAT}")]),
            (320, [(200, "Wij verhuizen in mei naar 121,00 meter hoger")]),
        )

        assert applied(taught(), letter).at is None

    def test_two_suppliers_without_a_number_that_fit_alike_are_both_left_alone(self) -> None:
        blank = {"name": "Peeters", "vat": "geen", "iban": "geen"}
        values = {"supplier_vat": None, "iban": None}
        one = taught(odd(**blank), supplier_name="Aerts", **values)
        other = taught(odd(**blank), supplier_name="Bosmans", **values)

        done = memory.apply(
            pages=[odd(**SECOND | blank)], reading=Reading(), memories=[one, other], us=US
        )

        assert done.at is None

    def test_a_changed_account_is_never_set_back(self) -> None:
        reading = Reading(fields={"iban": Field(NEW_IBAN, 0.97)})

        found = applied(taught(), odd(iban=NEW_IBAN, **SECOND), reading=reading).reading

        assert found.text("iban") == NEW_IBAN
        assert found.fields["iban"].is_unsure
        assert found.fields["iban"].alternatives[0].value == IBAN
        assert "iban" in found.warnings

    def test_a_second_account_beside_the_known_one_is_told(self) -> None:
        found = applied(taught(), odd(iban=f"{IBAN} of {NEW_IBAN}", **SECOND)).reading

        assert found.text("iban") == IBAN
        assert found.fields["iban"].is_unsure
        assert "iban" in found.warnings

    def test_an_amount_that_was_always_read_well_is_not_given_up_for_another(self) -> None:
        """On a receipt one amount may stand at many places, all of which are remembered."""
        right = Reading(fields={"gross_amount": Field("121.00", 0.95)})
        only_gross = {"net": "", "tax": ""}
        kept = {"net_amount": None, "vat_amount": None}
        known = taught(odd(**only_gross), reading=right, **kept)
        corrected = taught(odd(**only_gross), **kept)
        second = noisy(odd(**SECOND | only_gross | {"gross": "99,00"}))
        reading = Reading(fields={"gross_amount": Field("302.50", 0.97)})

        found = applied(known, second, reading=reading).reading.fields["gross_amount"]

        assert (found.value, found.is_unsure) == ("302.50", True)
        assert found.alternatives[0].value == "99.00"
        assert applied(corrected, second, reading=reading).reading.text("gross_amount") == "99.00"

    def test_sums_that_contradict_are_never_sure(self) -> None:
        found = applied(taught(), odd(**SECOND | {"gross": "999,99"})).reading

        for name in ("net_amount", "vat_amount", "gross_amount"):
            assert found.fields[name].confidence < 0.75
        assert "totals" in found.warnings

    def test_a_due_date_before_the_invoice_is_never_sure(self) -> None:
        found = applied(taught(), odd(**SECOND | {"last": "01/01/2026"})).reading

        assert found.fields["due_date"].confidence < 0.75
        assert "dates" in found.warnings

    def test_trust_rises_when_confirmed_and_falls_when_corrected(self) -> None:
        known = taught()
        confirmed = memory.proven(known, outcomes=[{"invoice_number": True}] * 3)
        corrected = memory.proven(known, outcomes=[{"invoice_number": False}] * 2)

        def sure(one: Memory) -> float:
            return applied(one, odd(**SECOND)).reading.fields["invoice_number"].confidence

        assert sure(corrected) < 0.5 < sure(known) <= sure(confirmed)

    def test_an_empty_page_is_left_alone(self) -> None:
        assert applied(taught(), Page(1, 595.0, 842.0, ())).at is None


class TestKeeping:
    def test_a_memory_is_the_same_after_it_was_kept(self) -> None:
        known = taught()

        kept = Memory.from_json(json.loads(json.dumps(known.to_json())))

        assert applied(kept, odd(**SECOND)).reading == applied(known, odd(**SECOND)).reading

    def test_a_memory_of_another_version_is_empty(self) -> None:
        assert Memory.from_json(taught().to_json() | {"version": 0}) == Memory()
        assert applied(Memory(), odd(**SECOND)).at is None

    def test_the_same_document_teaches_once(self) -> None:
        known = taught()

        again = memory.learn(
            pages=[odd()],
            reading=Reading(),
            corrected=Corrected(values=VALUES | {"supplier_name": "Peeters"}),
            key="1",
            before=known,
            us=US,
        )

        assert len(again.lessons) == 1
        assert again.usual("supplier_name") == "Peeters"

    def test_only_the_latest_documents_are_kept(self) -> None:
        known = taught()
        for at in range(2, 12):
            known = memory.learn(
                pages=[odd()],
                reading=Reading(),
                corrected=Corrected(values=VALUES),
                key=str(at),
                before=known,
                us=US,
            )

        assert [one.key for one in known.lessons] == ["6", "7", "8", "9", "10", "11"]

    def test_its_keys_are_among_those_of_the_next_paper(self) -> None:
        mine = memory.keys_of_memory(memory=taught())
        theirs = memory.keys_of_pages(pages=[odd(**SECOND)], reading=Reading(), us=US)

        assert f"vat:{VAT}" in mine & theirs
        assert "word:volgbriefje" in mine & theirs
        assert "vat:BE0100021846" not in mine


class TestShowing:
    def test_every_item_has_its_kind(self) -> None:
        known = taught(odd(last="zoals steeds"))
        kinds = {item.name: item.kind for item in memory.items(memory=known)}

        assert kinds["supplier_name"] is ItemKind.ALWAYS
        assert kinds["invoice_number"] is ItemKind.BESIDE
        assert kinds["vat"] is ItemKind.VAT
        assert kinds["terms_days"] is ItemKind.TERMS

    def test_a_forgotten_item_is_gone_and_read_no_more(self) -> None:
        whole = taught(odd(last="zoals steeds"))
        for item in [one.name for one in memory.items(memory=whole)]:
            known = memory.forget(whole, item=item)

            assert item not in {one.name for one in memory.items(memory=known)}

    @pytest.mark.parametrize(
        ("item", "value", "kept"),
        [
            ("terms_days", " 14 ", "14"),
            ("currency", "usd", "USD"),
            ("supplier_name", "  De   Drukker ", "De Drukker"),
        ],
    )
    def test_a_typed_value_is_kept_in_form(self, item: str, value: str, kept: str) -> None:
        assert memory.checked(item=item, value=value) == kept

    @pytest.mark.parametrize(
        ("item", "value"),
        [
            ("terms_days", "1.5"),
            ("terms_days", "999"),
            ("terms_days", "NaN"),
            ("terms_days", "Infinity"),
            ("currency", "€"),
            ("supplier_name", " "),
            ("iban", IBAN),
            ("invoice_number", "1"),
        ],
    )
    def test_what_can_t_be_typed_is_refused(self, item: str, value: str) -> None:
        with pytest.raises(Refusal):
            memory.checked(item=item, value=value)


class TestJudging:
    def test_a_field_is_kept_or_corrected(self) -> None:
        reading = Reading(
            fields={
                "invoice_number": Field("Q7 0042", 0.9, how=How.MEMORY),
                "gross_amount": Field("-121.00", 0.9),
                "net_amount": Field("99.00", 0.9),
            }
        )

        found = memory.judgement(
            reading=reading,
            values={
                "invoice_number": "Q7-0042",
                "gross_amount": "121.00",
                "net_amount": "100.00",
                "vat_amount": "21.00",
                "due_date": "2026-03-31",
                "iban": None,
            },
        )

        assert {name: one.is_kept for name, one in found.items()} == {
            "invoice_number": True,
            "net_amount": False,
            "vat_amount": False,
            "gross_amount": True,
        }
        assert found["invoice_number"].is_memory
