"""The board as its template writes it: what the address asks for, rows in order, links, marks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from billify.application.board import Row, Stale
from billify.data.queries.board import MOST_LINES
from billify.domain import identity
from billify.domain.refusal import N_
from billify.domain.roles import Right
from billify.web import filters, searching, words


class View(StrEnum):
    """Which companies are shown."""

    ALL = "all"
    TO_DO = "to_do"
    LOW = "low"
    STALE = "stale"


class Sort(StrEnum):
    """What they are ordered by."""

    NAME = "name"
    POSITION = "position"
    LOWEST = "lowest"
    DAY = "day"
    TO_DO = "to_do"
    ACTIVE = "active"


VIEWS = {
    View.ALL: N_("All"),
    View.TO_DO: N_("With work waiting"),
    View.LOW: N_("Below the floor"),
    View.STALE: N_("Not up to date"),
}
HEADS = {
    Sort.NAME: N_("Company"),
    Sort.POSITION: N_("Position"),
    Sort.LOWEST: N_("Lowest in 13 weeks"),
    Sort.DAY: N_("On"),
    Sort.TO_DO: N_("To do"),
    Sort.ACTIVE: N_("Last activity"),
}
_FIRST_DOWN = frozenset({Sort.POSITION, Sort.TO_DO, Sort.ACTIVE})
"""These start with the largest or newest; a low balance is worth more worry than a high one."""
_IN: dict[View, Callable[[Row], bool]] = {
    View.ALL: lambda _row: True,
    View.TO_DO: lambda row: row.to_do > 0,
    View.LOW: lambda row: row.is_below_floor,
    View.STALE: lambda row: row.stale.is_any,
}
# Any: values of one column, which can be compared with each other
_BY: dict[Sort, Callable[[Row], Any]] = {
    Sort.NAME: lambda row: identity.search_key(row.name),
    Sort.POSITION: lambda row: row.position,
    Sort.LOWEST: lambda row: row.ahead.lowest if row.ahead else None,
    Sort.DAY: lambda row: row.ahead.lowest_on if row.ahead else None,
    Sort.TO_DO: lambda row: row.to_do if row.sees_money else None,
    Sort.ACTIVE: lambda row: row.active_at,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, understood; what makes no sense in it is left out."""

    words: str = ""
    view: View = View.ALL
    sort: Sort = Sort.NAME
    is_descending: bool = False

    def url(self, **changed: str | None) -> str:
        """The address of the board with this changed; what is usual goes without saying."""
        parts: dict[str, Any] = {  # Any: as url_for has it
            "q": self.words or None,
            "view": self.view.value if self.view is not View.ALL else None,
            "sort": self.sort_part,
            **changed,
        }
        return url_for("board.index", **{name: value for name, value in parts.items() if value})

    @property
    def sort_part(self) -> str | None:
        """The order as the address says it."""
        part = ("-" if self.is_descending else "") + self.sort.value
        return part if part != Sort.NAME.value else None


class Mark(NamedTuple):
    """A word with its tone and icon, and where it leads."""

    label: str
    tone: str
    icon: str
    href: str | None


class Task(NamedTuple):
    """Something that waits: how many, and where it is done."""

    label: str
    href: str


class Head(NamedTuple):
    """A column that sorts."""

    label: str
    href: str
    direction: str | None
    is_number: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One company as the template writes it."""

    row: Row
    href: str
    position_href: str
    others: tuple[tuple[str, Decimal, str], ...]
    ahead_href: str
    marks: tuple[Mark, ...]
    tasks: tuple[Task, ...]


def asked(args: Mapping[str, str]) -> Asked:
    """Understand an address."""
    sort = args.get("sort", "")
    name = sort.removeprefix("-")
    return Asked(
        words=searching.words(args),
        view=_one_of(View, args.get("view", ""), View.ALL),
        sort=_one_of(Sort, name, Sort.NAME),
        is_descending=sort.startswith("-") and name in {one.value for one in Sort},
    )


def shown(rows: Sequence[Row], wanted: Asked) -> list[Row]:
    """The rows that are asked for, in order; those without a value come last either way."""
    found = [row for row in named(rows, wanted) if _IN[wanted.view](row)]
    by = _BY[wanted.sort]
    known = [row for row in found if by(row) is not None]
    known.sort(key=by, reverse=wanted.is_descending)
    return known + [row for row in found if by(row) is None]


def named(rows: Sequence[Row], wanted: Asked) -> list[Row]:
    """The rows whose name holds every word that was typed."""
    typed = identity.search_key(wanted.words).split()
    return [row for row in rows if all(word in identity.search_key(row.name) for word in typed)]


def tabs(rows: Sequence[Row], wanted: Asked) -> list[tuple[str, str, bool, int | None]]:
    """The views, with how many companies stand in each."""
    found = named(rows, wanted)
    return [
        (
            words.text(label),
            wanted.url(view=view.value if view is not View.ALL else None),
            view is wanted.view,
            sum(map(_IN[view], found)) or None,
        )
        for view, label in VIEWS.items()
    ]


def heads(wanted: Asked) -> list[Head]:
    """The columns; a press on the one that sorts already turns it round."""
    return [_head(sort, wanted) for sort in HEADS]


def line(row: Row) -> Line:
    """A company with its links, marks and tasks."""
    home = url_for("home.index", company=row.slug)
    figure = url_for("home.figure", company=row.slug, name="cash_position")
    weeks = "cash_flow.weeks"
    is_there = weeks in current_app.view_functions
    return Line(
        row=row,
        href=home,
        position_href=figure,
        others=tuple((code, amount, f"{figure}?currency={code}") for code, amount in row.others),
        ahead_href=url_for(weeks, company=row.slug) if is_there else home,
        marks=tuple(_marks(row)),
        tasks=tuple(_tasks(row, home)),
    )


def _head(sort: Sort, wanted: Asked) -> Head:
    is_this = sort is wanted.sort
    is_descending = not wanted.is_descending if is_this else sort in _FIRST_DOWN
    part = ("-" if is_descending else "") + sort.value
    direction = ("descending" if wanted.is_descending else "ascending") if is_this else None
    href = wanted.url(sort=part if part != Sort.NAME.value else None)
    is_number = sort in (Sort.POSITION, Sort.LOWEST)
    return Head(words.text(HEADS[sort]), href, direction, is_number)


def _marks(row: Row) -> list[Mark]:
    """What is behind, the most urgent first; one word when nothing is."""
    if not row.sees_money:
        return []
    stale = row.stale
    bank = url_for("banking.index", company=row.slug)
    if row.can(Right.MANAGE_COMPANY):
        bank = url_for("connections.index", company=row.slug)
    found = _bank_marks(stale, bank)
    if row.ahead is None:
        found.append(Mark(_("No forecast yet"), "neutral", "hourglass", None))
    elif stale.forecast_of is not None:
        said = _("Forecast of %(day)s", day=filters.day(stale.forecast_of))
        found.append(Mark(said, "warn", "history", None))
    elif stale.is_being_made:
        found.append(Mark(_("Forecast is made anew"), "neutral", "refresh-cw", None))
    return found or [Mark(_("Up to date"), "good", "circle-check", None)]


def _bank_marks(stale: Stale, href: str) -> list[Mark]:
    found = []
    if stale.reconnect:
        found.append(Mark(_("Connect again"), "bad", "circle-alert", href))
    days = stale.consent_days
    if days is not None and days < 0:
        found.append(Mark(_("Consent ended"), "bad", "circle-alert", href))
    elif days is not None:
        left = ngettext("Consent ends in %(num)s day", "Consent ends in %(num)s days", days)
        found.append(Mark(left, "warn", "hourglass", href))
    if stale.bank_since is not None and not found:
        found.append(Mark(_since(stale.bank_since), "warn", "history", href))
    if stale.not_told_since is not None:
        found.append(Mark(_since(stale.not_told_since), "warn", "history", href))
    return found


def _since(moment: datetime) -> str:
    return str(_("Bank of %(moment)s", moment=filters.moment(moment)))


def _tasks(row: Row, home: str) -> list[Task]:
    one, slug = row.counts, row.slug
    purchases = url_for("purchases.index", company=slug)
    lines = _("%(count)s bank lines", count=f"{MOST_LINES}+")
    if one.lines <= MOST_LINES:
        lines = ngettext("%(num)s bank line", "%(num)s bank lines", one.lines)
    found = [
        (
            one.to_check,
            ngettext("%(num)s to check", "%(num)s to check", one.to_check),
            f"{purchases}?view=to_check",
        ),
        (
            one.to_approve,
            ngettext("%(num)s to approve", "%(num)s to approve", one.to_approve),
            f"{purchases}?view=to_approve",
        ),
        (
            one.sales_to_check,
            ngettext("%(num)s sale to check", "%(num)s sales to check", one.sales_to_check),
            url_for("sales.index", company=slug, view="to_check"),
        ),
        (one.lines, lines, url_for("matching.index", company=slug)),
        (one.alerts, ngettext("%(num)s alert", "%(num)s alerts", one.alerts), home),
        (
            row.unread,
            ngettext("%(num)s notification", "%(num)s notifications", row.unread),
            url_for("notifications.index", company=slug),
        ),
    ]
    return [Task(label, href) for count, label, href in found if count]


def _one_of(kind: type[Any], text: str, usual: Any) -> Any:  # Any: a member of the given enum
    return kind(text) if text in {one.value for one in kind} else usual


def note(today: date, found: int, of: int) -> str:
    """What stands under the title, on paper too: of which day, and how many of how many."""
    day = filters.day(today)
    if found == of:
        return str(
            ngettext("%(num)s company on %(day)s", "%(num)s companies on %(day)s", of, day=day)
        )
    return str(_("%(found)s of %(count)s companies on %(day)s", found=found, count=of, day=day))
