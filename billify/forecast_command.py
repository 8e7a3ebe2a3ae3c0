"""`billify forecast`: a history on stdin, what is expected on stdout; no database."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TextIO

from billify.domain.forecast import cash as bank
from billify.domain.forecast import history
from billify.domain.forecast.payments import Open, Settled, expect, learn
from billify.domain.forecast.shapes import DAYS_AHEAD

Told = Mapping[str, Any]  # Any: JSON
MOST_DAYS = 1096


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
    """From `today`, `paid` and `open`: `dates`, `p10`, `p90` and `reasons` by invoice.

    `unpaid`, when given, are all invoices of before today that are not paid, to learn from.
    """
    today = date.fromisoformat(told["today"])
    opened = [_open(one) for one in told["open"]]
    unpaid = [_open(one) for one in told["unpaid"]] if "unpaid" in told else None
    settled = [_settled(one) for one in told["paid"]]
    habits = learn(settled=settled, today=today, unpaid=unpaid)
    expected = expect(habits=habits, invoices=opened, today=today)
    return {
        "dates": {one.id: one.day.isoformat() for one in expected},
        "p10": {one.id: one.early.isoformat() for one in expected},
        "p90": {one.id: one.late.isoformat() for one in expected},
        "reasons": {
            one.id: {"code": one.reason.code, **dict(one.reason.values)} for one in expected
        },
    }


def cash_stdin(*, source: TextIO = sys.stdin) -> int:
    """Read the movements of an account and its balance, print what is expected of the days ahead.

    0 when it was understood, 1 with a sentence if not.
    """
    try:
        answer = cash(json.load(source))
    except (ValueError, KeyError, TypeError, ArithmeticError) as problem:
        print(f"Not the movements of an account: {problem!r}", file=sys.stderr)  # noqa: T201
        return 1
    print(json.dumps(answer, ensure_ascii=False))  # noqa: T201 (the answer itself)
    return 0


def cash(told: Told) -> dict[str, Any]:  # Any: JSON
    """From `today`, `balance`, `movements` and `days`: `daily` nets and the band of balances.

    The balance is that of yesterday's end. Without any history there is no band.
    `recurring` tells what was found to come back.
    """
    today = date.fromisoformat(told["today"])
    days = int(told.get("days", DAYS_AHEAD))
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"days is {days}, not 1 to {MOST_DAYS}")
    ahead = bank.ahead(
        movements=history.gather(rows=map(_moved, told["movements"])),
        balance_cents=round(Decimal(str(told["balance"])) * 100),
        today=today,
        days=days,
    )
    band = {"p10": ahead.low, "p90": ahead.high} if ahead.rest.errors else {}
    return {
        "daily": [cents / 100 for cents in ahead.daily.tolist()],
        **{name: [cents / 100 for cents in edge.tolist()] for name, edge in band.items()},
        "recurring": [
            {
                "name": one.name,
                "rhythm": one.rhythm,
                "amount": str(one.amount),
                "next": one.next.isoformat(),
                "count": one.count,
                "confidence": one.confidence,
            }
            for one in ahead.recurrences
        ],
    }


def _moved(one: Told) -> history.Row:
    return (
        date.fromisoformat(one["date"]),
        Decimal(str(one["amount"])),
        one.get("counterparty") or "",
        one.get("kind") or "",
    )


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
