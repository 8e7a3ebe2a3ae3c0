"""Plans: what comes back, what is owed to the state, what is planned by hand, and the budget."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from billify.application import bank_rules, cash_plans, jobs, tax_plans
from billify.application.cash_plans import Plan
from billify.data.db import db, transaction
from billify.data.models import (
    AuditEvent,
    Company,
    ForecastRow,
    InvoiceVat,
    ObligationChoice,
    PlannedItem,
    RecurrenceChoice,
)
from billify.data.queries import bulk
from billify.data.queries import cash_plans as queries
from billify.domain.banking import PlannedSource
from billify.domain.cash_flow import Rhythm, Shift
from billify.domain.forecast import stored
from billify.domain.forecast.shapes import Verdict
from billify.domain.invoices import InvoiceDirection
from billify.domain.obligations import Every, period_of
from billify.domain.vat import VatCategory
from billify.web import filters
from billify.web.access import today
from tests import factories
from tests.cast import Cast
from tests.factories import books_of

PLANS = "/c/bakkerij-anna/cash-flow/plans"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
KEY = "Immo Coupure/NV|rent|out|monthly|5"


def recurrence(**more: Any) -> dict[str, Any]:  # Any: JSON
    """The rent as a stored forecast has it."""
    return {
        "key": KEY,
        "name": "Immo Coupure/NV",
        "rhythm": "monthly",
        "amount": "-1450.00",
        "day": 5,
        "shift": "next",
        "next": (today() + timedelta(days=9)).isoformat(),
        "last": (today() - timedelta(days=21)).isoformat(),
        "count": 12,
        "spread_amount": "12.50",
        "spread_days": 2,
        "drift": "0.021",
        "confidence": 92,
        "category": "rent",
        **more,
    }


def found(cast: Cast, *recurrences: dict[str, Any]) -> None:  # Any: JSON
    """A forecast that found these movements."""
    with books_of(cast.anna), transaction() as session:
        session.add(
            ForecastRow(
                made_at=datetime.now(UTC),
                made_on=today(),
                shape=stored.SHAPE,
                seconds=Decimal("0.1"),
                summary={},
                flows=[],
                recurrences=list(recurrences),
            )
        )


def every(cast: Cast, model: Any) -> list[Any]:  # Any: a model and its rows
    with books_of(cast.anna):
        db.session.expire_all()
        order = model.seq if model is AuditEvent else model.id
        return list(db.session.scalars(select(model).order_by(order)))


def decide(cast: Cast, do: str, *, key: str = KEY, **more: Any) -> TestResponse:
    data = {"key": key, "do": do}
    return cast.anna.client().post(f"{PLANS}/recurring/decision", data=data, **more)


def verbs(cast: Cast) -> list[str]:
    return [one.verb for one in every(cast, AuditEvent)]


def test_without_a_forecast_the_page_says_that_it_is_being_made(cast: Cast) -> None:
    assert "The forecast is being made" in cast.anna.client().get(PLANS).text


def test_a_forecast_that_found_nothing_says_what_to_do(cast: Cast) -> None:
    found(cast)

    text = cast.anna.client().get(PLANS).text

    assert "Nothing that comes back was found yet" in text
    assert f"{PLANS}/planned/new" in text


def test_what_comes_back_is_told_in_words(cast: Cast) -> None:
    found(cast, recurrence())

    text = cast.bram.client().get(PLANS).text

    assert "Immo Coupure/NV" in text
    assert "Every month around day 5" in text
    assert "1.450,00" in text
    assert "± 12,50" in text
    assert "grows 2,1" in text
    assert "seen 12 times, 92 % sure" in text
    assert filters.day(today() + timedelta(days=9)) in text
    assert "/figures/recurring_past?ref=Immo%20Coupure/NV%7Crent" in text
    assert "Confirm" not in text


@pytest.mark.parametrize(
    ("rhythm", "day", "said"),
    [
        ("weekly", None, "Every week on"),
        ("two_weekly", None, "Every two weeks on"),
        ("monthly", 31, "Every month on the last day of the month"),
        ("monthly_last_working_day", None, "Last working day of the month"),
        ("quarterly", 25, "Every quarter around day 25"),
        ("yearly", 1, "Every year around day 1"),
        ("at full moon", None, "At full moon"),
    ],
)
def test_each_rhythm_has_words(cast: Cast, rhythm: str, day: int | None, said: str) -> None:
    found(cast, recurrence(rhythm=rhythm, day=day))

    assert said in cast.anna.client().get(PLANS).text


def test_invoices_that_come_back_lead_to_those_of_the_contact(cast: Cast) -> None:
    contact = "01a1fcec-3c4b-7f2d-aa3c-9266b4d4a0a7"
    found(
        cast,
        recurrence(),
        recurrence(key=f"sale {contact}|in|monthly", name="Hotel de Zwaan", amount="884.40"),
        recurrence(key=f"purchase {contact}|in|monthly", name="Molens van Deinze"),
    )

    page = html.document_fromstring(cast.anna.client().get(PLANS).text)

    bank, invoices = page.xpath("//section[@id='found']//tbody")
    assert len(bank.xpath("tr")) == 1
    links = [href for href in invoices.xpath(".//a/@href") if contact in href and "view=" in href]
    assert {href.split("?")[0].rpartition("/")[2] for href in links} == {"sales", "purchases"}


def test_a_forecast_of_another_shape_is_not_read(cast: Cast) -> None:
    found(cast, {"text": "of an older version"})
    with books_of(cast.anna), transaction():
        db.session.scalars(select(ForecastRow)).one().shape = stored.SHAPE + 1

    assert "The forecast is being made" in cast.anna.client().get(PLANS).text


def test_a_movement_is_confirmed_refused_and_taken_back(cast: Cast) -> None:
    found(cast, recurrence())

    confirmed = decide(cast, "confirm", headers=HTMX)
    assert "Confirmed" in confirmed.text
    assert confirmed.text.strip().startswith("<tr")
    assert every(cast, RecurrenceChoice)[0].verdict is Verdict.CONFIRMED
    assert decide(cast, "refuse").status_code == 303
    (choice,) = every(cast, RecurrenceChoice)
    assert (choice.verdict, choice.decided_by) == (Verdict.REFUSED, cast.anna.user_id)
    assert "Refused" in cast.anna.client().get(PLANS).text
    assert "Take back" not in decide(cast, "take_back", headers=HTMX).text
    assert every(cast, RecurrenceChoice) == []
    assert verbs(cast) == ["recurrence.confirmed", "recurrence.refused", "recurrence.taken_back"]


def test_a_decision_asks_for_a_forecast(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    found(cast, recurrence())
    monkeypatch.setattr(jobs, "later", lambda name, **_more: asked.append(name))

    decide(cast, "refuse")

    assert "forecast.make" in asked


def change_form(**more: str) -> dict[str, str]:
    """The rent as it was found."""
    return {
        "name": "Immo Coupure/NV",
        "way": "out",
        "amount": "1.450,00",
        "rhythm": "",
        "day": "5",
        "until": "",
        **more,
    }


def change(cast: Cast, key: str = KEY, **more: str) -> TestResponse:
    return cast.anna.client().post(
        f"{PLANS}/recurring", query_string={"key": key}, data=change_form(**more)
    )


def test_only_what_a_person_changes_is_kept(cast: Cast) -> None:
    found(cast, recurrence())
    until = today() + timedelta(days=400)

    assert change(cast, amount="1.500,00", until=filters.day(until)).status_code == 303

    (choice,) = every(cast, RecurrenceChoice)
    assert choice.verdict is Verdict.CHANGED
    assert (choice.amount, choice.until) == (Decimal("-1500.00"), until)
    assert (choice.name, choice.rhythm, choice.day, choice.shift) == (None, None, None, None)
    text = cast.anna.client().get(PLANS).text
    assert "1.500,00" in text
    assert "± 12,50" not in text


def test_a_changed_day_moves_the_next_one(cast: Cast) -> None:
    last, coming = (today() + timedelta(days=40)).replace(day=5), today() + timedelta(days=80)
    coming = coming.replace(day=5)
    found(cast, recurrence(last=last.isoformat(), next=coming.isoformat(), shift="none"))

    change(cast, rhythm="monthly", day="20")

    page = html.document_fromstring(cast.anna.client().get(PLANS).text)
    (shown,) = page.xpath("//section[@id='found']//tbody//td[3]/time/@datetime")
    assert date.fromisoformat(shown) == coming.replace(day=20)


def test_a_change_to_what_was_found_is_a_confirmation(cast: Cast) -> None:
    found(cast, recurrence())

    change(cast)

    assert every(cast, RecurrenceChoice)[0].verdict is Verdict.CONFIRMED


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "Fill this in."),
        ({"amount": ""}, "Fill this in."),
        ({"amount": "0,00"}, "changes nothing"),
        ({"amount": "1e30"}, "is not an amount"),
        ({"amount": "9" * 31}, "too large"),
        ({"rhythm": "daily"}, "Choose one from the list."),
        ({"rhythm": "once"}, "Choose one from the list."),
        ({"day": "0"}, "Write a whole number from 1 to 31."),
        ({"day": "32"}, "Write a whole number from 1 to 31."),
        ({"until": "01/01/2150"}, "is not likely"),
    ],
)
def test_a_bad_change_gets_a_sentence(cast: Cast, given: dict[str, str], said: str) -> None:
    found(cast, recurrence())

    answer = change(cast, **given)

    assert answer.status_code == 422
    assert said in answer.text
    assert every(cast, RecurrenceChoice) == []


@pytest.mark.parametrize("do", ["confirm", "refuse", "take_back"])
def test_a_key_that_is_gone_is_told(cast: Cast, do: str) -> None:
    found(cast, recurrence())

    answer = decide(cast, do, key="gone|x|in|monthly|1")

    assert answer.status_code == 422
    assert "no longer found" in answer.text
    assert change(cast, key="gone").status_code == 422
    assert every(cast, RecurrenceChoice) == []


def test_an_unknown_decision_is_not_found(cast: Cast) -> None:
    found(cast, recurrence())

    assert decide(cast, "explode").status_code == 404


def test_a_decided_movement_that_the_bank_no_longer_shows_stays_to_be_taken_back(
    cast: Cast,
) -> None:
    found(cast, recurrence())
    decide(cast, "refuse")
    with books_of(cast.anna), transaction():
        db.session.scalars(select(ForecastRow)).one().recurrences = []

    text = cast.anna.client().get(PLANS).text
    assert "no longer seen in the bank" in text
    answer = decide(cast, "take_back", headers=HTMX)

    assert answer.status_code == 200
    assert answer.text == ""
    assert every(cast, RecurrenceChoice) == []


def vat_owed(cast: Cast) -> str:
    """A sale of this quarter, so that there is VAT to pay; gives its name."""
    with books_of(cast.anna), transaction() as session:
        row = factories.invoice(
            gross="1210.00",
            direction=InvoiceDirection.SALE,
            issue_date=today(),
            net_amount=Decimal("1000.00"),
            vat_amount=Decimal("210.00"),
        )
        session.add(
            InvoiceVat(
                invoice_id=row.id,
                position=1,
                category=VatCategory.STANDARD,
                rate=Decimal(21),
                base=Decimal("1000.00"),
                amount=Decimal("210.00"),
            )
        )
        session.flush()
    return f"vat {period_of(today(), every=Every.QUARTER)}"


def worked_out(cast: Cast, ref: str) -> str:
    """What is reckoned with, as people write it."""
    with books_of(cast.anna):
        company = db.session.scalars(select(Company)).one()
        amount = tax_plans.one(ref=ref, company=company, today=today()).worked_out
    assert amount is not None
    assert amount >= Decimal("210.00")
    return filters.money(amount)


def tax_row(cast: Cast, ref: str) -> str:
    """The words of a payment's row."""
    page = html.document_fromstring(cast.anna.client().get(f"{PLANS}/taxes").text)
    (row,) = page.xpath(f"//section[@id='taxes']//tr[.//input[@value='{ref}']]")
    return str(row.text_content())


def decide_tax(cast: Cast, ref: str, do: str, **more: Any) -> TestResponse:
    return cast.anna.client().post(f"{PLANS}/taxes/decision", data={"ref": ref, "do": do}, **more)


def change_tax(cast: Cast, ref: str, **given: str) -> TestResponse:
    data = {"amount": "", "pay_on": "", **given}
    return cast.anna.client().post(f"{PLANS}/taxes/change", query_string={"ref": ref}, data=data)


def test_without_invoices_no_tax_is_known(cast: Cast) -> None:
    assert "Nothing owed to the state is known yet" in cast.bram.client().get(f"{PLANS}/taxes").text


def test_vat_stands_with_its_day_its_amount_and_its_source(cast: Cast) -> None:
    ref = vat_owed(cast)

    row = tax_row(cast, ref)

    assert worked_out(cast, ref) in row
    assert "circular 2025/C/6" in cast.bram.client().get(f"{PLANS}/taxes").text


def test_a_tax_is_changed_left_out_and_taken_back(cast: Cast) -> None:
    ref = vat_owed(cast)
    pay_on = today() + timedelta(days=100)

    assert change_tax(cast, ref, amount="150,00", pay_on=filters.day(pay_on)).status_code == 303
    (choice,) = every(cast, ObligationChoice)
    assert f"{choice.tax} {choice.period}" == ref
    assert (choice.amount, choice.pay_on) == (Decimal("150.00"), pay_on)
    row = tax_row(cast, ref)
    assert "150,00" in row
    assert "worked out" in row
    assert filters.day(pay_on) in row

    assert "Left out" in decide_tax(cast, ref, "leave_out", headers=HTMX).text
    assert every(cast, ObligationChoice)[0].is_left_out
    back = decide_tax(cast, ref, "take_back", headers=HTMX)
    assert worked_out(cast, ref) in back.text
    assert every(cast, ObligationChoice) == []
    assert verbs(cast) == ["obligation.changed", "obligation.left_out", "obligation.taken_back"]


def test_a_tax_that_a_planned_item_stands_for_is_shown_as_planned(cast: Cast) -> None:
    ref = vat_owed(cast)
    assert "Planned" not in tax_row(cast, ref)
    with books_of(cast.anna):
        company = db.session.scalars(select(Company)).one()
        day = tax_plans.one(ref=ref, company=company, today=today()).day
    form = planned_form(rhythm="once", day=filters.day(day), category="vat", amount="300")

    assert cast.anna.client().post(f"{PLANS}/planned/new", data=form).status_code == 303

    assert "Planned" in tax_row(cast, ref)


def test_the_form_of_a_tax_holds_only_what_was_said(cast: Cast) -> None:
    ref = vat_owed(cast)
    change_tax(cast, ref, amount="150,00")

    text = cast.anna.client().get(f"{PLANS}/taxes/change", query_string={"ref": ref}).text

    page = html.document_fromstring(text)
    assert page.xpath("//input[@name='amount']/@value") == ["150,00"]
    assert page.xpath("//input[@name='pay_on']/@value") == [""]


def test_vat_leads_to_its_invoices(cast: Cast) -> None:
    ref = vat_owed(cast)

    text = cast.anna.client().get(f"{PLANS}/taxes").text

    assert f"/figures/vat_of_period?ref={ref.replace(' ', '%20')}" in text


def test_vat_that_is_not_told_says_so_and_leads_to_its_invoices(cast: Cast) -> None:
    """In the list of taxes and on the figure of the period."""
    ref = vat_owed(cast)
    with books_of(cast.anna):
        for gross in ("121.00", "50.00"):
            factories.invoice(
                gross=gross, direction=InvoiceDirection.SALE, issue_date=today(), source="yuki"
            )
    figures = f"{PLANS.removesuffix('/cash-flow/plans')}/figures"
    client = cast.anna.client()

    row = tax_row(cast, ref)
    page = html.document_fromstring(client.get(f"{PLANS}/taxes").text)
    (link,) = page.xpath("//a[normalize-space()='Without VAT']/@href")
    of_period = client.get(f"{figures}/vat_of_period", query_string={"ref": ref}).text
    listed = client.get(link).text

    assert "2 invoices of 171,00 in all tell no VAT; their VAT is estimated" in row
    assert "Estimate" in row
    assert "2 invoices of 171,00 in all tell no VAT" in of_period
    assert "not in this sum" in of_period
    assert "121,00" in listed
    assert "50,00" in listed


def test_vat_that_nothing_tells_is_not_known_and_may_be_said(cast: Cast) -> None:
    ref = f"vat {period_of(today(), every=Every.QUARTER)}"
    with books_of(cast.anna):
        factories.invoice(
            gross="121.00", direction=InvoiceDirection.SALE, issue_date=today(), source="yuki"
        )
    form = cast.anna.client().get(f"{PLANS}/taxes/change", query_string={"ref": ref}).text

    assert "Not known yet" in tax_row(cast, ref)
    assert "1 invoice of 121,00 tells no VAT" in tax_row(cast, ref)
    assert "Not known yet" in form
    assert "Without VAT" in form

    change_tax(cast, ref, amount="150,00")

    assert "Not known yet" not in tax_row(cast, ref)
    assert "By hand" in tax_row(cast, ref)
    assert "worked out" not in tax_row(cast, ref)


def test_an_emptied_change_of_a_tax_is_taken_back(cast: Cast) -> None:
    ref = vat_owed(cast)
    change_tax(cast, ref, amount="150,00")

    assert change_tax(cast, ref).status_code == 303

    assert every(cast, ObligationChoice) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"amount": "1e30"}, "is not an amount"),
        ({"amount": "9" * 31}, "too large"),
        ({"pay_on": "01/01/1970"}, "This day has passed."),
        ({"pay_on": "31/12/2099"}, "three years ahead"),
        ({"pay_on": "31/02/2027"}, "does not exist"),
    ],
)
def test_a_bad_change_of_a_tax_gets_a_sentence(
    cast: Cast, given: dict[str, str], said: str
) -> None:
    ref = vat_owed(cast)

    answer = change_tax(cast, ref, **given)

    assert answer.status_code == 422
    assert said in answer.text
    assert every(cast, ObligationChoice) == []


def test_a_tax_that_is_not_ahead_is_told(cast: Cast) -> None:
    for ref in ("vat 1970-Q1", "vat", "", "x" * 3000):
        assert decide_tax(cast, ref, "leave_out").status_code == 422
        assert decide_tax(cast, ref, "take_back").status_code == 422
        assert change_tax(cast, ref, amount="1").status_code == 422
    assert decide_tax(cast, "vat", "pay").status_code == 404


def test_the_periods_decide_the_taxes_at_once(cast: Cast) -> None:
    vat_owed(cast)
    client = cast.anna.client()
    form = {"vat_period": "none", "withholding_period": "quarter"}

    assert client.post(f"{PLANS}/taxes/periods", data=form).status_code == 303

    (company,) = every(cast, Company)
    assert (company.vat_every, company.withholding_every) == (None, Every.QUARTER)
    assert "Nothing owed" in client.get(f"{PLANS}/taxes").text
    assert verbs(cast) == ["company.changed"]
    client.post(f"{PLANS}/taxes/periods", data=form)
    assert verbs(cast) == ["company.changed"]


def test_who_says_nothing_of_withholding_is_told_what_is_reckoned(cast: Cast) -> None:
    text = cast.bram.client().get(f"{PLANS}/taxes").text

    assert "As often as it was paid before" in text


def test_a_bad_period_gets_a_sentence(cast: Cast) -> None:
    form = {"vat_period": "weekly", "withholding_period": "none"}

    answer = cast.anna.client().post(f"{PLANS}/taxes/periods", data=form)

    assert answer.status_code == 422
    assert "Choose one from the list." in answer.text


def test_who_keeps_no_settings_sees_the_periods_as_text(cast: Cast) -> None:
    text = cast.bram.client().get(f"{PLANS}/taxes").text

    assert "Every quarter" in text
    assert "<select" not in text


def planned_form(**more: str) -> dict[str, str]:
    """What a person fills in to plan an item."""
    return {
        "name": "Huur",
        "way": "out",
        "amount": "2.450,00",
        "rhythm": "monthly",
        "day": filters.day(today()),
        "until": "",
        "category": "rent",
        **more,
    }


def test_an_item_is_planned_changed_and_deleted_with_its_audit(cast: Cast) -> None:
    client = cast.anna.client()
    assert client.post(f"{PLANS}/planned/new", data=planned_form()).status_code == 303
    (item,) = every(cast, PlannedItem)
    listed = cast.bram.client().get(f"{PLANS}/planned").text
    assert "2.450,00" in listed
    assert "Rent and common charges" in listed

    form = planned_form(way="in", amount="100", rhythm="once", category="")
    assert client.post(f"{PLANS}/planned/{item.id}", data=form).status_code == 303
    (item,) = every(cast, PlannedItem)
    assert (item.amount, item.category_id) == (Decimal("100.00"), None)
    assert client.post(f"{PLANS}/planned/{item.id}/deletion").status_code == 303

    assert "Nothing planned yet" in client.get(f"{PLANS}/planned").text
    assert verbs(cast) == ["planned.added", "planned.changed", "planned.removed"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "Fill this in."),
        ({"amount": "0"}, "changes nothing"),
        ({"amount": "1e30"}, "is not an amount"),
        ({"amount": "9" * 31}, "too large"),
        ({"rhythm": "daily"}, "Choose one"),
        ({"until": "01/01/2020"}, "before the first one"),
        ({"day": "31/02/2026"}, "does not exist"),
        ({"day": "31/12/1969"}, "is not likely"),
        ({"until": "01/01/2100"}, "is not likely"),
        ({"category": "casino"}, "Choose a category from the list."),
    ],
)
def test_a_bad_plan_gets_a_sentence(cast: Cast, given: dict[str, str], said: str) -> None:
    answer = cast.anna.client().post(f"{PLANS}/planned/new", data=planned_form(**given))

    assert answer.status_code == 422
    assert said in answer.text
    assert every(cast, PlannedItem) == []


def test_the_category_of_another_company_is_refused(cast: Cast) -> None:
    with books_of(cast.chloe):
        theirs = str(bank_rules.ensure_categories()[0].id)

    answer = cast.anna.client().post(f"{PLANS}/planned/new", data=planned_form(category=theirs))

    assert answer.status_code == 422
    assert "Choose a category from the list." in answer.text


@pytest.mark.parametrize("day", ["01/01/1970", "31/12/2099"])
def test_far_days_are_planned_and_listed(cast: Cast, day: str) -> None:
    client = cast.anna.client()

    client.post(f"{PLANS}/planned/new", data=planned_form(day=day, rhythm="weekly"))

    assert client.get(f"{PLANS}/planned").status_code == 200


def many(cast: Cast, count: int) -> None:
    with books_of(cast.anna), transaction():
        bulk.add_at_once(
            PlannedItem,
            [
                {
                    "name": f"Post {at}",
                    "amount": Decimal("-1.00"),
                    "rhythm": Rhythm.MONTHLY,
                    "starts_on": today() + timedelta(days=at % 300),
                    "shift": Shift.NEXT,
                    "source": PlannedSource.MANUAL,
                }
                for at in range(count)
            ],
        )


def test_the_list_is_shown_page_by_page(cast: Cast) -> None:
    many(cast, queries.PAGE + 7)
    client = cast.anna.client()

    page = html.document_fromstring(client.get(f"{PLANS}/planned").text)
    (url,) = page.xpath("//*[@id='more']//a/@href")
    rest = html.document_fromstring(client.get(url).text)
    rows = client.get(url, headers=HTMX)

    assert len(page.xpath("//tbody[@id='rows']/tr")) == queries.PAGE
    assert len(rest.xpath("//tbody[@id='rows']/tr")) == 7
    assert rows.text.count("<tr") == 7
    assert client.get(f"{PLANS}/planned?after=yesterday").status_code == 404


def test_50_000_planned_items_are_too_many_to_add_one(cast: Cast) -> None:
    many(cast, 50_000)
    client = cast.anna.client()

    answer = client.post(f"{PLANS}/planned/new", data=planned_form())

    assert answer.status_code == 422
    assert "At most 10000 items can be planned." in answer.text
    assert client.get(f"{PLANS}/planned").status_code == 200


def test_old_addresses_lead_here(cast: Cast) -> None:
    client = cast.anna.client()

    assert client.get("/c/bakkerij-anna/bank/planned").headers["Location"] == f"{PLANS}/planned"
    old = client.get("/c/bakkerij-anna/bank/planned/new")
    assert old.headers["Location"] == f"{PLANS}/planned/new"


def test_who_may_only_read_changes_nothing(cast: Cast) -> None:
    found(cast, recurrence())
    ref = vat_owed(cast)
    client = cast.bram.client()

    for address, data in (
        ("recurring/decision", {"key": KEY, "do": "refuse"}),
        (f"recurring?key={KEY}", change_form()),
        ("taxes/decision", {"ref": ref, "do": "leave_out"}),
        (f"taxes/change?ref={ref}", {"amount": "1"}),
        ("taxes/periods", {"vat_period": "none", "withholding_period": "none"}),
        ("planned/new", planned_form()),
    ):
        assert client.post(f"{PLANS}/{address}", data=data).status_code == 403
    assert every(cast, AuditEvent) == []


def test_another_company_s_decisions_stay_theirs(cast: Cast) -> None:
    found(cast, recurrence())
    chloe = cast.chloe.client()
    theirs = PLANS.replace("bakkerij-anna", "chocolaterie-chloe")

    assert chloe.get(PLANS).status_code == 404
    assert "Immo Coupure" not in chloe.get(theirs).text
    data = {"key": KEY, "do": "refuse"}
    assert chloe.post(f"{theirs}/recurring/decision", data=data).status_code == 422
    with books_of(cast.anna):
        item = cash_plans.plan(
            wanted=Plan("Huur", Decimal(-10), Rhythm.MONTHLY, today()), by=None
        ).id
    assert chloe.get(f"{theirs}/planned/{item}").status_code == 404
    assert chloe.post(f"{theirs}/planned/{item}/deletion").status_code == 404
