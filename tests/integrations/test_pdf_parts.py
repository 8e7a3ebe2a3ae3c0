"""Pages copied into files of their own: the right ones, drawn as before, the same each time."""

import pytest

from billify.domain.refusal import Refusal
from billify.integrations import documents, pdf
from tests.integrations import papers

THREE = papers.pdf(["Factuur 1"], ["Factuur 2 pagina 1"], ["Factuur 2 pagina 2"])


def words(content: bytes) -> list[str]:
    document = pdf.opened(content)
    return [
        " ".join(word.text for word in pdf.text_page(document[at], at + 1).words)
        for at in range(len(document))
    ]


def test_each_range_becomes_a_file() -> None:
    first, second = documents.cut(THREE, ranges=[(1, 1), (2, 3)])

    assert words(first) == ["Factuur 1"]
    assert words(second) == ["Factuur 2 pagina 1", "Factuur 2 pagina 2"]
    assert documents.check(first) == documents.check(second) == documents.MediaType.PDF


def test_the_same_pages_are_the_same_bytes() -> None:
    assert documents.cut(THREE, ranges=[(2, 3)]) == documents.cut(THREE, ranges=[(2, 3)])


def test_other_pages_are_other_bytes() -> None:
    twice = papers.pdf(["Factuur 1"], ["Factuur 1"])

    first, second = documents.cut(twice, ranges=[(1, 1), (2, 2)])

    assert first != second


@pytest.mark.parametrize("pages", [(0, 1), (2, 1), (3, 4)], ids=["none", "backwards", "too-far"])
def test_pages_that_are_not_there_are_refused(pages: tuple[int, int]) -> None:
    with pytest.raises(Refusal, match="no such pages"):
        documents.cut(THREE, ranges=[pages])


def test_a_locked_file_is_refused() -> None:
    with pytest.raises(Refusal, match="password"):
        documents.cut(papers.ENCRYPTED, ranges=[(1, 1)])
