"""`billify statement`: bank files to movements on stdout, without database, queue or web."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from billify.domain import bank_files
from billify.domain.bank_files import BankFile, Movement, Statement
from billify.domain.refusal import Refusal


def read_files(paths: Sequence[Path], *, as_json: bool) -> int:
    """Read each file and print what it holds; 0 when all were read, 1 when some were refused."""
    failed = 0
    for path in paths:
        answer = _answer(path)
        failed += "error" in answer
        for line in _shown(answer, as_json=as_json):
            print(line, flush=True)  # noqa: T201 (the answer itself)
        if "error" in answer and as_json:
            print(f"{path}: {answer['error']}", file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


def _answer(path: Path) -> dict[str, Any]:  # Any: JSON
    try:
        return {"file": str(path)} | as_json(bank_files.read(path.read_bytes()))
    except Refusal as refusal:
        line = getattr(refusal, "line", None)
        return {"file": str(path), "error": str(refusal), "line": line}
    except OSError as error:
        return {"file": str(path), "error": f"{error.strerror or error}."}


def as_json(found: BankFile) -> dict[str, Any]:  # Any: JSON
    """A bank file as one JSON object; amounts as text."""
    return {
        "format": found.format.value,
        "bank": found.bank or None,
        "statements": [_statement(one) for one in found.statements],
        "warnings": [str(one) for one in found.warnings],
        "notes": [str(one) for one in found.notes],
    }


def _statement(one: Statement) -> dict[str, Any]:  # Any: JSON
    return {
        "account": one.account,
        "currency": one.currency,
        "number": one.number,
        "holder": one.holder or None,
        "opening_balance": _plain(one.opening_balance),
        "opening_date": _day(one.opening_date),
        "closing_balance": _plain(one.closing_balance),
        "closing_date": _day(one.closing_date),
        "transactions": [_movement(movement) for movement in one.movements],
    }


def _movement(one: Movement) -> dict[str, Any]:  # Any: JSON
    told: dict[str, Any] = {  # Any: JSON
        "date": _day(one.booked_on),
        "value_date": _day(one.value_date),
        "amount": _plain(one.amount),
        "counterparty_name": one.counterparty_name or None,
        "counterparty_account": one.counterparty_account,
        "structured": one.structured,
        "creditor_reference": one.creditor_reference,
        "message": one.message or None,
        "reference": one.reference,
        "state": one.state.value,
    }
    if one.details:
        told["details"] = [_movement(part) for part in one.details]
    return told


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _shown(answer: dict[str, Any], *, as_json: bool) -> Iterator[str]:  # Any: JSON
    if as_json:
        yield json.dumps(answer, ensure_ascii=False)
        return
    yield answer["file"]
    if "error" in answer:
        yield f"  {answer['error']}"
        return
    for statement in answer["statements"]:
        yield f"  {statement['account'] or '–'} {statement['currency'] or ''}"
        yield f"    {statement['opening_balance']} → {statement['closing_balance']}"
        for one in statement["transactions"]:
            name = one["counterparty_name"] or one["message"] or ""
            yield f"    {one['date']}  {one['amount']:>14}  {name}"
    yield from (f"  {remark}" for remark in (*answer["warnings"], *answer["notes"]))
