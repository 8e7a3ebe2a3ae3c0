"""E-invoices taken in as files: XML alone, inside a PDF, or broken."""

import json
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from billify import einvoice_command
from billify.domain.einvoice.read import read
from billify.domain.reading import How
from billify.domain.refusal import Refusal
from billify.integrations import documents
from billify.integrations.documents import MediaType, Tesseract
from tests.domain.einvoice import made
from tests.domain.einvoice.written import Writer
from tests.integrations import papers

NONE = Tesseract("", "")
"""No OCR is needed where an e-invoice says everything."""


def with_file(pdf: bytes, tmp_path: Path, content: bytes, name: str = "factur-x.xml") -> bytes:
    """The PDF with a file inside."""
    document = pdfium.PdfDocument(pdf)
    document.new_attachment(name).set_data(content)
    path = tmp_path / "with_file.pdf"
    document.save(path)
    document.close()
    return path.read_bytes()


def factur_x(tmp_path: Path, start: str = "be-02") -> bytes:
    """A PDF that shows a little of the e-invoice inside."""
    xml = Writer().invoice(read(made.sample(start)))
    return with_file(papers.pdf(["Factuur 2026-0002 totaal 1.349,90 EUR"]), tmp_path, xml)


@pytest.mark.parametrize(
    "content",
    [
        made.sample("be-01"),
        made.sample("be-01").split(b"?>", 1)[1],
        b"\xef\xbb\xbf" + made.sample("be-01"),
        made.changed("be-01", ("UTF-8", "UTF-16")).decode().encode("utf-16"),
        Writer(rsm="x").invoice(read(made.sample("be-01"))),
        Writer(old=True).invoice(read(made.sample("be-01"))),
    ],
)
def test_an_e_invoice_is_known_by_its_content(content: bytes) -> None:
    assert documents.check(content) is MediaType.XML


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<?xml version='1.0'?><html/>", "This XML file is no e-invoice that Billify knows."),
        (made.sample("be-01")[:-5], "This file is cut off"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "This XML file declares"),
    ],
)
def test_other_xml_is_refused_at_once(content: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        documents.check(content)


def test_an_xml_file_is_read_and_its_pdf_shown() -> None:
    opened = documents.open_document(made.sample("be-01"), name="a.xml", tesseract=NONE)

    assert opened.read().text("invoice_number") == "2026-0001"
    assert len(opened.pages) == 1
    assert opened.pages[0].preview


def test_an_xml_file_without_a_pdf_has_no_pages() -> None:
    opened = documents.open_document(made.sample("be-02"), name="a.xml", tesseract=NONE)

    assert opened.pages == ()
    assert opened.read().amount("gross_amount") is not None


def test_a_malformed_xml_file_is_refused_with_its_place() -> None:
    content = made.changed("be-02", ("1099.90", "1.099,90"))

    with pytest.raises(Refusal, match="Line 102, /Invoice/LegalMonetaryTotal/PayableAmount"):
        documents.open_document(content, name="a.xml", tesseract=NONE)


def test_a_pdf_takes_its_values_from_the_xml_inside_and_boxes_from_the_page(tmp_path: Path) -> None:
    opened = documents.open_document(factur_x(tmp_path), name="a.pdf", tesseract=NONE)

    found = opened.read()

    assert opened.media_type is MediaType.PDF
    assert found.fields["iban"].how is How.STRUCTURED
    assert found.fields["invoice_number"].box is not None
    assert found.fields["gross_amount"].page == 1


def test_a_broken_xml_inside_a_pdf_leaves_the_page_to_be_read(tmp_path: Path) -> None:
    broken = made.sample("be-02").replace(b"1099.90", b"?")
    content = with_file(papers.pdf(["Factuur 2026-17 van Drukkerij Peeters"]), tmp_path, broken)

    opened = documents.open_document(content, name="a.pdf", tesseract=NONE)

    assert opened.einvoice is None
    assert opened.read().text("invoice_number") == "2026-17"
    with pytest.raises(Refusal, match="is not a number"):
        documents.open_einvoice(content)


def test_other_files_inside_a_pdf_mean_nothing(tmp_path: Path) -> None:
    content = with_file(papers.pdf(["Factuur 2026-17"]), tmp_path, b"<html/>", "factur-x.xml")

    with pytest.raises(Refusal, match=r"There is no e-invoice in this file\."):
        documents.open_einvoice(content)


def test_a_huge_xml_file_ends_in_a_sentence_within_bounds() -> None:
    lines = "<cac:InvoiceLine/>" * 900_000
    content = made.changed("be-02", ("</Invoice>", lines + "</Invoice>"))

    with pytest.raises(Refusal, match="The limit is 20000"):
        documents.open_document(content, name="a.xml", tesseract=NONE)


def test_the_command_prints_one_object_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, pdf, bad = tmp_path / "a.xml", tmp_path / "b.pdf", tmp_path / "c.xml"
    good.write_bytes(made.sample("be-01"))
    pdf.write_bytes(factur_x(tmp_path))
    bad.write_bytes(made.sample("be-01")[:900])

    code = einvoice_command.read_files([good, pdf, bad, tmp_path / "none.xml"], as_json=True)

    said = capsys.readouterr()
    first, second, third, fourth = map(json.loads, said.out.splitlines())
    assert code == 1
    assert first["fields"]["payable"] == "1561.98"
    assert (second["syntax"], second["fields"]["invoice_number"]) == ("cii", "2026-0002")
    assert third["error"].startswith("This XML file is damaged at line")
    assert third["line"] > 10
    assert fourth["error"] == "No such file or directory."
    assert "c.xml: This XML file is damaged" in said.err


def test_the_command_names_broken_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "a.xml", tmp_path / "b.xml"
    good.write_bytes(made.sample("be-01"))
    bad.write_bytes(made.changed("be-02", (">1099.90<", ">1<")))

    assert einvoice_command.check_files([good], as_json=False) == 0
    assert einvoice_command.check_files([bad], as_json=True) == 1

    said = capsys.readouterr().out.splitlines()
    assert said[1] == "  No rule is broken."
    assert json.loads(said[2])["violations"][0]["rule"] == "BR-CO-16"
