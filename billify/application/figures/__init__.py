"""The registry of figures: an amount on a screen or on paper, and the rows that sum to it.

Each figure is a name, the parameters it takes, the rows and their sum. Cards, lists, reports and
exports ask here, so that none of them can differ. What is expected comes from the stored forecast.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from billify.application import cash_flow
from billify.application.figures import of_accounts, of_budget, of_forecast, of_invoices
from billify.application.figures.shapes import (
    Asked,
    Built,
    Figure,
    Given,
    Lacking,
    Part,
    Place,
    Row,
    Sheet,
)
from billify.data.queries import cash_flow as queries
from billify.domain.refusal import NotFound

__all__ = ["REGISTRY", "Figure", "Given", "Place", "Row", "Sheet", "every_row", "find", "opened"]

#: Every figure by its name.
REGISTRY: Mapping[str, Figure] = MappingProxyType(
    {
        one.name: one
        for room in (of_accounts, of_invoices, of_forecast, of_budget)
        for one in room.FIGURES
    }
)


def find(name: str) -> Figure:
    """The figure of a name. Refuses an unknown one."""
    figure = REGISTRY.get(name)
    if figure is None:
        raise NotFound
    return figure


def opened(*, name: str, given: Given, after: Place | None = None) -> Sheet:
    """A figure with its sum and a page of rows. Refuses when a parameter is missing."""
    figure = find(name)
    if any(getattr(given, wanted) is None for wanted in figure.takes):
        raise NotFound
    held = cash_flow.position(currency=given.currency)
    built = figure.build(Asked(given, held))
    sums = [part.total() for part in built.parts]
    rows, place = _page(built.parts, after)
    return Sheet(
        figure=figure,
        given=given,
        held=held,
        total=sum((amount for amount, _ in sums), Decimal("0.00")),
        count=sum(count for _, count in sums),
        rows=rows,
        next=place,
        words=dict(built.words),
        made_at=built.made_at,
        is_stale=built.is_stale,
        lacking=_lacking(built),
    )


def every_row(*, name: str, given: Given) -> Iterator[Row]:
    """All rows of a figure, page by page."""
    sheet = opened(name=name, given=given)
    yield from sheet.rows
    while sheet.next is not None:
        sheet = opened(name=name, given=given, after=sheet.next)
        yield from sheet.rows


def _lacking(built: Built) -> Lacking | None:
    """What the figure can't hold; None when there is nothing."""
    if built.lacking is None:
        return None
    name, part = built.lacking
    total, count = part.total()
    return Lacking(name, total, count) if count else None


def _page(parts: Sequence[Part], after: Place | None) -> tuple[list[Row], Place | None]:
    """Rows of the part that `after` lies in, then of those behind it, until a page is full."""
    rows: list[Row] = []
    first = after.part if after else 0
    for at in range(first, len(parts)):
        room = queries.ROWS_AT_ONCE - len(rows)
        found = parts[at].page(after if at == first else None, room + 1)
        rows += [row for row, _ in found[:room]]
        if len(found) > room:
            return rows, replace(found[room - 1][1], part=at) if room else Place(at)
    return rows, None
