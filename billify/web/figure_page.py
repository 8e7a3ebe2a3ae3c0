"""The page of a figure: what its address asks for, and its rows in the person's language."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import g, request, url_for
from flask_babel import gettext as _

from billify.application import figures
from billify.application.figures import Given, Place, Row
from billify.domain.forecast.shapes import Source
from billify.domain.refusal import NotFound
from billify.web import filters, forecast_view, forecast_words, languages
from billify.web.access import today
from billify.web.figures import figure_url
from billify.web.forms import EARLIEST, LATEST

_LONGEST_REF = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown: where it leads, and why it is expected then."""

    what: str
    url: str
    detail: str
    on: date | None
    amount: Decimal
    mark: tuple[str, str] | None
    """A word and an icon that say what kind of row it is."""
    why: str = ""
    is_account: bool = False
    is_credit: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as its page shows it, in the person's language."""

    sheet: figures.Sheet
    title: str
    formula: str
    lines: tuple[Line, ...]
    more_url: str | None
    lacking: tuple[str, str] | None = None
    """What the sum can't hold, in words, and where its own rows are."""


def given() -> Given:
    """What the address asks for. Refuses what can't be read."""
    return Given(
        today=today(),
        currency=_currency(),
        since=_day("since"),
        until=_day("until"),
        account=_key(request.args.get("account")),
        ref=_words("ref"),
        category=_words("category"),
    )


def place() -> Place | None:
    """Where the page of rows begins. Refuses what can't be read."""
    text = request.args.get("after")
    if not text:
        return None
    try:
        part, due, key = text.split("_")
        return Place(max(int(part), 0), date.fromisoformat(due), UUID(key))
    except ValueError:
        raise NotFound from None


def shown(sheet: figures.Sheet) -> Shown:
    """A figure in words."""
    words: dict[str, object] = {
        "since": filters.day(sheet.given.since),
        "until": filters.day(sheet.given.until),
        **sheet.words,
    }
    return Shown(
        sheet,
        languages.phrase(sheet.figure.title, words),
        languages.phrase(sheet.figure.formula),
        tuple(_line(row) for row in sheet.rows),
        _more_url(sheet),
        _lacking(sheet),
    )


def _lacking(sheet: figures.Sheet) -> tuple[str, str] | None:
    if sheet.lacking is None:
        return None
    said = forecast_words.untold(sheet.lacking.count, filters.money(sheet.lacking.total))
    asked = sheet.given
    return said, figure_url(sheet.lacking.figure, currency=asked.currency, ref=asked.ref)


def _line(row: Row) -> Line:
    flow = row.flow
    why = ""
    if flow is not None:
        why = forecast_words.reason(flow.reason, is_ours=flow.source is Source.PURCHASE)
    return Line(
        what=_what(row),
        url=_url(row),
        detail=row.detail,
        on=row.on,
        amount=row.amount,
        mark=_mark(row),
        why=why,
        is_account=row.kind == "account",
        is_credit=row.is_credit,
    )


def _what(row: Row) -> str:
    if row.flow is not None:
        return forecast_words.name(row.flow)
    return str(_(row.what)) if row.is_msgid else row.what or str(_("No name"))


def _url(row: Row) -> str:
    if row.flow is not None:
        return forecast_view.flow_url(row.flow)
    if row.kind == "invoice":
        return url_for("invoices.show", invoice_id=row.id)
    if row.kind == "line":
        return url_for("matching.show", line_id=row.id)
    if row.kind == "account":
        return url_for("banking.index", account=row.id)
    return figure_url("cash_position")


def _mark(row: Row) -> tuple[str, str] | None:
    if row.flow is None or row.kind == "invoice":
        return None
    word, icon = forecast_words.SOURCES[row.flow.source]
    return str(_(word)), icon


def _more_url(sheet: figures.Sheet) -> str | None:
    at, asked = sheet.next, sheet.given
    if at is None:
        return None
    here = figure_url(
        sheet.figure.name,
        currency=asked.currency,
        since=asked.since,
        until=asked.until,
        account=asked.account,
        ref=asked.ref,
        category=asked.category,
    )
    joined = "&" if "?" in here else "?"
    return f"{here}{joined}after={at.part}_{at.due.isoformat()}_{at.id}"


def _currency() -> str:
    asked = request.args.get("currency", "").upper()
    return asked if len(asked) == 3 and asked.isalpha() else str(g.company.currency)


def _words(name: str) -> str | None:
    return request.args.get(name, "")[:_LONGEST_REF].replace("\x00", "") or None


def _day(name: str) -> date | None:
    """A day of the address; one that can't be read, or that no form takes, leads nowhere."""
    text = request.args.get(name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if not EARLIEST <= found <= LATEST:
        raise NotFound
    return found


def _key(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
