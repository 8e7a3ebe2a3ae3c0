"""Made pages as OCR would give them, for learning."""

from benchmarks.reading_training.dataset import Paper
from benchmarks.reading_training.noise import copies, scanned
from billify.domain.reading import Page, Word

WORDS = tuple(
    Word(f"Total{at}:", 0.1 + 0.05 * (at % 10), 0.02 * (at // 10), 0.14 + 0.05 * (at % 10),
         0.02 * (at // 10) + 0.01, 1.0, 9.0)
    for at in range(400)
)  # fmt: skip
PAGES = (Page(1, 595, 842, WORDS),)


def test_the_same_seed_gives_the_same_noise() -> None:
    assert scanned(PAGES, seed=1, strength=1.0) == scanned(PAGES, seed=1, strength=1.0)
    assert scanned(PAGES, seed=1, strength=1.0) != scanned(PAGES, seed=2, strength=1.0)


def test_most_words_stay_and_none_is_wholly_sure() -> None:
    (page,) = scanned(PAGES, seed=1, strength=1.0)

    texts = {word.text for word in WORDS}
    assert 0.7 * len(WORDS) < sum(word.text in texts for word in page.words) < len(WORDS)
    assert all(0 < word.confidence < 1 for word in page.words)


def test_a_digital_document_is_copied_as_a_scan_and_a_scan_not_at_all() -> None:
    papers = [
        Paper(source, "issuer", source, PAGES, {}, frozenset())
        for source in ("pdf", "scan", "made", "picture")
    ]

    assert [copy.source for copy in copies(papers)] == ["scan", "made"]
