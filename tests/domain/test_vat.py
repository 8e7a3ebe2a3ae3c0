"""VAT categories, their rates and mentions."""

from decimal import Decimal

import pytest

from billify.domain import vat
from billify.domain.refusal import Refusal
from billify.domain.vat import VatCategory


@pytest.mark.parametrize("rate", [21, 12, 6])
def test_belgian_rates_are_standard(rate: int) -> None:
    vat.check(VatCategory.STANDARD, rate=Decimal(rate))


@pytest.mark.parametrize(
    ("category", "rate"),
    [("S", 0), ("S", 20), ("Z", 6), ("AE", 21), ("K", 21), ("G", 6), ("E", 12), ("O", 21)],
)
def test_a_rate_the_category_does_not_know_is_refused(category: str, rate: int) -> None:
    with pytest.raises(Refusal, match=f"VAT of {rate} %"):
        vat.check(VatCategory(category), rate=Decimal(rate))


def test_every_category_has_a_rule_and_a_label() -> None:
    assert set(vat.RULES) == set(VatCategory)
    assert all(rule.label and rule.rates for rule in vat.RULES.values())


def test_a_form_value_leads_back_to_its_choice() -> None:
    assert [vat.choice(one.code) for one in vat.choices()] == list(vat.choices())
    assert vat.choice("S-21").rate == 21


@pytest.mark.parametrize("code", ["", "S-20", "X-21", "S", "AE-21"])
def test_a_choice_that_is_not_in_the_list_is_refused(code: str) -> None:
    with pytest.raises(Refusal, match="from the list"):
        vat.choice(code)


def test_the_law_asks_for_mentions_where_no_vat_is_charged() -> None:
    found = vat.mentions(frozenset({VatCategory.REVERSE_CHARGE, VatCategory.STANDARD}))

    assert len(found) == 1
    assert found[0].startswith("Reverse charge")


def test_ordinary_vat_needs_no_mention() -> None:
    assert vat.mentions(frozenset({VatCategory.STANDARD, VatCategory.ZERO})) == ()
