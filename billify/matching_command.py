"""`billify match`: invoices and movements on stdin, matches on stdout; no database."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TextIO

from billify.domain import matching, references
from billify.domain.invoices import InvoiceDirection
from billify.domain.matching import Case, Contact, Match, Movement, OpenInvoice

Told = Mapping[str, Any]  # Any: JSON


def match_stdin(*, source: TextIO = sys.stdin) -> int:
    """Read one JSON object, print one; 0 when it was understood, 1 with a sentence if not."""
    try:
        case = case_of(json.load(source))
    except (ValueError, KeyError, TypeError, ArithmeticError) as problem:
        print(f"Not a list of invoices and movements: {problem!r}", file=sys.stderr)  # noqa: T201
        return 1
    answer = {"matches": [as_json(one) for one in matching.match(case)]}
    print(json.dumps(answer, ensure_ascii=False))  # noqa: T201 (the answer itself)
    return 0


def case_of(told: Told) -> Case:
    """A case from JSON: `invoices`, `movements` and, when known, `own_accounts`."""
    return Case(
        invoices=[_invoice(one) for one in told["invoices"]],
        contacts=list(_contacts(told["invoices"]).values()),
        movements=[_movement(one) for one in told["movements"]],
        own_accounts=frozenset(told.get("own_accounts", ())),
    )


def as_json(one: Match) -> dict[str, Any]:  # Any: JSON
    """A match as one JSON object; no links when none is likely."""
    best = one.best
    return {
        "movement": one.movement_id,
        "links": [[link.invoice_id, f"{link.amount:.2f}"] for link in best.links] if best else [],
        "auto": one.is_sure,
        "kind": one.kind.value,
        "pair": one.pair,
        "proposals": [
            {
                "links": [[link.invoice_id, f"{link.amount:.2f}"] for link in each.links],
                "kind": each.kind.value,
                "probability": round(each.probability, 4),
                "evidence": [clue.code for clue in each.evidence],
            }
            for each in one.proposals
        ],
    }


def _contacts(invoices: list[Told]) -> dict[str, Contact]:
    found: dict[str, Contact] = {}
    for one in invoices:
        key = _contact(one)
        before = found[key].ibans if key in found else ()
        ibans = dict.fromkeys((*before, *one.get("party_ibans", ())))
        found[key] = Contact(key, one.get("party", ""), tuple(ibans))
    return found


def _contact(one: Told) -> str:
    return f"{one['side']} {one.get('party_vat') or ''} {one.get('party') or ''}"


def _invoice(one: Told) -> OpenInvoice:
    amount = Decimal(one["amount"])
    percent = one.get("discount_percent")
    given = (one.get("ogm"), one.get("rf"))
    return OpenInvoice(
        id=one["id"],
        number=one.get("number") or "",
        direction=InvoiceDirection(one["side"]),
        contact_id=_contact(one),
        issued=date.fromisoformat(one["date"]),
        due=date.fromisoformat(one.get("due") or one["date"]),
        amount=amount,
        open=Decimal(one.get("open", amount)),
        references=tuple(references.payment_reference(each) for each in given if each),
        discount_percent=Decimal(percent) if percent else None,
        discount_days=int(one.get("discount_days") or 0),
    )


def _movement(one: Told) -> Movement:
    return Movement(
        id=one["id"],
        day=date.fromisoformat(one["date"]),
        amount=Decimal(one["amount"]),
        name=one.get("name") or "",
        iban=one.get("iban") or "",
        text=one.get("text") or "",
        structured=one.get("structured") or None,
        account=one.get("account") or "",
    )
