"""Payment terms and due dates."""

from datetime import date

import pytest

from billify.domain import terms
from billify.domain.refusal import Refusal
from billify.domain.terms import Terms, TermsKind


@pytest.mark.parametrize(
    ("issue", "text", "due"),
    [
        (date(2026, 11, 20), "cash", date(2026, 11, 20)),
        (date(2026, 11, 20), "days:30", date(2026, 12, 20)),
        (date(2026, 11, 20), "14", date(2026, 12, 4)),
        (date(2026, 11, 20), "end_of_month:0", date(2026, 11, 30)),
        (date(2026, 11, 20), "end_of_month:30", date(2026, 12, 30)),
        (date(2026, 1, 31), "end_of_month:0", date(2026, 1, 31)),
        (date(2028, 2, 3), "end_of_month:15", date(2028, 3, 15)),
        (date(2026, 12, 31), "days:60", date(2027, 3, 1)),
    ],
)
def test_terms_lead_to_a_due_date(issue: date, text: str, due: date) -> None:
    assert terms.due_date(issue, terms=terms.parse(text)) == due


def test_the_law_gives_thirty_days() -> None:
    assert terms.due_date(date(2026, 11, 1)) == date(2026, 12, 1)


@pytest.mark.parametrize("one", terms.USUAL)
def test_stored_terms_are_read_again(one: Terms) -> None:
    assert terms.parse(str(one)) == one


@pytest.mark.parametrize("text", ["", "soon", "-5", "days:", "1000", "weeks:2", "30 dagen"])
def test_other_terms_are_refused(text: str) -> None:
    with pytest.raises(Refusal, match="payment terms"):
        terms.parse(text)


def test_terms_past_sixty_days_fall_back_to_thirty() -> None:
    ninety = Terms(TermsKind.DAYS, 90)

    assert terms.lawful_due_date(date(2026, 11, 1), terms=ninety) == date(2026, 12, 1)
    assert terms.is_longer_than_lawful(ninety)


def test_sixty_days_are_lawful() -> None:
    sixty = Terms(TermsKind.DAYS, 60)

    assert terms.lawful_due_date(date(2026, 11, 1), terms=sixty) == date(2026, 12, 31)
    assert not terms.is_longer_than_lawful(sixty)


def test_a_label_carries_its_days() -> None:
    sentence, values = terms.label(Terms(TermsKind.END_OF_MONTH, 15))

    assert sentence % values == "End of month + 15 days"
