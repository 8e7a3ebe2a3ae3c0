"""Typst: prints our own designs as PDF. What people typed goes in as data, never as markup."""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path

from billify.domain.paper import Paper

SECONDS = 30
_HOME = Path(__file__).resolve().parent.parent.parent
_FOLDER = _HOME / "billify" / "templates" / "pdf"


class CannotPrint(Exception):
    """A design of ours does not take these values: a fault of the program."""


def invoice_pdf(paper: Paper, *, on: date) -> bytes:
    """The invoice as a PDF dated on a day; the same values give the same bytes."""
    return _compiled(json.dumps(asdict(paper), ensure_ascii=False), _midnight(on))


def invoice_pdf_apart(paper: Paper, *, on: date) -> bytes:
    """The same by a process of its own, so that a web process does not keep Typst's 25 MB.

    Not forked: a fork of a process with many threads may wait for a lock nobody holds.
    """
    values = json.dumps(asdict(paper), ensure_ascii=False).encode()
    command = [sys.executable, "-m", "billify.integrations.typeset", str(_midnight(on))]
    try:
        done = subprocess.run(
            command, input=values, capture_output=True, cwd=_HOME, env={}, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotPrint(type(error).__name__) from error
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise CannotPrint(done.stderr.decode(errors="replace")[-500:])
    return done.stdout


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _compiled(values: str, timestamp: int) -> bytes:
    # Imported here since it takes 20 MB that a process without printing can do without.
    import typst

    try:
        pdf: bytes | list[bytes] | None = typst.compile(
            str(_FOLDER / "invoice.typ"),
            root=str(_FOLDER),
            font_paths=[str(_FOLDER / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"paper": values},
            timestamp=timestamp,
        )
    except RuntimeError as error:
        raise CannotPrint(str(error)) from error
    if not isinstance(pdf, bytes):
        raise CannotPrint("no single file came out")
    return pdf


if __name__ == "__main__":
    sys.stdout.buffer.write(_compiled(sys.stdin.buffer.read().decode(), int(sys.argv[1])))
