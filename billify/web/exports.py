"""Lists as files: CSV as Belgian spreadsheets open it, and XLSX. Written row by row."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from flask import Response, stream_with_context
from flask_babel import gettext as _

from billify.application.exports import Exported, Format
from billify.data.queries.lists import WholeRow
from billify.domain import invoices as rules
from billify.domain import money
from billify.domain.invoices import InvoiceKind, InvoiceStatus
from billify.web import access, filters, languages, marks, security

MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for another encoding
ROWS_AT_ONCE = 500
_BLOCK = 64 * 1024
_ACTING = ("=", "+", "-", "@", "\t", "\r", "\n")
_WIDTHS = (16, 12, 34, 16, 12, 12, 14, 9, 14, 14, 14, 14, 24)

Cell = str | date | Decimal | None


def answer(exported: Exported, *, kind: Format, title: str, name: str) -> Response:
    """The file as an answer. `name` is the file's name without ending."""
    columns = list(zip(_heads(), _WIDTHS, strict=True))
    return table(
        columns, _cells(exported.rows), kind=kind, title=title, name=name, cut=_cut(exported)
    )


def table(
    columns: Sequence[tuple[str, int]],
    cells: Iterator[list[Cell]],
    *,
    kind: Format,
    title: str,
    name: str,
    cut: str | None = None,
) -> Response:
    """Rows as a file: each column with its head and width, and a last line when it is cut."""
    heads = [head for head, _width in columns]
    body = _csv(heads, cells, cut) if kind is Format.CSV else _xlsx(title, columns, cells, cut)
    response = Response(body, content_type=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = security.content_disposition(f"{name}.{kind}")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before it."""
    return f"'{text}" if text.startswith(_ACTING) else text


def _heads() -> list[str]:
    return [
        _("Number"),
        _("Kind"),
        _("Contact"),
        _("VAT number"),
        _("Invoice date"),
        _("Due date"),
        _("Status"),
        _("Currency"),
        _("Net"),
        _("VAT"),
        _("Total"),
        _("Open"),
        _("Payment reference"),
    ]


def _cut(exported: Exported) -> str | None:
    if not exported.is_cut:
        return None
    said: str = _(
        "These are the first %(most)s invoices. Choose a shorter period to export the others.",
        most=filters.quantity(exported.count),
    )
    return said


def _cells(rows: Iterator[WholeRow]) -> Iterator[list[Cell]]:
    """The values of each row; words are looked up once."""
    kinds = {InvoiceKind.INVOICE: _("Invoice"), InvoiceKind.CREDIT_NOTE: _("Credit note")}
    states = {state: languages.phrase(marks.LOOKS[state.value][0]) for state in InvoiceStatus}
    for row in rows:
        is_open = row.status is InvoiceStatus.OPEN
        yield [
            row.number,
            kinds[row.kind],
            row.party_name,
            row.vat_number,
            row.issue_date,
            row.due_date,
            states[row.status],
            row.currency,
            _amount(row.net_amount, row.kind),
            _amount(row.vat_amount, row.kind),
            _amount(row.gross_amount, row.kind),
            _amount(row.open_amount if is_open else Decimal(0), row.kind),
            row.payment_reference,
        ]


def _amount(amount: Decimal | None, kind: InvoiceKind) -> Decimal | None:
    return None if amount is None else rules.shown(amount, kind=kind)


def _csv(heads: Sequence[str], cells: Iterator[list[Cell]], cut: str | None) -> Iterator[str]:
    return stream_with_context(access.keep_scope(_csv_blocks(heads, cells, cut)))


def _csv_blocks(
    heads: Sequence[str], cells: Iterator[list[Cell]], cut: str | None
) -> Iterator[str]:
    block = io.StringIO()
    writer = csv.writer(block, delimiter=";", lineterminator="\r\n")
    block.write(BYTE_ORDER_MARK)
    writer.writerow(heads)
    while some := list(islice(cells, ROWS_AT_ONCE)):
        writer.writerows([_csv_cell(cell) for cell in row] for row in some)
        yield block.getvalue()
        block.seek(0)
        block.truncate()
    if cut:
        writer.writerow([cut])
    yield block.getvalue()


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return money.show(cell).replace(".", "")  # spreadsheets don't want thousands grouped
    if isinstance(cell, date):
        return filters.day(cell)
    return harmless(cell or "")


def _xlsx(
    title: str, columns: Sequence[tuple[str, int]], cells: Iterator[list[Cell]], cut: str | None
) -> Iterator[bytes]:
    """The whole file is on disk before the first byte leaves: it ends with its own index."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed after the last byte has left
    try:
        _write_book(file, title, columns, cells, cut)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return _blocks(file)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while block := file.read(_BLOCK):
            yield block


def _write_book(
    file: IO[bytes],
    title: str,
    columns: Sequence[tuple[str, int]],
    cells: Iterator[list[Cell]],
    cut: str | None,
) -> None:
    import xlsxwriter  # 6 MB, and only an export needs it

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title})
        sheet = book.add_worksheet()
        looks = {
            Decimal: book.add_format({"num_format": "#,##0.00"}),
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
        }
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, (head, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, bold)
        last = 0
        for last, row in enumerate(cells, start=1):
            _write_row(sheet, last, row, looks)
        if cut:
            sheet.write_string(last + 1, 0, cut)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)


def _write_row(sheet: Any, at: int, row: list[Cell], looks: dict[Any, Any]) -> None:
    """Any: xlsxwriter has no types. Texts are written as texts, so none of them is a formula."""
    for column, cell in enumerate(row):
        if isinstance(cell, Decimal):
            sheet.write_number(at, column, cell, looks[Decimal])
        elif isinstance(cell, date):
            sheet.write_datetime(at, column, cell, looks[date])
        elif cell:
            sheet.write_string(at, column, cell)
