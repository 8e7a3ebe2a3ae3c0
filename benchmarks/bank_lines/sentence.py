"""What a payer writes with a payment, and what banks make of it."""

import random
from collections.abc import Mapping, Sequence
from datetime import date

from benchmarks.bank_lines import names, numbers, words
from benchmarks.bank_lines.company import Contact, Invoice

Said = tuple[str, str | None]


def for_one(
    chance: random.Random, contact: Contact, invoice: Invoice, day: date
) -> tuple[Said, str]:
    """Text and structured field of a payment of one invoice, and the kind of it."""
    if contact.direct_debit:
        template = words.DIRECT_DEBIT[contact.language]
        return (
            _bank(chance, _fill(chance, contact, template, invoice.number, day)),
            None,
        ), "direct debit"
    style = contact.style if chance.random() < 0.9 else "mixed"
    if style == "mixed":
        style = chance.choice(["field", "text", "number", "number", "silent"])
    if contact.side == "purchase" and style == "silent" and chance.random() < 0.7:
        style = "field"
    if style == "field" and invoice.structured:
        return ("", invoice.structured), "structured"
    if style in ("field", "text") and (invoice.structured or invoice.creditor):
        return _reference_in_text(chance, invoice)
    if style == "silent":
        return (filled(chance, contact, words.SILENT, "", day), None), "no reference"
    quoted = numbers.copied(chance, invoice.number)
    return (filled(chance, contact, words.PAYING, quoted, day), None), "number in text"


def _reference_in_text(chance: random.Random, invoice: Invoice) -> tuple[Said, str]:
    before = chance.choice(["", "", "betaling ", "ref ", "mededeling ", "communication "])
    if invoice.creditor:
        shown = invoice.creditor
        if chance.random() < 0.4:
            shown = " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))
        return (_bank(chance, before + shown), None), "RF in text"
    reference = invoice.structured or ""
    if chance.random() < 0.05:
        bad = numbers.wrong_structured(chance, reference)
        return (
            _bank(chance, before + numbers.written_structured(chance, bad)),
            None,
        ), "wrong digit"
    written = numbers.written_structured(chance, reference)
    after = chance.choice(["", "", " merci", f" {chance.randrange(10**5)}", f" {invoice.number}"])
    return (_bank(chance, before + written + after), None), "structured in text"


def for_several(
    chance: random.Random, contact: Contact, group: Sequence[Invoice], day: date
) -> tuple[Said, str]:
    """Text of one payment for several invoices of a contact."""
    shape = chance.random()
    if shape < 0.12:
        return (filled(chance, contact, words.SEVERAL_SILENT, "", day), None), "several, no number"
    if shape < 0.17 and group[0].structured:
        return ("", group[0].structured), "several, one structured"
    quoted = [one.number for one in group]
    order = sorted(quoted)
    if shape < 0.4:
        quoted = quoted[:1] + [numbers.short(one) for one in quoted[1:]]
    elif shape < 0.55:
        quoted = [numbers.short(one) for one in quoted]
    elif shape < 0.7:
        quoted = [numbers.copied(chance, one) for one in quoted]
    elif shape < 0.8 and _follow(order):
        join = chance.choice(words.RANGE[contact.language])
        both = f"{order[0]}{join}{numbers.short(order[-1])}"
        return (filled(chance, contact, words.SEVERAL, both, day), None), "several, range"
    text = filled(chance, contact, words.SEVERAL, quoted_list(chance, contact, quoted), day)
    return (text[:140], None), "several"


def for_netted(
    chance: random.Random, contact: Contact, invoice: Invoice, credit: Invoice, day: date
) -> tuple[Said, str]:
    """Text of a payment less a credit note."""
    shape = chance.random()
    if shape < 0.15 and invoice.structured:
        return ("", invoice.structured), "less a credit note, structured"
    number = numbers.copied(chance, invoice.number)
    if shape < 0.6:
        minus = chance.choice(words.CREDIT[contact.language])
        number = f"{number} {minus} {numbers.copied(chance, credit.number)}"
        return (
            filled(chance, contact, words.PAYING, number, day),
            None,
        ), "less a credit note, both"
    return (filled(chance, contact, words.PAYING, number, day), None), "less a credit note, one"


def quoted(chance: random.Random, found: Sequence[str]) -> str:
    """Numbers as they are typed."""
    return " ".join(numbers.copied(chance, one) for one in found)


def quoted_list(chance: random.Random, contact: Contact, found: Sequence[str]) -> str:
    """Numbers joined as people of a language join them."""
    join = chance.choice(words.JOIN[contact.language])
    if len(found) > 2 and len(join) > 2:
        return ", ".join(found[:-1]) + join + found[-1]
    return join.join(found)


def filled(
    chance: random.Random,
    contact: Contact,
    templates: Mapping[str, Sequence[str]],
    number: str,
    day: date,
) -> str:
    """A sentence of the contact's language around a number."""
    template = chance.choice(templates[contact.language])
    return _bank(chance, _fill(chance, contact, template, number, day))


def _fill(chance: random.Random, contact: Contact, template: str, number: str, day: date) -> str:
    other = date(2026, chance.randrange(1, 13), chance.randrange(1, 28))
    shown = chance.choice(["{:%d/%m/%Y}", "{:%d.%m.%y}", "{:%d-%m}", "{:%d/%m}"]).format(other)
    month = words.MONTHS[contact.language].split()[day.month - 1]
    return template.format(
        n=number, d=shown, x=chance.randrange(100, 10 ** chance.randrange(3, 8)), c=contact.number,
        w=chance.choice(words.WORK[contact.language]),
        m=chance.choice([month, f"{day:%m/%Y}", f"{month} {day.year}", f"{day:%Y%m}"]),
    )  # fmt: skip


def _bank(chance: random.Random, text: str) -> str:
    """The text after the banks had it: capitals, no accents, cut, words around it."""
    if text and chance.random() < 0.12:
        day = f"{chance.randrange(1, 28):02d}-{chance.randrange(1, 13):02d}"
        text = chance.choice(words.AROUND).format(t=text, x=f"{chance.randrange(10**6):06d}", d=day)
    if chance.random() < 0.25:
        text = names.plain(text).upper()
    if len(text) > 44 and chance.random() < 0.1:
        text = f"{text[:43]} {text[43:]}"
    return text[:140]


def _follow(order: Sequence[str]) -> bool:
    """Whether numbers follow one on another, so that a range says them all."""
    tails = [numbers.short(one) for one in order]
    if len(order) < 2 or not all(one.isdigit() for one in tails):
        return False
    return [int(one) for one in tails] == list(range(int(tails[0]), int(tails[0]) + len(tails)))
