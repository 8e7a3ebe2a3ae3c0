"""Typst: prints our own designs as PDF. What people typed goes in as data, never as markup."""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path

from billify.domain.meeting_paper import MeetingPaper
from billify.domain.paper import Paper

SECONDS = 30
_HOME = Path(__file__).resolve().parent.parent.parent
_FOLDER = _HOME / "billify" / "templates" / "pdf"
_INVOICE, _MEETING = "invoice.typ", "bank_meeting.typ"


class CannotPrint(Exception):
    """A design of ours does not take these values: a fault of the program."""


def invoice_pdf(paper: Paper, *, on: date) -> bytes:
    """The invoice as a PDF dated on a day; the same values give the same bytes."""
    return _compiled(_INVOICE, _values(paper), _midnight(on))


def invoice_pdf_apart(paper: Paper, *, on: date) -> bytes:
    """The same by a process of its own."""
    return _apart(_INVOICE, _values(paper), _midnight(on))


def meeting_pdf_apart(paper: MeetingPaper, *, on: date) -> bytes:
    """The sheets for the bank as a PDF dated on a day, by a process of its own."""
    return _apart(_MEETING, _values(paper), _midnight(on))


def _values(paper: Paper | MeetingPaper) -> str:
    return json.dumps(asdict(paper), ensure_ascii=False)


def _apart(design: str, values: str, timestamp: int) -> bytes:
    """By a process of its own, so that a web process does not keep Typst's 25 MB.

    Not forked: a fork of a process with many threads may wait for a lock nobody holds.
    """
    command = [sys.executable, "-m", "billify.integrations.typeset", design, str(timestamp)]
    try:
        done = subprocess.run(
            command,
            input=values.encode(),
            capture_output=True,
            cwd=_HOME,
            env={},
            timeout=SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotPrint(type(error).__name__) from error
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise CannotPrint(done.stderr.decode(errors="replace")[-500:])
    return done.stdout


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _compiled(design: str, values: str, timestamp: int) -> bytes:
    # Imported here since it takes 20 MB that a process without printing can do without.
    import typst

    try:
        pdf: bytes | list[bytes] | None = typst.compile(
            str(_FOLDER / design),
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
    pdf = _compiled(sys.argv[1], sys.stdin.buffer.read().decode(), int(sys.argv[2]))
    sys.stdout.buffer.write(pdf)
