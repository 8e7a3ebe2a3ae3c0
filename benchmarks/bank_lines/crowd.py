"""One company with very many open invoices, to measure speed and memory."""

import random
from typing import Any

from benchmarks.bank_lines import company, numbers, year
from benchmarks.bank_lines.company import Company


def large(*, seed: int, invoices: int, movements: int) -> dict[str, Any]:
    """A company with at least so many open invoices and exactly so many new lines."""
    chance = random.Random(f"large/{seed}")
    made = Company("large", "nl", [numbers.iban(chance), numbers.iban(chance)])
    wanted = 0
    while wanted < invoices:
        at = len(made.contacts)
        side = "sale" if at % 5 else "purchase"
        contact = company.make_contact(chance, made, f"C{at}", side, "subscriptions", others=[])
        made.contacts.append(contact)
        wanted += 12 if contact.subscription else 5
    company.issue(chance, made, "subscriptions")
    by_contact = year.by_contact(made)
    for contact in chance.sample(made.contacts, len(made.contacts)):
        if len(made.lines) >= movements:
            break
        year.pay(chance, made, contact, by_contact[contact.id])
    told = made.as_json()
    kept = sorted(chance.sample(range(len(told["movements"])), movements))
    told["movements"] = [told["movements"][at] for at in kept]
    told["truth"] = [told["truth"][at] for at in kept]
    return told
