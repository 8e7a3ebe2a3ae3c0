"""The learned parts: label model, trees, calibration."""

import numpy as np
import pytest

from billify.domain.reading import soft_labels, sureness, trees, weights
from billify.domain.reading.labels import PHRASES
from billify.domain.reading.words import Word


def likeliest(text: str) -> str:
    chances = soft_labels.chances(text)
    return soft_labels.CLASSES[chances.index(max(chances))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("datum v d factuur", "issue_date"),
        ("uiterste vervaldag betaling", "due_date"),
        ("uw bestelnr", "order_reference"),
        ("te betalen bedrag incl btw", "gross"),
        ("numero de la piece facture", "invoice_number"),
    ],
)
def test_wordings_in_no_list_are_known_by_their_letters(text: str, name: str) -> None:
    assert text not in PHRASES

    assert likeliest(text) == name


def test_a_street_is_no_label() -> None:
    assert max(soft_labels.chances("kerkstraat aalst")) < 0.5


def test_a_forest_adds_up_its_leaves() -> None:
    # One tree: feature 1 at most 0.5 → leaf 0, else leaf 1.
    forest = {
        "feature": np.array([[1.0]], np.float32),
        "threshold": np.array([[0.5]], np.float32),
        "left": np.array([[-1.0]], np.float32),
        "right": np.array([[-2.0]], np.float32),
        "leaf": np.array([[-2.0, 2.0]], np.float32),
        "bias": np.array([0.0], np.float32),
    }

    low, high = trees.evaluated(forest, np.array([[9.0, 0.2], [9.0, 0.9]], np.float32))

    assert low == pytest.approx(1 / (1 + np.e**2), abs=1e-4)
    assert high == pytest.approx(1 / (1 + np.e**-2), abs=1e-4)


def test_nothing_to_choose_from_gives_no_chances() -> None:
    assert len(trees.chances("issue_date", trees.matrix([]))) == 0


def test_every_field_that_is_chosen_has_weights() -> None:
    for name in ("issue_date", "due_date", "invoice_number", "gross_amount", "supplier_name"):
        assert f"{name}.leaf" in weights.kept()


def test_a_surer_choice_is_never_stated_less_sure() -> None:
    stated = [sureness.of_choice("issue_date", chance / 20, 0.0, ()) for chance in range(21)]

    assert stated == sorted(stated)


def test_badly_read_letters_make_a_choice_less_sure() -> None:
    word = Word("2026-9", 0.1, 0.1, 0.2, 0.12, confidence=0.3)

    clean = sureness.of_choice("invoice_number", 0.95, 0.0, ())

    assert sureness.of_choice("invoice_number", 0.95, 0.0, (word,)) < clean


def test_what_does_not_add_up_is_never_sure() -> None:
    assert sureness.of_amount("gross_amount", 0.999, False, ()) <= 0.6
