"""The made documents: same by seed, sums that add up, and a truth that stands on the page."""

import json
import re
from decimal import Decimal

import pypdfium2
import pytest
from stdnum import iban
from stdnum.be import vat as be_vat

from benchmarks.made_documents import collection, layouts, words
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.collection import Wish
from benchmarks.made_documents.words import Side

SEED = 4711


@pytest.mark.parametrize("kind", collection.KINDS)
def test_the_same_seed_makes_the_same_file(kind):
    wish = Wish(kind=kind)

    first, second = collection.document(SEED, 3, wish), collection.document(SEED, 3, wish)

    assert first == second


def test_another_number_makes_another_document():
    first, second = (collection.document(SEED, at, Wish())[2] for at in (0, 1))

    assert first["truth"]["invoice_number"] != second["truth"]["invoice_number"]


@pytest.mark.parametrize("kind", ["invoice", "receipt"])
@pytest.mark.parametrize("side", list(Side))
def test_what_the_truth_says_stands_on_the_page(kind, side):
    for at in range(12):
        name, pdf, record = collection.document(SEED, at, Wish(kind=kind, side=side))
        shown = _squeezed(_text(pdf))

        for field, prints in record["printed"].items():
            for printed in prints:
                assert _squeezed(printed) in shown, (name, field, printed)


@pytest.mark.parametrize("side", list(Side))
def test_totals_add_up_unless_it_is_said(side):
    for at in range(40):
        record = collection.document(SEED, at, Wish(side=side))[2]
        truth = record["truth"]
        net, vat, gross = (truth[f] for f in ("net_amount", "vat_amount", "gross_amount"))
        rows = truth["vat_breakdown"]

        if record["adds_up"] and None not in (net, vat, gross):
            assert Decimal(net) + Decimal(vat) == Decimal(gross), record["id"]
        if rows and vat is not None:
            assert sum(Decimal(r["amount"]) for r in rows) == Decimal(vat), record["id"]
        for row in rows:
            if row["base"] is not None:
                exact = Decimal(row["base"]) * Decimal(row["rate"]) / 100
                assert abs(exact - Decimal(row["amount"])) < Decimal("0.02"), record["id"]


def test_numbers_carry_right_check_digits():
    for at in range(40):
        truth = collection.document(SEED, at, Wish(countries=("BE",)))[2]["truth"]
        accounts = truth["iban"] if isinstance(truth["iban"], list) else [truth["iban"]]

        assert be_vat.is_valid(truth["supplier_vat"] or "BE0403019261")
        assert all(iban.is_valid(a) for a in accounts if a)
        if (truth["payment_reference"] or "").startswith("+++"):
            digits = re.sub(r"\D", "", truth["payment_reference"])
            assert int(digits[:10]) % 97 in (int(digits[10:]), int(digits[10:]) - 97)


def test_each_invoice_of_a_file_has_its_own_pages_and_truth():
    for at in range(6):
        _, pdf, record = collection.document(SEED, at, Wish(kind="multi"))
        parts = record["parts"]

        assert len([p for p in parts if p["sort"] != "terms"]) >= 2
        assert [p["first_page"] for p in parts] == [1, *(p["last_page"] + 1 for p in parts[:-1])]
        assert parts[-1]["last_page"] == record["pages"] == len(pypdfium2.PdfDocument(pdf))
        for part in parts:
            pages = range(part["first_page"] - 1, part["last_page"])
            shown = _squeezed(_text(pdf, pages))
            for printed in part["printed"].get("invoice_number", []):
                assert _squeezed(printed) in shown


def test_papers_that_are_no_invoice_say_so():
    sorts = set()
    for at in range(30):
        record = collection.document(SEED, at, Wish(kind="not_invoice"))[2]
        sorts.add(record["sort"])

        assert record["truth"]["document_type"] == "not_invoice"
        assert record["ask"] == ["document_type"]
    assert len(sorts) >= 5


def test_the_blind_set_shares_no_layout_and_no_wording_with_training():
    held = {x.name for x in layouts.layouts() if x.held}
    drawn = {
        side: {layouts.choose(Chance(f"{side} {k}"), side).name for k in range(300)}
        for side in Side
    }

    assert len(layouts.layouts()) >= 40
    assert 0.25 < len(held) / len(layouts.layouts()) < 0.45
    assert drawn[Side.BLIND] == held
    assert not drawn[Side.TRAIN] & held
    for lang in ("nl", "fr", "de", "en"):
        for concept in ("number", "date", "due", "gross", "vat_no", "bill_to"):
            taught, kept = (words.wordings(lang, concept, s) for s in (Side.TRAIN, Side.BLIND))
            assert taught
            assert kept
            assert not {w for w in kept if w in taught}, (lang, concept)


def test_records_have_the_form_of_the_development_set(tmp_path):
    collection.write(tmp_path, seed=SEED, count=2, wish=Wish(langs=("nl",)))

    records = [json.loads(p.read_text()) for p in sorted(tmp_path.glob("*.json"))]
    assert len(list(tmp_path.glob("*.pdf"))) == len(records) == 2
    for record in records:
        assert {"id", "kind", "layout", "lang", "ask", "truth", "file_sha256"} <= set(record)
        assert record["lang"] == "nl"
        assert set(record["ask"]) <= set(record["truth"])


def _text(pdf, pages=None):
    document = pypdfium2.PdfDocument(pdf)
    found = "".join(
        document[at].get_textpage().get_text_range()
        for at in (pages if pages is not None else range(len(document)))
    )
    document.close()
    return found


def _squeezed(text):
    """Without white space; a hyphen at the end of a line may be marked in other ways."""
    return re.sub(r"\s+", "", text.replace("\ufffe", "-").replace("\x02", "-").replace("\xad", ""))
