"""The page of the three-way difference: what was asked for, its rows in words, and its file."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from billify.application import differences as use_case
from billify.application import exports as formats
from billify.application.differences import Found
from billify.domain import identity
from billify.domain.accounting import differences as rules
from billify.domain.accounting.differences import Difference, Kind
from billify.domain.invoices import InvoiceDirection
from billify.domain.refusal import NotFound
from billify.domain.roles import Right
from billify.web import access, accounting_words, exports, htmx, keyset, languages
from billify.web.accounting_words import PARTNER
from billify.web.exports import Cell

SIZE = 50
LARGEST = 4_000
LONGEST_SEARCH = 100
LONGEST_MAIL = 1_800
"""Characters of an address that every mail program takes."""
NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English", "de": "Deutsch"}


class Asked(NamedTuple):
    """What an address asks for."""

    kind: Kind | None
    words: str
    language: str
    after: str

    def parts(self, **more: str) -> dict[str, Any]:  # Any: as url_for wants it
        """The parts of the address that shows this."""
        usual = self.language == _own_language()
        found = {
            "kind": self.kind.value if self.kind else "",
            "q": self.words,
            "language": "" if usual else self.language,
            **more,
        }
        return {name: value for name, value in found.items() if value}


class Line(NamedTuple):
    """A row as the template writes it."""

    row: Difference
    label: str
    tone: str
    icon: str
    age: str
    sentence: str
    mail: str


def index() -> Response:
    """The page."""
    asked = _asked()
    return htmx.page("accounting/differences.html", **_shown(use_case.found(), asked))


def rows() -> Response:
    """The list alone: after typing, or the rows behind a place."""
    asked = _asked()
    shown = _shown(use_case.found(), asked)
    if asked.after:
        return htmx.fragment("accounting/_differences_more.html", **shown)
    response = htmx.fragment("accounting/_differences.html", **shown)
    response.headers["HX-Push-Url"] = url_for("accounting.differences", **asked.parts())
    return response


def export() -> Response:
    """What the page shows as a file."""
    asked = _asked()
    kind = formats.file_format(request.form.get("format", ""))
    found = use_case.found()
    chosen = _chosen(found, asked)
    use_case.record_export(
        described=" ".join(filter(None, [asked.kind or "", asked.words])),
        kind=kind.value,
        rows=len(chosen),
        by=access.actor(),
    )
    today = access.today()
    title = g.company.name + " – " + _("Differences with %(partner)s", partner=PARTNER)
    return exports.table(
        _columns(),
        _cells(chosen, asked.language, today),
        kind=kind,
        title=title,
        name=f"{g.company.slug}-{PARTNER.lower()}-{today.isoformat()}",
        cut=_cut() if found.is_cut else None,
    )


def _asked() -> Asked:
    kind = request.args.get("kind", "")
    if kind and kind not in set(Kind):
        raise NotFound
    language = request.args.get("language", "")
    words = " ".join(request.args.get("q", "").replace("\x00", "").split())[:LONGEST_SEARCH]
    return Asked(
        Kind(kind) if kind else None,
        words,
        language if language in languages.LANGUAGES else _own_language(),
        request.args.get("after", ""),
    )


def _own_language() -> str:
    """Sentences are in the language of the company, whoever reads the page."""
    own: str = g.company.language
    return own if own in languages.LANGUAGES else languages.current()


def _shown(found: Found, asked: Asked) -> dict[str, Any]:  # Any: what a template takes
    chosen = _chosen(found, asked)
    first = _place(chosen, asked.after)
    size = keyset.count("size", usual=SIZE, most=LARGEST)
    here = chosen[first : first + size]
    is_more = len(chosen) > first + size
    today = access.today()
    lines = [_line(one, asked, today, found) for one in here]
    more = asked.parts(after=here[-1].key) if is_more else {}
    return {
        "found": found,
        "asked": asked,
        "today": today,
        "partner": PARTNER,
        "lines": lines,
        "so_far": first + len(here),
        "kinds": _kinds(found, asked),
        "cut": _cut() if found.is_cut else None,
        "cash": _cash(found, asked),
        "waiting": _waiting(found),
        "languages": list(NAMES.items()),
        "rows_url": url_for("accounting.difference_rows"),
        "without_kind": url_for("accounting.differences", **asked._replace(kind=None).parts()),
        "kind_name": accounting_words.name(asked.kind) if asked.kind else None,
        "more_url": url_for("accounting.differences", **more) if is_more else None,
        "more_rows_url": url_for("accounting.difference_rows", **more) if is_more else None,
        "export_url": _export_url(asked),
        "whole_mail": _whole_mail(found, chosen, asked),
    }


def _export_url(asked: Asked) -> str | None:
    if not access.actor().can(Right.EXPORT):
        return None
    return url_for("accounting.export_differences", **asked.parts())


def _chosen(found: Found, asked: Asked) -> list[Difference]:
    wanted = identity.search_key(asked.words).split()
    return [
        one
        for one in found.of(asked.kind)
        if all(word in identity.search_key(f"{one.contact} {one.number}") for word in wanted)
    ]


def _place(chosen: list[Difference], after: str) -> int:
    """How many rows stand before the place; one that has gone starts the list anew."""
    return next((at for at, one in enumerate(chosen, 1) if one.key == after), 0)


def _line(one: Difference, asked: Asked, today: date, found: Found) -> Line:
    _label, tone, icon = accounting_words.KINDS[one.kind]
    sentence = accounting_words.sentence(one, language=asked.language)
    return Line(
        one,
        accounting_words.name(one.kind),
        tone,
        icon,
        _age(one.days(today)),
        sentence,
        _mail(found, asked, sentence),
    )


def _age(days: int) -> str:
    said: str = ngettext("%(num)s day", "%(num)s days", days) if days else _("today")
    return said


def _kinds(found: Found, asked: Asked) -> list[tuple[str, str, bool, Any]]:  # Any: a Sum
    """Each kind with its address and what it comes to, of the rows that the words find."""
    return [
        (
            accounting_words.name(kind),
            url_for("accounting.differences", **asked._replace(kind=kind).parts()),
            kind is asked.kind,
            total,
        )
        for kind, total in rules.sums(_chosen(found, asked._replace(kind=None))).items()
    ]


def _cash(found: Found, asked: Asked) -> tuple[str, str] | None:
    """The sentence about the money, and the mail with it; None when bank and ledger agree."""
    if found.money is None or not found.money.cash.missing:
        return None
    sentence = accounting_words.of_cash(found.money.cash, language=asked.language)
    return sentence, _mail(found, asked, sentence)


def _waiting(found: Found) -> str | None:
    """Why bank and ledger can't be compared yet; None when they can."""
    if found.money is None or not found.money.cash.waiting:
        return None
    return accounting_words.of_waiting(found.money.cash)


def _whole_mail(found: Found, chosen: list[Difference], asked: Asked) -> str | None:
    """A mail with the rows that are chosen, as many as a mail program takes; None for no row."""
    if not chosen:
        return None
    said = [accounting_words.sentence(one, language=asked.language) for one in chosen[:SIZE]]
    cash = _cash(found, asked)
    end = [cash[0]] if cash else []
    for kept in range(len(said), 0, -1):
        left = len(chosen) - kept
        more = [accounting_words.further(left, language=asked.language)] if left else []
        address = _mail(found, asked, "\n\n".join([*said[:kept], *more, *end]))
        if len(address) <= LONGEST_MAIL:
            return address
    return None


def _mail(found: Found, asked: Asked, text: str) -> str:
    to = quote(found.sources.accountant or "") if found.sources else ""
    subject = accounting_words.subject(g.company.name, access.today(), language=asked.language)
    return f"mailto:{to}?{urlencode({'subject': subject, 'body': text}, quote_via=quote)}"


def _cut() -> str:
    said: str = _(
        "There is more that may differ than is compared at once. These are the oldest; the others"
        " follow as these are settled."
    )
    return said


def _columns() -> list[tuple[str, int]]:
    return [
        (_("Difference"), 32),
        (_("Purchase or sale"), 12),
        (_("Contact"), 32),
        (_("Number"), 16),
        (_("Invoice date"), 12),
        (_("Due date"), 12),
        (_("Paid at the bank"), 14),
        (_("Last paid on"), 12),
        (_("Total here"), 14),
        (_("Open here"), 14),
        (_("Total in %(partner)s", partner=PARTNER), 14),
        (_("Open in %(partner)s", partner=PARTNER), 14),
        (_("Settled in %(partner)s on", partner=PARTNER), 14),
        (_("Differs by"), 14),
        (_("Since"), 12),
        (_("Days"), 8),
        (_("To the accountant"), 80),
    ]


def _cells(chosen: list[Difference], language: str, today: date) -> Iterator[list[Cell]]:
    sides = {InvoiceDirection.PURCHASE: _("Purchase"), InvoiceDirection.SALE: _("Sale")}
    names = {kind: accounting_words.name(kind) for kind in Kind}
    for one in chosen:
        ours, theirs = one.ours, one.theirs
        yield [
            names[one.kind],
            sides[one.direction],
            one.contact,
            one.number,
            one.issued,
            one.due,
            ours.paid if ours else None,
            ours.paid_on if ours else None,
            ours.total if ours else None,
            ours.open if ours else None,
            theirs.total if theirs else None,
            theirs.open if theirs else None,
            theirs.settled_on if theirs else None,
            one.amount,
            one.since,
            str(one.days(today)),
            accounting_words.sentence(one, language=language),
        ]
