"""The whole forecast: its rows, their sum, what is left out, and what it does without a past."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billify.domain.cash_flow import Planned, Rhythm, Shift
from billify.domain.forecast import history, profile, whole
from billify.domain.forecast.known import (
    Account,
    BudgetLine,
    History,
    Known,
    OpenInvoice,
    Paid,
    PlannedItem,
    RecurrenceChoice,
    TaxChoice,
    TaxPaid,
)
from billify.domain.forecast.profile import Profile
from billify.domain.forecast.shapes import DAYS_AHEAD, MONTHS_AHEAD, Flow, Forecast, Source, Verdict
from billify.domain.invoices import InvoiceDirection, InvoiceKind

TODAY = date(2026, 11, 20)
D = Decimal
SALE, PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE


def _account(balance: str = "10000.00", currency: str = "EUR") -> Account:
    return Account("a", "Account", currency, D(balance))


def _invoice(key: str = "i", amount: str = "300.00", **more: object) -> OpenInvoice:
    values: dict[str, object] = {
        "direction": SALE,
        "kind": InvoiceKind.INVOICE,
        "contact": "c",
        "name": "Hotel Astrid",
        "issued": date(2026, 11, 2),
        "due": date(2026, 12, 2),
        "currency": "EUR",
        **more,
    }
    return OpenInvoice(id=key, amount=D(amount), gross=D(amount), **values)  # type: ignore[arg-type]


def _known(*invoices: OpenInvoice, **more: object) -> Known:
    values: dict[str, object] = {"accounts": (_account(),), "open": invoices, **more}
    return Known(today=TODAY, currency="EUR", **values)  # type: ignore[arg-type]


def _past(months: int = 18, rent: str = "-1500.00") -> History:
    """A customer that pays 10 days late each month, a supplier paid on the day, and rent."""
    paid, rows = [], []
    for at in range(months):
        year, month = divmod(TODAY.year * 12 + TODAY.month - 2 - at, 12)
        issued = date(year, month + 1, 5)
        due = issued + timedelta(days=30)
        for direction, contact, gross, late in ((SALE, "c", 5000, 10), (PURCHASE, "s", 2000, 0)):
            settled = due + timedelta(days=late)
            if settled < TODAY:
                paid.append(Paid(direction, contact, contact, issued, due, D(gross), settled))
        rows.append((issued.replace(day=2), D(rent), "Landlord", "rent"))
    return History(TODAY, history.gather(rows=rows), tuple(paid), (), rows[-1][0])


def _made(known: Known, past: History | None = None) -> Forecast:
    learned = profile.learn(history=past) if past else None
    return whole.make(known=known, profile=learned)


def _rows(forecast: Forecast, source: Source) -> list[Flow]:
    return [row for row in forecast.flows if row.source is source]


def test_each_day_is_the_sum_of_the_rows_until_then() -> None:
    made = _made(_known(_invoice(), _invoice("p", "900.00", direction=PURCHASE)), _past())

    for day in made.days:
        until = sum((row.amount for row in made.flows if row.day <= day.day), D(0))
        assert day.balance == made.balance + until, day.day


def test_each_month_is_the_sum_of_the_rows_until_then() -> None:
    made = _made(_known(_invoice()), _past())

    for month in made.months:
        until = sum((row.amount for row in made.flows if row.day <= month.end), D(0))
        assert month.balance == made.balance + until, month.end


def test_it_looks_thirteen_weeks_and_three_years_ahead() -> None:
    made = _made(_known())

    assert (len(made.days), len(made.months)) == (DAYS_AHEAD, MONTHS_AHEAD)
    assert made.days[0].day == TODAY
    assert (made.months[0].end, made.months[-1].end) == (date(2026, 11, 30), date(2029, 10, 31))


def test_the_same_input_gives_the_same_answer() -> None:
    known, past = _known(_invoice()), _past()

    assert _made(known, past) == _made(known, past)


def test_the_band_holds_the_line() -> None:
    made = _made(_known(_invoice()), _past())

    assert all(day.low <= day.balance <= day.high for day in made.days)
    assert all(one.low <= one.balance <= one.high for one in made.months)


def test_the_band_widens_month_by_month() -> None:
    made = _made(_known(_invoice()), _past())

    widths = [one.high - one.low for one in made.months]
    assert widths[2] < widths[11] < widths[-1]


def test_a_profile_read_back_says_the_same() -> None:
    learned = profile.learn(history=_past())

    again = Profile.from_json(learned.to_json())

    known = _known(_invoice())
    assert whole.make(known=known, profile=again) == whole.make(known=known, profile=learned)


def test_a_part_paid_invoice_counts_with_what_is_open() -> None:
    invoice = replace(_invoice(amount="120.00"), gross=D("500.00"))

    assert [row.amount for row in _rows(_made(_known(invoice)), Source.SALE)] == [D("120.00")]


def test_an_invoice_expected_by_hand_comes_that_day() -> None:
    made = _made(_known(_invoice(expected_on=date(2027, 1, 7))), _past())

    (row,) = _rows(made, Source.SALE)
    assert (row.day, row.is_by_hand, row.reason.code) == (date(2027, 1, 7), True, "by_hand")


def test_a_day_by_hand_that_is_over_is_today() -> None:
    (row,) = _rows(_made(_known(_invoice(expected_on=date(2026, 11, 1)))), Source.SALE)

    assert row.day == TODAY


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"currency": "USD"}, "other_currency"),
        ({"is_disputed": True}, "disputed"),
        ({"expected_on": date(2031, 1, 1)}, "too_late"),
    ],
    ids=["currency", "disputed", "too late"],
)
def test_what_is_not_counted_is_told_with_its_reason(more: dict[str, object], code: str) -> None:
    made = _made(_known(_invoice(**more)))

    assert [one.reason.code for one in made.not_counted] == [code]
    assert _rows(made, Source.SALE) == []


def test_a_credit_note_goes_with_the_invoice_that_bears_it() -> None:
    note = _invoice("n", "100.00", kind=InvoiceKind.CREDIT_NOTE, due=date(2026, 11, 3))
    made = _made(_known(_invoice(), note), _past())

    days = {row.ref: (row.day, row.amount) for row in _rows(made, Source.SALE)}
    assert days["n"] == (days["i"][0], D("-100.00"))


def test_a_credit_note_alone_is_paid_back() -> None:
    note = _invoice("n", "100.00", kind=InvoiceKind.CREDIT_NOTE)

    assert [row.amount for row in _made(_known(note)).flows] == [D("-100.00")]


def test_rent_that_comes_back_is_foreseen() -> None:
    made = _made(_known(), _past())

    rent = [row for row in _rows(made, Source.RECURRING) if row.what == "Landlord"]
    assert [row.day.month for row in rent[:3]] == [12, 1, 2]
    assert {row.amount for row in rent[:3]} == {D("-1500.00")}


def test_rent_that_is_planned_too_counts_once() -> None:
    plan = Planned(
        "p", "Rent", D("-1500.00"), Rhythm.MONTHLY, date(2026, 12, 1), None, 1, Shift.NEXT
    )
    made = _made(_known(planned=(PlannedItem(plan, "rent"),)), _past())

    rent = [row for row in made.flows if row.amount == D("-1500.00") and row.day.year == 2026]
    assert [row.source for row in rent] == [Source.PLANNED]


def test_the_year_end_premium_seen_once_comes_again() -> None:
    rows = [
        (date(2025 + (at + 10) // 12, (at + 10) % 12 + 1, 28), D("-4000.00"), "Staff", "wages")
        for at in range(12)
    ]
    rows.append((date(2025, 12, 18), D("-3000.00"), "Staff", "wages"))
    past = History(TODAY, history.gather(rows=rows), (), (), rows[0][0])

    made = _made(_known(), past)

    (premium,) = [row for row in made.flows if row.amount == D("-3000.00") and row.day.year == 2026]
    assert premium.day == date(2026, 12, 18)


def test_takings_come_on_every_working_day() -> None:
    rows = [
        (TODAY - timedelta(days=at), D(200 + at % 7 * 10), "Card terminal", "cards")
        for at in range(1, 300)
        if (TODAY - timedelta(days=at)).weekday() < 5
    ]
    past = History(TODAY, history.gather(rows=rows), (), (), rows[-1][0])

    takings = _rows(_made(_known(), past), Source.REST)

    assert len({row.day for row in takings if row.day < date(2026, 12, 1)}) == 7


def test_a_recurrence_that_was_refused_is_gone() -> None:
    past = _past()
    choices = tuple(
        RecurrenceChoice(one.key, Verdict.REFUSED) for one in _made(_known(), past).recurrences
    )

    made = _made(_known(recurrence_choices=choices), past)

    assert len(choices) == 3
    assert _rows(made, Source.RECURRING) == []


def test_a_recurrence_that_was_changed_has_what_the_person_said() -> None:
    past = _past()
    (key,) = {one.key for one in profile.learn(history=past).business.recurrences}
    choice = RecurrenceChoice(
        key, Verdict.CHANGED, "Office", D("-1750.00"), day=15, until=date(2027, 1, 31)
    )

    made = _made(_known(recurrence_choices=(choice,)), past)

    office = [(row.day, row.amount) for row in made.flows if row.what == "Office"]
    assert office == [(date(2026, 12, 15), D("-1750.00")), (date(2027, 1, 15), D("-1750.00"))]


def test_invoices_that_are_not_there_yet_are_foreseen() -> None:
    """Sold for 5,000 a month: what is open covers the first weeks, the rest must go on."""
    made = _made(_known(), _past())

    spring = [row for row in made.flows if row.day < date(2027, 5, 1) and row.amount > 0]
    assert D(15000) < sum(row.amount for row in spring) < D(30000)


def test_an_invoice_counts_once_when_the_next_one_is_foreseen() -> None:
    """The one of November is open; the row of its rhythm may only begin with the next."""
    invoice = _invoice("i", "5000.00", issued=date(2026, 11, 5), due=date(2026, 12, 5))
    past = replace(_past(), open=(invoice,))

    made = _made(_known(invoice), past)

    until_new_year = [row for row in made.flows if row.day.year == 2026 and row.amount > 0]
    assert sum(row.amount for row in until_new_year) < D(7500)


def test_without_a_past_there_is_no_band() -> None:
    made = _made(_known(_invoice()))

    assert "history" in made.missing
    assert all(day.low == day.balance == day.high for day in made.days)


def test_a_company_begun_yesterday_is_not_extrapolated() -> None:
    rows = [(TODAY - timedelta(days=1), D("-800.00"), "Shop", "office")]
    past = History(TODAY, history.gather(rows=rows), (), (), TODAY - timedelta(days=1))

    made = _made(_known(), past)

    assert made.flows == ()
    assert "little_history" in made.missing
    assert made.days[-1].low < made.days[-1].balance < made.days[-1].high


def test_without_accounts_the_balance_begins_at_nothing() -> None:
    made = _made(_known(_invoice(), accounts=()))

    assert (made.balance, made.missing) == (D(0), ("accounts", "history"))


def test_only_accounts_in_the_currency_count() -> None:
    made = _made(_known(accounts=(_account("100.00"), _account("900.00", "USD"))))

    assert made.balance == D("100.00")


def test_a_balance_below_zero_is_below_from_the_first_day() -> None:
    made = _made(_known(accounts=(_account("-50.00"),)))

    assert made.below_zero is not None
    assert (made.below_zero.day, made.below_zero.balance) == (TODAY, D("-50.00"))


def test_the_first_day_below_the_floor_is_told_with_its_causes() -> None:
    bill = _invoice("p", "7000.00", direction=PURCHASE, expected_on=date(2026, 12, 4))
    late = _invoice("s", "4000.00", due=date(2026, 12, 1), expected_on=date(2026, 12, 20))
    made = _made(_known(bill, late, floor=D("5000.00")))

    assert made.below_floor is not None
    assert (made.below_floor.day, made.below_floor.balance) == (date(2026, 12, 4), D("3000.00"))
    assert [row.ref for row in made.below_floor.because] == ["p", "s"]


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_due_date_in_another_age_does_no_harm(year: int) -> None:
    for past in (None, _past()):
        made = _made(_known(_invoice(due=date(year, 1, 1), issued=date(year, 1, 1))), past)

        assert len(made.days) == DAYS_AHEAD


def test_fifty_thousand_planned_items_are_summed_by_day() -> None:
    items = tuple(
        PlannedItem(
            Planned(
                str(at),
                "Item",
                D("-1.00"),
                Rhythm.ONCE,
                TODAY + timedelta(at % 80),
                shift=Shift.NONE,
            )
        )
        for at in range(50_000)
    )
    made = _made(_known(planned=items))

    assert made.days[-1].balance == D("-40000.00")
    assert len(made.flows) == 80


def test_a_planned_item_that_the_bank_has_not_shown_yet_comes_today() -> None:
    plan = Planned("p", "Wages", D("-100.00"), Rhythm.ONCE, date(2026, 11, 18))
    made = _made(_known(planned=(PlannedItem(plan),), planned_since=date(2026, 11, 17)))

    assert [row.day for row in made.flows] == [TODAY]


def test_what_is_left_of_a_budget_counts_when_wanted() -> None:
    line = BudgetLine("office", "Office", date(2026, 12, 1), D("-900.00"), D("0.00"))

    made = _made(_known(budgets=(line,), counts_budget=True))
    without = _made(_known(budgets=(line,)))

    assert [(row.day, row.amount) for row in made.flows] == [(date(2026, 12, 31), D("-900.00"))]
    assert without.flows == ()


def test_what_was_spent_of_a_budget_counts_no_more() -> None:
    line = BudgetLine("office", "Office", date(2026, 11, 1), D("-900.00"), D("-950.00"))

    assert _made(_known(budgets=(line,), counts_budget=True)).flows == ()


def _budget(category: str, month: int, amount: str) -> BudgetLine:
    year, at = (2026, month) if month > 10 else (2027, month)
    return BudgetLine(category, category.title(), date(year, at, 1), D(amount), D("0.00"))


def _bill(amount: str, day: date, **more: object) -> OpenInvoice:
    return _invoice("p", amount, name="Verhuur BV", direction=PURCHASE, expected_on=day, **more)


def test_an_invoice_and_the_budget_it_was_meant_for_count_once() -> None:
    bill = _bill("2000.00", date(2026, 12, 7))
    made = _made(_known(bill, budgets=(_budget("rent", 12, "-2000.00"),), counts_budget=True))

    assert [(row.source, row.amount) for row in made.flows] == [(Source.PURCHASE, D("-2000.00"))]


def test_invoices_come_off_the_budgets_of_their_month_and_direction_only() -> None:
    bill = _bill("2500.00", date(2026, 12, 7))
    budgets = (
        _budget("rent", 12, "-2000.00"),
        _budget("office", 12, "-900.00"),
        _budget("sales", 12, "4000.00"),
        _budget("rent", 1, "-2000.00"),
    )
    made = _made(_known(bill, budgets=budgets, counts_budget=True))

    left = {(row.category, row.day.month): row.amount for row in _rows(made, Source.BUDGET)}
    assert left == {
        ("office", 12): D("-400.00"),
        ("sales", 12): D("4000.00"),
        ("rent", 1): D("-2000.00"),
    }


def test_what_was_paid_on_invoices_in_the_month_comes_off_its_budgets() -> None:
    """The bill was paid on the 3rd: its line has no category, the budget is spent all the same."""
    budgets = (_budget("rent", 11, "-2000.00"), _budget("rent", 12, "-2000.00"))
    made = _made(_known(budgets=budgets, counts_budget=True, unsorted_out=D("1500.00")))

    assert [row.amount for row in made.flows] == [D("-500.00"), D("-2000.00")]


def test_invoices_come_off_budgets_without_rows_of_their_own_first() -> None:
    wages = Planned("w", "Wages", D("-5000.00"), Rhythm.ONCE, date(2026, 12, 28))
    bill = _bill("900.00", date(2026, 12, 7))
    budgets = (_budget("wages", 12, "-7000.00"), _budget("office", 12, "-900.00"))
    made = _made(
        _known(bill, planned=(PlannedItem(wages, "wages"),), budgets=budgets, counts_budget=True)
    )

    left = [(row.category, row.amount) for row in _rows(made, Source.BUDGET)]
    assert left == [("wages", D("-2000.00"))]


def test_invoices_that_are_foreseen_come_off_budgets_too() -> None:
    """A supplier bills 2,000 each month; with the budget for it no more goes out."""
    past = _past(rent="0.00")
    budgets = tuple(_budget("goods", month, "-2000.00") for month in (1, 2, 3))

    made = _made(_known(budgets=budgets, counts_budget=True), past)
    without = _made(_known(), past)

    spring = date(2027, 3, 31)
    out = [
        sum(row.amount for row in one.flows if row.amount < 0 and row.day <= spring)
        for one in (made, without)
    ]
    assert out[0] == out[1]


def test_a_tax_planned_by_hand_counts_once() -> None:
    paid = tuple(TaxPaid("withholding", date(2026, at, 14), D("-800.00")) for at in range(3, 12))
    plan = Planned("p", "Withholding", D("-950.00"), Rhythm.ONCE, date(2026, 12, 14))

    made = _made(_known(taxes_paid=paid, planned=(PlannedItem(plan, "withholding"),)))

    december = [row.amount for row in made.flows if row.day < date(2027, 1, 1)]
    assert december == [D("-950.00")]


def test_only_the_last_four_weeks_explain_a_fall() -> None:
    """A dear machine weeks ago brought it down once; the bill and the wages do it now."""
    rows = [
        PlannedItem(Planned(name, name, D(amount), Rhythm.ONCE, day, shift=Shift.NONE))
        for name, amount, day in (
            ("machine", "-6000.00", date(2026, 11, 30)),
            ("sale", "2000.00", date(2027, 1, 7)),
            ("wages", "-3000.00", date(2027, 1, 14)),
            ("bill", "-2500.00", date(2027, 1, 20)),
        )
    ]
    made = _made(_known(planned=tuple(rows), floor=D("1000.00")))

    assert made.below_floor is not None
    assert made.below_floor.day == date(2027, 1, 20)
    assert [row.what for row in made.below_floor.because] == ["wages", "bill"]


def test_a_tax_that_was_left_out_has_no_row() -> None:
    paid = tuple(TaxPaid("withholding", date(2026, at, 14), D("-800.00")) for at in range(3, 12))
    choices = (TaxChoice("withholding", "2026-11", is_left_out=True),)

    made = _made(_known(taxes_paid=paid, tax_choices=choices))

    assert [row.ref for row in _rows(made, Source.TAX)[:2]] == [
        "withholding 2026-12",
        "withholding 2027-01",
    ]


def test_what_is_handed_to_the_web_loads_no_numpy() -> None:
    code = (
        "import sys\n"
        "from billify.domain.forecast import actions, course, known, shapes, taxes, vat_due\n"
        "assert 'numpy' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
