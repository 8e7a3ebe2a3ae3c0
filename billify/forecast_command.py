"""`billify forecast`: a history on stdin, what is expected on stdout; no database."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TextIO

from billify.domain.forecast.payments import Open, Settled, expect, learn

Told = Mapping[str, Any]  # Any: JSON


def payments_stdin(*, source: TextIO = sys.stdin) -> int:
    """Read paid and open invoices, print the day each open one is expected to be paid.

    0 when it was understood, 1 with a sentence if not.
    """
    try:
        answer = payments(json.load(source))
    except (ValueError, KeyError, TypeError, ArithmeticError) as problem:
        print(f"Not a list of paid and open invoices: {problem!r}", file=sys.stderr)  # noqa: T201
        return 1
    print(json.dumps(answer, ensure_ascii=False))  # noqa: T201 (the answer itself)
    return 0


def payments(told: Told) -> dict[str, dict[str, Any]]:  # Any: JSON
    """From `today`, `paid` and `open`: `dates`, `p10`, `p90` and `reasons` by invoice."""
    today = date.fromisoformat(told["today"])
    opened = [_open(one) for one in told["open"]]
    habits = learn(settled=[_settled(one) for one in told["paid"]], today=today)
    expected = expect(habits=habits, invoices=opened, today=today)
    return {
        "dates": {one.id: one.day.isoformat() for one in expected},
        "p10": {one.id: one.early.isoformat() for one in expected},
        "p90": {one.id: one.late.isoformat() for one in expected},
        "reasons": {
            one.id: {"code": one.reason.code, **dict(one.reason.values)} for one in expected
        },
    }


def _settled(one: Told) -> Settled:
    issued = date.fromisoformat(one["date"])
    return Settled(
        contact=one["customer"],
        issued=issued,
        due=date.fromisoformat(one.get("due") or one["date"]),
        amount=Decimal(str(one.get("amount") or 0)),
        settled=date.fromisoformat(one["settled"]),
    )


def _open(one: Told) -> Open:
    return Open(
        id=one["invoice"],
        contact=one["customer"],
        issued=date.fromisoformat(one["date"]),
        due=date.fromisoformat(one.get("due") or one["date"]),
        amount=Decimal(str(one.get("amount") or 0)),
    )
