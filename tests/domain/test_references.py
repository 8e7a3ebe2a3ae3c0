"""Numbers with check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billify.domain import references
from billify.domain.refusal import Refusal


def test_the_textbook_structured_communication() -> None:
    made = references.make_structured(909337554)

    assert made == "090933755493"
    assert references.show_structured(made) == "+++090/9337/55493+++"


def test_no_rest_is_written_as_97() -> None:
    assert references.make_structured(97)[-2:] == "97"


@pytest.mark.parametrize("number", [0, -1, 10**10])
def test_a_number_out_of_range_is_a_mistake(number: int) -> None:
    with pytest.raises(ValueError, match="ten digits"):
        references.make_structured(number)


@given(st.integers(1, 10**10 - 1))
def test_a_made_reference_is_read_back_in_every_spelling(number: int) -> None:
    made = references.make_structured(number)
    shown = references.show_structured(made)

    assert references.structured(shown) == made
    assert references.structured(shown.replace("+", "*")) == made
    assert references.structured(f" {made[:5]} {made[5:]} ") == made


@given(st.integers(1, 10**10 - 1), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: int, place: int, more: int) -> None:
    made = references.make_structured(number)
    wrong = made[:place] + str((int(made[place]) + more) % 10) + made[place + 1 :]

    assert references.structured(wrong) is None


@pytest.mark.parametrize("text", ["", "000000000000", "123", "+++090/9337/55494+++", "hello"])
def test_other_texts_are_no_structured_communication(text: str) -> None:
    assert references.structured(text) is None


def test_a_creditor_reference_of_iso_11649() -> None:
    assert references.make_creditor("5390 0754 7034") == "RF18539007547034"
    assert references.creditor("rf18 5390 0754 7034") == "RF18539007547034"
    assert references.creditor("RF19539007547034") is None


@given(st.text("ABCXYZ0123456789", min_size=1, max_size=21))
def test_a_made_creditor_reference_is_valid(text: str) -> None:
    made = references.make_creditor(text)

    assert references.creditor(made) == made


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("+++090/9337/55493+++", "090933755493", "+++090/9337/55493+++"),
        ("***090/9337/55493***", "090933755493", "+++090/9337/55493+++"),
        ("RF18 5390 0754 7034", "RF18539007547034", "RF18 5390 0754 7034"),
        ("  Factuur   12 ", "Factuur 12", "Factuur 12"),
    ],
)
def test_a_payment_reference_is_stored_and_shown(typed: str, stored: str, shown: str) -> None:
    assert references.payment_reference(typed) == stored
    assert references.show_payment_reference(stored) == shown


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("BE68 5390 0754 7034", "BE68539007547034"),
        ("be68-5390-0754-7034", "BE68539007547034"),
        ("NL91ABNA0417164300", "NL91ABNA0417164300"),
    ],
)
def test_an_iban_is_stored_without_spaces(typed: str, stored: str) -> None:
    assert references.normalise_iban(typed) == stored


@pytest.mark.parametrize("typed", ["", "BE68 5390 0754 7035", "BE68", "0123", "XX00"])
def test_a_wrong_iban_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="not a valid IBAN"):
        references.normalise_iban(typed)


def test_an_iban_is_shown_in_fours() -> None:
    assert references.show_iban("BE68539007547034") == "BE68 5390 0754 7034"


@pytest.mark.parametrize(
    ("vat", "country"), [("EL094259216", "GR"), ("XI123456789", "GB"), ("BE0202239951", "BE")]
)
def test_a_country_is_the_one_of_iso(vat: str, country: str) -> None:
    assert references.country_of(vat) == country


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("BE 0403.019.261", "BE0403019261"),
        ("BTW BE 0403.019.261", "BE0403019261"),
        ("TVA: BE 0403 019 261", "BE0403019261"),
        ("0403.019.261", "BE0403019261"),
        ("403019261", "BE0403019261"),
        ("NL 0044.95.445.B01", "NL004495445B01"),
        ("DE 136,695 976", "DE136695976"),
        ("FR 61 954 506 077", "FR61954506077"),
        ("GB 980 7806 84", "GB980780684"),
        ("CHE-107.787.577", "CHE107787577"),
    ],
)
def test_vat_numbers_are_stored_with_their_country(typed: str, stored: str) -> None:
    assert references.normalise_vat(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "BE0403019262", "BE", "12", "DE123456789", "NL800000000B01", "hello", "FR1"]
)
def test_a_wrong_vat_number_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="not a valid VAT number"):
        references.normalise_vat(typed)


def test_vat_and_enterprise_number_are_one_in_belgium() -> None:
    assert references.normalise_enterprise("BE 0403.019.261") == "0403019261"
    assert references.enterprise_of("BE0403019261") == "0403019261"
    assert references.enterprise_of("NL801025109B01") is None
    assert references.vat_of("0403019261") == "BE0403019261"
    assert references.show_enterprise("0403019261") == "0403.019.261"


def test_a_wrong_enterprise_number_is_refused() -> None:
    with pytest.raises(Refusal, match="enterprise number"):
        references.normalise_enterprise("0403.019.262")


@given(st.text(max_size=40) | st.from_regex(r"(BE|NL|DE|FR|EL|XI|GB)?[0-9A-Z .]{0,20}"))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    for normalise in (
        references.normalise_vat,
        references.normalise_enterprise,
        references.normalise_iban,
    ):
        try:
            found = normalise(text)
        except Refusal:
            continue
        assert normalise(found) == found

    references.show_payment_reference(references.payment_reference(text))
