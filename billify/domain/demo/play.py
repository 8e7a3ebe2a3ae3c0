"""Plays the year of a demo company: trade, payments, taxes, and accounts that tie exactly."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from billify.domain import cash_flow, invoices, money, references
from billify.domain.cash_flow import Expected, Planned, is_working_day
from billify.domain.demo import payments, plan, trade, treasury
from billify.domain.demo.incoming import Delivery, incoming_of
from billify.domain.demo.numbers import BANKS, Numbers, dice
from billify.domain.demo.payments import Payment
from billify.domain.demo.people import contacts_of
from billify.domain.demo.profile import Profile, Year
from billify.domain.demo.shapes import (
    DemoAccount,
    DemoAllocation,
    DemoCompany,
    DemoContact,
    DemoInvoice,
    DemoMovement,
    DemoPlanned,
)
from billify.domain.invoices import InvoiceKind, InvoiceStatus

LOWEST_YET = Decimal(7400)
"""The accounts together never stood lower in the past year."""
TO_APPROVE = 5
RECENT = timedelta(days=26)
SMALLEST_DIVIDEND = Decimal(2000)


def play(
    profile: Profile, *, deliveries: Sequence[Delivery], seed: int, today: date, size: int
) -> DemoCompany:
    """A year of the company up to today; the same for the same arguments."""
    year = Year(start=_a_year_before(today), today=today)
    numbers = Numbers(seed)
    contacts = contacts_of(profile, numbers=numbers)
    traded, paid = _trade(profile, contacts, year, seed, size)
    paid += treasury.movements_of(
        profile, traded=traded, contacts=contacts, year=year, seed=seed, numbers=numbers
    )
    usual = plan.usual_of(profile, traded=traded, contacts=contacts, year=year)
    opening, paid = _tuned(profile, traded, paid, usual, year)
    accounts, movements = _accounts(profile, opening, paid, year, numbers)
    return DemoCompany(
        name=profile.name,
        slug=profile.slug,
        language=profile.language,
        vat_number=references.vat_of(profile.enterprise_number),
        enterprise_number=profile.enterprise_number,
        street=profile.street,
        postcode=profile.postcode,
        city=profile.city,
        country="BE",
        email=profile.email,
        phone=numbers.phone(profile.postcode),
        contacts=tuple(contacts.values()),
        invoices=tuple(sorted(traded, key=lambda one: (one.issue_date, one.key))),
        accounts=accounts,
        movements=movements,
        allocations=_allocations(movements, paid),
        planned=plan.by_hand_of(profile, year=year),
        usual=usual,
        budgets=plan.budgets_of(profile, year=year),
        incoming=incoming_of(
            deliveries,
            profile=profile,
            contacts=contacts,
            traded=traded,
            numbers=numbers,
            year=year,
            seed=seed,
        ),
    )


def _a_year_before(today: date) -> date:
    return today.replace(year=today.year - 1, day=1)


def _trade(
    profile: Profile, contacts: dict[str, DemoContact], year: Year, seed: int, size: int
) -> tuple[list[DemoInvoice], list[Payment]]:
    """Invoices with what is still open on them, and the payments that settled the rest."""
    sold = trade.sales_of(profile, contacts=contacts, year=year, seed=seed, size=size)
    bought = trade.purchases_of(profile, contacts=contacts, year=year, seed=seed, size=size)
    sold += _credit_notes(sold, profile, contacts, year, seed, share=60)
    bought += _credit_notes(bought, profile, contacts, year, seed, share=90)
    bought = _waiting(bought, profile, contacts, year)
    got = payments.customers_pay(profile, sold=sold, contacts=contacts, year=year, seed=seed)
    payable = [one for one in bought if one.status is InvoiceStatus.OPEN]
    gave = payments.suppliers_are_paid(
        profile, bought=payable, contacts=contacts, year=year, seed=seed
    )
    before = got.before | gave.before
    paid = got.payments + gave.payments
    settled: defaultdict[str, Decimal] = defaultdict(lambda: invoices.ZERO)
    for payment in paid:
        for key, amount in payment.shares:
            settled[key] += amount
    traded = [_after(one, settled[one.key]) for one in sold + bought if one.key not in before]
    return traded, paid


def _after(invoice: DemoInvoice, settled: Decimal) -> DemoInvoice:
    left = invoice.gross - settled
    return replace(
        invoice,
        open_amount=left,
        status=invoices.after_payment(invoice.status, open_amount=left),
    )


def _credit_notes(
    traded: Sequence[DemoInvoice],
    profile: Profile,
    contacts: dict[str, DemoContact],
    year: Year,
    seed: int,
    *,
    share: int,
) -> list[DemoInvoice]:
    """About one credit note for so many invoices, on part of the first line, six days later."""
    people = {contact.key: contact for contact in contacts.values()}
    direction = traded[0].direction
    roll = dice(seed, f"credits-{direction}")
    candidates = [
        one
        for one in traded
        if one.issue_date >= year.start
        and people[one.contact].vat_number
        and people[one.contact].country == "BE"
        and one.lines[0].quantity >= 8
        and one.lines[0].unit != "kWh"
        and one.issue_date + timedelta(days=6) < min(one.due_date, year.today)
    ]
    chosen = roll.sample(candidates, k=min(len(candidates), max(2, len(traded) // share)))
    found = []
    for at, invoice in enumerate(sorted(chosen, key=lambda one: (one.issue_date, one.key)), 1):
        day = invoice.issue_date + timedelta(days=6)
        first = invoice.lines[0]
        line = trade.line_of(
            f"{profile.words.discount_for}: {first.description}",
            quantity=int(first.quantity) // 8,
            unit=first.unit,
            price=int(first.unit_price * 100),
            rate=int(first.vat_rate),
            category=first.vat_category,
        )
        note = trade.invoice_of(
            direction=direction,
            kind=InvoiceKind.CREDIT_NOTE,
            number=f"CN{day:%Y}/{at:03d}" if payments.is_sale(invoice) else f"C{invoice.number}",
            contact=people[invoice.contact],
            day=day,
            lines=(line,),
            reference=None,
            payee=invoice.payee_iban,
            credited=invoice.key,
        )
        found.append(replace(note, key=f"n{invoice.key}", due_date=invoice.due_date))
    return found


def _waiting(
    bought: Sequence[DemoInvoice],
    profile: Profile,
    contacts: dict[str, DemoContact],
    year: Year,
) -> list[DemoInvoice]:
    """The newest purchases wait for approval; one older was rejected and one set aside."""
    debited = {contacts[one.name].key for one in profile.suppliers if one.is_debited}
    newest = [
        one.key
        for one in sorted(bought, key=lambda one: one.issue_date, reverse=True)
        if one.contact not in debited
        and not one.credited
        and one.due_date > year.today
        and one.issue_date > year.today - RECENT
    ]
    states = dict.fromkeys(newest[:TO_APPROVE], InvoiceStatus.TO_APPROVE)
    odd = (InvoiceStatus.SET_ASIDE, InvoiceStatus.REJECTED)
    states |= dict(zip(newest[TO_APPROVE + 1 :], odd, strict=False))
    return [replace(one, status=states.get(one.key, one.status)) for one in bought]


def _tuned(
    profile: Profile,
    traded: Sequence[DemoInvoice],
    paid: list[Payment],
    planned: Sequence[DemoPlanned],
    year: Year,
) -> tuple[Decimal, list[Payment]]:
    """The opening balance, and one dividend, that bring the forecast near its floor.

    The past stays above `LOWEST_YET`; what would lift the forecast above the floor has gone
    to the owner on the day that could bear it best.
    """
    by_day = _by_day(paid)
    past, low = invoices.ZERO, invoices.ZERO
    for day in sorted(by_day):
        past += by_day[day]
        low = min(low, past)
    opening = max(
        LOWEST_YET - low,
        profile.floor - lowest_ahead(traded=traded, planned=planned, today=year.today) - past,
    )
    surplus = (
        opening
        + past
        + lowest_ahead(traded=traded, planned=planned, today=year.today)
        - profile.floor
    )
    surplus = Decimal(int(surplus) // 100 * 100).quantize(money.CENT)
    if surplus < SMALLEST_DIVIDEND:
        return _whole(opening), paid
    day = _day_to_give(by_day, year)
    words = profile.words
    gift = Payment(day, -surplus, words.owner, None, "transfer", words.dividend)
    return _whole(opening) + _short(opening, [*paid, gift], day), [*paid, gift]


def _whole(opening: Decimal) -> Decimal:
    """An opening balance that doesn't look made: some cents of its own."""
    return opening.quantize(money.CENT) + Decimal("18.37")


def _short(opening: Decimal, paid: Sequence[Payment], day: date) -> Decimal:
    """What is missing to stay above the lowest balance after the dividend."""
    by_day = _by_day(paid)
    left, low = opening, None
    for at in sorted(by_day):
        left += by_day[at]
        if at >= day:
            low = left if low is None else min(low, left)
    return max(invoices.ZERO, LOWEST_YET - low) if low is not None else invoices.ZERO


def _by_day(paid: Sequence[Payment]) -> dict[date, Decimal]:
    days: defaultdict[date, Decimal] = defaultdict(lambda: invoices.ZERO)
    for one in paid:
        days[one.day] += one.amount
    return days


def lowest_ahead(
    *, traded: Sequence[DemoInvoice], planned: Sequence[DemoPlanned], today: date
) -> Decimal:
    """The lowest point of 13 weeks when today starts at zero and all is paid on its due day."""
    end = today + timedelta(days=90)
    coming = [one for one in expected_of(traded) if one.date >= today or one.amount < 0]
    coming += cash_flow.expand(plans_of(planned), start=today, end=end)
    moved = defaultdict(lambda: invoices.ZERO, {today: invoices.ZERO})
    for one in coming:
        moved[max(one.date, today)] += one.amount
    return min(accumulate(moved[day] for day in sorted(moved) if day <= end))


def expected_of(traded: Sequence[DemoInvoice]) -> list[Expected]:
    """Open invoices as the forecast sees them, on their due dates."""
    return [
        Expected(
            one.due_date,
            invoices.signed(one.open_amount, direction=one.direction, kind=one.kind),
            one.number,
            one.key,
        )
        for one in traded
        if one.status in invoices.EXPECTED
    ]


def plans_of(planned: Sequence[DemoPlanned]) -> list[Planned]:
    """Planned items as the forecast sees them."""
    return [
        Planned(
            id=one.key,
            what=one.what,
            amount=one.amount,
            rhythm=one.rhythm,
            first=one.first,
            until=one.until,
            day=one.day,
            shift=one.shift,
        )
        for one in planned
    ]


def _day_to_give(by_day: dict[date, Decimal], year: Year) -> date:
    """The working day of the last hundred after which the balance stays highest."""
    days = [year.today - timedelta(days=at) for at in range(3, 100)]
    best, best_low = days[0], None
    for day in (one for one in days if is_working_day(one)):
        left = low = sum((one for at, one in by_day.items() if at <= day), invoices.ZERO)
        for at in sorted(one for one in by_day if one > day):
            left += by_day[at]
            low = min(low, left)
        if best_low is None or low > best_low:
            best, best_low = day, low
    return best


def _accounts(
    profile: Profile, opening: Decimal, paid: Sequence[Payment], year: Year, numbers: Numbers
) -> tuple[tuple[DemoAccount, ...], tuple[DemoMovement, ...]]:
    """A current and a savings account, and their lines in the order they were booked."""
    bank = BANKS[0]
    savings = Decimal(profile.savings).quantize(money.CENT)
    names = {"nl": ("Zichtrekening", "Spaarrekening"), "fr": ("Compte à vue", "Compte d'épargne")}
    found = []
    for key, name, start in zip(
        ("current", "savings"), names[profile.language], (opening - savings, savings), strict=True
    ):
        iban, bic = numbers.iban(bank=bank)
        moved = sum((one.amount for one in paid if one.account == key), invoices.ZERO)
        account = DemoAccount(key, name, key, iban, bic, "EUR", year.start, start, start + moved)
        found.append(account)
    ibans = {account.key: account.iban for account in found}
    ordered = sorted(paid, key=lambda one: (one.day, one.account, -one.amount, one.name))
    movements = tuple(_movement(at, one, ibans) for at, one in enumerate(ordered, 1))
    return tuple(found), movements


def _movement(at: int, paid: Payment, ibans: dict[str, str]) -> DemoMovement:
    iban = paid.iban
    if paid.kind == "own_account":
        iban = next(other for key, other in ibans.items() if key != paid.account)
    return DemoMovement(
        key=f"m{at:04d}",
        account=paid.account,
        booked_on=paid.day,
        value_on=paid.day,
        amount=money.cents(paid.amount),
        counterparty_name=paid.name,
        counterparty_iban=iban,
        reference=paid.reference,
        text=paid.text,
        kind=paid.kind,
        contact=paid.contact,
    )


def _allocations(
    movements: Sequence[DemoMovement], paid: Sequence[Payment]
) -> tuple[DemoAllocation, ...]:
    ordered = sorted(paid, key=lambda one: (one.day, one.account, -one.amount, one.name))
    return tuple(
        DemoAllocation(key, movement.key, amount, payment.evidence)
        for movement, payment in zip(movements, ordered, strict=True)
        for key, amount in payment.shares
    )
