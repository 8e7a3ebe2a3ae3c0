"""What is no sound e-invoice is refused with its place and reason; nothing crashes or hangs."""

import random

import pytest

from billify.domain.einvoice import as_fields, as_reading
from billify.domain.einvoice.read import read
from billify.domain.einvoice.rules import violations
from billify.domain.refusal import Refusal
from tests.domain.einvoice import made

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;&l;&l;&l;&l;">]>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (made.empty_invoice("<ID>&m;</ID>", LAUGHS), "declares a document type"),
        (made.empty_invoice("<ID>&l;</ID>", OUTSIDE), "declares a document type"),
        (
            made.empty_invoice("<ID>1</ID>", LAUGHS).decode().encode("utf-16"),
            "declares a document type",
        ),
        (made.empty_invoice(), r"neither a number nor a total"),
        (made.empty_invoice("<a>" * 9_000 + "</a>" * 9_000), "damaged at line 1, column"),
        (b"<?xml version='1.0'?><html/>", "no e-invoice that Billify knows. It starts with “html”"),
        (b"<?xml version='1.0'?><Invoice/>", "It starts with “Invoice”"),
        (
            b'<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/'
            b'StandardBusinessDocumentHeader"><a/></StandardBusinessDocument>',
            "It starts with “StandardBusinessDocument”",
        ),
        (b"<?xml version='1.0'?>", "no first element"),
        (b"<?xml version='1.0'?><a", "no first element"),
        (b"<?xml version='1.0'?><a b=c>", "damaged at line 1, column"),
        (b"<?xml version='1.0' encoding='x-none'?><a/>", "encoding that is not known"),
        (made.sample("be-02")[:3_000], "damaged at line [0-9]+, column"),
        (
            made.changed("be-02", ("Liège", "Li\udce9ge".encode("utf-8", "surrogateescape")
             .decode("latin-1"))).decode().encode("latin-1"),
            "damaged at line",
        ),
        (
            made.changed("be-02", ("1099.90", "1.099,90")),
            "^Line 102, /Invoice/LegalMonetaryTotal/PayableAmount: “1.099,90” is not a number",
        ),
        (made.changed("be-02", ("1099.90", "1E3")), "“1E3” is not a number"),
        (made.changed("be-02", ("1099.90", "NaN")), "“NaN” is not a number"),
        (made.changed("be-02", ("1099.90", "9" * 40)), "is not a number"),
        (
            made.changed("be-02", (">3.5<", ">drie<")),
            r"/Invoice/InvoiceLine\[3\]/InvoicedQuantity: “drie” is not a number",
        ),
        (made.changed("be-02", ("2026-02-10", "2026-02-30")), "IssueDate: “2026-02-30” is not a d"),
        (made.changed("be-02", ("2026-02-10", "10/02/2026")), "“10/02/2026” is not a date"),
    ],
)  # fmt: skip
def test_it_is_refused_with_place_and_reason(content: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        read(content)


def test_more_lines_than_any_invoice_has_are_refused() -> None:
    lines = "<cac:InvoiceLine/>" * 20_001
    content = made.changed("be-02", ("</Invoice>", lines + "</Invoice>"))

    with pytest.raises(Refusal, match="20004 × InvoiceLine"):
        read(content)


def test_a_large_attachment_in_one_text_is_read() -> None:
    content = made.changed("be-01", ("JVBERi0", "JVBERi0" + "A" * 4 * 3_000_000))

    assert len(read(content).attachments[0].content or b"") > 9_000_000


def test_a_large_text_with_a_declaration_is_refused_all_the_same() -> None:
    content = made.empty_invoice("<ID>" + "x" * 11_000_000 + "</ID>", LAUGHS)

    with pytest.raises(Refusal, match="declares a document type"):
        read(content)


@pytest.mark.parametrize("seed", range(300))
def test_a_mutated_file_gives_an_invoice_or_a_sentence(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(made.sample(chance.choice(made.NAMES).removesuffix(".xml")))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(content))
        match chance.randrange(4):
            case 0:
                content[at] = chance.randrange(256)
            case 1:
                del content[at : at + chance.randint(1, 200)]
            case 2:
                content[at:at] = content[at : at + chance.randint(1, 200)]
            case _:
                content[at : at + 1] = chance.choice([b"<", b">", b"&", b"-", b"9", b"\0"])
    try:
        found = read(bytes(content))
    except Refusal:
        return
    violations(found)
    as_fields.fields(found)
    as_reading.reading_of(found).to_json()
