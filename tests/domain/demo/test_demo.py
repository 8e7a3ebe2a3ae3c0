"""The demo companies: complete, believable, and exact to the cent."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import pytest

from billify.domain import cash_flow, demo, invoices, money, obligations, references
from billify.domain.demo import DemoCompany, treasury
from billify.domain.demo.payments import OF_LATE
from billify.domain.demo.play import lowest_ahead
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.obligations import Every, Tax

TODAY = date(2026, 11, 20)
ANNA = demo.build(today=TODAY)
CHLOE = demo.build_second(today=TODAY)
BOTH = pytest.mark.parametrize("company", [ANNA, CHLOE], ids=["anna", "chloe"])


def _balances(company: DemoCompany, account: str | None = None) -> dict[date, Decimal]:
    left = sum(one.opening_balance for one in company.accounts if account in (None, one.key))
    found = {}
    for movement in company.movements:
        if account in (None, movement.account):
            left += movement.amount
            found[movement.booked_on] = Decimal(left)
    return found


@BOTH
def test_opening_and_movements_make_the_closing_balance(company: DemoCompany) -> None:
    for account in company.accounts:
        moved = sum(one.amount for one in company.movements if one.account == account.key)

        assert account.opening_balance + moved == account.closing_balance


@BOTH
def test_no_account_was_ever_below_zero(company: DemoCompany) -> None:
    for account in company.accounts:
        assert min(_balances(company, account.key).values()) > 0


@BOTH
def test_what_is_open_is_what_no_movement_paid(company: DemoCompany) -> None:
    paid: defaultdict[str, Decimal] = defaultdict(Decimal)
    for allocation in company.allocations:
        paid[allocation.invoice] += allocation.amount

    for invoice in company.invoices:
        assert invoice.gross - paid[invoice.key] == invoice.open_amount
        assert (invoice.status is InvoiceStatus.PAID) is (invoice.open_amount == 0)


@BOTH
def test_allocations_make_up_their_movement(company: DemoCompany) -> None:
    by_key = {one.key: one for one in company.invoices}
    shares: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in company.allocations:
        invoice = by_key[one.invoice]
        shares[one.movement] += invoices.signed(
            one.amount, direction=invoice.direction, kind=invoice.kind
        )

    for movement in company.movements:
        assert shares.get(movement.key, movement.amount) == movement.amount
        assert movement.amount != 0


@BOTH
def test_a_reference_on_a_movement_is_that_of_its_invoice(company: DemoCompany) -> None:
    by_key = {one.key: one for one in company.invoices}
    movements = {one.key: one for one in company.movements}
    seen = [one for one in company.allocations if one.evidence == "reference"]

    assert seen
    for one in seen:
        assert movements[one.movement].reference == by_key[one.invoice].payment_reference


@BOTH
def test_every_invoice_adds_up(company: DemoCompany) -> None:
    for invoice in company.invoices:
        lines = [
            invoices.Line(
                one.quantity, one.unit_price, one.vat_category, one.vat_rate, one.discount
            )
            for one in invoice.lines
        ]
        header = invoices.Header(invoice.net, invoice.vat, invoice.gross)

        assert invoices.cross_check(header, lines=lines) == []
        assert invoice.gross > 0
        assert sum(one.net for one in invoice.lines) == invoice.net


@BOTH
def test_every_number_passes_its_check(company: DemoCompany) -> None:
    assert references.normalise_vat(company.vat_number) == company.vat_number
    for contact in company.contacts:
        if contact.vat_number:
            assert references.normalise_vat(contact.vat_number) == contact.vat_number
        if contact.iban:
            assert references.normalise_iban(contact.iban) == contact.iban
    for account in company.accounts:
        assert references.normalise_iban(account.iban) == account.iban
    for invoice in company.invoices:
        if invoice.payment_reference:
            stored = references.payment_reference(invoice.payment_reference)
            assert stored == invoice.payment_reference


@BOTH
def test_keys_are_unique_and_lead_somewhere(company: DemoCompany) -> None:
    contacts = {one.key for one in company.contacts}
    keys = [one.key for one in company.invoices]

    assert len(contacts) == len(company.contacts)
    assert len(set(keys)) == len(keys)
    assert {one.contact for one in company.invoices} <= contacts
    assert {one.contact for one in company.movements} - {None} <= contacts
    assert {one.credited for one in company.invoices} - {None} <= set(keys)
    numbers = [(one.direction, one.contact, one.number) for one in company.invoices]
    assert len(set(numbers)) == len(numbers)


@BOTH
def test_sales_numbers_have_no_gap(company: DemoCompany) -> None:
    for year in (2025, 2026):
        numbers = sorted(
            int(one.number[5:])
            for one in company.invoices
            if one.number.startswith(f"{year}-")
            and one.direction is InvoiceDirection.SALE
            and one.issue_date >= company.accounts[0].opening_date
        )
        assert numbers == list(range(numbers[0], numbers[-1] + 1))


@BOTH
def test_nothing_happens_after_today(company: DemoCompany) -> None:
    assert max(one.booked_on for one in company.movements) <= TODAY
    assert max(one.issue_date for one in company.invoices) <= TODAY
    assert min(one.booked_on for one in company.movements) >= company.accounts[0].opening_date
    assert list(company.movements) == sorted(company.movements, key=lambda one: one.booked_on)


@BOTH
def test_nothing_is_paid_on_a_day_banks_are_closed(company: DemoCompany) -> None:
    assert all(cash_flow.is_working_day(one.booked_on) for one in company.movements)


@BOTH
def test_vat_paid_is_that_of_the_invoices(company: DemoCompany) -> None:
    quarter = obligations.period_of(date(2026, 5, 1), every=Every.QUARTER)
    owed = treasury.vat_of(quarter, among=company.invoices)
    paid = [one for one in company.movements if one.text.endswith("2026-Q2") and owed > 0]

    names = {"Btw 2026-Q2", "TVA 2026-Q2"}
    (vat,) = [one for one in paid if one.text in names]
    assert vat.amount == -owed
    assert vat.booked_on == obligations.vat(quarter).pay_by


@BOTH
def test_the_forecast_comes_near_the_floor_and_stays_above(company: DemoCompany) -> None:
    balance = sum((one.closing_balance for one in company.accounts), Decimal(0))

    moved = lowest_ahead(traded=company.invoices, planned=company.usual, today=TODAY)

    assert 0 < balance + moved < min(balance, 22_000)


def test_anna_has_every_case_a_visitor_should_meet() -> None:
    seen = Counter(one.status for one in ANNA.invoices)
    kinds = Counter((one.direction, one.kind) for one in ANNA.invoices)
    late = [
        one
        for one in ANNA.invoices
        if invoices.is_overdue(
            one.due_date, open_amount=one.open_amount, status=one.status, today=TODAY
        )
        and one.direction is InvoiceDirection.SALE
    ]
    part_paid = [one for one in ANNA.invoices if 0 < one.open_amount < one.gross]

    assert 380 <= len(ANNA.invoices) <= 520
    assert seen[InvoiceStatus.TO_APPROVE] == 5
    assert all(kinds[direction, InvoiceKind.CREDIT_NOTE] >= 2 for direction in InvoiceDirection)
    assert len(late) >= 2
    assert len(part_paid) == 1
    assert {one.language for one in ANNA.contacts} == {"nl", "fr", "de"}
    categories = {line.vat_category.value for one in ANNA.invoices for line in one.lines}
    assert categories >= {"S", "E", "K", "AE"}
    assert {one.kind for one in ANNA.usual} == {"manual", "tax", "detected"}
    assert any(one.evidence == "number" for one in ANNA.allocations)


def test_the_letter_box_holds_known_and_new_suppliers_and_a_twin() -> None:
    known = {one.key for one in ANNA.contacts}
    numbers = {(one.contact, one.number) for one in ANNA.invoices}
    twins = [one for one in ANNA.incoming if (one.supplier.key, one.invoice.number) in numbers]

    assert len(ANNA.incoming) == 6
    assert {one.language for one in ANNA.incoming} == {"nl", "fr", "de"}
    assert len([one for one in ANNA.incoming if one.supplier.key not in known]) == 2
    assert len(twins) == 1
    assert {one.invoice.kind for one in ANNA.incoming} == set(InvoiceKind)
    assert all(one.invoice.status is InvoiceStatus.TO_CHECK for one in ANNA.incoming)


def test_the_same_seed_makes_the_same_company() -> None:
    assert demo.build(today=TODAY) == ANNA
    assert demo.build(seed=4, today=TODAY) != ANNA


@pytest.mark.parametrize(
    ("seed", "today"), [(1, "2027-01-01"), (2, "2028-02-29"), (3, "2026-07-22"), (4, "2026-12-31")]
)
def test_it_ties_on_any_day_and_seed(seed: int, today: str) -> None:
    for company in (
        demo.build(seed=seed, today=date.fromisoformat(today)),
        demo.build_second(seed=seed, today=date.fromisoformat(today)),
    ):
        test_opening_and_movements_make_the_closing_balance(company)
        test_no_account_was_ever_below_zero(company)
        test_what_is_open_is_what_no_movement_paid(company)
        test_allocations_make_up_their_movement(company)


def test_its_size_can_be_chosen() -> None:
    small = demo.build(today=TODAY, size=120)

    assert len(small.invoices) < 300
    test_allocations_make_up_their_movement(small)


def test_planned_items_lie_ahead() -> None:
    assert all(one.first > TODAY for one in (*ANNA.planned, *ANNA.usual))
    assert {one.rhythm for one in ANNA.usual} >= {
        cash_flow.Rhythm.WEEKLY,
        cash_flow.Rhythm.MONTHLY,
        cash_flow.Rhythm.MONTHLY_LAST_WORKING_DAY,
        cash_flow.Rhythm.ONCE,
    }
    vat = [one for one in ANNA.usual if one.what.startswith("Btw")]
    assert vat[0].first == date(2027, 1, 25)
    assert all(one.amount == money.cents(one.amount) for one in ANNA.usual)


def test_only_what_no_history_tells_was_planned_by_hand() -> None:
    assert [one.kind for one in ANNA.planned] == ["manual"] * 3
    assert [one.category for one in ANNA.planned] == ["", "subsidies", "wages"]
    assert {one.year for one in ANNA.budgets} == {2026, 2027}


def test_one_customer_pays_later_of_late() -> None:
    slow = next(one.key for one in ANNA.contacts if one.name == "Hotel Zilverreiger BV")
    booked = {one.key: one.booked_on for one in ANNA.movements}
    due = {one.key: one.due_date for one in ANNA.invoices if one.contact == slow}
    late = sorted(
        (due[one.invoice], (booked[one.movement] - due[one.invoice]).days)
        for one in ANNA.allocations
        if one.invoice in due
    )

    lately = [days for day, days in late if day > TODAY - OF_LATE]
    before = [days for day, days in late if day <= TODAY - OF_LATE]
    assert median(lately) > median(before) + 10


def test_taxes_of_the_year_were_all_paid() -> None:
    owed = obligations.between(
        start=ANNA.accounts[0].opening_date,
        end=TODAY - timedelta(days=1),
        vat_every=Every.QUARTER,
        withholding_every=Every.MONTH,
    )
    withheld = [one for one in ANNA.movements if one.text.startswith("Bedrijfsvoorheffing")]

    assert len(withheld) == len([one for one in owed if one.tax is Tax.WITHHOLDING])
