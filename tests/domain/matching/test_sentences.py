"""Evidence in plain words."""

import re

import pytest

from billify.domain.matching import probability, sentences
from tests.domain.matching.cases import LAMBERT, OGM, line, matched, sale

MATCHES = [
    one
    for given in (
        line("1210.00", structured=OGM),
        line("1210.00", "fact 12"),
        line("1200.00", "fact 2026-0012"),
        line("605.00", "fact 2026-0012"),
        line("2420.00", "fact 2026-0012"),
        line("1410.50", "fact 12 en 13"),
        line("1210.00", "", name="Iemand", iban=LAMBERT.ibans[0]),
    )
    for one in matched(
        [sale("2026-0012", "1210.00", reference=OGM), sale("2026-0013", "200.50")], given
    )
]


@pytest.mark.parametrize("at", range(len(MATCHES)))
def test_every_piece_of_evidence_has_a_sentence_and_its_values(at: int) -> None:
    evidence = [clue for each in MATCHES[at].proposals for clue in each.evidence]

    assert evidence
    for clue in evidence:
        assert "%(" not in sentences.SENTENCES[clue.code] % clue.values


def test_the_first_reason_is_how_the_invoice_is_named() -> None:
    first = MATCHES[0].proposals[0].evidence[0]

    assert first.code == "structured"
    assert sentences.SENTENCES[first.code] % first.values == (
        "The structured communication is that of invoice 2026-0012."
    )


def test_another_side_speaks_against() -> None:
    against = {clue.code for clue in MATCHES[6].proposals[0].evidence if clue.weight < 0}

    assert "account_other" in against


def test_every_word_learnt_is_a_plain_word() -> None:
    assert all(re.fullmatch(r"[a-z]+[a-z_]*\d*", word) for word in probability.weights())
    assert len(probability.weights()) > 100
