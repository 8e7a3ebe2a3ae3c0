"""Invoices chosen by hand for a bank line: found by words, each with its amount and what becomes
of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from billify.data.queries import reconciling as queries
from billify.data.queries.reconciling import Brief, Line
from billify.domain import money
from billify.domain.invoices import InvoiceKind, signed
from billify.domain.matching.settling import Part
from billify.domain.refusal import Refusal
from billify.web import languages, searching
from billify.web.reconcile_view import Offer

ZERO = Decimal(0)
MOST = 100


@dataclass(slots=True)
class Pick:
    """An invoice that can be chosen: what was typed beside it, and what is wrong with that."""

    invoice: Brief
    typed: str
    is_chosen: bool = False
    writes_off: bool = False
    amount: Decimal | None = None
    fault: str | None = None

    @property
    def cash(self) -> Decimal:
        """What it takes of the line: money in above zero."""
        kind, direction = self.invoice.kind, self.invoice.direction
        return signed(self.amount or ZERO, direction=direction, kind=kind)


@dataclass(slots=True)
class Choice:
    """What is offered and chosen for a line, and how far the line goes."""

    words: str
    picks: list[Pick]
    left: Decimal
    faults: list[str] = field(default_factory=list)

    @property
    def chosen(self) -> list[Pick]:
        """The invoices that are ticked."""
        return [one for one in self.picks if one.is_chosen]

    @property
    def taken(self) -> Decimal:
        """What the chosen ones take, with the line's sign."""
        return sum((one.cash for one in self.chosen), ZERO)

    @property
    def rest(self) -> Decimal:
        """What then is left of the line."""
        return self.left - self.taken

    def parts(self) -> list[Part]:
        """The choice as the use case wants it: amounts with the invoice's sign."""
        return [_part(one) for one in self.chosen]

    def refuse(self, sentence: str) -> None:
        """Say above the form what is wrong with it."""
        self.faults.append(sentence)


def first(line: Line, *, left: Decimal, offers: Sequence[Offer]) -> Choice:
    """What is offered at first: the proposals' invoices, then the nearest amounts."""
    ahead = list(dict.fromkeys(part.invoice.id for one in offers for part in one.parts))
    return Choice("", [_pick(one, left) for one in _found(line, left, "", ahead)], left)


def read(line: Line, *, left: Decimal, form: "MultiDict[str, str]") -> Choice:
    """What a person ticked and typed, with a sentence at each mistake."""
    words = searching.words(form, "words")
    ticked = _keys(form)
    picks = [_pick(one, left) for one in _found(line, left, words, ticked)]
    choice = Choice(words, picks, left)
    for pick in picks:
        key = str(pick.invoice.id)
        pick.is_chosen = pick.invoice.id in ticked
        pick.writes_off = form.get(f"rest-{key}") == "off"
        pick.typed = form.get(f"amount-{key}", pick.typed)
        if pick.is_chosen:
            _read_amount(pick)
    if any(one.fault for one in picks):
        choice.refuse(_("Write each amount as 1.234,56."))
    elif form.get("do") == "settle" and not choice.chosen:
        choice.refuse(_("Choose at least one invoice."))
    return choice


def _found(line: Line, left: Decimal, words: str, chosen: Sequence[UUID]) -> list[Brief]:
    return queries.candidates(
        incoming=line.amount > 0,
        currency=line.currency,
        near=abs(left),
        words=words,
        chosen=chosen,
    )


def _pick(invoice: Brief, left: Decimal) -> Pick:
    """Takes what is open, or what the line still has when that is less."""
    amount = min(invoice.open, abs(left)) if invoice.kind is InvoiceKind.INVOICE else invoice.open
    return Pick(invoice, money.show(amount), amount=amount)


def _read_amount(pick: Pick) -> None:
    try:
        pick.amount = abs(money.parse(pick.typed))
    except Refusal as refusal:
        pick.fault, pick.amount = languages.sentence(refusal), None


def _part(pick: Pick) -> Part:
    amount = pick.amount or ZERO
    rest = max(pick.invoice.open - amount, ZERO) if pick.writes_off else ZERO
    sign = -1 if pick.invoice.kind is InvoiceKind.CREDIT_NOTE else 1
    return Part(str(pick.invoice.id), sign * amount, rest)


def _keys(form: "MultiDict[str, str]") -> list[UUID]:
    found: list[UUID] = []
    for text in form.getlist("invoice")[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
