"""When a proposal may be booked without a person. Rather one too few than one wrong.

Two ways to be sure: a reference with check digits and the exact amount; or a probability of at
least `SURE` where number, other side and amount agree and nothing speaks against it. What leaves
a question open (a digit wrong, a set not wholly named, more paid than asked) goes to a person.
"""

from collections.abc import Sequence

from billify.domain.matching.book import Book
from billify.domain.matching.candidates import Candidate
from billify.domain.matching.reading import Said

TAKEN = 0.6
"""A proposal at least this likely counts as the answer while later lines are looked at."""
SURE = 0.995
SURE_UNNAMED = 0.998

_REFERENCES = frozenset({"ref_field", "ref_text", "ref_creditor"})
_WHOLE = _REFERENCES | {
    f"num_{how}{digits}" for how in ("full", "core", "label") for digits in (3, 4, 5)
}
_LONG = frozenset({"num_full5", "num_core5"})
_ENDS = frozenset({"num_tail3", "num_tail4", "num_tail5", "num_full2", "num_label2", "num_range"})
_AGAINST = frozenset(
    {"names_other", "names_settled", "names_stranger", "refers_other", "refers_settled", "stray",
     "iban_other", "claimed", "several_contacts", "before_issue", "labelled_else"}
)  # fmt: skip
_ACCOUNT = frozenset({"iban", "iban_learnt"})
_NAME = frozenset({"name8", "name9", "name10"})
_LESS = ("amount_part", "amount_fee", "amount_discount")


def by_reference(
    said: Said, candidates: Sequence[Candidate], *, none: Sequence[str], book: Book
) -> int | None:
    """The place of the candidate whose reference stands in the line and whose amount is paid.

    None when several fit (one reference on two invoices, two references in one line), and for
    the second of two equal parts, which may as well be the first one paid twice.
    """
    given = {one for one in (said.field, *said.in_text, *said.creditors) if one}
    fits = [
        at for at, one in enumerate(candidates)
        if len(one.links) == 1 and one.relation == "exact"
        and given & set(book.entries[one.links[0][0]].references)
    ] if given else []  # fmt: skip
    if len(fits) != 1 or len(given) != 1:
        return None
    entry = book.entries[candidates[fits[0]].links[0][0]]
    return None if entry.left != entry.cents and "none_again" in none else fits[0]


def is_sure(
    words: Sequence[str],
    candidate: Candidate,
    share: float,
    *,
    none: Sequence[str],
    book: Book,
) -> bool:
    """Whether the likeliest candidate needs nobody's yes.

    `none` are the words for "no invoice": a payment like one that has already settled something
    is never booked by itself.
    """
    said = frozenset(words)
    if share < SURE or said & _AGAINST or "none_again" in none:
        return False
    if candidate.undoes:
        return {"return_word", "return_same_account"} <= said
    if len(candidate.links) > 1:
        return "set_all_named" in said and "set_strong" in said and _knows(said)
    if "broken" in said and not said & _WHOLE:
        return False
    if said & _WHOLE:
        return _whole(said, candidate, share, book)
    if said & _ENDS:
        return "amount_exact" in said and _knows(said)
    return share >= SURE_UNNAMED and _unnamed(said, candidate, book)


def _whole(said: frozenset[str], candidate: Candidate, share: float, book: Book) -> bool:
    """A reference or whole number: less may be paid, unless a credit note may explain it."""
    if said & {"amount_exact", "amount_rounding"}:
        return bool(said & _REFERENCES) or _knows(said) or _stands_alone(said, share)
    if not any(word.startswith(_LESS) for word in said):
        return False
    entry = book.entries[candidate.links[0][0]]
    return entry.contact not in book.has_credit and _knows(said)


def _stands_alone(said: frozenset[str], share: float) -> bool:
    """Paid by somebody else: the whole number and an amount that no other invoice asks."""
    return share >= SURE_UNNAMED and {"amount_exact", "same1"} <= said and bool(said & _LONG)


def _knows(said: frozenset[str]) -> bool:
    """Whether account or name says who it is."""
    return bool(said & _ACCOUNT or said & _NAME)


def _unnamed(said: frozenset[str], candidate: Candidate, book: Book) -> bool:
    """No number at all: only a known account and an amount asked but once."""
    entry = book.entries[candidate.links[0][0]]
    return (
        "amount_exact" in said
        and bool(said & _ACCOUNT)
        and bool(said & {"same1", "same3"})
        and book.asked[entry.contact, entry.cents] == 1
        and not said & {"round", "exact_rest", "credit_alone"}
    )
