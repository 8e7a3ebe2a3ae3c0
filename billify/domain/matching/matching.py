"""The pass over a company's bank lines: oldest first, each line against what is open by then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from billify.domain.matching import (
    candidates,
    certainty,
    probability,
    reading,
    sentences,
    transfers,
    weighing,
)
from billify.domain.matching.amounts import SETTLING
from billify.domain.matching.book import Book, Settled
from billify.domain.matching.candidates import Candidate, Clues, Links
from billify.domain.matching.reading import Said
from billify.domain.matching.values import (
    Case,
    Evidence,
    Link,
    Match,
    MatchKind,
    Proposal,
    Settlement,
    seen,
)
from billify.domain.matching.weighing import History

MOST_PROPOSALS = 3
WORTH_SHOWING = 0.05
"""Less likely proposals only stand in the way."""

_SETTLING_KINDS = {
    "fee": MatchKind.FEE,
    "fee_round": MatchKind.FEE,
    "rounding": MatchKind.ROUNDING,
    "discount_agreed": MatchKind.AGREED_DISCOUNT,
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A movement's candidates with their words; those of "no invoice" stand apart."""

    said: Said
    clue: Clues
    candidates: list[Candidate]
    words: list[list[str]]
    none: list[str]


class Matcher:
    """One company's case, walked through in order of date.

    `weighed` gives each movement's candidates; the caller says with `settle` what became of it
    before the next one is asked. `match` does so by itself; training does it by the truth.
    """

    def __init__(self, case: Case) -> None:
        """Index the invoices and read every line once."""
        self.book = Book(case.invoices, case.contacts)
        self.history = History()
        self.rejected = case.rejected
        order = sorted(case.movements, key=lambda one: (one.day, one.id))
        self.said = [
            reading.take_apart(at, one, self.book.by_reference) for at, one in enumerate(order)
        ]
        self.transfers = transfers.pairs(self.said, own_accounts=case.own_accounts)
        self._reserved: dict[int, int] = {}
        for one in case.settled:
            self._remember(one)
        self._claim()

    def weighed(self, said: Said) -> Weighed:
        """The candidates of a movement as things stand."""
        clue = candidates.clues(said, self.book)
        found = [
            one
            for one in candidates.propose(said, self.book, clue)
            if not self._is_barred(said, one, clue)
        ]
        words = [weighing.of_candidate(said, one, clue, self.book, self.history) for one in found]
        together = {at for one in found if len(one.links) > 1 for at, _ in one.links}
        for one, its in zip(found, words, strict=True):
            if one.relation not in ("exact", "sum") and one.links[0][0] in together:
                its.append("explained")
        none = weighing.of_none(said, clue, self.book, self.history)
        return Weighed(said, clue, found, words, none)

    def settle(self, said: Said, candidate: Candidate | None) -> None:
        """Write down what a movement settled, so that later ones see what is left."""
        if candidate is None:
            self.history.without[said.iban or said.key] += 1
            return
        for at, cents in candidate.links:
            self.book.move(at, cents)
        if not candidate.undoes:
            self._note(said, candidate.links)

    def _remember(self, one: Settlement) -> None:
        """What an earlier line settled; the book counts it already."""
        said = reading.take_apart(-1, one.movement, self.book.by_reference)
        known = [(self.book.place_of(link.invoice_id), link.amount) for link in one.links]
        links = tuple(
            (at, int(amount.scaleb(2)) * (1 if self.book.entries[at].sale else -1))
            for at, amount in known
            if at is not None
        )
        if links:
            self._note(said, links)

    def _note(self, said: Said, links: Links) -> None:
        text = f"{said.field or ''}|{said.text}"
        settled = Settled(said.at, said.cents, said.day, said.iban, said.key, text, links)
        self.book.settled[said.cents].append(settled)
        self.history.settled[said.iban or said.key, said.cents].append(settled)
        contacts = {self.book.entries[at].contact for at, _ in links}
        if len(contacts) == 1:
            contact = contacts.pop()
            self.book.learn(said.iban, contact)
            late = self.history.lateness[contact]
            late.append((said.day - self.book.entries[links[0][0]].due).days)
            del late[:-9]

    def _is_barred(self, said: Said, candidate: Candidate, clue: Clues) -> bool:
        """Refused by a person, or kept for a later line with the reference and the amount.

        Before that one only a line goes that has the reference too, or the number and the amount.
        """
        return any(
            (said.id, self.book.entries[at].id) in self.rejected
            or (
                self._reserved.get(at, -1) > said.at
                and at not in clue.referred
                and (clue.grade(at) is None or candidate.relation not in ("exact", "sum"))
            )
            for at, _ in candidate.links
        )

    def _claim(self) -> None:
        """Note which lines name open invoices and pay just those: others have to stand back."""
        for said in self.said:
            if said.id not in self.transfers:
                strong, weak, referred = _named(said, self.book)
                if referred is not None:
                    self._reserved.setdefault(referred, said.at)
                for at in strong:
                    self.history.claims[at].add(said.at)
                for at in weak:
                    self.history.hints[at].add(said.at)


def match(case: Case) -> list[Match]:
    """Match a company's movements with its invoices; answers in order of date."""
    return list(_walk(Matcher(case)))


def _walk(matcher: Matcher) -> Iterator[Match]:
    by = probability.weights()
    for said in matcher.said:
        if said.id in matcher.transfers:
            pair = matcher.transfers[said.id]
            why = (Evidence("own_transfer"),)
            yield Match(said.id, MatchKind.TRANSFER, is_sure=True, pair=pair, evidence=why)
            continue
        yield _answer(matcher, matcher.weighed(said), by)


def _answer(matcher: Matcher, weighed: Weighed, by: Mapping[str, float]) -> Match:
    said = weighed.said
    scores = [probability.score(words, by) for words in weighed.words]
    none = probability.score(weighed.none, by)
    shares = probability.shares([*scores, none])
    beyond_doubt = certainty.by_reference(
        said, weighed.candidates, none=weighed.none, book=matcher.book
    )
    if beyond_doubt is not None:
        shares[beyond_doubt] = max(shares[beyond_doubt], certainty.SURE)
    ranked = sorted(range(len(scores)), key=lambda at: (at != beyond_doubt, -shares[at]))
    best = ranked[0] if ranked else None
    chosen, is_sure = None, False
    if best is not None and shares[best] >= certainty.TAKEN:
        chosen = weighed.candidates[best]
        is_sure = best == beyond_doubt or certainty.is_sure(
            weighed.words[best],
            chosen,
            shares[best],
            none=weighed.none,
            book=matcher.book,
        )
    proposals = tuple(
        _proposal(weighed, at, shares[at], matcher.book)
        for at in ranked[:MOST_PROPOSALS]
        if shares[at] >= WORTH_SHOWING
    )
    matcher.settle(said, chosen)
    if chosen:
        return Match(said.id, proposals[0].kind, proposals, is_sure)
    why = _why_none(weighed, matcher)
    return Match(said.id, MatchKind.PAID_TWICE if why else MatchKind.NONE, proposals, evidence=why)


def _why_none(weighed: Weighed, matcher: Matcher) -> tuple[Evidence, ...]:
    """Why a line that looks like a payment settles nothing: it was paid before."""
    book = matcher.book
    again = weighing.again(weighed.said, matcher.history)
    if again and "none_again" in weighed.none:
        number = book.entries[again.links[0][0]].number
        return (Evidence("again", {"day": f"{again.day:%d/%m/%Y}", "number": number}),)
    if "none_settled" in weighed.none:
        paid = [at for at in weighed.clue.named() if not book.entries[at].left]
        return (Evidence("already_paid", {"number": book.entries[paid[0]].number}),)
    return ()


def _proposal(weighed: Weighed, at: int, share: float, book: Book) -> Proposal:
    candidate = weighed.candidates[at]
    links = tuple(
        Link(book.entries[at].id, seen(cents if book.entries[at].sale else -cents))
        for at, cents in candidate.links
    )
    evidence = sentences.of(
        weighed.words[at],
        said=weighed.said,
        clue=weighed.clue,
        candidate=candidate,
        book=book,
        weights=probability.weights(),
    )
    return Proposal(links, kind_of(candidate, book), share, evidence)


def kind_of(candidate: Candidate, book: Book) -> MatchKind:
    """The kind of match a candidate would be."""
    entries = [book.entries[at] for at, _ in candidate.links]
    if candidate.undoes:
        return MatchKind.RETURNED
    if len(entries) > 1:
        credit = any(entry.is_credit for entry in entries)
        return MatchKind.NETTED if credit else MatchKind.SEVERAL
    if entries[0].is_credit:
        return MatchKind.REFUND
    relation = candidate.relation
    if relation in SETTLING:
        return _SETTLING_KINDS.get(relation, MatchKind.DISCOUNT)
    if relation.startswith("part"):
        return MatchKind.PARTIAL
    return MatchKind.EXACT if relation == "exact" else MatchKind.OVER


def _named(said: Said, book: Book) -> tuple[list[int], list[int], int | None]:
    """Open invoices a line names and pays in full: beyond doubt, in any way, by reference."""
    clue = candidates.clues(said, book)
    named = {
        at: grade for at, grade in [*clue.referred.items(), *clue.quoted.items()]
        if grade != "near" and not grade.startswith("other")
        and (book.entries[at].left > 0) is (said.cents > 0)
    }  # fmt: skip
    exact = [at for at in named if book.entries[at].left == said.cents]
    strong = [at for at in exact if at in clue.referred or named[at] in candidates.STRONG]
    if not exact and len(named) > 1:
        for group in candidates.adding_up([book.entries[at] for at in named], said.cents, most=2):
            strong += [entry.at for entry in group]
    referred = [at for at in exact if at in clue.referred]
    return strong, exact, referred[0] if len(referred) == 1 else None
