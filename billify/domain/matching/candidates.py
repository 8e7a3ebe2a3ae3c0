"""Which invoices, alone or together, a movement could be about. Generous: weighing comes after."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from billify.domain.matching import amounts, quoting, sums
from billify.domain.matching.book import Book, Entry, Settled
from billify.domain.matching.reading import Said

AHEAD = timedelta(days=10)
"""An invoice dated this much after the payment may still be meant: a deposit, a proforma."""
MOST_OF_ONE_KEY = 60
MOST_OF_ONE_AMOUNT = 25
MOST_OF_ONE_CONTACT = 14
MOST_CONTACTS = 6
MOST_NAMED = 24
STRONG = ("full3", "full4", "full5", "core3", "core4", "core5", "label3", "label4", "label5")

Links = tuple[tuple[int, int], ...]
"""(place in the book, cents as the bank sees them) of each invoice."""


@dataclass(slots=True)
class Clues:
    """What a movement points at: references, quoted numbers and contacts."""

    referred: dict[int, str] = field(default_factory=dict)
    quoted: dict[int, str] = field(default_factory=dict)
    contacts: dict[str, float] = field(default_factory=dict)
    by_iban: dict[str, bool] = field(default_factory=dict)
    by_name: dict[str, float] = field(default_factory=dict)

    def grade(self, at: int) -> str | None:
        """How an invoice is named: by reference, else by number, else not."""
        return self.referred.get(at) or self.quoted.get(at)

    def named(self) -> list[int]:
        """Invoices named beyond doubt: by reference or by the whole number."""
        return [*self.referred, *(at for at, grade in self.quoted.items() if grade in STRONG)]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Invoices that a movement may settle (or, `undoes`, whose settlement it takes back)."""

    links: Links
    relation: str
    undoes: Settled | None = None


def clues(said: Said, book: Book) -> Clues:
    """Look the movement's references, numbers, account and name up in the book."""
    found = Clues()
    for how, given in (
        ("field", (said.field,) if said.field else ()),
        ("text", said.in_text),
        ("creditor", said.creditors),
    ):
        for reference in given:
            for at in book.by_reference.get(reference, ()):
                found.referred.setdefault(at, how)
    found.by_iban = book.who(said.iban)
    found.by_name = book.names.alike(said.name) if said.name else {}
    for contact in found.by_iban:
        found.contacts[contact] = 1.0
    for contact, likeness in found.by_name.items():
        found.contacts[contact] = max(found.contacts.get(contact, 0), likeness)
    _quoted(said, book, found)
    for at, grade in [*found.referred.items(), *found.quoted.items()]:
        if grade in STRONG or at in found.referred:
            found.contacts.setdefault(book.entries[at].contact, 0.2)
    return found


def propose(said: Said, book: Book, clue: Clues) -> list[Candidate]:
    """Every set of invoices worth weighing for a movement."""
    found: dict[Links, Candidate] = {}
    for entry in _singles(said, book, clue):
        candidate = _single(said, entry)
        if candidate:
            found.setdefault(candidate.links, candidate)
    for group in _groups(said, book, clue):
        links = tuple(sorted((entry.at, entry.left) for entry in group))
        found.setdefault(links, Candidate(links, "sum"))
    for settled in _undone(said, book, clue):
        links = tuple((at, -cents) for at, cents in settled.links)
        found.setdefault(links, Candidate(links, "returned", settled))
    return list(found.values())


def _quoted(said: Said, book: Book, found: Clues) -> None:
    """Grade the invoices whose number, or its end, is a token of the text."""
    for at in _looked_up(said, book, found):
        entry = book.entries[at]
        if at not in found.referred and _is_in_time(entry, said) and _right_side(entry, said):
            grade = quoting.grade(entry.numbered, said.quotes)
            if grade:
                found.quoted[at] = grade
    for contact in list(found.contacts)[:MOST_CONTACTS]:
        for entry in _open(book, contact, said):
            if entry.at not in found.quoted and quoting.near(entry.numbered, said.quotes):
                found.quoted[entry.at] = "near"


def _looked_up(said: Said, book: Book, found: Clues) -> dict[int, None]:
    """Invoices a token may be a number of; a token of very many counts only where more agrees."""
    places: dict[int, None] = {}
    is_crowded = False
    for key in sorted(_lookups(said)):
        hits = book.by_key.get(key, ())
        if len(hits) > MOST_OF_ONE_KEY:
            is_crowded = True
        else:
            places.update(dict.fromkeys(hits))
    if is_crowded:
        for contact in list(found.contacts)[:MOST_CONTACTS]:
            places.update((entry.at, None) for entry in _open(book, contact, said))
        same = book.by_amount.get(said.cents, ())
        places.update(dict.fromkeys(islice(same, MOST_OF_ONE_KEY)))
    return places


def _lookups(said: Said) -> set[str]:
    keys = set(said.quotes.joined)
    for single in said.quotes.singles:
        keys.add(single)
        if len(single) > 4:
            keys.update(single[at:].lstrip("0") for at in range(1, len(single)))
    for first, last in said.quotes.ranges:
        keys.update(str(number) for number in range(first, last + 1))
    keys.discard("")
    return keys


def _is_in_time(entry: Entry, said: Said) -> bool:
    return entry.issued <= said.day + AHEAD


def _right_side(entry: Entry, said: Said) -> bool:
    """Money in is for sales (and credit notes between them); money out for purchases."""
    return entry.sale is (said.cents > 0) or entry.is_credit or entry.left == 0


def _open(book: Book, contact: str, said: Said) -> list[Entry]:
    """A contact's open invoices at the time, the nearest to be paid, in order of due date."""
    side = said.cents > 0
    fits = [entry for entry in book.open_of(contact, sale=side) if entry.issued <= said.day + AHEAD]
    if len(fits) > 3 * MOST_OF_ONE_CONTACT:
        fits.sort(key=lambda entry: (abs((said.day - entry.due).days), entry.at))
        fits = sorted(fits[: 3 * MOST_OF_ONE_CONTACT], key=lambda entry: entry.at)
    return fits


def _singles(said: Said, book: Book, clue: Clues) -> list[Entry]:
    places: dict[int, None] = dict.fromkeys(clue.referred)
    places.update(dict.fromkeys(clue.quoted))
    same = book.by_amount.get(said.cents, {})
    if len(same) <= MOST_OF_ONE_AMOUNT:
        places.update(dict.fromkeys(same))
    ranked = sorted(clue.contacts, key=lambda contact: (-clue.contacts[contact], contact))
    for contact in ranked[:MOST_CONTACTS]:
        ours = _open(book, contact, said)
        near = sorted(
            ours, key=lambda one: (one.left != said.cents, abs((said.day - one.due).days))
        )
        places.update(dict.fromkeys(entry.at for entry in near[:MOST_OF_ONE_CONTACT]))
        places.update(
            (entry.at, None) for entry in book.open_of(contact, sale=said.cents < 0)
            if entry.is_credit
        )  # fmt: skip
    entries = (book.entries[at] for at in places)
    return [
        entry for entry in entries
        if entry.left and (entry.left > 0) is (said.cents > 0) and _is_in_time(entry, said)
    ]  # fmt: skip


def _single(said: Said, entry: Entry) -> Candidate | None:
    paid, left = abs(said.cents), abs(entry.left)
    how = amounts.relation(paid, left, day=said.day, terms=entry.terms)
    cents = min(paid, left) * (1 if said.cents > 0 else -1)
    return Candidate(((entry.at, cents),), how)


def _groups(said: Said, book: Book, clue: Clues) -> list[list[Entry]]:
    """Sets that add up to the amount: among the named ones, and among each likely contact's."""
    found: list[list[Entry]] = []
    side = said.cents > 0
    named = [
        book.entries[at] for at in [*clue.referred, *clue.quoted]
        if book.entries[at].left and book.entries[at].sale is side
    ]  # fmt: skip
    named.sort(key=lambda entry: (_rank(clue, entry), entry.at))
    if len(named) > 1:
        if sum(entry.left for entry in named) == said.cents:
            found.append(named)
        found += adding_up(named[:MOST_NAMED], said.cents, most=6)
    ranked = sorted(clue.contacts, key=lambda contact: (-clue.contacts[contact], contact))
    for contact in ranked[:3]:
        ours = _open(book, contact, said)
        if len(ours) > 1:
            found += adding_up(ours, said.cents, most=sums.MOST)
            inside = {entry.at for entry in ours}
            first = [entry for entry in named if entry.at in inside]
            if len(first) > 1 and len(ours) > sums.WIDEST:
                rest = [entry for entry in ours if entry not in first]
                found += adding_up([*first, *rest], said.cents, most=sums.MOST)
    return found


def _rank(clue: Clues, entry: Entry) -> int:
    grade = clue.grade(entry.at) or ""
    if entry.at in clue.referred or grade in STRONG:
        return 0
    return 2 if grade.startswith("other") or grade == "near" else 1


def adding_up(entries: list[Entry], target: int, *, most: int) -> list[list[Entry]]:
    """Sets of two or more invoices whose open amounts make the target (cents)."""
    cents = [entry.left for entry in entries]
    return [[entries[at] for at in group] for group in sums.adding_up(cents, target, most=most)]


def _undone(said: Said, book: Book, clue: Clues) -> list[Settled]:
    """Earlier payments of just this amount that this movement may take back."""
    earlier = book.settled.get(-said.cents, ())
    return [
        one for one in earlier[-40:]
        if timedelta(0) <= said.day - one.day <= timedelta(days=70)
        and (
            (said.iban and one.iban == said.iban)
            or (said.key and one.name == said.key)
            or any(at in clue.quoted or at in clue.referred for at, _ in one.links)
        )
    ]  # fmt: skip
