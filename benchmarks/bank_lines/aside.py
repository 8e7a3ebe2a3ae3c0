"""Bank lines that settle no invoice: cards, wages, taxes, costs, own transfers, advances."""

import random
from datetime import date, timedelta

from benchmarks.bank_lines import names, numbers, words
from benchmarks.bank_lines.company import Company, Line

YEAR = date(2026, 1, 1)


def lines(chance: random.Random, company: Company) -> list[Line]:
    """A year of everything else, about half as many lines as invoices."""
    found: list[Line] = []
    staff = [names.person(chance, company.language) for _ in range(chance.randrange(1, 7))]
    accounts = {one: numbers.iban(chance) for one in [*staff, *words.OFFICES]}
    for month in range(12):
        found += [_wage(chance, company, one, accounts[one], month) for one in staff]
        found += [_office(chance, accounts, month) for _ in range(2)]
        found.append(_cost(chance, month))
    for _ in range(max(20, len(company.invoices) // 4)):
        found.append(_odd(chance))
    for _ in range(chance.randrange(6, 20)):
        found += _own(chance, company)
    found += _strangers(chance, company)
    return found


def _wage(chance: random.Random, company: Company, who: str, iban: str, month: int) -> Line:
    text = _text(chance, chance.choice(words.WAGES[company.language]), month)
    cents = -chance.randrange(140000, 390000)
    return _line(chance, month, cents, who, iban, text, "wages")


def _office(chance: random.Random, accounts: dict[str, str], month: int) -> Line:
    office = chance.choice(words.OFFICES)
    reference = numbers.structured(chance.randrange(1, 10**10))
    in_field = chance.random() < 0.7
    text = "" if in_field else numbers.written_structured(chance, reference)
    line = _line(
        chance, month, -chance.randrange(5000, 900000), office, accounts[office], text, "taxes"
    )
    line.structured = reference if in_field else None
    return line


def _cost(chance: random.Random, month: int) -> Line:
    return _line(chance, month, -chance.choice([350, 600, 1210, 1815, 2500]), "", "",
                 chance.choice(words.BANK_COSTS), "bank costs")  # fmt: skip


def _odd(chance: random.Random) -> Line:
    month = chance.randrange(12)
    shape = chance.random()
    small, large = chance.randrange(200, 20000), chance.randrange(10000, 600000)
    if shape < 0.45:
        text = chance.choice(words.CARDS)
        text = text.replace("{s}", chance.choice(words.SHOPS))
        return _line(chance, month, -small, "", "", _text(chance, text, month), "card")
    if shape < 0.62:
        text = _text(chance, chance.choice(words.TERMINALS), month)
        return _line(chance, month, large, text.split()[0], numbers.iban(chance), text, "terminal")
    who = chance.choice([names.company, names.person])(chance, chance.choice(words.LANGUAGES))
    if shape < 0.8:
        text = _text(chance, chance.choice(words.OTHER_IN), month)
        round_cents = chance.choice([large, 12100, 24200, 60500, 121000, 50000, 100000])
        return _line(chance, month, round_cents, who, numbers.iban(chance), text, "other money in")
    text = _text(chance, chance.choice(words.OTHER_OUT), month)
    return _line(chance, month, -large, who, numbers.iban(chance), text, "other money out")


def _own(chance: random.Random, company: Company) -> list[Line]:
    """Both halves of a transfer between accounts of the company."""
    day = YEAR + timedelta(chance.randrange(360))
    cents = chance.choice([100000, 250000, 500000, 1000000, chance.randrange(10000, 900000)])
    one, other = chance.sample(company.accounts, 2)
    text = chance.choice(words.OWN)
    lag = timedelta(chance.choice([0, 0, 0, 1, 2]))
    return [
        Line(day, -cents, "", other, text, None, [], "own transfer", account=one),
        Line(day + lag, cents, "", one, text, None, [], "own transfer", account=other),
    ]


def _strangers(chance: random.Random, company: Company) -> list[Line]:
    """Customers also pay what has no invoice: deposits, and invoices of long ago."""
    found = []
    customers = [one for one in company.contacts if one.side == "sale"]
    for _ in range(chance.randrange(2, 7)):
        who = chance.choice(customers)
        text = chance.choice(
            ["{n}", "factuur {n}", "facture {n}", "voorschot", "acompte", "offerte {n}"]
        )
        number = f"{chance.choice(['2024-', '2023/', 'OF', ''])}{chance.randrange(100, 99999)}"
        cents = chance.choice([chance.randrange(5000, 300000), 12100, 24200, 50000])
        name, iban = chance.choice(who.holders), chance.choice(who.ibans)
        said = text.format(n=number)
        month = chance.randrange(12)
        line = _line(chance, month, cents, name, iban, said, "customer without invoice")
        found.append(line)
    return found


def _text(chance: random.Random, template: str, month: int) -> str:
    day = f"{chance.randrange(1, 28):02d}/{month + 1:02d}"
    month_name = words.MONTHS[chance.choice(words.LANGUAGES)].split()[month]
    text = template.format(x=chance.randrange(1000, 10**7), d=day, m=month_name)
    return names.plain(text).upper() if chance.random() < 0.2 else text


def _line(
    chance: random.Random, month: int, cents: int, name: str, iban: str, text: str, kind: str
) -> Line:
    day = date(2026, month + 1, chance.randrange(1, 29))
    return Line(day, cents, name, iban, text, None, [], f"not an invoice, {kind}")
