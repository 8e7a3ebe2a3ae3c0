"""The three-way difference in words: names of its kinds, and what to write to the accountant."""

from datetime import date
from decimal import Decimal

from flask_babel import force_locale
from flask_babel import gettext as _

from billify.domain.accounting.differences import Cash, Difference, Kind
from billify.domain.invoices import InvoiceDirection
from billify.domain.refusal import N_
from billify.web import filters, languages

PARTNER = "Yuki"

KINDS = {
    Kind.PAID: (N_("Paid at the bank, open in %(partner)s"), "warn", "landmark"),
    Kind.SETTLED: (N_("Settled in %(partner)s, open here"), "warn", "circle-check"),
    Kind.TOTAL: (N_("The total differs"), "bad", "scale"),
    Kind.OPEN: (N_("The open amount differs"), "bad", "circle-dashed"),
    Kind.NO_DOCUMENT: (N_("Booked in %(partner)s, no document here"), "neutral", "file-plus"),
    Kind.WAITING: (N_("Booked in %(partner)s, not approved here"), "neutral", "clock"),
    Kind.REJECTED: (N_("Booked in %(partner)s, rejected here"), "bad", "circle-x"),
    Kind.NOT_BOOKED: (N_("Document here, not booked in %(partner)s"), "neutral", "book-open"),
    Kind.UNSEEN: (N_("Paid here, never open in %(partner)s"), "neutral", "book-open"),
}
_HEADS = {
    (InvoiceDirection.PURCHASE, False): N_("Invoice %(number)s of %(contact)s, %(day)s"),
    (InvoiceDirection.PURCHASE, True): N_("Credit note %(number)s of %(contact)s, %(day)s"),
    (InvoiceDirection.SALE, False): N_("Our invoice %(number)s to %(contact)s, %(day)s"),
    (InvoiceDirection.SALE, True): N_("Our credit note %(number)s to %(contact)s, %(day)s"),
}


def name(kind: Kind) -> str:
    """A kind as people call it."""
    return languages.phrase(KINDS[kind][0], {"partner": PARTNER})


def sentence(one: Difference, *, language: str) -> str:
    """What to write to the accountant about a row, in a language of theirs."""
    with force_locale(language):
        return f"{_head(one)}: {_said(one)}"


def of_cash(cash: Cash, *, language: str) -> str:
    """The same about the money in all."""
    with force_locale(language):
        said: str = _(
            "On %(day)s the bank accounts hold %(bank)s euro, and ledger accounts 55 in"
            " %(partner)s come to %(ledger)s euro. Which movements are still to be booked?",
            day=filters.day(cash.day),
            bank=filters.money(cash.bank),
            ledger=filters.money(cash.ledger),
            partner=PARTNER,
        )
    return said


def of_waiting(cash: Cash) -> str:
    """Why bank and ledger are not held against each other yet."""
    said: str = _(
        "Not compared yet. Not read up to %(day)s: %(accounts)s.",
        day=filters.day(cash.day),
        accounts=", ".join(cash.waiting),
    )
    return said


def subject(company: str, day: date, *, language: str) -> str:
    """What such a message is about."""
    with force_locale(language):
        said: str = _(
            "%(company)s: differences with %(partner)s on %(day)s",
            company=company,
            partner=PARTNER,
            day=filters.day(day),
        )
    return said


def further(count: int, *, language: str) -> str:
    """What a message says of the rows that it has no room for."""
    with force_locale(language):
        said: str = _("And %(count)s more: ask us for the whole list.", count=count)
    return said


def _head(one: Difference) -> str:
    amount = one.theirs.total if one.theirs else one.amount
    return languages.phrase(
        _HEADS[one.direction, amount < 0],
        {
            "number": one.number or _("without a number"),
            "contact": one.contact or _("Unknown"),
            "day": filters.day(one.issued),
        },
    )


def _said(one: Difference) -> str:
    words: dict[str, object] = {
        "partner": PARTNER,
        "paid": _money(one.ours.paid if one.ours else None),
        "paid_on": filters.day(one.ours.paid_on) if one.ours and one.ours.paid_on else "–",
        "here": _money(one.ours.open if one.ours else None),
        "total": _money(one.ours.total if one.ours else None),
        "written_off": _money(one.ours.written_off if one.ours else None),
        "too_much": _money(one.theirs.too_much if one.theirs else None),
        "there": _money(one.theirs.open if one.theirs else None),
        "booked": _money(one.theirs.total if one.theirs else None),
        "since": filters.day(one.since),
    }
    return languages.phrase(_sentence(one), words)


def _sentence(one: Difference) -> str:
    is_paid = one.ours is not None and bool(one.ours.paid)
    if one.kind is Kind.OPEN and one.theirs is not None and one.theirs.too_much:
        return _PAID_TOO_MUCH
    if one.kind in _OF_PAYMENTS and one.ours is not None and one.ours.written_off:
        return _WRITTEN_OFF
    if one.kind is Kind.OPEN and is_paid:
        return _PART_PAID
    if one.kind is Kind.NOT_BOOKED and is_paid:
        return _PAID_NOT_BOOKED
    if one.kind is Kind.NOT_BOOKED and one.direction is InvoiceDirection.SALE:
        return _SALE_NOT_BOOKED
    return _SENTENCES[one.kind]


def _money(amount: Decimal | None) -> str:
    return filters.money(amount) or "–"


_SENTENCES = {
    Kind.PAID: N_(
        "%(paid)s euro was paid at the bank on %(paid_on)s, but in %(partner)s %(there)s euro is"
        " still open. Can you book the payment on it?"
    ),
    Kind.SETTLED: N_(
        "settled in %(partner)s on %(since)s, but we find no payment at the bank for the %(here)s"
        " euro that is open with us. How was it settled?"
    ),
    Kind.TOTAL: N_(
        "the document says %(total)s euro, in %(partner)s it is booked for %(booked)s euro. Can"
        " you check the entry?"
    ),
    Kind.OPEN: N_(
        "%(here)s euro is open with us, in %(partner)s %(there)s euro. Can you check what was"
        " booked on it?"
    ),
    Kind.NO_DOCUMENT: N_(
        "booked in %(partner)s for %(booked)s euro, but we have no document of it. Can you send"
        " it to us?"
    ),
    Kind.WAITING: N_(
        "booked in %(partner)s, where %(there)s euro is open; with us it still waits for approval."
    ),
    Kind.REJECTED: N_(
        "booked in %(partner)s, where %(there)s euro is open, but we have rejected it. Can you"
        " take it out, or tell us why it is owed?"
    ),
    Kind.NOT_BOOKED: N_(
        "we have approved it for %(total)s euro, but it is not in %(partner)s. Can you book it, or"
        " tell us what is missing?"
    ),
    Kind.UNSEEN: N_(
        "with us it is settled, for %(total)s euro, but we never saw it open in %(partner)s. Is"
        " it booked?"
    ),
}
_OF_PAYMENTS = frozenset({Kind.PAID, Kind.OPEN})
_PAID_TOO_MUCH = N_(
    "in %(partner)s %(too_much)s euro more was paid on it than it comes to. Can you check the"
    " payments booked on it?"
)
_WRITTEN_OFF = N_(
    "%(paid)s euro was paid at the bank, last on %(paid_on)s, and we have written off"
    " %(written_off)s euro; in %(partner)s %(there)s euro is open. Can you book the same?"
)
_PART_PAID = N_(
    "%(paid)s euro was paid at the bank, last on %(paid_on)s, so %(here)s euro is open; in"
    " %(partner)s %(there)s euro is. Can you check the payments booked on it?"
)
_PAID_NOT_BOOKED = N_(
    "%(paid)s euro was paid at the bank on %(paid_on)s, but the document is not in %(partner)s."
    " Can you book it, or tell us what is missing?"
)
_SALE_NOT_BOOKED = N_(
    "we have issued it for %(total)s euro, but it is not in %(partner)s. Can you book it, or tell"
    " us what is missing?"
)
