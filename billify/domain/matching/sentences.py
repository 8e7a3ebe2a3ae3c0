"""The words of the model as sentences a person reads; the language comes later.

`SENTENCES` maps a code to an English msgid with %-values. `of` turns a candidate's words into
evidence, the heaviest first; weights below zero speak against.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from billify.domain import money, references
from billify.domain.matching.book import Book, Entry
from billify.domain.matching.candidates import Candidate, Clues
from billify.domain.matching.reading import Said
from billify.domain.matching.values import Evidence, seen
from billify.domain.refusal import N_

SENTENCES: Mapping[str, str] = {
    "structured": N_("The structured communication is that of invoice %(number)s."),
    "structured_text": N_(
        "The message holds %(reference)s, the structured communication of invoice %(number)s."
    ),
    "creditor": N_("The message holds %(reference)s, the reference of invoice %(number)s."),
    "number": N_("The message names invoice %(number)s."),
    "number_end": N_("A number in the message is the end of invoice number %(number)s."),
    "number_other": N_(
        "A number in the message ends like invoice number %(number)s, but means something else."
    ),
    "number_range": N_("Invoice %(number)s lies in the range that the message names."),
    "number_near": N_("A number in the message is %(number)s but for one digit."),
    "unnamed": N_("The message names none of these invoices."),
    "account": N_("%(iban)s is an account of %(contact)s."),
    "account_learnt": N_("%(iban)s was used for another invoice of %(contact)s."),
    "account_new": N_("%(contact)s has not used the account %(iban)s before."),
    "account_other": N_("%(iban)s is an account of someone else."),
    "account_shared": N_("%(iban)s is used by several contacts."),
    "name": N_("The name is that of %(contact)s."),
    "name_alike": N_("The name looks like that of %(contact)s."),
    "name_unlike": N_("The name %(name)s is not that of %(contact)s."),
    "several_contacts": N_("It pays for several contacts."),
    "exact": N_("The amount is exactly what is open: %(open)s."),
    "rounding": N_("The amount differs by %(difference)s, as by rounding."),
    "discount": N_("%(difference)s less was paid, as with a discount of %(percent)s %%."),
    "discount_agreed": N_("The agreed discount for paying early is taken: %(difference)s."),
    "discount_late": N_("The discount is taken after its last day: %(difference)s."),
    "fee": N_("%(difference)s less was paid, perhaps the bank's costs."),
    "part": N_("A part is paid: %(paid)s of %(open)s."),
    "over": N_("%(difference)s more was paid than is open."),
    "double": N_("Twice the open amount was paid."),
    "sum": N_("%(count)s invoices add up to exactly %(paid)s."),
    "credit": N_("Credit note %(number)s is taken off."),
    "credit_alone": N_("Credit note %(number)s is paid back."),
    "explained": N_("Together with others, the same invoice makes exactly this amount."),
    "common": N_("Other open invoices ask the same amount."),
    "equal_oldest": N_("It is the oldest of several open invoices of this amount."),
    "equal_later": N_("An older open invoice of this contact asks the same amount."),
    "rest": N_("It is what was left open after an earlier payment."),
    "due": N_("Paid around the due date, %(due)s."),
    "early": N_("Paid %(days)s days before the due date."),
    "late": N_("Paid %(days)s days after the due date."),
    "usual": N_("%(contact)s usually pays about this late."),
    "unusual": N_("%(contact)s usually pays earlier or later than this."),
    "before_issue": N_("An invoice is dated after the payment."),
    "skips_older": N_("An older open invoice is left out."),
    "claimed": N_("Another bank line names this invoice."),
    "names_other": N_("The message names other open invoices too."),
    "names_settled": N_("The message names an invoice that is already paid."),
    "names_stranger": N_("The message names an invoice of another contact."),
    "stray": N_("The line carries a structured communication that is not of this invoice."),
    "broken": N_("The structured communication in the message has a wrong digit."),
    "labelled_else": N_("The message names a number that is none of these invoices."),
    "returned": N_("It takes back the payment of %(amount)s on %(day)s."),
    "return_word": N_("The message says that a payment came back."),
    "refund_word": N_("The message speaks of a refund."),
    "again": N_("A payment just like this one came on %(day)s and settled invoice %(number)s."),
    "already_paid": N_("The invoice it names is already paid: %(number)s."),
    "own_transfer": N_("It is a transfer between accounts of your own."),
}

#: Words of the model, by pattern, and the code of their sentence. What is missing stays silent.
_CODES = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"unnamed|set_silent|set_unnamed|set_credit_unnamed", "unnamed"),
        (r"(ret_)?iban", "account"),
        (r"(ret_)?iban_learnt", "account_learnt"),
        (r"iban_new", "account_new"),
        (r"iban_other", "account_other"),
        (r"iban_shared", "account_shared"),
        (r"(ret_)?name([89]|10)", "name"),
        (r"name[567]", "name_alike"),
        (r"name[34]|name_unlike|name_of_other", "name_unlike"),
        (r"amount_(fee|part|over).*", ""),
        (r"amount_(.+)", r"\1"),
        (r"sum\d", "sum"),
        (r"same9|same99", "common"),
        (r"exact_rest", "rest"),
        (r"early\d+", "early"),
        (r"late\d+", "late"),
        (r"usual[38]", "usual"),
        (r"usual(30|99)", "unusual"),
        (r"hinted", "claimed"),
        (r"refers_settled", "names_settled"),
        (r"refers_other", "names_other"),
    )
)
_NUMBERS = (
    (("full", "core", "label"), "number"),
    (("tail",), "number_end"),
    (("other",), "number_other"),
    (("range",), "number_range"),
    (("near",), "number_near"),
)
_REFERENCES = {"field": "structured", "text": "structured_text", "creditor": "creditor"}
_AMOUNTS = {"amount_fee": "fee", "amount_part": "part", "amount_over": "over"}
LIGHTEST = 0.3
MOST = 7


def of(
    words: Sequence[str],
    *,
    said: Said,
    clue: Clues,
    candidate: Candidate,
    book: Book,
    weights: Mapping[str, float],
) -> tuple[Evidence, ...]:
    """A candidate's evidence: how each invoice is named, then what else weighs most."""
    values = _values(said, candidate, book)
    heavy: dict[str, float] = {}
    for word in words:
        code = _code(word)
        if code:
            heavy[code] = heavy.get(code, 0.0) + weights.get(word, 0.0)
    ranked = sorted(heavy, key=lambda code: (-abs(heavy[code]), code))
    found = [*_named(candidate, clue, book, words, weights)]
    found += [
        Evidence(code, values, round(heavy[code], 2))
        for code in ranked[:MOST]
        if abs(heavy[code]) >= LIGHTEST
    ]
    return tuple(found)


def _code(word: str) -> str | None:
    for prefix, code in _AMOUNTS.items():
        if word.startswith(prefix):
            return code
    for pattern, code in _CODES:
        match = pattern.fullmatch(word)
        if match:
            word = match.expand(code)
            break
    return word if word in SENTENCES else None


def _named(
    candidate: Candidate,
    clue: Clues,
    book: Book,
    words: Sequence[str],
    weights: Mapping[str, float],
) -> Iterator[Evidence]:
    naming = [word for word in words if word.startswith(("ref_", "num_", "set_strong", "set_weak"))]
    weight = sum(weights.get(word, 0.0) for word in naming) / max(len(candidate.links), 1)
    for at, _ in candidate.links:
        grade, entry = clue.grade(at), book.entries[at]
        if grade in _REFERENCES:
            values = {"number": entry.number, "reference": _reference(grade, entry)}
            yield Evidence(_REFERENCES[grade], values, round(weight, 2))
        elif grade:
            code = next(code for starts, code in _NUMBERS if grade.startswith(starts))
            yield Evidence(code, {"number": entry.number}, round(weight, 2))


def _reference(grade: str, entry: Entry) -> str:
    wanted = "RF" if grade == "creditor" else ""
    fits = [one for one in entry.references if one.startswith(wanted)]
    return references.show_payment_reference(fits[0] if fits else entry.references[0])


def _values(said: Said, candidate: Candidate, book: Book) -> dict[str, str]:
    entry = book.entries[candidate.links[0][0]]
    credit = next(
        (book.entries[at] for at, _ in candidate.links if book.entries[at].is_credit), entry
    )
    late = (said.day - entry.due).days
    missing = abs(abs(entry.left) - abs(said.cents))
    values = {
        "contact": book.name_of(entry.contact),
        "iban": references.show_iban(said.iban),
        "name": said.name,
        "open": _shown(abs(entry.left)),
        "paid": _shown(abs(said.cents)),
        "difference": _shown(missing),
        "percent": _shown(round(10000 * missing / abs(entry.left))) if entry.left else "",
        "count": str(len(candidate.links)),
        "number": credit.number,
        "due": f"{entry.due:%d/%m/%Y}",
        "days": str(abs(late)),
    }
    if candidate.undoes:
        values["amount"] = _shown(abs(candidate.undoes.cents))
        values["day"] = f"{candidate.undoes.day:%d/%m/%Y}"
    return values


def _shown(cents: int) -> str:
    return money.show(seen(cents))
