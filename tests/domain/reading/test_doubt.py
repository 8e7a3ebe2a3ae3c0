"""Which fields of a reading are shown as unsure."""

import pytest

from billify.domain.reading import Direction, Field, Reading, doubt

SURE = {
    "supplier_name": Field("Molens van Deinze NV", 0.99),
    "invoice_number": Field("2026-0815", 0.97),
    "issue_date": Field("2026-10-01", 0.96),
    "gross_amount": Field("121.00", 0.98),
}


def unsure(reading: Reading, percent: int = 95) -> tuple[str, ...]:
    return doubt.unsure(sureness=doubt.sureness(reading=reading), percent=percent)


def test_fields_below_the_threshold_are_unsure_the_least_sure_one_first() -> None:
    fields = SURE | {"issue_date": Field("x", 0.9), "due_date": Field("y", 0.2)}

    assert unsure(Reading(fields)) == ("due_date", "issue_date")
    assert unsure(Reading(fields), percent=90) == ("due_date",)


@pytest.mark.parametrize(
    ("confidence", "is_below"), [(0.95, False), (0.949, True), (0.9499999, False), (1.0, False)]
)
def test_the_threshold_itself_is_sure(confidence: float, is_below: bool) -> None:
    assert doubt.is_below(confidence=confidence, percent=95) is is_below


def test_a_field_that_nearly_every_document_shows_is_missed() -> None:
    fields = {name: one for name, one in SURE.items() if name != "invoice_number"}

    assert unsure(Reading(fields)) == ("invoice_number",)


def test_one_that_many_documents_lack_is_not() -> None:
    assert unsure(Reading(SURE)) == ()


def test_of_a_sale_the_buyer_is_asked_about_and_not_our_own_name() -> None:
    fields = SURE | {"supplier_name": Field("We", 0.1), "buyer_name": Field("They", 0.3)}

    assert unsure(Reading(fields, direction=Direction.SALE)) == ("buyer_name",)


@pytest.mark.parametrize(
    ("warning", "fields"),
    [
        ("totals", {"net_amount", "vat_amount", "gross_amount"}),
        ("vat", {"net_amount", "vat_amount"}),
        ("dates", {"issue_date", "due_date"}),
        ("iban", {"iban"}),
    ],
)
def test_what_is_contradicted_is_never_sure_however_well_it_was_read(
    warning: str, fields: set[str]
) -> None:
    every = SURE | {
        name: Field("121.00" if name == "net_amount" else "0.00", 1.0)
        for name in ("net_amount", "vat_amount", "due_date", "iban")
    }

    assert set(unsure(Reading(every, warnings=(warning,)), percent=50)) == fields


@pytest.mark.parametrize(
    ("gross", "fields"),
    [("121.00", set()), ("121.01", {"net_amount", "vat_amount", "gross_amount"})],
)
def test_totals_that_do_not_add_up_are_never_sure(gross: str, fields: set[str]) -> None:
    totals = {"net_amount": "100.00", "vat_amount": "21.00", "gross_amount": gross}
    every = SURE | {name: Field(value, 1.0) for name, value in totals.items()}

    assert set(unsure(Reading(every))) == fields


def test_an_unknown_warning_throws_doubt_on_nothing() -> None:
    assert unsure(Reading(SURE, warnings=("something new",))) == ()
