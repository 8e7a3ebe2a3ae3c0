"""Printing: from what stands on a paper to its PDF."""

from datetime import date

from billify.domain.meeting_paper import MeetingPaper
from billify.domain.paper import Paper
from billify.integrations import typeset


def invoice_pdf(*, paper: Paper, on: date) -> bytes:
    """The PDF of an invoice; the same paper gives the same bytes, today and in seven years."""
    return typeset.invoice_pdf_apart(paper, on=on)


def meeting_pdf(*, paper: MeetingPaper, on: date) -> bytes:
    """The PDF of the sheets for the bank."""
    return typeset.meeting_pdf_apart(paper, on=on)
