"""The invoices of a demo year: what was sold and bought, before anyone paid."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from billify.domain import invoices, references, terms
from billify.domain.demo.numbers import dice
from billify.domain.demo.profile import Customer, Good, Profile, Supplier, Year
from billify.domain.demo.shapes import DemoContact, DemoInvoice, DemoLine
from billify.domain.invoices import InvoiceDirection, InvoiceKind, InvoiceStatus
from billify.domain.vat import VatCategory

BEFORE = timedelta(days=75)
"""Invoices start this long before the bank accounts, so the first months already get paid."""

#: Energy used in each month, January first, as per cent of a usual one.
_ENERGY = (128, 122, 112, 98, 90, 84, 80, 82, 90, 100, 114, 124)
_SIZE = 400


def sales_of(
    profile: Profile, *, contacts: dict[str, DemoContact], year: Year, seed: int, size: int
) -> list[DemoInvoice]:
    """Invoices to wholesale customers and one a week for the shop, numbered by date."""
    drafts: list[DemoInvoice] = []
    customers = profile.customers[: max(3, len(profile.customers) * min(size, _SIZE) // _SIZE)]
    for at, customer in enumerate(customers):
        roll = dice(seed, f"sales-{at}")
        contact = contacts[customer.name]
        drafts += [
            _sale(profile, customer, contact, day, roll)
            for day in _customer_days(at, customer, year)
        ]
    numbered = _numbered(drafts, contacts)
    return numbered + _shop_weeks(profile, contacts[profile.words.shop], year, seed)


def purchases_of(
    profile: Profile, *, contacts: dict[str, DemoContact], year: Year, seed: int, size: int
) -> list[DemoInvoice]:
    """Invoices of suppliers, each in its own rhythm and with its own numbers."""
    found = []
    for at, supplier in enumerate(profile.suppliers):
        roll = dice(seed, f"purchases-{at}")
        count = roll.randrange(40, 900)
        for day in _supplier_days(supplier, year, roll, size):
            count += 1 if supplier.day == 21 else roll.randrange(1, 38)
            found.append(
                bought(
                    supplier,
                    contact=contacts[supplier.name],
                    lines=_deliveries(profile.goods[supplier.goods], day, year, roll),
                    day=day,
                    count=count,
                    roll=roll,
                )
            )
    found.sort(key=lambda invoice: (invoice.issue_date, invoice.contact, invoice.number))
    return [replace(invoice, key=f"p{at:04d}") for at, invoice in enumerate(found, 1)]


def bought(
    supplier: Supplier,
    *,
    contact: DemoContact,
    lines: Sequence[DemoLine],
    day: date,
    count: int,
    roll: random.Random,
    kind: InvoiceKind = InvoiceKind.INVOICE,
) -> DemoInvoice:
    """One purchase invoice, open, with the supplier's way of numbering and of being paid."""
    number = supplier.number.format(yy=f"{day:%y}", yyyy=day.year, n=count)
    reference: str | None = None
    if supplier.reference == "structured":
        reference = references.make_structured(roll.randrange(10**8, 10**10))
    elif supplier.reference == "rf":
        reference = references.make_creditor(number)
    return invoice_of(
        direction=InvoiceDirection.PURCHASE,
        kind=kind,
        number=number,
        contact=contact,
        day=day,
        lines=lines,
        reference=reference,
        payee=contact.iban,
    )


def invoice_of(
    *,
    direction: InvoiceDirection,
    kind: InvoiceKind,
    number: str,
    contact: DemoContact,
    day: date,
    lines: Sequence[DemoLine],
    reference: str | None,
    payee: str | None,
    credited: str | None = None,
) -> DemoInvoice:
    """An open invoice with its sums, by the one computation of `invoices.totals`."""
    sums = invoices.totals([_rule_line(line) for line in lines])
    return DemoInvoice(
        key="",
        direction=direction,
        kind=kind,
        status=InvoiceStatus.OPEN,
        number=number,
        contact=contact.key,
        issue_date=day,
        due_date=terms.due_date(day, terms=terms.parse(contact.terms)),
        delivery_date=day,
        currency="EUR",
        lines=tuple(lines),
        net=sums.net,
        vat=sums.vat,
        gross=sums.gross,
        open_amount=sums.gross,
        payment_reference=reference,
        payee_iban=payee,
        credited=credited,
    )


def line_of(
    text: str,
    *,
    quantity: int,
    unit: str,
    price: int,
    rate: int,
    category: VatCategory = VatCategory.STANDARD,
    discount: int = 0,
) -> DemoLine:
    """A line from a price in cents."""
    line = DemoLine(
        description=text,
        quantity=Decimal(quantity),
        unit=unit,
        unit_price=Decimal(price) / 100,
        discount=Decimal(discount),
        vat_category=category,
        vat_rate=Decimal(rate),
        net=Decimal(0),
    )
    return replace(line, net=_rule_line(line).net)


def _rule_line(line: DemoLine) -> invoices.Line:
    return invoices.Line(
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        discount=line.discount,
        description=line.description,
    )


def _customer_days(at: int, customer: Customer, year: Year) -> Iterator[date]:
    """Each customer has its own day of the month, and a second one two weeks on."""
    days = [(at * 7) % 14 + 1 + 14 * turn for turn in range(customer.per_month)]
    for month in _months(year.start - BEFORE, year.today):
        for wanted in days:
            day = month.replace(day=wanted)
            if year.start - BEFORE <= day <= year.today:
                yield day


def _months(start: date, end: date) -> Iterator[date]:
    month = start.replace(day=1)
    while month <= end:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def _sale(
    profile: Profile, customer: Customer, contact: DemoContact, day: date, roll: random.Random
) -> DemoInvoice:
    cents = customer.turnover * profile.season[day.month - 1] * roll.randint(82, 118) // 100
    rest = [product for product in profile.products if product.rate == 6]
    chosen = roll.sample(rest, k=roll.randint(2, min(5, len(rest))))
    chosen += [product for product in profile.products if product.rate != 6][: roll.randint(0, 1)]
    shares = sum(product.share for product in chosen)
    is_abroad = contact.vat_category is not VatCategory.STANDARD
    lines = [
        line_of(
            product.name(customer.language),
            quantity=max(1, cents * product.share // shares // product.price),
            unit="st",
            price=product.price,
            rate=0 if is_abroad else product.rate,
            category=contact.vat_category,
        )
        for product in chosen
    ]
    return invoice_of(
        direction=InvoiceDirection.SALE,
        kind=InvoiceKind.INVOICE,
        number="",
        contact=contact,
        day=day,
        lines=lines,
        reference=None,
        payee=None,
    )


def _numbered(drafts: list[DemoInvoice], contacts: dict[str, DemoContact]) -> list[DemoInvoice]:
    """Numbers without gaps by date, starting anew each year; the reference holds the number."""
    places = {contact.key: at for at, contact in enumerate(contacts.values(), 1)}
    counts: dict[int, int] = {}
    found = []
    for at, draft in enumerate(sorted(drafts, key=lambda one: (one.issue_date, one.contact)), 1):
        year = draft.issue_date.year
        first = 1 if counts else max(1, (draft.issue_date.month - 1) * 22)
        counts[year] = counts.get(year, first - 1) + 1
        digits = int(f"{year % 100:02d}{places[draft.contact]:03d}{counts[year]:05d}")
        found.append(
            replace(
                draft,
                key=f"s{at:04d}",
                number=f"{year}-{counts[year]:04d}",
                payment_reference=references.make_structured(digits),
            )
        )
    return found


def _shop_weeks(profile: Profile, contact: DemoContact, year: Year, seed: int) -> list[DemoInvoice]:
    """One document a week for the shop, on Saturday, bread at 6 % and drinks at 21 %."""
    roll = dice(seed, "shop")
    saturday = year.start + timedelta(days=(5 - year.start.weekday()) % 7)
    found: list[DemoInvoice] = []
    while saturday <= year.today and profile.shop_week:
        cents = (
            profile.shop_week * profile.season[saturday.month - 1] * roll.randint(91, 109) // 100
        )
        week = saturday.isocalendar()
        lines = [
            line_of(
                f"{profile.words.shop} {week.year}-{week.week:02d}, {rate} %",
                quantity=1,
                unit="",
                price=price,
                rate=rate,
            )
            for price, rate in ((cents * 88 // 106, 6), (cents * 12 // 121, 21))
        ]
        invoice = invoice_of(
            direction=InvoiceDirection.SALE,
            kind=InvoiceKind.INVOICE,
            number=f"W{week.year}-{week.week:02d}",
            contact=contact,
            day=saturday,
            lines=lines,
            reference=None,
            payee=None,
        )
        found.append(replace(invoice, key=f"w{len(found) + 1:03d}"))
        saturday += timedelta(days=7)
    return found


def _supplier_days(
    supplier: Supplier, year: Year, roll: random.Random, size: int
) -> Iterator[date]:
    start = year.start - BEFORE
    if supplier.day:
        for at, month in enumerate(_months(start, year.today)):
            day = month.replace(day=min(supplier.day, 28))
            if at % (12 // supplier.per_year) == 0 and start <= day <= year.today:
                yield day
        return
    pause = 365 * _SIZE // (supplier.per_year * max(size, 60))
    day = start + timedelta(days=roll.randrange(max(1, pause)))
    while day <= year.today:
        yield day if day.weekday() < 5 else min(year.today, day + timedelta(days=2))
        day += timedelta(days=max(1, pause + roll.randint(-pause // 5, pause // 5)))


def _deliveries(
    goods: Sequence[Good], day: date, year: Year, roll: random.Random
) -> list[DemoLine]:
    """What one invoice holds: prices drift upwards in the year, energy follows the weather."""
    gone = max(0, min(100, (day - year.start).days * 100 // 365))
    lines = []
    for at, good in enumerate(goods):
        if at and good.least != good.most and roll.randrange(100) >= 65:
            continue
        quantity = roll.randint(good.least, good.most)
        if good.unit == "kWh":
            quantity = quantity * _ENERGY[day.month - 1] // 100
        price = good.low + (good.high - good.low) * (gone * 2 + roll.randrange(100)) // 300
        lines.append(
            line_of(
                good.text,
                quantity=quantity,
                unit=good.unit,
                price=price,
                rate=good.rate,
                category=good.category,
            )
        )
    return lines
