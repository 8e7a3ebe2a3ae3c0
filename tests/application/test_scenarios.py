"""Scenarios beside the stored forecast: what they rest on is read from a year of invoices."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billify.application import scenarios
from billify.application.scenarios import Comparison
from billify.data.models import Contact
from billify.data.types import uuid7
from billify.domain.forecast.scenarios import Kind
from billify.domain.forecast.shapes import Flow, Source
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.obligations import Every
from billify.domain.refusal import NotAllowed, Refusal
from tests import factories, made_forecast
from tests.cast import Cast
from tests.factories import books_of

TODAY = date(2026, 11, 21)


def sold(of: Contact, gross: str, vat: str, *, ago: int = 60, terms: int = 30, **more: str) -> None:
    issued = TODAY - timedelta(days=ago)
    factories.invoice(
        of=of,
        gross=gross,
        vat_amount=Decimal(vat),
        direction=InvoiceDirection.SALE,
        status=InvoiceStatus.PAID,
        issue_date=issued,
        due_date=issued + timedelta(days=terms),
        **more,
    )


def compared(*changes: tuple[Kind, str]) -> Comparison:
    return scenarios.compare(
        asked={"a": changes}, today=TODAY, currency="EUR", vat_every=Every.QUARTER
    )


def test_sales_of_the_past_year_are_what_a_scenario_rests_on(cast: Cast) -> None:
    with books_of(cast.anna):
        hotel, shop = factories.contact("Hotel", is_customer=True), factories.contact("Shop")
        sold(hotel, "5200.00", "900.00", terms=30)
        sold(hotel, "520.00", "90.00", terms=30, kind=InvoiceKind.CREDIT_NOTE)
        sold(shop, "520.00", "90.00", terms=0)
        sold(shop, "9999.00", "0.00", ago=400)
        sold(shop, "9999.00", "0.00", currency="USD")
        factories.invoice(of=shop, gross="9999.00", issue_date=TODAY - timedelta(days=9))

        sales = compared().sales

    assert sales.weekly == {str(hotel.id): Decimal(90), str(shop.id): Decimal(10)}
    assert sales.invoiced == Decimal(100)
    assert round(sales.vat_share or 0, 6) == Decimal("0.173077")
    assert sales.wait == 27


def test_lateness_that_is_expected_adds_to_the_wait(cast: Cast) -> None:
    with books_of(cast.anna):
        hotel = factories.contact("Hotel", is_customer=True)
        sold(hotel, "5200.00", "900.00", terms=30)
        due = TODAY + timedelta(days=10)
        late = Flow(
            due + timedelta(days=12),
            Decimal("100.00"),
            Source.SALE,
            "x",
            "Hotel",
            str(hotel.id),
            due=due,
        )
        made_forecast.store(made_forecast.forecast_of([late], today=TODAY))

        assert compared().sales.wait == 42


def test_who_owes_or_bought_can_be_chosen(cast: Cast) -> None:
    with books_of(cast.anna):
        hotel = factories.contact("Zaal", is_customer=True)
        sold(hotel, "52.00", "9.00")
        owing = Flow(
            TODAY,
            Decimal("100.00"),
            Source.SALE,
            "x",
            "Atelier",
            "0198c0de-0000-7000-8000-00000001",
        )
        made_forecast.store(made_forecast.forecast_of([owing], today=TODAY))

        found = compared().customers

    assert [(one.name, one.open, one.weekly) for one in found] == [
        ("Atelier", Decimal("100.00"), Decimal("0.00")),
        ("Zaal", Decimal("0.00"), Decimal(1)),
    ]


def test_a_customer_that_is_only_a_contact_may_be_named(cast: Cast) -> None:
    with books_of(cast.anna):
        quiet = factories.contact("Stille Klant", is_customer=True)
        found = compared((Kind.LATE, f"{quiet.id}:30"), (Kind.LATE, f"{uuid7()}:30"))

    known, stranger = found.told[0].lines
    assert known.customer is not None
    assert known.customer.name == "Stille Klant"
    assert str(stranger.refusal) == "This customer is not known here."
    assert found.base is None
    assert found.told[0].course is None


def test_who_may_not_change_keeps_nothing(cast: Cast) -> None:
    with books_of(cast.anna), pytest.raises(NotAllowed):
        scenarios.save(name="x", query="vat=30", by=cast.bram.actor)


def test_too_long_a_scenario_is_not_kept(cast: Cast) -> None:
    with books_of(cast.anna), pytest.raises(Refusal):
        scenarios.save(name="x", query="vat=30&" * 400, by=cast.anna.actor)
