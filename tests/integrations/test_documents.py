"""Files are judged by content and opened in a child that cannot take the worker down."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from billify.domain.reading import Word, read
from billify.domain.refusal import Refusal
from billify.integrations import child, documents, ocr, opening, second_look
from billify.integrations.documents import MediaType, Tesseract
from tests.integrations import papers
from tests.integrations.papers import program

__all__ = ["program"]

HUGE_PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + (30_000).to_bytes(4, "big") * 2
    + b"\x08\0\0\0\0abcd"
    + b"\0\0\0\0IEND\xaeB`\x82"
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"MZ\x90\0 a program", "This is not a PDF, a picture or an e-invoice."),
        (papers.pdf(["Factuur"])[:300], "This file is cut off"),
        (papers.packed(papers.picture_of("a"))[:-20], "This file is cut off"),
        (papers.packed(papers.picture_of("a"), "JPEG")[:-200], "This file is cut off"),
        (HUGE_PNG, "This picture is too large (30000 × 30000 pixels)."),
        (b"%PDF-" + bytes(26 * 1024 * 1024), "This file is 26 MB. The limit is 25 MB."),
        (papers.pdf(*[["x"]] * 201), "This PDF has 201 pages. The limit is 200 pages."),
        (b"\xff\xd8\xff\xe0\xff\xda\xff\xd9", "This picture is damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_at_once(content: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match="^" + sentence.replace("(", r"\(").replace(")", r"\)")):
        documents.check(content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (papers.pdf(["Factuur"]), MediaType.PDF),
        (b"\n junk before " + papers.pdf(["Factuur"]), MediaType.PDF),
        (papers.packed(papers.picture_of("a")), MediaType.PNG),
        (papers.packed(papers.picture_of("a"), "JPEG"), MediaType.JPEG),
        (papers.packed(papers.picture_of("a"), "WEBP"), MediaType.WEBP),
        (papers.packed(papers.picture_of("a"), "TIFF"), MediaType.TIFF),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, kind: MediaType) -> None:
    assert documents.check(content) is kind


def test_checking_imports_nothing_heavy() -> None:
    asked = (
        "import sys; from billify.integrations import documents; "
        "documents.check(b'%PDF-1.4 startxref'); "
        "heavy = ('numpy', 'PIL', 'pypdfium2', 'pytesseract', 'lxml'); "
        "print([name for name in heavy if name in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_a_digital_pdf_gives_words_previews_and_progress(program: Tesseract) -> None:
    seen: list[tuple[int, int]] = []

    opened = documents.open_document(
        papers.pdf(["Factuur 2026-1 van Drukkerij Peeters"], ["Pagina 2 van deze factuur 2026-1"]),
        name="f.pdf",
        tesseract=program,
        progress=lambda done, of: seen.append((done, of)),
    )

    assert opened.page_count == 2
    assert [page.how for page in opened.pages] == ["text", "text"]
    assert [word.text for word in opened.for_reading[0].words][:2] == ["Factuur", "2026-1"]
    assert seen == [(1, 2), (2, 2)]
    assert opened.pages[0].preview is not None
    assert opened.pages[0].preview[:3] == b"\xff\xd8\xff"


def test_words_stand_where_the_page_shows_them(program: Tesseract) -> None:
    word = _only_page(papers.pdf(["Factuur 2026-1 van Drukkerij Peeters"]), program).words[0]

    assert word.x0 == pytest.approx(50 / 595, abs=0.01)
    assert word.y1 == pytest.approx((842 - 780) / 842, abs=0.01)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_shown_and_read_upright(
    program: Tesseract, rotate: int
) -> None:
    page = _only_page(papers.pdf(["Factuur 2026-1 van Drukkerij Peeters"], rotate=rotate), program)

    assert (page.width, page.height) == (595, 842)
    assert [word.text for word in page.words][:2] == ["Factuur", "2026-1"]
    assert page.words[0].x0 == pytest.approx(50 / 595, abs=0.01)


@pytest.mark.parametrize(("turn", "matrix"), [(90, "0 1 -1 0"), (270, "0 -1 1 0")])
def test_print_drawn_upwards_or_downwards_is_read(
    program: Tesseract, turn: int, matrix: str
) -> None:
    at = "300 100" if turn == 90 else "300 700"
    upright = papers.pdf(["Factuur 2026-1 van Drukkerij Peeters"])
    drawn = papers.redrawn(upright, "50 780 Td", f"{matrix} {at} Tm")

    page = _only_page(drawn, program)

    assert [word.text for word in page.words][:3] == ["Factuur", "2026-1", "van"]
    assert page.words[0].x0 < page.words[1].x0
    assert (page.width, page.height) == (842, 595)


def test_letters_without_meaning_are_read_from_the_picture(program: Tesseract) -> None:
    lines = ["Factuurnummer 2026 17", "Totaal te betalen 121 00 EUR", "Drukkerij Peeters Gent"]

    opened = documents.open_document(
        papers.pdf_with_a_wrong_alphabet(*lines), name="f.pdf", tesseract=program
    )

    assert opened.pages[0].how == "ocr"
    assert "Factuurnummer" in [word.text for word in opened.for_reading[0].words]


def test_a_scanner_s_poor_hidden_text_is_read_again(program: Tesseract) -> None:
    hidden = ["F@ctu|r ~ 2O26.l7", "T0taa1 te 6eta1en l2|,OO", "Dr;kk~r|j P^^ters ;; G~nt"]
    scan = papers.scan_of(papers.picture_of("Factuurnummer: 2026-17", "Totaal 121,00"), hidden)

    page = _only_page(scan, program)

    assert "121,00" in [word.text for word in page.words]


def test_a_scanner_s_good_hidden_text_is_taken(program: Tesseract) -> None:
    lines = ["Factuurnummer 2026-17 van Drukkerij Peeters", "Totaal te betalen 121,00 EUR"] * 6
    scan = papers.scan_of(papers.picture_of("Factuurnummer: 2026-17", "Totaal 121,00"), lines)

    opened = documents.open_document(scan, name="f.pdf", tesseract=program)

    assert opened.pages[0].how == "text"


def test_a_stamp_on_a_scan_is_not_the_page(program: Tesseract) -> None:
    stamp = ["Ontvangen op 03/02/2026 door de boekhouding"]
    shown = papers.picture_of("Factuurnummer: 2026-17", *["Levering van drukwerk 121,00"] * 4)

    opened = documents.open_document(
        papers.scan_of(shown, stamp, mode=0), name="f.pdf", tesseract=program
    )

    assert opened.pages[0].how == "ocr"


def test_a_page_with_an_unsure_total_is_looked_at_twice(
    program: Tesseract, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = papers.packed(papers.picture_of("Bakkerij", "Brood 12,10"))
    limits = documents.Limits(second_looks=1)
    monkeypatch.setattr(second_look, "doubtful", lambda _, suspect: (1,))
    monkeypatch.setattr(
        second_look, "merged", lambda *_: (Word("gezien", 0.1, 0.1, 0.2, 0.2, 0.9, 0.01),)
    )

    opened = documents.open_document(image, name="p.png", tesseract=program, limits=limits)

    assert [word.text for word in opened.pages[0].page.words] == ["gezien"]
    assert opened.pages[0].preview is not None


def test_a_picture_is_read_by_ocr(program: Tesseract) -> None:
    image = papers.picture_of("Factuurnummer: 2026-17", "Totaal 121,00 EUR")

    opened = documents.open_document(papers.packed(image), name="p.png", tesseract=program)

    assert opened.pages[0].how == "ocr"
    assert read(opened.for_reading).text("invoice_number") == "2026-17"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (papers.ENCRYPTED, "This PDF is protected with a password."),
        (papers.pdf([], []), "No text was found in this document. Is it blank?"),
        (b"%PDF-1.4 nothing more\nstartxref\n0\n%%EOF", "This PDF is damaged"),
    ],
)
def test_what_only_opening_shows_is_refused(
    content: bytes, sentence: str, program: Tesseract
) -> None:
    with pytest.raises(Refusal, match=sentence):
        documents.open_document(content, name="x.pdf", tesseract=program)


def test_a_missing_ocr_program_is_a_sentence() -> None:
    with pytest.raises(Refusal, match="Pictures cannot be read right now"):
        documents.open_document(
            papers.packed(papers.picture_of("Totaal")),
            name="p.png",
            tesseract=Tesseract("/nowhere/tesseract", ""),
        )


def test_pages_that_only_opening_shows_are_counted() -> None:
    pages = opening.taken_apart(
        papers.pdf(["a"], ["b"], ["c"]),
        MediaType.PDF,
        engine=ocr.Engine("", ""),
        languages_known=("eng",),
        bounds=opening.Bounds(pages=2, pixels=1, ocr_pages=1, previews=1),
    )

    with pytest.raises(Refusal, match="This PDF has 3 pages"):
        next(pages)


def test_a_slow_document_is_stopped() -> None:
    start = time.monotonic()

    with pytest.raises(child.TimedOut):
        list(child.frames(lambda _: time.sleep(60), seconds=0.3, memory=1 << 30))

    assert time.monotonic() - start < 5


def test_a_greedy_document_is_stopped() -> None:
    with pytest.raises(child.Broke):
        list(child.frames(lambda _: bytearray(1 << 30), seconds=20, memory=100 << 20))


def test_a_crash_in_the_child_is_told() -> None:
    with pytest.raises(child.Broke):
        list(child.frames(lambda _: os.abort(), seconds=20, memory=1 << 30))


def test_no_child_is_left_when_the_caller_stops_listening() -> None:
    def talk(send: child.Send) -> None:
        while True:
            send({"kind": "page", "pid": os.getpid()}, b"x" * 1000)

    frames = child.frames(talk, seconds=20, memory=1 << 30)
    pid = next(frames).head["pid"]
    frames.close()  # type: ignore[attr-defined]  # a generator

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_no_file_is_left_when_the_child_is_stopped() -> None:
    def write(send: child.Send) -> None:
        file = tempfile.NamedTemporaryFile(delete=False)  # noqa: SIM115  # stays open, as when killed
        send({"kind": "page", "path": file.name}, b"")
        time.sleep(60)

    frames = child.frames(write, seconds=20, memory=1 << 30)
    path = Path(next(frames).head["path"])
    was_there = path.exists()
    frames.close()  # type: ignore[attr-defined]  # a generator

    assert was_there
    assert not path.parent.exists()


def test_files_of_a_killed_worker_are_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, fresh = tmp_path / "billify-child-old", tmp_path / "billify-child-fresh"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "page.tiff").write_bytes(b"x")
    os.utime(old, (0, 0))

    list(child.frames(lambda _: None, seconds=20, memory=1 << 30))

    assert [path.name for path in tmp_path.iterdir()] == ["billify-child-fresh"]


def test_a_frame_larger_than_the_pipe_arrives_whole() -> None:
    (frame,) = child.frames(
        lambda send: send({"kind": "page"}, b"x" * 3_000_000), seconds=20, memory=1 << 30
    )

    assert len(frame.body) == 3_000_000


def _only_page(content: bytes, program: Tesseract) -> documents.Page:
    opened = documents.open_document(content, name="x.pdf", tesseract=program)
    return opened.for_reading[0]
