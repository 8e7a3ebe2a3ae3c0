"""A stream of plain tuples for `billify seed`: many rows, cheap, the same for the same seed.

Nothing is kept: an invoice is worked out from its row number alone, so the movement that pays
it can be made in another stream, and memory stays flat at any count.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from stdnum.iso7064 import mod_97_10

from billify.domain.invoices import vat_on

DAYS = 5 * 365
_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_TOWNS = (
    ("9000", "Gent", "nl"), ("2000", "Antwerpen", "nl"), ("8000", "Brugge", "nl"),
    ("3000", "Leuven", "nl"), ("8500", "Kortrijk", "nl"), ("1000", "Brussel", "nl"),
    ("1050", "Ixelles", "fr"), ("4000", "Liège", "fr"), ("5000", "Namur", "fr"),
    ("7000", "Mons", "fr"), ("6000", "Charleroi", "fr"), ("4700", "Eupen", "de"),
)  # fmt: skip
_FIRST = (
    "Noord", "Zuid", "Linde", "Meers", "Kaai", "Molen", "Bosch", "Duin", "Schelde", "Leie",
    "Grand", "Petit", "Mont", "Val", "Pont", "Clair", "Rhein", "Eifel", "Gold", "Silber",
)  # fmt: skip
_SECOND = (
    "beke", "velde", "hove", "gaard", "poort", "brug", "stroom", "dal", "rijk", "werk",
    "champ", "pré", "fontaine", "roche", "bois", "tal", "bach", "hof", "berg", "stein",
)  # fmt: skip
_TRADES = (
    "Bakery", "Horeca", "Logistics", "Techniek", "Bouw", "Services", "Traiteur", "Design",
    "Energie", "Transport", "Consult", "Print", "Garden", "Immo", "Food",
)  # fmt: skip
_FORMS = {"nl": ("BV", "NV", "VZW"), "fr": ("SRL", "SA", "ASBL"), "de": ("GmbH", "AG", "VoG")}
_WHAT = (
    "Goederen", "Diensten", "Onderhoud", "Fournitures", "Prestations", "Abonnement", "Waren",
    "Leistungen", "Huur", "Transport",
)  # fmt: skip
_RATES = (Decimal(21), Decimal(21), Decimal(21), Decimal(6), Decimal(6), Decimal(12))
_TERMS = tuple(timedelta(days=days) for days in (8, 14, 30, 30, 30, 30, 45, 60))
_OTHERS = (
    "Afrekening terminals", "Lonen", "Bankkaart", "Bankkosten", "Storting kas", "Salaires",
    "Frais bancaires", "Tankkaart", "Overboeking", "Domiciliëring",
)  # fmt: skip
_PAID_AFTER = 35
_NOTHING = Decimal("0.00")


class BulkContact(NamedTuple):
    """One of the contacts all rows are spread over, by row number."""

    row: int
    name: str
    language: str
    is_customer: bool
    is_supplier: bool
    vat_number: str
    iban: str
    postcode: str
    city: str


class BulkInvoice(NamedTuple):
    """One invoice with a single line's worth of amounts."""

    row: int
    contact: int
    direction: str
    kind: str
    status: str
    number: str
    issue_date: date
    due_date: date
    net: Decimal
    vat: Decimal
    gross: Decimal
    open_amount: Decimal
    payment_reference: str
    description: str
    vat_rate: Decimal


class BulkMovement(NamedTuple):
    """One bank line; `invoice` is the row number of the invoice it settles, whole, or None."""

    row: int
    booked_on: date
    amount: Decimal
    contact: int
    counterparty_name: str
    counterparty_iban: str
    reference: str | None
    text: str
    invoice: int | None


def contacts(*, seed: int, count: int = 500) -> list[BulkContact]:
    """The contacts that invoices and movements refer to by row number."""
    return list(_contacts(seed, count))


def invoices(*, seed: int, count: int, today: date, contacts: int = 500) -> Iterator[BulkInvoice]:
    """Invoices over five years, oldest first, 95 % paid, a few contacts having most."""
    people = _contacts(seed, contacts)
    calendar = _calendar(today)
    cash = _cash()
    for row in range(count):
        yield _invoice(row, count, seed, people, calendar, cash)


def issue_date(row: int, *, count: int, today: date) -> date:
    """The day of one of `count` invoices: they are spread evenly over five years."""
    return _calendar(today)[row * DAYS // count]


def movements(
    *, seed: int, count: int, invoices: int, today: date, contacts: int = 500
) -> Iterator[BulkMovement]:
    """Bank lines over five years, oldest first; they pay the paid invoices, the rest is other.

    An invoice is paid `_PAID_AFTER` days after its issue. Fewer lines than paid invoices leave
    the youngest of these without a line.
    """
    people = _contacts(seed, contacts)
    calendar = _calendar(today)
    cash = _cash()
    waiting, lag = 0, invoices * _PAID_AFTER // DAYS
    for row in range(count):
        day = calendar[row * DAYS // count]
        turn = row * invoices // count - lag + 1
        while waiting < turn:
            invoice = _invoice(waiting, invoices, seed, people, calendar, cash)
            waiting += 1
            if invoice.status == "paid":
                yield _payment(row, day, invoice, people[invoice.contact])
                break
        else:
            yield _other(row, day, seed, people, cash)


_Cash = tuple[Decimal, Decimal, Decimal, Decimal]


def _invoice(
    row: int,
    count: int,
    seed: int,
    people: tuple[BulkContact, ...],
    calendar: tuple[date, ...],
    cash: tuple[_Cash, ...],
) -> BulkInvoice:
    mixed = _mix(row, seed)
    at = _skewed(mixed, len(people))
    place = row * DAYS // count
    issued = calendar[place]
    direction = "sale" if people[at].is_customer else "purchase"
    kind = "credit_note" if mixed >> 40 & 63 == 0 else "invoice"
    status = _status(mixed >> 46 & 1023, DAYS - place, direction)
    net, vat, gross, rate = cash[mixed >> 20 & 4095]
    digits = 10**9 + row
    number = f"{issued.year}-{row:07d}" if direction == "sale" else f"F{issued:%y}-{at}-{row}"
    return BulkInvoice(
        row,
        at,
        direction,
        kind,
        status,
        number,
        issued,
        issued + _TERMS[at & 7],
        net,
        vat,
        gross,
        _NOTHING if status == "paid" else gross,
        f"{digits:010d}{digits % 97 or 97:02d}",
        _WHAT[mixed % 10],
        rate,
    )


def _status(roll: int, age: int, direction: str) -> str:
    """Paid, unless too young or one of 33; a few purchases never got through."""
    if age <= _PAID_AFTER:
        if direction == "sale" or roll < 620:
            return "open"
        return "to_approve" if roll < 900 else "to_check"
    if roll >= 32:
        return "paid"
    if direction == "purchase" and roll < 8:
        return "rejected" if roll < 5 else "set_aside"
    return "open"


def _payment(row: int, day: date, invoice: BulkInvoice, contact: BulkContact) -> BulkMovement:
    comes_in = (invoice.direction == "sale") is (invoice.kind == "invoice")
    by_reference = row % 5 != 0
    return BulkMovement(
        row,
        day,
        invoice.gross if comes_in else -invoice.gross,
        invoice.contact,
        contact.name,
        contact.iban,
        invoice.payment_reference if by_reference else None,
        "" if by_reference else f"{invoice.number} {contact.name}",
        invoice.row,
    )


def _other(
    row: int, day: date, seed: int, people: tuple[BulkContact, ...], cash: tuple[_Cash, ...]
) -> BulkMovement:
    """A line that settles nothing: till takings, wages, cards, fees."""
    mixed = _mix(row, seed + 1)
    at = _skewed(mixed, len(people))
    gross = cash[mixed >> 20 & 4095][2]
    text = _OTHERS[mixed % 10]
    return BulkMovement(
        row,
        day,
        gross if mixed & 1 else -gross,
        at,
        people[at].name,
        people[at].iban,
        None,
        f"{text} {day:%d/%m}",
        None,
    )


def _mix(row: int, seed: int) -> int:
    """A well-spread number for a row (the finaliser of splitmix64)."""
    mixed = (row + seed * 1_000_003) * _MIX & _MASK
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    return mixed ^ mixed >> 27


def _skewed(mixed: int, count: int) -> int:
    """A place from 0 on, the first ones far more often: the cube of an even draw."""
    draw = mixed & 0xFFFF
    return count * draw * draw * draw >> 48


@lru_cache(maxsize=4)
def _contacts(seed: int, count: int) -> tuple[BulkContact, ...]:
    return tuple(_contact(row, seed) for row in range(count))


def _contact(row: int, seed: int) -> BulkContact:
    postcode, town, language = _TOWNS[_mix(row, seed) % len(_TOWNS)]
    first, second = _FIRST[row % 20], _SECOND[row // 20 % 20]
    trade = _TRADES[row * 7 // 400 % 15 if row >= 400 else row * 7 % 15]
    form = _FORMS[language][row % 3]
    extra = f" {row // 400 + 1}" if row >= 400 else ""
    body = f"09{(seed * 7919 + row * 13) % 10**6:06d}"
    account = f"737{(seed * 104_729 + row * 17) % 10**7:07d}"
    account += f"{int(account) % 97 or 97:02d}"
    return BulkContact(
        row,
        f"{first}{second} {trade}{extra} {form}",
        language,
        row % 2 == 0,
        row % 2 == 1,
        f"BE{body}{97 - int(body) % 97:02d}",
        f"BE{mod_97_10.calc_check_digits(account + 'BE')}{account}",
        postcode,
        town,
    )


@lru_cache(maxsize=4)
def _calendar(today: date) -> tuple[date, ...]:
    start = today - timedelta(days=DAYS - 1)
    return tuple(start + timedelta(days=at) for at in range(DAYS))


@lru_cache(maxsize=1)
def _cash() -> tuple[_Cash, ...]:
    """Amounts to draw from: many small ones, a few large ones."""
    found = []
    for at in range(4096):
        rate = _RATES[at % 6]
        cents = 900 + at * at * at // 46_000 + at * 37 % 997
        net = Decimal(cents).scaleb(-2)
        vat = vat_on(net, rate=rate)
        found.append((net, vat, net + vat, rate))
    return tuple(found)
