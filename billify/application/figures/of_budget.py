"""Figures of a budget's year: what moved without a category."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from billify.application.figures.shapes import Asked, Built, Figure, Place, Row
from billify.data.queries import budgets as queries
from billify.data.queries.budgets import Line, Wanted
from billify.domain.refusal import N_

_DAYS = ("since", "until")
_WHICH = N_("Booked lines without a category in these days that settle invoices.")
_UNSORTED = N_(
    "Booked lines in these days that have no category and settle no invoice. Transfers between"
    " your own accounts are left out."
)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Bank lines without a category; money out is below zero."""

    wanted: Wanted

    def total(self) -> tuple[Decimal, int]:
        """What they move together."""
        return queries.total(self.wanted)

    def page(self, after: Place | None, limit: int) -> list[tuple[Row, Place]]:
        """By day."""
        key = (after.due, after.id) if after else None
        found = queries.lines(self.wanted, after=key, limit=limit)
        return [(_row(one), Place(0, one.booked_on, one.id)) for one in found]


@dataclass(frozen=True, slots=True)
class _Moved:
    """Lines without a category that settle invoices, or nothing; in or out."""

    on_invoices: bool
    is_in: bool

    def __call__(self, asked: Asked) -> Built:
        """The lines of the days asked for."""
        given = asked.given
        wanted = Wanted(
            category_id=None,
            since=given.since or given.today,
            until=given.until or given.today,
            currency=given.currency,
            on_invoices=self.on_invoices,
            is_in=self.is_in,
        )
        return Built((_Lines(wanted),))


def _row(one: Line) -> Row:
    detail = one.message[:80] if one.name else ""
    return Row("line", str(one.id), one.name or one.message[:80], detail, one.booked_on, one.amount)


FIGURES: Sequence[Figure] = (
    Figure(
        "received_on_invoices",
        N_("Received on invoices from %(since)s until %(until)s"),
        _WHICH,
        _Moved(on_invoices=True, is_in=True),
        _DAYS,
    ),
    Figure(
        "paid_on_invoices",
        N_("Paid on invoices from %(since)s until %(until)s"),
        _WHICH,
        _Moved(on_invoices=True, is_in=False),
        _DAYS,
    ),
    Figure(
        "received_unsorted",
        N_("Received without a category from %(since)s until %(until)s"),
        _UNSORTED,
        _Moved(on_invoices=False, is_in=True),
        _DAYS,
    ),
    Figure(
        "paid_unsorted",
        N_("Paid without a category from %(since)s until %(until)s"),
        _UNSORTED,
        _Moved(on_invoices=False, is_in=False),
        _DAYS,
    ),
)
