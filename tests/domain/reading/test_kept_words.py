"""Words of pages, kept and read back."""

import zlib

import pytest

from billify.domain.reading import Page, Word, kept_words

PAGES = [
    Page(
        1,
        595.32,
        841.92,
        (
            Word("Totaal", 0.1, 0.25, 0.2, 0.2612, 1.0, 9.5),
            Word("1.234,56 €", 0.71234, 0.25, 0.99999, 0.26, 0.87, 11.0),
        ),
    ),
    Page(2, 595.32, 841.92, ()),
]


def test_what_was_packed_comes_back_in_its_place() -> None:
    back = kept_words.unpacked(content=kept_words.packed(pages=PAGES))

    assert [(page.number, page.width, page.height) for page in back] == [
        (1, 595.32, 841.92),
        (2, 595.32, 841.92),
    ]
    assert [word.text for word in back[0].words] == ["Totaal", "1.234,56 €"]
    assert [(word.confidence, word.size) for word in back[0].words] == [(1.0, 9.5), (0.87, 11.0)]
    for word, was in zip(back[0].words, PAGES[0].words, strict=True):
        assert word.box == pytest.approx(was.box, abs=1 / 40_000)
    assert back[1].words == ()


def test_a_letter_that_is_none_does_not_stop_the_rest() -> None:
    page = Page(1, 595.0, 842.0, (Word("a\ud800b", 0, 0, 1, 1), Word("c", 0, 0, 1, 1)))

    back = kept_words.unpacked(content=kept_words.packed(pages=[page]))

    assert [word.text for word in back[0].words] == ["a?b", "c"]


def test_a_full_page_takes_little_room() -> None:
    words = tuple(
        Word(f"woord{at * 7919 % 1000}", at % 10 / 10, at // 10 / 50, at % 10 / 10 + 0.08, 0.5)
        for at in range(500)
    )

    assert len(kept_words.packed(pages=[Page(1, 595, 842, words)])) < 500 * 12


@pytest.mark.parametrize(
    "content",
    [b"", b"no zip", zlib.compress(b"{}"), zlib.compress(b"[1]"), zlib.compress(b"{"),
     kept_words.packed(pages=PAGES)[:-5]],
    ids=["empty", "not zipped", "no format", "a list", "no json", "cut"],
)  # fmt: skip
def test_other_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(kept_words.NotWords):
        kept_words.unpacked(content=content)
