"""The reconciliation screen as templates write it: what the address asks for, lines with their
proposals, and evidence as sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from billify.application import reconciling
from billify.data.queries import cash_flow
from billify.data.queries import reconciling as queries
from billify.data.queries.reconciling import Brief, Filter, Line, Paid, Suggested, View
from billify.domain import money
from billify.domain.banking import WAITING, MatchState
from billify.domain.invoices import InvoiceKind, shown, signed
from billify.domain.matching import MatchKind
from billify.domain.matching.sentences import SENTENCES
from billify.domain.refusal import N_, NotFound, Refusal
from billify.web import category_choices, keyset, searching, words

SIZE = 50
MOST_KEPT = 200
MOST_ROWS = 500
SEARCHED = timedelta(days=92)
"""How far a search among settled lines looks back."""
ZERO = Decimal(0)
Address = dict[str, Any]  # Any: as url_for has it, which also takes flags of its own

VIEWS = {
    View.TO_DO: N_("To do"),
    View.PROPOSED: N_("With a proposal"),
    View.UNMATCHED: N_("Without a proposal"),
    View.SETTLED: N_("Settled"),
    View.ALL: N_("All"),
}
_SURE = (
    (Decimal("0.97"), N_("Almost certain"), "good", "circle-check"),
    (Decimal("0.85"), N_("Very likely"), "good", "check"),
    (Decimal("0.5"), N_("Likely"), "accent", "check"),
    (Decimal(0), N_("Possible"), "warn", "circle-dashed"),
)
_KINDS = {
    MatchKind.SEVERAL: N_("Several invoices at once"),
    MatchKind.NETTED: N_("With a credit note taken off"),
    MatchKind.PARTIAL: N_("Part of the invoice"),
    MatchKind.OVER: N_("More than is open"),
    MatchKind.DISCOUNT: N_("Less than is open"),
    MatchKind.AGREED_DISCOUNT: N_("With the agreed discount"),
    MatchKind.FEE: N_("Less than is open"),
    MatchKind.ROUNDING: N_("Rounded"),
    MatchKind.REFUND: N_("Credit note paid back"),
    MatchKind.RETURNED: N_("A payment that came back"),
}
_LETS_GO = (MatchKind.ROUNDING, MatchKind.AGREED_DISCOUNT)
_LEAVES_REST = (*_LETS_GO, MatchKind.FEE, MatchKind.DISCOUNT)


class Reason(NamedTuple):
    """One piece of evidence as a sentence; some speak against."""

    text: str
    is_for: bool


class Part(NamedTuple):
    """An invoice of a proposal or a payment, with what goes to it."""

    invoice: Brief
    amount: Decimal
    open: Decimal


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal: what it would settle, how sure that is, and why."""

    seen: str
    rank: int
    parts: list[Part]
    sure: tuple[str, str, str]
    kind: str | None
    reasons: list[Reason]
    rest: Decimal
    stays: Decimal
    lets_go: bool

    @property
    def first_reasons(self) -> list[Reason]:
        """The few that a row has room for: what speaks for it, and the worst against."""
        speaks = [one for one in self.reasons if one.is_for][:3]
        return speaks + [one for one in self.reasons if not one.is_for][:1]


@dataclass(frozen=True, slots=True)
class Row:
    """A bank line with everything the screen says about it."""

    line: Line
    offers: list[Offer]
    paid: list[Paid]

    @property
    def is_waiting(self) -> bool:
        """Whether someone should still look at it."""
        return self.line.match_state in WAITING

    @property
    def best(self) -> Offer | None:
        """The likeliest proposal of a line that waits."""
        return self.offers[0] if self.offers and self.is_waiting else None

    @property
    def category(self) -> str | None:
        """What it was for, when it settles no invoice."""
        given = self.line.category
        return category_choices.name(given, self.line.category_code) if given else None

    @property
    def left(self) -> Decimal:
        """What of the line settles nothing, with the line's sign."""
        return self.line.amount - sum((_cash(one) for one in self.standing), ZERO)

    @property
    def standing(self) -> list[Paid]:
        """What it settles and was not taken back."""
        return [one for one in self.paid if one.undone_at is None]

    @property
    def undone(self) -> list[Paid]:
        """What it settled once; the evidence is kept."""
        return [one for one in self.paid if one.undone_at is not None]

    @property
    def is_automatic(self) -> bool:
        """Whether evidence alone settled it."""
        return all(one.by is None for one in self.standing)

    @property
    def by(self) -> str:
        """Who settled it, when people did."""
        return ", ".join(dict.fromkeys(one.by for one in self.standing if one.by))

    @property
    def why(self) -> list[Reason]:
        """The evidence on which it was settled."""
        return self.reasons_of(self.standing[0]) if self.standing else []

    @staticmethod
    def reasons_of(one: Paid) -> list[Reason]:
        """The evidence of one part, taken back or not."""
        found = one.evidence.get("reasons") if isinstance(one.evidence, dict) else None
        return reasons(found) if isinstance(found, list) else []


class Tab(NamedTuple):
    """A view with its address and how many lines stand in it."""

    label: str
    href: str
    is_current: bool
    many: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of lines and everything round it."""

    wanted: Filter
    typed: str
    rows: list[Row]
    tabs: list[Tab]
    accounts: list[tuple[str, str]]
    categories: list[tuple[str, str]]
    here: Address
    more: Address | None
    so_far: int
    is_searched_back: bool

    @property
    def is_waiting_view(self) -> bool:
        """Whether its lines can be marked and dealt with together."""
        return self.wanted.view in (View.TO_DO, View.PROPOSED, View.UNMATCHED)


def listing(*, today: date) -> Listing:
    """What the address asks for."""
    wanted, typed = asked(request.args, today=today)
    place, size = keyset.day_and_id(), keyset.count("size", usual=SIZE, most=MOST_ROWS)
    found = queries.lines(wanted, after=place, size=SIZE if place else size)
    shown_lines = found[: SIZE if place else size]
    is_waiting = wanted.view in (View.TO_DO, View.PROPOSED, View.UNMATCHED)
    here = parts(request.args)
    more = {**here, "after": _after(shown_lines[-1])} if len(found) > len(shown_lines) else None
    return Listing(
        wanted=wanted,
        typed=typed,
        rows=rows(shown_lines),
        tabs=tabs(wanted, here),
        accounts=[("", _("All accounts"))]
        + [(str(one.id), one.name) for one in cash_flow.accounts()],
        categories=category_choices.offered() if is_waiting else [],
        here=here,
        more=more,
        so_far=len(shown_lines) + (keyset.count("so_far", usual=0, most=MOST_ROWS) if place else 0),
        is_searched_back=bool(wanted.since),
    )


def asked(given: "MultiDict[str, str]", *, today: date) -> tuple[Filter, str]:
    """The filter of an address, and what was typed to search. Strange keys are not found."""
    typed = searching.words(given)
    try:
        view = View(given.get("view") or View.TO_DO)
        account = UUID(given["account"]) if given.get("account") else None
        kept = tuple(UUID(one) for one in given.getlist("keep")[:MOST_KEPT])
    except ValueError:
        raise NotFound from None
    looks_back = bool(typed) and view in (View.SETTLED, View.ALL)
    since = today - SEARCHED if looks_back else None
    return Filter(view, account, since, typed, _amount(typed), kept), typed


def parts(given: "MultiDict[str, str]") -> Address:
    """The parts of an address that make a list; they go along with every action."""
    return {
        key: given[key][: searching.LONGEST_SEARCH]
        for key in ("view", "account", "q")
        if given.get(key)
    }


def tabs(wanted: Filter, here: Address) -> list[Tab]:
    """The views, each keeping the other filters; what waits is counted."""
    counts = queries.counts()
    kept = {key: value for key, value in here.items() if key != "view"}
    return [
        Tab(
            words.text(label),
            url_for(
                "matching.index", **(kept if view is View.TO_DO else {"view": view.value, **kept})
            ),
            view is wanted.view,
            _many(counts.get(view, 0)),
        )
        for view, label in VIEWS.items()
    ]


def rows(lines: Sequence[Line], *, with_undone: bool = False) -> list[Row]:
    """Lines with their proposals, or with what they settle."""
    proposed = [one.id for one in lines if one.match_state is MatchState.PROPOSED]
    settled = [one.id for one in lines if one.match_state is MatchState.MATCHED or with_undone]
    offers = queries.suggested(proposed)
    paid = queries.paid(settled, with_undone=with_undone)
    return [
        Row(
            one, [_offer(each, one.amount) for each in offers.get(one.id, [])], paid.get(one.id, [])
        )
        for one in lines
    ]


def row(line_id: UUID, *, with_undone: bool = False) -> Row:
    """One line with everything about it."""
    found = queries.line(line_id)
    if found is None:
        raise NotFound
    return rows([found], with_undone=with_undone)[0]


def reasons(evidence: Iterable[Any]) -> list[Reason]:  # Any: JSON
    """Evidence as sentences, in its order; what has no sentence stays silent."""
    found: list[Reason] = []
    for one in evidence:
        sentence = SENTENCES.get(str(one.get("code"))) if isinstance(one, dict) else None
        if sentence:
            text = words.text(sentence, **one.get("values", {}))
            found.append(Reason(text, float(one.get("weight", 0)) >= 0))
    return found


def sure(probability: Decimal) -> tuple[str, str, str]:
    """How sure a proposal is: words, tone and icon."""
    label, tone, icon = next(
        (label, tone, icon) for least, label, tone, icon in _SURE if probability >= least
    )
    return words.text(label), tone, icon


def _offer(one: Suggested, amount: Decimal) -> Offer:
    found = [
        Part(invoice, part, shown(invoice.open, kind=invoice.kind)) for invoice, part in one.parts
    ]
    kind = MatchKind(one.kind)
    taken = sum(
        (
            signed(part, direction=invoice.direction, kind=InvoiceKind.INVOICE)
            for invoice, part in one.parts
        ),
        ZERO,
    )
    rest = sum((max(part.invoice.open - abs(part.amount), ZERO) for part in found), ZERO)
    return Offer(
        seen=reconciling.shown(one.links),
        rank=one.rank,
        parts=found,
        sure=sure(one.probability),
        kind=words.text(_KINDS[kind]) if kind in _KINDS else None,
        reasons=reasons(one.evidence),
        rest=rest if kind in _LEAVES_REST else ZERO,
        stays=amount - taken if kind is MatchKind.OVER else ZERO,
        lets_go=kind in _LETS_GO,
    )


def _cash(one: Paid) -> Decimal:
    """What a part of a line was at the bank."""
    bare = signed(one.amount, direction=one.invoice.direction, kind=one.invoice.kind)
    return -bare if one.reopens else bare


def _amount(typed: str) -> Decimal | None:
    """An amount typed to search for: one with cents, so that a number in a message stays words."""
    if "," not in typed:
        return None
    try:
        return abs(money.parse(typed))
    except Refusal:
        return None


def _many(count: int) -> str | None:
    if count > queries.MOST_COUNTED:
        return f"{queries.MOST_COUNTED}+"
    return str(count) if count else None


def _after(last: Line) -> str:
    return keyset.after(last.booked_on, last.id)
