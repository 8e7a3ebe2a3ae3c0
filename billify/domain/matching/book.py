"""The open invoices of a company, found by reference, number, amount and contact.

Amounts are whole cents as the bank sees them: what a sale asks is above zero, what a purchase
asks is below. The book changes while movements settle invoices one after another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from billify.domain.invoices import InvoiceDirection
from billify.domain.matching import quoting
from billify.domain.matching.amounts import Terms
from billify.domain.matching.naming import Names
from billify.domain.matching.quoting import Numbered
from billify.domain.matching.values import Contact, OpenInvoice

HUNDRED = Decimal(100)


@dataclass(slots=True)
class Entry:
    """One invoice in the book; `left` becomes zero when it is settled."""

    at: int
    id: str
    number: str
    sale: bool
    contact: str
    cents: int
    left: int
    issued: date
    due: date
    numbered: Numbered
    references: tuple[str, ...]
    terms: Terms | None

    @property
    def is_credit(self) -> bool:
        """A credit note moves money against its direction."""
        return (self.cents > 0) is not self.sale


@dataclass(frozen=True, slots=True)
class Settled:
    """A movement that settled invoices: what a return or a second payment looks back to."""

    movement: int
    cents: int
    day: date
    iban: str
    name: str
    text: str
    links: tuple[tuple[int, int], ...]


class Book:
    """Invoices and what has become of them so far."""

    def __init__(self, invoices: Sequence[OpenInvoice], contacts: Iterable[Contact]) -> None:
        """Takes all invoices, settled ones as well, and the contacts they belong to."""
        self.entries: list[Entry] = []
        self.by_reference: defaultdict[str, list[int]] = defaultdict(list)
        self.by_key: defaultdict[str, list[int]] = defaultdict(list)
        self.by_amount: defaultdict[int, dict[int, None]] = defaultdict(dict)
        self.by_contact: defaultdict[tuple[str, bool], dict[int, None]] = defaultdict(dict)
        self.settled: defaultdict[int, list[Settled]] = defaultdict(list)
        self.by_iban: defaultdict[str, dict[str, bool]] = defaultdict(dict)
        self.has_iban: set[str] = set()
        self.has_credit: set[str] = set()
        self.asked: Counter[tuple[str, int]] = Counter()
        people = list(contacts)
        self.names = Names((one.id, one.name) for one in people)
        self._shown = {one.id: one.name for one in people}
        for one in people:
            for iban in one.ibans:
                self.by_iban[_compact(iban)][one.id] = True
                self.has_iban.add(one.id)
        self._places: dict[str, int] = {}
        for invoice in sorted(invoices, key=lambda one: (one.due, one.issued, one.id)):
            self._add(invoice)

    def open_of(self, contact: str, *, sale: bool) -> list[Entry]:
        """A contact's open invoices of one direction, the oldest due first."""
        places = self.by_contact.get((contact, sale), ())
        return [self.entries[at] for at in sorted(places)]

    def place_of(self, invoice_id: str) -> int | None:
        """Where an invoice stands in the book, if it does."""
        return self._places.get(invoice_id)

    def name_of(self, contact: str) -> str:
        """A contact's name as it is shown."""
        return self._shown.get(contact, "")

    def who(self, iban: str) -> dict[str, bool]:
        """The contacts an account is known for; False when only learnt in this run."""
        return self.by_iban.get(_compact(iban), {}) if iban else {}

    def learn(self, iban: str, contact: str) -> None:
        """Remember that a settled movement joined this account and contact."""
        if iban:
            self.by_iban[_compact(iban)].setdefault(contact, False)

    def move(self, at: int, cents: int) -> None:
        """Take an amount off what is left of an invoice, or (sign turned) put it back."""
        entry = self.entries[at]
        self._forget(entry)
        entry.left -= cents
        self._offer(entry)

    def _add(self, invoice: OpenInvoice) -> None:
        sale = invoice.direction is InvoiceDirection.SALE
        sign = 1 if sale else -1
        entry = Entry(
            at=len(self.entries),
            id=invoice.id,
            number=invoice.number,
            sale=sale,
            contact=invoice.contact_id,
            cents=sign * _cents(invoice.amount),
            left=sign * _cents(invoice.open),
            issued=invoice.issued,
            due=invoice.due,
            numbered=quoting.number(invoice.number, invoice.issued),
            references=invoice.references,
            terms=_terms(invoice),
        )
        self.entries.append(entry)
        self._places[entry.id] = entry.at
        self.asked[entry.contact, entry.cents] += 1
        if entry.is_credit:
            self.has_credit.add(entry.contact)
        for reference in entry.references:
            self.by_reference[reference].append(entry.at)
        for key in _keys(entry.numbered):
            self.by_key[key].append(entry.at)
        self._offer(entry)

    def _offer(self, entry: Entry) -> None:
        if entry.left:
            self.by_amount[entry.left][entry.at] = None
            self.by_contact[entry.contact, entry.sale][entry.at] = None

    def _forget(self, entry: Entry) -> None:
        self.by_amount[entry.left].pop(entry.at, None)
        self.by_contact[entry.contact, entry.sale].pop(entry.at, None)


def _keys(one: Numbered) -> set[str]:
    return {key for key in (one.whole, one.digits.lstrip("0"), *one.ends) if key}


def _terms(invoice: OpenInvoice) -> Terms | None:
    if not invoice.discount_percent:
        return None
    until = invoice.issued + timedelta(days=invoice.discount_days + 3)
    return Terms(int(invoice.discount_percent * 10), until)


def _cents(amount: Decimal) -> int:
    return int(amount * HUNDRED)


def _compact(iban: str) -> str:
    return iban.replace(" ", "").upper()
