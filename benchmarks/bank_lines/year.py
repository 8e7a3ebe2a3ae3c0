"""A company's year at the bank: who pays what, when, and with which mistakes."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from benchmarks.bank_lines import aside, numbers, sentence, words
from benchmarks.bank_lines.company import Company, Contact, Invoice, Line
from benchmarks.bank_lines.names import holder

LAST_DAY = date(2026, 12, 31)


def live(chance: random.Random, company: Company) -> None:
    """Fill a company's bank lines."""
    invoices = by_contact(company)
    for contact in company.contacts:
        pay(chance, company, contact, invoices[contact.id])
    _mandated_batches(chance, company)
    company.lines += aside.lines(chance, company)
    _equal_by_accident(chance, company)
    for line in company.lines:
        line.account = line.account or company.accounts[0]


def by_contact(company: Company) -> dict[str, list[Invoice]]:
    """Each contact's invoices."""
    found: dict[str, list[Invoice]] = {one.id: [] for one in company.contacts}
    for invoice in company.invoices:
        found[invoice.contact.id].append(invoice)
    return found


def pay(chance: random.Random, company: Company, contact: Contact, invoices: list[Invoice]) -> None:
    """What a contact pays, with its returns and refunds."""
    credits = {one.credits: one for one in invoices if one.credits}
    for invoice in [one for one in invoices if not one.credits]:
        day = _day(chance, invoice)
        if invoice.is_settled or day > LAST_DAY or chance.random() < 0.035:
            continue
        credit = credits.get(invoice.id)
        if credit and credit.issued <= day and chance.random() < 0.7:
            _netted(chance, company, contact, day, invoice, credit)
            continue
        mates = [
            one for one in invoices
            if not one.credits and not one.is_settled and one is not invoice
            and one.issued <= day and one.id not in credits
            and (one.due - invoice.due).days < 35
        ]  # fmt: skip
        if mates and chance.random() < contact.gathers and not contact.direct_debit:
            few = mates[: chance.choice([1, 1, 2, 2, 3, 5])]
            _together(chance, company, contact, day, [invoice, *few])
        else:
            _alone(chance, company, contact, day, invoice)
        if credit and not credit.is_settled and chance.random() < 0.6:
            _refund(chance, company, contact, max(day, credit.issued) + timedelta(6), credit)


def _day(chance: random.Random, invoice: Invoice) -> date:
    if chance.random() < 0.01:
        return invoice.issued - timedelta(chance.randrange(1, 6))
    if invoice.discount and chance.random() < 0.6:
        return invoice.issued + timedelta(chance.randrange(2, invoice.discount[1]))
    late = invoice.contact.lateness + chance.gauss(0, 6)
    if invoice.contact.side == "purchase":
        late = chance.gauss(-1, 3)
    return max(invoice.due + timedelta(int(late)), invoice.issued)


def _alone(
    chance: random.Random, company: Company, contact: Contact, day: date, invoice: Invoice
) -> None:
    said, kind = sentence.for_one(chance, contact, invoice, day)
    paid, settled, how = _amount(chance, invoice, day)
    line = _line(chance, contact, day, paid, said, [(invoice.id, settled)], kind + how)
    if not contact.direct_debit and contact.side == "sale" and chance.random() < 0.025:
        line.name, line.iban = chance.choice(words.THIRD_PARTIES), numbers.iban(chance)
        line.kind += ", other payer"
    company.lines.append(line)
    invoice.is_settled = True
    if how == ", part":
        _rest(chance, company, contact, line, invoice, invoice.cents - settled)
    elif how == ", retention":
        later = day + timedelta(chance.randrange(60, 200))
        _rest(chance, company, contact, replace(line, day=later), invoice, invoice.cents - settled)
    elif how == "" and chance.random() < 0.012:
        again = replace(line, day=day + timedelta(chance.randrange(1, 15)), links=[])
        again.kind = "paid twice"
        if again.day <= LAST_DAY:
            company.lines.append(again)
            _gave_back(chance, company, contact, again)
    elif contact.direct_debit and contact.side == "sale" and chance.random() < 0.12:
        _returned(chance, company, contact, line, invoice)
    elif contact.side == "purchase" and chance.random() < 0.006:
        _sent_back(chance, company, contact, line, invoice)


def _amount(chance: random.Random, invoice: Invoice, day: date) -> tuple[int, int, str]:
    """What is paid, what of it settles the invoice, and how that differs from the invoice."""
    cents = invoice.cents
    if invoice.discount and (day - invoice.issued).days <= invoice.discount[1]:
        paid = cents - round(cents * invoice.discount[0] / 100)
        return paid, paid, ", discount agreed"
    if invoice.contact.side == "purchase" or invoice.contact.direct_debit:
        return cents, cents, ""
    shape = chance.random()
    if shape < 0.035:
        paid = round(cents * chance.choice([0.25, 0.3, 0.4, 0.5, 0.5, 0.6, 0.75]))
        return paid, paid, ", part"
    if shape < 0.045 and cents > 100000:
        paid = cents - round(cents * chance.choice([0.05, 0.1]))
        return paid, paid, ", retention"
    if shape < 0.055:
        paid = cents - chance.choice([1, 2, -1, cents % 5, cents % 10, cents % 100])
        return paid, min(paid, cents), ", rounding" if paid != cents else ""
    if shape < 0.063 or (invoice.contact.foreign and shape < 0.15):
        paid = max(cents - chance.choice([35, 250, 500, 1000, 1250, 1500, 2500]), cents // 2)
        return paid, paid, ", fee"
    if shape < 0.071:
        paid = cents - round(cents * chance.choice([0.02, 0.02, 0.03, 0.015]))
        return paid, paid, ", discount taken"
    if shape < 0.080:
        paid = chance.choice(
            [cents + 4000, -(-cents // 1000) * 1000, round(cents * 1.05), cents + 1000]
        )
        return paid, cents, ", too much" if paid != cents else ""
    return cents, cents, ""


def _line(
    chance: random.Random, contact: Contact, day: date, cents: int,
    said: tuple[str, str | None], links: list[tuple[str, int]], kind: str,
) -> Line:  # fmt: skip
    sign = 1 if contact.side == "sale" else -1
    name = chance.choice(contact.holders)
    if contact.side == "purchase":
        name = contact.name[:35] if chance.random() < 0.8 else name
    iban = chance.choice(contact.ibans) if chance.random() < 0.97 else ""
    return Line(day, sign * cents, name, iban, said[0], said[1], links, kind)


def _rest(
    chance: random.Random,
    company: Company,
    contact: Contact,
    first: Line,
    invoice: Invoice,
    left: int,
) -> None:
    if chance.random() < 0.25:
        return
    said = (
        sentence.filled(
            chance, contact, words.REST, sentence.quoted(chance, [invoice.number]), first.day
        )
        if chance.random() < 0.6
        else first.text,
        first.structured if chance.random() < 0.7 else None,
    )
    day = first.day + timedelta(chance.randrange(6, 45))
    if day <= LAST_DAY:
        line = _line(chance, contact, day, left, said, [(invoice.id, left)], "rest of a part")
        line.name, line.iban = first.name, first.iban
        company.lines.append(line)


def _netted(
    chance: random.Random,
    company: Company,
    contact: Contact,
    day: date,
    invoice: Invoice,
    credit: Invoice,
) -> None:
    paid = invoice.cents + credit.cents
    invoice.is_settled = credit.is_settled = True
    if paid <= 0:
        return
    said, kind = sentence.for_netted(chance, contact, invoice, credit, day)
    links = [(invoice.id, invoice.cents), (credit.id, credit.cents)]
    company.lines.append(_line(chance, contact, day, paid, said, links, kind))


def _together(
    chance: random.Random, company: Company, contact: Contact, day: date, group: Sequence[Invoice]
) -> None:
    for one in group:
        one.is_settled = True
    said, kind = sentence.for_several(chance, contact, group, day)
    links = [(one.id, one.cents) for one in group]
    company.lines.append(
        _line(chance, contact, day, sum(one.cents for one in group), said, links, kind)
    )


def _refund(
    chance: random.Random, company: Company, contact: Contact, day: date, credit: Invoice
) -> None:
    credit.is_settled = True
    text = sentence.filled(chance, contact, words.REFUND, credit.number, day)
    if day <= LAST_DAY:
        links = [(credit.id, credit.cents)]
        company.lines.append(
            _line(chance, contact, day, credit.cents, (text, None), links, "credit note refunded")
        )


def _gave_back(chance: random.Random, company: Company, contact: Contact, twice: Line) -> None:
    """What was paid twice is given back, about half of the times."""
    day = twice.day + timedelta(chance.randrange(3, 20))
    if chance.random() < 0.5 and day <= LAST_DAY:
        text = sentence.filled(chance, contact, words.REFUND, "", day)
        back = Line(
            day, -twice.cents, twice.name, twice.iban, text, None, [], "overpayment refunded"
        )
        company.lines.append(back)


def _returned(
    chance: random.Random, company: Company, contact: Contact, line: Line, invoice: Invoice
) -> None:
    """An unpaid direct debit opens the invoice again; most are then paid by transfer."""
    day = line.day + timedelta(chance.randrange(2, 6))
    if day > LAST_DAY:
        return
    text = sentence.filled(chance, contact, words.RETURNED, invoice.number, day)
    company.lines.append(
        Line(day, -line.cents, line.name, line.iban, text, None, [(invoice.id, -invoice.cents)],
             "direct debit returned")
    )  # fmt: skip
    again = day + timedelta(chance.randrange(5, 30))
    if again <= LAST_DAY and chance.random() < 0.75:
        said = (sentence.filled(chance, contact, words.PAYING, invoice.number, again), None)
        company.lines.append(
            _line(chance, contact, again, invoice.cents, said, [(invoice.id, invoice.cents)],
                  "paid after a return")
        )  # fmt: skip


def _sent_back(
    chance: random.Random, company: Company, contact: Contact, line: Line, invoice: Invoice
) -> None:
    """Our own transfer comes back and is made again."""
    day = line.day + timedelta(chance.randrange(1, 4))
    again = day + timedelta(chance.randrange(1, 8))
    if again > LAST_DAY:
        return
    text = sentence.filled(chance, contact, words.SENT_BACK, line.text or invoice.number, day)
    company.lines.append(
        Line(day, -line.cents, line.name, line.iban, text, None, [(invoice.id, -invoice.cents)],
             "own transfer sent back")
    )  # fmt: skip
    company.lines.append(replace(line, day=again, kind="paid after a return"))


def _mandated_batches(chance: random.Random, company: Company) -> None:
    """A parent, accountant or payment run pays for several contacts in one line, with numbers."""
    for _ in range(chance.choice([0, 1, 2])):
        day = date(2026, 1, 1) + timedelta(chance.randrange(60, 350))
        side = chance.choice(["sale", "purchase"])
        free = [
            one for one in company.invoices
            if not one.is_settled and not one.credits and one.contact.side == side
            and one.issued <= day <= one.due + timedelta(90)
        ]  # fmt: skip
        group = chance.sample(free, min(len(free), chance.choice([2, 3, 4])))
        if len({one.contact.id for one in group}) < 2:
            continue
        payer = replace(
            group[0].contact, holders=[holder(chance, chance.choice(words.THIRD_PARTIES))]
        )
        _together(chance, company, replace(payer, ibans=[numbers.iban(chance)]), day, group)
        company.lines[-1].kind = "batch for several contacts"


def _equal_by_accident(chance: random.Random, company: Company) -> None:
    """Some lines without an invoice carry the very amount of one that is open."""
    by_side = {
        side: [abs(one.cents) for one in company.invoices if one.contact.side == side]
        for side in ("sale", "purchase")
    }
    for line in company.lines:
        if line.kind.startswith("not an invoice") and chance.random() < 0.03:
            cents = chance.choice(by_side["sale" if line.cents > 0 else "purchase"])
            line.cents = cents if line.cents > 0 else -cents
