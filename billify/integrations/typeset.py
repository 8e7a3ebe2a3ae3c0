"""Typst: prints our own designs as PDF. What people typed goes in as data, never as markup."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path

from billify.domain.paper import Paper

_FOLDER = Path(__file__).resolve().parent.parent / "templates" / "pdf"


class CannotPrint(Exception):
    """A design of ours does not take these values: a fault of the program."""


def invoice_pdf(paper: Paper, *, on: date) -> bytes:
    """The invoice as a PDF dated on a day; the same values give the same bytes."""
    # Imported here since it takes 20 MB that a process without printing can do without.
    import typst

    try:
        pdf: bytes | list[bytes] | None = typst.compile(
            str(_FOLDER / "invoice.typ"),
            root=str(_FOLDER),
            font_paths=[str(_FOLDER / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"paper": json.dumps(asdict(paper), ensure_ascii=False)},
            timestamp=int(datetime.combine(on, time(), UTC).timestamp()),
        )
    except RuntimeError as error:
        raise CannotPrint(str(error)) from error
    if not isinstance(pdf, bytes):
        raise CannotPrint("no single file came out")
    return pdf
