"""Exports: rows that leave Billify as a file. Each leaves a line in the audit log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billify.application import audit
from billify.data.db import transaction
from billify.data.queries import companies, lists
from billify.data.queries.lists import Filter, WholeRow
from billify.domain.refusal import N_, NotAllowed, Refusal
from billify.domain.roles import Actor, Right

MOST_ROWS = 50_000


class Format(StrEnum):
    """The files an export can be."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Exported:
    """The rows of an export, read while they are written; `is_cut` when there are more."""

    rows: Iterator[WholeRow]
    count: int
    is_cut: bool


def file_format(text: str) -> Format:
    """The format a form names; refuses another one."""
    try:
        return Format(text)
    except ValueError:
        raise Refusal(N_("Choose CSV or Excel.")) from None


def invoices(*, wanted: Filter, kind: Format, described: str, today: date, by: Actor) -> Exported:
    """Every invoice of a filtered list, at most `MOST_ROWS`. Refuses without the right."""
    if not by.can(Right.EXPORT):
        raise NotAllowed
    with transaction():
        found = lists.count(wanted, today=today, most=MOST_ROWS)
        count = min(found, MOST_ROWS)
        audit.record(
            "invoices.exported",
            companies.own(),
            by=by,
            after={
                "direction": wanted.direction,
                "filter": described,
                "format": kind,
                "rows": count,
            },
        )
    rows = lists.whole(wanted, today=today, most=MOST_ROWS)
    return Exported(rows, count, is_cut=found > MOST_ROWS)
