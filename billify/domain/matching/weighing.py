"""What speaks for and against a candidate: words of the model, each with a learnt weight.

The same words are the evidence a person reads (`sentences`). A candidate's words are listed, not
scored here: `probability` adds up their weights, and the retraining script counts them.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from billify.domain.matching import candidates
from billify.domain.matching.book import Book, Entry, Settled
from billify.domain.matching.candidates import Candidate, Clues
from billify.domain.matching.reading import Said

NONE_WORDS = ("wage", "card", "cost", "advance", "loan", "insurance", "terminal", "refund")


@dataclass(slots=True)
class History:
    """What the lines before this one have shown."""

    claims: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    hints: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    settled: defaultdict[tuple[str, int], list[Settled]] = field(
        default_factory=lambda: defaultdict(list)
    )
    without: Counter[str] = field(default_factory=Counter)
    lateness: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def of_candidate(
    said: Said, candidate: Candidate, clue: Clues, book: Book, history: History
) -> list[str]:
    """The words of one candidate."""
    entries = [book.entries[at] for at, _ in candidate.links]
    words = _naming(entries, clue)
    words += _contradictions(said, entries, clue, book, candidate)
    words += _other_side(said, entries, clue, book)
    if candidate.undoes:
        return ["returned", *_return(said, candidate.undoes), *(f"ret_{one}" for one in words)]
    words += _amount(said, entries, candidate, book)
    words += _dates(said, entries, book, history)
    words += _claimed(said, entries, history)
    return words


def of_none(said: Said, clue: Clues, book: Book, history: History) -> list[str]:
    """What says that a movement settles no open invoice."""
    words = ["none", "none_in" if said.cents > 0 else "none_out"]
    words += [f"none_{word}" for word in NONE_WORDS if word in said.words]
    if not said.iban and not said.name:
        words.append("none_nobody")
    if said.stray:
        words.append("none_stray")
    if not clue.contacts:
        words.append("none_stranger")
    payee = said.iban or said.key
    if payee and history.without[payee]:
        words.append(f"none_before{min(history.without[payee], 3)}")
    if again(said, history):
        words.append("none_again" if said.text or said.field else "none_again_silent")
    if _names_settled(clue, book):
        words.append("none_settled")
    return words


def again(said: Said, history: History) -> Settled | None:
    """A payment just like this one that settled something within 45 days before."""
    for one in history.settled.get((said.iban or said.key, said.cents), ()):
        if 0 <= (said.day - one.day).days <= 45 and one.text == _same(said):
            return one
    return None


def _same(said: Said) -> str:
    return f"{said.field or ''}|{said.text}"


def _names_settled(clue: Clues, book: Book) -> bool:
    """A reference or whole number of an invoice that is settled, and none of an open one."""
    strong = clue.named()
    return bool(strong) and all(book.entries[at].left == 0 for at in strong)


def _naming(entries: list[Entry], clue: Clues) -> list[str]:
    grades = [clue.grade(entry.at) for entry in entries]
    if len(entries) == 1:
        grade = grades[0]
        if grade is None:
            return ["unnamed"]
        return [f"ref_{grade}" if grade in ("field", "text", "creditor") else f"num_{grade}"]
    words = []
    strong = sum(_is_strong(grade) for grade in grades)
    weak = sum(grade is not None for grade in grades) - strong
    words += ["set_strong"] * min(strong, 4) + ["set_weak"] * min(weak, 4)
    missing = [
        entry.is_credit for entry, grade in zip(entries, grades, strict=True) if grade is None
    ]
    if not strong + weak:
        return [*words, "set_silent"]
    words += ["set_unnamed"] * min(missing.count(False), 4)
    words += ["set_credit_unnamed"] * min(missing.count(True), 2)
    if not any(not is_credit for is_credit in missing):
        words.append("set_all_named")
    return words


def _is_strong(grade: str | None) -> bool:
    return grade is not None and (grade in ("field", "text", "creditor") or grade[-1] in "345")


def _contradictions(
    said: Said, entries: list[Entry], clue: Clues, book: Book, candidate: Candidate
) -> list[str]:
    words = []
    inside = {entry.at for entry in entries}
    for at in clue.referred:
        if at not in inside:
            words.append("refers_settled" if book.entries[at].left == 0 else "refers_other")
            break
    strong_other = [
        at for at, grade in clue.quoted.items() if at not in inside and grade in candidates.STRONG
    ]
    open_other = [at for at in strong_other if book.entries[at].left]
    contacts = {entry.contact for entry in entries}
    own = [at for at in open_other if book.entries[at].contact in contacts]
    words += ["names_other"] * min(len(own), 3)
    if len(open_other) > len(own):
        words.append("names_stranger")
    settled = [at for at in strong_other if at not in open_other]
    if any(book.entries[at].contact in contacts for at in settled):
        words.append("names_settled")
    if said.stray:
        words.append("stray")
    if said.has_broken:
        words.append("broken")
    named = [clue.grade(entry.at) for entry in entries]
    if said.quotes.labelled and not any(named):
        words.append("labelled_else")
    if "rest" in said.words and any(abs(one.left) < abs(one.cents) for one in entries):
        words.append("rest_word")
    if "part" in said.words and candidate.relation.startswith("part"):
        words.append("part_word")
    return words


def _other_side(said: Said, entries: list[Entry], clue: Clues, book: Book) -> list[str]:
    contacts = {entry.contact for entry in entries}
    words = []
    if len(contacts) > 1:
        words.append("several_contacts")
    known = [clue.by_iban[contact] for contact in contacts if contact in clue.by_iban]
    if known:
        words.append("iban" if any(known) else "iban_learnt")
        if len(clue.by_iban) > len(contacts):
            words.append("iban_shared")
    elif clue.by_iban:
        words.append("iban_other")
    elif not said.iban:
        words.append("iban_missing")
    elif contacts & book.has_iban:
        words.append("iban_new")
    likeness = max((clue.by_name.get(contact, 0.0) for contact in contacts), default=0.0)
    if not said.key:
        words.append("name_missing")
    else:
        words.append(f"name{min(int(likeness * 10), 10)}" if likeness >= 0.3 else "name_unlike")
        best = max(clue.by_name.values(), default=0.0)
        if likeness and likeness >= best:
            ties = sum(value >= best - 0.05 for value in clue.by_name.values())
            words.append("name_best" if ties == 1 else "name_tied")
        elif best - likeness > 0.15:
            words.append("name_of_other")
    return words


def _amount(said: Said, entries: list[Entry], candidate: Candidate, book: Book) -> list[str]:
    if len(entries) > 1:
        words = [f"sum{min(len(entries), 5)}"]
        if any(entry.is_credit for entry in entries):
            words.append("sum_credit")
        return words
    entry = entries[0]
    words = [f"amount_{candidate.relation}"]
    if entry.is_credit:
        words.append("credit_alone")
    if candidate.relation == "exact":
        same = book.by_amount.get(said.cents, ())
        others = len(same)
        words.append(
            "same1"
            if others < 2
            else "same3"
            if others < 4
            else "same9"
            if others < 10
            else "same99"
        )
        if said.cents % 500 == 0:
            words.append("round")
        if abs(entry.left) < abs(entry.cents):
            words.append("exact_rest")
    elif abs(entry.left) < abs(entry.cents):
        words.append("rest_again")
    return words


_LATE = ((-45, "early45"), (-20, "early20"), (-6, "early6"), (6, "due"), (20, "late6"),
         (45, "late20"), (90, "late45"), (180, "late90"))  # fmt: skip


def _claimed(said: Said, entries: list[Entry], history: History) -> list[str]:
    """Whether another line names one of these invoices, and this one does not."""
    for word, claims in (("claimed", history.claims), ("hinted", history.hints)):
        for entry in entries:
            others = claims.get(entry.at)
            if others and said.at not in others:
                return [word]
    return []


def _dates(said: Said, entries: list[Entry], book: Book, history: History) -> list[str]:
    words = []
    late = [(said.day - entry.due).days for entry in entries]
    middle = late[0] if len(late) == 1 else sum(late) // len(late)
    words.append(next((word for most, word in _LATE if middle <= most), "late180"))
    if any(entry.issued > said.day for entry in entries):
        words.append("before_issue")
    if len(entries) > 1:
        spread = max(late) - min(late)
        words.append("spread60" if spread > 60 else "spread30" if spread > 30 else "spread0")
        if _skips(entries, book, said.day):
            words.append("skips_older")
        return words
    entry = entries[0]
    usual = history.lateness.get(entry.contact)
    if usual and len(usual) > 1:
        off = abs(late[0] - sorted(usual)[len(usual) // 2])
        words.append(f"usual{next((most for most in (3, 8, 15, 30) if off <= most), 99)}")
    equal = [
        other for other in book.open_of(entry.contact, sale=entry.sale)
        if other.left == entry.left and other.issued <= said.day
    ] if entry.left == said.cents else []  # fmt: skip
    if len(equal) > 1:
        words.append("equal_oldest" if equal[0] is entry else "equal_later")
    return words


def _skips(entries: list[Entry], book: Book, day: date) -> bool:
    """Whether an older open invoice of the contact, due by now, is left out of the set."""
    inside = {entry.at for entry in entries}
    last = max(entry.due for entry in entries)
    return any(
        other.at not in inside and other.due < last and other.due <= day and not other.is_credit
        for other in book.open_of(entries[0].contact, sale=entries[0].sale)
    )


def _return(said: Said, settled: Settled) -> list[str]:
    words = []
    if "returned" in said.words:
        words.append("return_word")
    if "refund" in said.words:
        words.append("refund_word")
    words.append("return_soon" if (said.day - settled.day).days <= 8 else "return_later")
    if settled.iban and settled.iban == said.iban:
        words.append("return_same_account")
    if settled.text.strip("|") and settled.text.strip("|") in said.text:
        words.append("return_same_text")
    return words
