"""Two looks at a page become one."""

import pytest

from billify.domain.reading import Page, Word
from billify.integrations import second_look


def word(text: str, x: float, confidence: float, *, y: float = 0.1) -> Word:
    return Word(text, x, y, x + 0.1, y + 0.02, confidence, 0.02)


def texts(words: tuple[Word, ...]) -> list[str]:
    return [one.text for one in words]


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ((), (("121,00", 0.4),), ["121,00"]),
        ((), (("Totaal", 0.4),), []),
        ((), (("Totaal", 0.9),), ["Totaal"]),
        ((), (("~~", 0.9),), []),
        ((("12l,0O", 0.8),), (("121,00", 0.78),), ["121,00"]),
        ((("Totaal", 0.9),), (("Tctaal", 0.6),), ["Totaal"]),
        ((("Tctaal", 0.6),), (("Totaal", 0.9),), ["Totaal"]),
        ((("Totaal", 0.2),), (), ["Totaal"]),
    ],
)
def test_of_two_looks_the_surer_one_stays(
    first: tuple[tuple[str, float], ...], second: tuple[tuple[str, float], ...], kept: list[str]
) -> None:
    ours = [word(text, 0.2, sure) for text, sure in first]
    theirs = [word(text, 0.21, sure) for text, sure in second]

    assert texts(second_look.merged(ours, theirs)) == kept


def test_a_word_cut_in_two_by_one_look_is_replaced_as_a_whole() -> None:
    ours = [word("121,", 0.2, 0.5), word("00", 0.3, 0.5)]
    theirs = [Word("121,00", 0.2, 0.1, 0.4, 0.12, 0.9, 0.02)]

    assert texts(second_look.merged(ours, theirs)) == ["121,00"]


def test_words_elsewhere_are_left_alone() -> None:
    ours = [word("Totaal", 0.2, 0.5)]
    theirs = [word("121,00", 0.7, 0.9)]

    assert texts(second_look.merged(ours, theirs)) == ["Totaal", "121,00"]


def test_a_page_without_total_or_date_is_doubtful() -> None:
    pages = [Page(1, 595, 842, (word("Bakkerij", 0.1, 0.8),))]

    assert second_look.doubtful(pages) == (1,)


def test_a_legible_page_is_not_looked_at_again() -> None:
    legible = Page(1, 595, 842, (word("Bakkerij", 0.1, 0.95),))
    worn = Page(2, 595, 842, (word("Anna", 0.1, 0.6),))

    assert second_look.doubtful([legible]) == ()
    assert second_look.doubtful([legible, worn]) == (2,)
    assert second_look.doubtful([legible], suspect=[1]) == (1,)
