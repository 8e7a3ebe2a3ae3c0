"""CSV and XLSX exports: rows, the header among them, and the movements beneath it."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from billify.domain import identity
from billify.domain.bank_files import columns, csv_profiles
from billify.domain.bank_files.columns import Profile, Role
from billify.domain.bank_files.shapes import Unreadable
from billify.domain.refusal import N_

SEPARATORS = (";", ",", "\t", "|")
HEADER_WITHIN = 60
"""Rows before the header: what was asked for, and the balance."""
MOST_ROWS = 200_000
LONGEST_LINE = 20_000

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column means what, as a person said it; names as `key` writes them."""

    columns: tuple[tuple[Role, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An export with its header found. Rows before it may tell the last balance."""

    bank: str
    header: tuple[str, ...]
    places: Mapping[Role, tuple[int, ...]]
    before: tuple[list[str], ...]
    rows: tuple[Row, ...]
    currency: str | None
    is_fee_apart: bool
    line: int
    """Where the header stands."""


class UnknownColumns(Unreadable):
    """A table whose columns no profile knows; a person can say what they mean."""

    def __init__(self, header: Sequence[str], examples: Sequence[Sequence[str]]) -> None:
        super().__init__(
            N_("Line %(line)d: the columns are not known. Say which one holds what."), line=1
        )
        self.header = tuple(header)
        self.examples = tuple(tuple(row) for row in examples)


def key(name: str) -> str:
    """A column name as names are compared, without a currency or time zone behind it."""
    bare = name.strip().lstrip("#\ufeff").strip()
    if len(bare) > 6 and bare.endswith(")") and bare[-5] == "(" and bare[-4:-1].isalpha():
        bare = bare[:-5]
    return identity.search_key(bare)


def from_text(text: str, wanted: Columns | None = None) -> Table:
    """The table of a CSV text, whatever parts its cells. Raises UnknownColumns."""
    best: list[Row] = []
    for separator in SEPARATORS:
        head = _head(text, separator)
        if _header_at(head, wanted) is not None:
            return _table(list(_parsed(text, separator)), wanted)
        if _width(head) > _width(best):
            best = head
    raise _unknown(best)


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a zip file, as every XLSX workbook is."""
    return content.startswith(b"PK\x03\x04")


def from_workbook(content: bytes, wanted: Columns | None = None) -> Table:
    """The table of an XLSX file. Raises UnknownColumns."""
    found = _rows_of(content)
    if _header_at(found[:HEADER_WITHIN], wanted) is None:
        raise _unknown(found[:HEADER_WITHIN])
    return _table(found, wanted)


def shown(text_or_book: str | bytes) -> UnknownColumns:
    """The header of a table and some rows beneath it, for a person to say what they mean."""
    if isinstance(text_or_book, bytes):
        return _shown(_rows_of(text_or_book)[:HEADER_WITHIN])
    heads = (_head(text_or_book, separator) for separator in SEPARATORS)
    return _shown(max(heads, key=_width))


def guess(header: Sequence[str]) -> dict[str, str]:
    """What the columns seem to mean, as a start for a person who knows better."""
    names = [key(name) for name in header]
    found = columns.places(names, csv_profiles.GENERAL)
    return {role.value: names[places[0]] for role, places in found.items()}


def _shown(rows: Sequence[Row]) -> UnknownColumns:
    at = _header_at(rows, None)
    if at is None:
        unknown = _unknown(rows)
        if isinstance(unknown, UnknownColumns):
            return unknown
        raise unknown
    return UnknownColumns(rows[at][1], [cells for _, cells in rows[at + 1 : at + 6]])


def _head(text: str, separator: str) -> list[Row]:
    head: list[Row] = []
    for row in _parsed(text, separator):
        head.append(row)
        if len(head) >= HEADER_WITHIN:
            break
    return head


def _parsed(text: str, separator: str) -> Iterator[Row]:
    """Rows without the empty cells behind them: a file of separators takes no memory."""
    lines = _bounded(io.StringIO(text, newline=""))
    reader = csv.reader(lines, delimiter=separator)
    try:
        for count, cells in enumerate(reader):
            while cells and not cells[-1]:
                cells.pop()
            if count > MOST_ROWS:
                raise Unreadable(N_("The file has more rows than a bank statement can have."))
            yield reader.line_num, cells
    except csv.Error as error:
        raise Unreadable(
            N_("Line %(line)d is no row of a table."), line=max(reader.line_num, 1)
        ) from error


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise Unreadable(N_("Line %(line)d is no row of a table."), line=number)
        yield line


def _header_at(rows: Sequence[Row], wanted: Columns | None) -> int | None:
    """Where the header stands: a row of a known bank, else the first with a day and an amount."""
    keyed = [[key(cell) for cell in cells] for _, cells in rows]
    if wanted is not None:
        names = {name for _, name in wanted.columns}
        return next((at for at, header in enumerate(keyed) if names <= set(header)), None)
    for at, header in enumerate(keyed):
        if csv_profiles.profile_of(header):
            return at
    for at, header in enumerate(keyed):
        if columns.is_enough(columns.places(header, csv_profiles.GENERAL)):
            return at
    return None


def _table(rows: Sequence[Row], wanted: Columns | None) -> Table:
    at = _header_at(rows[:HEADER_WITHIN], wanted)
    if at is None:
        raise _unknown(rows[:HEADER_WITHIN])
    cells = rows[at][1]
    header = [key(cell) for cell in cells]
    profile = None if wanted else csv_profiles.profile_of(header)
    found = _places(header, profile, wanted)
    return Table(
        bank=profile.bank if profile else "",
        header=tuple(cells),
        places=found,
        before=tuple(row for _, row in rows[:at]),
        rows=tuple(row for row in rows[at + 1 :] if any(cell.strip() for cell in row[1])),
        currency=_currency(cells, found),
        is_fee_apart=profile is not None and profile.is_fee_apart and "total amount" not in header,
        line=rows[at][0],
    )


def _places(
    header: Sequence[str], profile: Profile | None, wanted: Columns | None
) -> dict[Role, tuple[int, ...]]:
    if wanted is None:
        return columns.places(header, profile.columns if profile else csv_profiles.GENERAL)
    named: dict[Role, tuple[str, ...]] = {}
    for role, name in wanted.columns:
        named[role] = (*named.get(role, ()), name)
    return columns.places(header, named)


def _currency(cells: Sequence[str], found: Mapping[Role, Sequence[int]]) -> str | None:
    """The currency behind the name of the amount's column: “Bedrag (EUR)”."""
    for role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.BALANCE):
        for place in found.get(role, ()):
            name = cells[place].strip()
            if name.endswith(")") and name[-5:-4] == "(" and name[-4:-1].isalpha():
                return name[-4:-1].upper()
    return None


def _unknown(rows: Sequence[Row]) -> Unreadable:
    """The widest row stands for the header; a text without columns is no table at all."""
    if _width(rows) < 3:
        return Unreadable(
            N_(
                "Line %(line)d: this is no bank statement that Billify knows: CODA, CAMT, MT940,"
                " or a CSV or XLSX export."
            ),
            line=1,
        )
    width = _width(rows)
    at = next(at for at, (_, cells) in enumerate(rows) if _filled(cells) >= min(width, 3))
    examples = [cells for _, cells in rows[at + 1 : at + 6]]
    return UnknownColumns(rows[at][1], examples)


def _width(rows: Iterable[Row]) -> int:
    return max((_filled(cells) for _, cells in rows), default=0)


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _rows_of(book: bytes) -> list[Row]:
    from billify.domain.bank_files import xlsx  # and lxml with it, only when such a file comes

    return list(xlsx.rows(book))
