"""One made-up company: its contacts, its invoices, and its year at the bank."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from benchmarks.bank_lines import names, numbers
from benchmarks.bank_lines.words import LANGUAGES

YEAR = date(2026, 1, 1)


@dataclass
class Contact:
    """A customer or supplier with its habits."""

    id: str
    side: str
    name: str
    language: str
    holders: list[str]
    ibans: list[str]
    is_known: bool
    style: str
    lateness: float
    gathers: float
    series: int
    direct_debit: bool = False
    subscription: int | None = None
    foreign: bool = False
    number: str = ""


@dataclass
class Invoice:
    """An invoice or (below zero) credit note; amounts in cents."""

    id: str
    number: str
    contact: Contact
    issued: date
    due: date
    cents: int
    structured: str | None = None
    creditor: str | None = None
    discount: tuple[int, int] | None = None
    credits: str | None = None
    is_settled: bool = False


@dataclass
class Line:
    """A bank line with the truth of it; links in cents."""

    day: date
    cents: int
    name: str
    iban: str
    text: str
    structured: str | None
    links: list[tuple[str, int]]
    kind: str
    account: str = ""


@dataclass
class Company:
    """What the matcher is given of one company, and what is true."""

    id: str
    language: str
    accounts: list[str]
    contacts: list[Contact] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Invoices, movements and truth in the shape of `billify match`."""
        order = sorted(range(len(self.lines)), key=lambda at: self.lines[at].day)
        lines = [self.lines[at] for at in order]
        return {
            "company": self.id,
            "own_accounts": self.accounts,
            "invoices": [_invoice(one) for one in self.invoices],
            "movements": [_line(at, one) for at, one in enumerate(lines, 1)],
            "truth": [
                {
                    "movement": f"M{at}",
                    "links": [[i, euros(cents)] for i, cents in one.links],
                    "kind": one.kind,
                }
                for at, one in enumerate(lines, 1)
            ],
        }


def companies(*, seed: int, count: int = 36) -> Iterator[Company]:
    """Made-up companies of many trades, each with a year of invoices and bank lines."""
    from benchmarks.bank_lines import year

    for at in range(count):
        chance = random.Random(f"{seed}/{at}")
        company = _founded(chance, at)
        year.live(chance, company)
        yield company


def euros(cents: int) -> str:
    """Cents as an amount: 12.34."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _founded(chance: random.Random, at: int) -> Company:
    language = ("nl", "fr", "nl", "fr", "nl", "de", "en")[at % 7]
    company = Company(f"K{at}", language, [numbers.iban(chance) for _ in range(2 + at % 2)])
    trade = ("shop", "services", "subscriptions", "wholesale", "construction", "export")[at % 6]
    customers = {"subscriptions": 70, "wholesale": 45, "construction": 30}.get(trade, 50)
    for k in range(customers):
        others = [one for one in company.contacts if one.side == "sale"]
        company.contacts.append(make_contact(chance, company, f"C{k}", "sale", trade, others))
    for k in range(28):
        others = [one for one in company.contacts if one.side == "purchase"]
        company.contacts.append(make_contact(chance, company, f"S{k}", "purchase", trade, others))
    issue(chance, company, trade)
    return company


def make_contact(
    chance: random.Random,
    company: Company,
    ident: str,
    side: str,
    trade: str,
    others: list[Contact],
) -> Contact:
    """A contact with its name, accounts and habits; `others` may be of its group."""
    home = chance.random() < 0.7
    language = company.language if home else chance.choice(LANGUAGES)
    kind = chance.random()
    foreign = trade == "export" and kind < 0.5
    if side == "sale" and kind > 0.85:
        name = names.person(chance, language)
    elif side == "sale" and kind > 0.77:
        name = names.public(chance, language)
    elif others and kind > 0.70:
        name = names.sister(chance, chance.choice(others).name, language)
    else:
        name = names.company(chance, language)
    holders = [names.holder(chance, name)]
    if chance.random() < 0.05:
        holders = [names.holder(chance, names.person(chance, language))]
    elif chance.random() < 0.25:
        holders.append(names.holder(chance, name))
    country = chance.choice(["DE", "FR", "NL"]) if foreign else "BE"
    ibans = [numbers.iban(chance, country) for _ in range(1 if chance.random() < 0.85 else 2)]
    style = chance.choices(["field", "text", "number", "silent", "mixed"], [40, 8, 34, 4, 14], k=1)[
        0
    ]
    return Contact(
        ident, side, name, language, holders, ibans,
        is_known=chance.random() < (0.72 if side == "sale" else 0.93),
        style=style, lateness=chance.gauss(4, 9), gathers=chance.choice([0, 0, 0.1, 0.3, 0.6]),
        series=chance.randrange(len(numbers.SERIES)),
        direct_debit=chance.random() < (0.06 if side == "sale" else 0.2),
        subscription=chance.choice([4900, 12100, 24200, 6050, 9900, 36300])
        if (trade == "subscriptions" and chance.random() < 0.8) or chance.random() < 0.06 else None,
        foreign=foreign, number=str(chance.randrange(100, 99999)),
    )  # fmt: skip


def issue(chance: random.Random, company: Company, trade: str) -> None:
    """A year of invoices: series without gaps for sales, each supplier's own for purchases."""
    series = numbers.SERIES[chance.randrange(len(numbers.SERIES))]
    uses_structured = chance.random() < 0.85
    uses_creditor = trade == "export" or chance.random() < 0.1
    drafts: list[tuple[date, Contact, int]] = []
    for contact in company.contacts:
        drafts += [(day, contact, cents) for day, cents in _needs(chance, contact)]
    drafts.sort(key=lambda one: one[0])
    start = chance.choice([0, 0, 90, 480, 4000])
    theirs = {one.id: chance.randrange(20, 9000) for one in company.contacts}
    count = 0
    for at, (day, contact, cents) in enumerate(drafts):
        if contact.side == "sale":
            count += 1
            number = numbers.numbered(series, day, start + count)
        else:
            theirs[contact.id] += chance.randrange(1, 40)
            number = numbers.numbered(numbers.SERIES[contact.series], day, theirs[contact.id])
        terms = chance.choice([8, 14, 30, 30, 30, 45, 60])
        invoice = Invoice(f"I{at}", number, contact, day, day + timedelta(terms), cents)
        _reference(chance, invoice, uses_structured, uses_creditor)
        if cents > 20000 and chance.random() < (0.05 if trade == "wholesale" else 0.01):
            invoice.discount = (2, 8)
        company.invoices.append(invoice)
        if chance.random() < 0.035 and cents > 5000:
            count += contact.side == "sale"
            company.invoices.append(_credit(chance, invoice, at, start + count, series, theirs))


def _needs(chance: random.Random, contact: Contact) -> Iterator[tuple[date, int]]:
    if contact.subscription:
        first = chance.randrange(1, 26)
        for month in range(chance.choice([0, 0, 2, 5]), 12):
            yield date(2026, month + 1, first), contact.subscription
        return
    usual = chance.choice([4000, 15000, 60000, 250000])
    for _ in range(chance.choice([1, 2, 3, 5, 8, 12])):
        day = YEAR + timedelta(chance.randrange(330))
        shape = chance.random()
        if shape < 0.15:
            cents = chance.choice([6050, 12100, 24200, 60500, 121000, 242000])
        elif shape < 0.25:
            cents = round(usual / 1000) * 1210
        else:
            cents = round(usual * chance.lognormvariate(0, 0.7))
        yield day, max(cents, 500)
        if contact.gathers and chance.random() < 0.2:
            for _ in range(chance.choice([1, 2, 3])):
                yield day, round(usual * chance.lognormvariate(0, 0.7)) + 500


def _reference(
    chance: random.Random, invoice: Invoice, uses_structured: bool, uses_creditor: bool
) -> None:
    if invoice.contact.side == "purchase":
        if chance.random() < 0.6 and not invoice.contact.foreign:
            invoice.structured = numbers.structured(chance.randrange(1, 10**10))
        return
    if uses_creditor and (invoice.contact.foreign or chance.random() < 0.3):
        body = "".join(one for one in invoice.number.upper() if one.isalnum())
        invoice.creditor = numbers.creditor(body)
    elif uses_structured and chance.random() < 0.92:
        customer = invoice.contact.number.zfill(4)[-4:]
        invoice.structured = numbers.structured(int(f"{customer}{int(invoice.id[1:]) + 1:06d}"))


def _credit(
    chance: random.Random,
    invoice: Invoice,
    at: int,
    place: int,
    series: str,
    theirs: dict[str, int],
) -> Invoice:
    share = chance.choice([10, 20, 25, 50, 100])
    day = min(invoice.issued + timedelta(chance.randrange(1, 20)), date(2026, 12, 28))
    if invoice.contact.side == "sale":
        number = numbers.numbered(series, day, place)
    else:
        theirs[invoice.contact.id] += 1
        number = numbers.numbered(
            numbers.SERIES[invoice.contact.series], day, theirs[invoice.contact.id]
        )
    return Invoice(
        f"N{at}", number, invoice.contact, day, day, -(invoice.cents * share // 100),
        credits=invoice.id,
    )  # fmt: skip


def _invoice(one: Invoice) -> dict[str, Any]:
    contact = one.contact
    told: dict[str, Any] = {
        "id": one.id, "number": one.number, "side": contact.side, "party": contact.name,
        "party_vat": f"BE0{sum(map(ord, contact.name)):09d}",
        "party_ibans": contact.ibans[:1] if contact.is_known else [],
        "date": str(one.issued), "due": str(one.due), "amount": euros(one.cents),
        "ogm": one.structured,
    }  # fmt: skip
    if one.creditor:
        told["rf"] = one.creditor
    if one.discount:
        told["discount_percent"], told["discount_days"] = one.discount
    return told


def _line(at: int, one: Line) -> dict[str, Any]:
    return {
        "id": f"M{at}", "date": str(one.day), "amount": euros(one.cents), "name": one.name,
        "iban": one.iban, "text": one.text, "structured": one.structured, "account": one.account,
    }  # fmt: skip
