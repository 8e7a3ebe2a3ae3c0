"""The page of one file: its pictures, its parts, and what may be done with it."""

from typing import TYPE_CHECKING, Any

from flask import url_for

from billify.data.queries import documents as document_queries
from billify.data.queries import splitting as queries
from billify.domain.documents import DocumentStatus
from billify.domain.roles import Actor, Right

if TYPE_CHECKING:
    from billify.data.models import Document

_PDF = "application/pdf"
_THUMB = 120
"""Width of the small pictures beside the marks, in pixels."""
_WAITS = frozenset({DocumentStatus.TO_CHECK, DocumentStatus.FAILED})


def context(document: "Document", *, by: Actor) -> dict[str, Any]:  # Any: what a template takes
    """What `documents/show.html` wants."""
    entry = document_queries.inbox_row(document.id)
    invoice_id = entry.invoice_id if entry else None
    is_split = document.status is DocumentStatus.SPLIT
    may_edit = by.can(Right.EDIT_INVOICES)
    is_waiting = document.status in _WAITS
    starts = document.proposed_starts or document.starts or []
    return {
        "document": document,
        "entry": entry,
        "pages": _pages(document),
        "thumb_width": _THUMB,
        "parts": queries.rows_of(document.id) if is_split else [],
        "whole": document_queries.get(document.split_from_id) if document.split_from_id else None,
        "starts": frozenset(starts),
        "sees_money": by.can(Right.SEE_MONEY),
        "can_split": may_edit and is_waiting and document.pages > 1 and _is_pdf(document),
        "can_join": may_edit and (is_split or (is_waiting and bool(document.proposed_starts))),
        "can_draft": may_edit
        and invoice_id is None
        and bool(document.reading)
        and document.status in (DocumentStatus.TO_CHECK, DocumentStatus.SET_ASIDE),
    }


def _is_pdf(document: "Document") -> bool:
    return document.media_type == _PDF


def _pages(document: "Document") -> list[dict[str, Any]]:  # Any: what the viewer takes
    sizes = (document.reading or {}).get("pages", [])
    return [
        {
            "image": url_for("documents.page", document_id=document.id, page=number),
            "width": size["width"],
            "height": size["height"],
            "boxes": [],
            "thumb_height": round(_THUMB * size["height"] / max(size["width"], 1)),
        }
        for number, size in enumerate(sizes, start=1)
    ]
