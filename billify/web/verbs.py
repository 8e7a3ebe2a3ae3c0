"""What the audit log's verbs are called on screen, and what a deed changed."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_babel import gettext

from billify.domain.refusal import N_
from billify.web import filters
from billify.web.marks import LOOKS

if TYPE_CHECKING:
    from billify.data.models import AuditEvent

VERBS = {
    "company.signed_up": N_("Company signed up"),
    "company.demo_added": N_("Demo company filled in"),
    "company.seeded": N_("Company filled for a trial"),
    "company.changed": N_("Company changed"),
    "member.changed": N_("Role or limit changed"),
    "member.removed": N_("Person removed"),
    "company.keeping_changed": N_("How long things are kept"),
    "retention.applied": N_("Old rows removed"),
    "member.joined": N_("Joined by invitation"),
    "member.left": N_("Left the company"),
    "invitation.sent": N_("Person invited"),
    "invitation.resent": N_("Invitation sent again"),
    "invitation.withdrawn": N_("Invitation withdrawn"),
    "document.received": N_("Document received"),
    "document.unreadable": N_("Document could not be read"),
    "document.retried": N_("Read again"),
    "document.deleted": N_("Upload deleted"),
    "document.split": N_("Split into documents"),
    "document.split_by_hand": N_("Split by hand"),
    "document.joined": N_("Said to be one invoice"),
    "document.is_invoice": N_("Said to be an invoice"),
    "document.set_aside": N_("Set aside"),
    "invoice.drafted": N_("Read from the document"),
    "invoice.entered": N_("Entered by hand"),
    "invoice.saved": N_("Saved"),
    "invoice.approved": N_("Approved"),
    "invoice.rejected": N_("Rejected"),
    "invoice.set_aside": N_("Set aside"),
    "invoice.reopened": N_("Taken up again"),
    "invoice.expected": N_("Expected day said"),
    "invoice.disputed": N_("Said to be in dispute"),
    "invoice.dispute_ended": N_("Dispute over"),
    "invoice.found_in_accounting": N_("Found in the accounting"),
    "invoice.followed_accounting": N_("Changed by what the accounting tells"),
    "invoice.took_over": N_("Took the place of what the accounting told"),
    "invoice.completed": N_("Completed from its document"),
    "invoice.document_differs": N_("Its document has another total and waits to be checked"),
    "invoice.document_fetched": N_("Document fetched from the accounting"),
    "invoices.exported": N_("Invoices exported"),
    "contact.added": N_("Contact added"),
    "contact.changed": N_("Contact changed"),
    "reading_memory.learned": N_("Layout learned"),
    "reading_memory.changed": N_("Remembered value changed"),
    "reading_memory.forgotten": N_("Layout forgotten"),
    "account.added": N_("Bank account added"),
    "account.changed": N_("Bank account changed"),
    "movement.entered": N_("Movement entered"),
    "balance.set": N_("Balance set by hand"),
    "bank_file.received": N_("Bank file received"),
    "bank_file.imported": N_("Lines of a bank file added"),
    "bank_file.left": N_("Bank file left out"),
    "bank_file.undone": N_("Lines of a bank file taken back"),
    "columns.explained": N_("Columns of a bank file explained"),
    "match.made": N_("Settled"),
    "match.rejected": N_("Proposal refused"),
    "match.undone": N_("Settling taken back"),
    "line.set_aside": N_("No invoice expected"),
    "line.taken_up": N_("Taken up again"),
    "rule.added": N_("Rule made"),
    "rule.changed": N_("Rule changed"),
    "rule.removed": N_("Rule deleted"),
    "rule.moved": N_("Rule put in order"),
    "rule.used": N_("Rule used"),
    "rule.undone": N_("Rule's use taken back"),
    "category.added": N_("Category added"),
    "category.changed": N_("Category changed"),
    "category.removed": N_("Category deleted"),
    "connection.begun": N_("Connection begun"),
    "connection.made": N_("Connection made"),
    "connection.renewed": N_("Keys of a connection changed"),
    "connection.accounts_chosen": N_("Accounts of a connection chosen"),
    "connection.books_chosen": N_("Books of a connection chosen"),
    "connection.invoices_taken": N_("Invoices taken over from the accounting"),
    "connection.cap_changed": N_("Calls a day of a connection changed"),
    "connection.ended": N_("Connection ended"),
    "job.replayed": N_("Given up job started anew"),
    "job.discarded": N_("Given up job put away"),
    "planned.added": N_("Planned item added"),
    "planned.changed": N_("Planned item changed"),
    "planned.removed": N_("Planned item removed"),
    "alert.dismissed": N_("Warning put away"),
    "scenario.added": N_("Scenario added"),
    "scenario.changed": N_("Scenario changed"),
    "scenario.removed": N_("Scenario deleted"),
    "recurrence.confirmed": N_("Recurring movement confirmed"),
    "recurrence.changed": N_("Recurring movement changed"),
    "recurrence.refused": N_("Recurring movement refused"),
    "recurrence.taken_back": N_("Decision about a recurring movement taken back"),
    "obligation.changed": N_("Tax changed"),
    "obligation.left_out": N_("Tax left out of the forecast"),
    "obligation.taken_back": N_("Decision about a tax taken back"),
    "budget.changed": N_("Budget changed"),
    "budget.exported": N_("Budget exported"),
    "differences.exported": N_("Differences exported"),
    "person.exported": N_("Own data exported"),
    "staff.looked": N_("Looked at by support"),
    "company.suspended": N_("Company suspended"),
    "company.resumed": N_("Company taken up again"),
    "company.switched": N_("Parts switched on or off"),
    "person.suspended": N_("Person suspended"),
    "person.resumed": N_("Person let in again"),
    "person.released": N_("Lock-out of a person ended"),
    "person.signed_out": N_("Devices of a person signed out"),
    "person.second_step_removed": N_("Second step of a person turned off"),
    "person.reset_sent": N_("New password offered to a person"),
    "support.asked": N_("Support asked to look along"),
    "support.allowed": N_("Support allowed to look along"),
    "support.refused": N_("Support not allowed to look along"),
    "support.began": N_("Support began to look along"),
    "support.ended": N_("Looking along ended"),
}

FIELDS = {
    "name": N_("name"),
    "number": N_("number"),
    "status": N_("status"),
    "gross_amount": N_("total"),
    "net_amount": N_("net"),
    "vat_amount": N_("VAT"),
    "vat_number": N_("VAT number"),
    "issue_date": N_("date"),
    "due_date": N_("due"),
    "reason": N_("reason"),
    "iban": N_("IBAN"),
    "kind": N_("kind"),
    "currency": N_("currency"),
    "balance": N_("balance"),
    "amount": N_("amount"),
    "account": N_("account"),
    "accounts": N_("accounts"),
    "partner": N_("partner"),
    "on": N_("on"),
    "with": N_("with"),
    "role": N_("role"),
    "approval_limit": N_("approval limit"),
    "floor_amount": N_("floor"),
    "street": N_("street"),
    "postcode": N_("postcode"),
    "city": N_("city"),
    "country": N_("country"),
    "language": N_("language"),
    "rhythm": N_("rhythm"),
    "starts_on": N_("first day"),
    "until": N_("last day"),
    "verdict": N_("decision"),
    "day": N_("day of the month"),
    "tax": N_("tax"),
    "period": N_("period"),
    "pay_on": N_("paid on"),
    "left_out": N_("left out"),
    "alert_days": N_("days of warning"),
    "vat_every": N_("VAT returns"),
    "withholding_every": N_("payroll withholding tax"),
    "counts_budget": N_("budget counts"),
    "expected_on": N_("expected on"),
    "is_disputed": N_("in dispute"),
    "page": N_("page"),
    "job": N_("job"),
    "eyes_of": N_("with the eyes of"),
    "staff": N_("support"),
    "switched_off": N_("switched off"),
    "party": N_("party"),
    "direction": N_("direction"),
    "payment_reference": N_("payment reference"),
    "payee_iban": N_("account to pay to"),
    "open_amount": N_("still open"),
    "category": N_("category"),
    "invoices": N_("invoices"),
    "amounts": N_("amounts"),
    "parts": N_("parts"),
    "sure_percent": N_("taken from (%)"),
    "asks_slower": N_("asked less often at night and on free days"),
    "size": N_("size"),
    "keep_logs_days": N_("days that runs of connections are kept"),
    "keep_told_days": N_("days that notifications are kept"),
    "keep_put_away_days": N_("days that files put away are kept"),
    "contacts": N_("contacts"),
    "movements": N_("movements"),
    "transactions": N_("movements"),
    "allocations": N_("allocations"),
    "words": N_("words"),
    "flow": N_("in or out"),
    "needs_invoice": N_("wants an invoice"),
    "is_active": N_("in use"),
    "active": N_("in use"),
    "books": N_("books"),
    "numbers": N_("numbers"),
    "calls": N_("calls a day"),
    "limit": N_("limit"),
    "filter": N_("filter"),
    "query": N_("filter"),
    "format": N_("format"),
    "rows": N_("rows"),
    "source": N_("source"),
    "position": N_("order"),
    "is_customer": N_("customer"),
    "is_supplier": N_("supplier"),
    "enterprise_number": N_("enterprise number"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "payment_terms": N_("payment terms"),
    "starts": N_("begins on page"),
    "settled": N_("settled"),
    "supplier_name": N_("supplier"),
    "item": N_("item"),
    "layouts": N_("layouts"),
    "set_aside": N_("set aside"),
    "closed": N_("closed"),
    "year": N_("year"),
    "added": N_("added"),
    "known": N_("known already"),
    "columns": N_("columns"),
    "document": N_("files"),
    "notification": N_("notifications"),
    "invitation": N_("invitations"),
    "sync_log": N_("runs of connections"),
    "mail": N_("mails"),
}
VALUES = {
    "purchase": N_("purchase"),
    "sale": N_("sale"),
    "invoice": N_("invoice"),
    "credit_note": N_("credit note"),
}
"""What is kept in a word of the program, where it has no look of its own."""
PAGES = {
    "company": N_("the company's page in the back office"),
    "connections": N_("the connections"),
    "jobs": N_("the jobs"),
    "audit": N_("the audit log"),
    "mails": N_("the mails"),
    "person": N_("the page of a person"),
}
"""What staff may look at in the back office; a page of the company itself is named by its path."""
_UNSHOWN = frozenset({"lines", "vat_rows", "version", "sha256"})
_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 80


def init_app(app: Flask) -> None:
    """Templates say `event.verb|verb` and `event|changes`."""
    app.jinja_env.filters["verb"] = name
    app.jinja_env.filters["changes"] = changes


def name(verb: str) -> str:
    """The words for a verb; an unknown one is shown as it is."""
    known = VERBS.get(verb)
    return gettext(known) if known else verb


def changes(event: "AuditEvent") -> Iterator[tuple[str, str | None, str | None]]:
    """Each value that a deed set or changed: its name, before and after, as people write them."""
    before, after = event.before or {}, event.after or {}
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if old != new and key not in _UNSHOWN and not key.endswith("_id"):
            yield _field(key), _shown(old), _page(new) if key == "page" else _shown(new)


def _field(key: str) -> str:
    known = FIELDS.get(key)
    return gettext(known) if known else key.replace("_", " ")


def _page(value: Any) -> str | None:  # Any: JSON
    known = PAGES.get(str(value))
    return gettext(known) if known else _shown(value)


def _shown(value: Any) -> str | None:  # Any: JSON
    if value is None or value == "":
        return None
    if isinstance(value, list):
        return ", ".join(_shown(one) or "–" for one in value)
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    text = str(value)
    if text in VALUES:
        return str(gettext(VALUES[text]))
    if text in LOOKS:
        return str(gettext(LOOKS[text][0]))
    if _AMOUNT.fullmatch(text):
        return filters.money(Decimal(text))
    if _DAY.fullmatch(text):
        return filters.day(date.fromisoformat(text))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
