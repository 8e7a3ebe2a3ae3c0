"""A forecast as JSON and back: the summary that each page reads, and the flows apart from it.

Flows are lists without names, since a company may have ten thousand of them. What is not counted
stands among the flows with a mark, so that the summary stays small whatever it holds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from billify.domain.forecast import as_of
from billify.domain.forecast.outlook import Outlook
from billify.domain.forecast.shapes import (
    Action,
    ActionKind,
    Crossing,
    DayAhead,
    Flow,
    Forecast,
    MonthAhead,
    Reason,
    Recurrence,
    Source,
)

SHAPE = 2
"""Goes up whenever what is written here changes, so that a stored forecast of before is made
anew."""

COUNTED, LEFT_OUT = 0, 1
OTHER_CURRENCY = "other_currency"
_DAY, _AMOUNT, _SOURCE, _REF, _MARK = 0, 1, 2, 3, 12
Json = dict[str, Any]  # Any: JSON
Row = list[Any]  # Any: JSON


def summary(forecast: Forecast) -> Json:
    """All of a forecast but its flows and recurrences.

    What is not counted is summed in the forecast's own currency; amounts in others only count as
    left out.
    """
    left_out = [one.amount for one in forecast.not_counted if not currency_of(one)]
    return {
        "today": forecast.today.isoformat(),
        "currency": forecast.currency,
        "balance": str(forecast.balance),
        "floor": str(forecast.floor),
        "days": [_point(one, one.day) for one in forecast.days],
        "months": [_point(one, one.end) for one in forecast.months],
        "lowest": _point(forecast.lowest, forecast.lowest.day),
        "below_floor": _crossing(forecast.below_floor),
        "below_zero": _crossing(forecast.below_zero),
        "actions": [_action(one) for one in forecast.actions],
        "missing": list(forecast.missing),
        "left_out": len(forecast.not_counted),
        "left_out_in": str(_sum(amount for amount in left_out if amount > 0)),
        "left_out_out": str(_sum(amount for amount in left_out if amount < 0)),
    }


def flows(forecast: Forecast) -> list[Row]:
    """What is expected, by day, and behind it what is not counted."""
    return [
        *(_flow(one, COUNTED) for one in forecast.flows),
        *(_flow(one, LEFT_OUT) for one in forecast.not_counted),
    ]


def currency_of(flow: Flow) -> str:
    """The currency of an amount that is not counted for it; empty for the forecast's own."""
    if flow.reason.code != OTHER_CURRENCY:
        return ""
    return str(dict(flow.reason.values)["currency"])


def recurrences(forecast: Forecast) -> list[Json]:
    """The recurring movements that were found."""
    return recurrence_rows(forecast.recurrences)


def recurrence_rows(found: Iterable[Recurrence]) -> list[Json]:
    """Recurring movements as JSON; `read_recurrences` reads them."""
    return [
        {field.name: _plain(getattr(one, field.name)) for field in fields(Recurrence)}
        for one in found
    ]


def read_summary(kept: Json) -> Forecast:
    """A forecast without its flows. Raises KeyError or ValueError for another shape."""
    return Forecast(
        today=date.fromisoformat(kept["today"]),
        currency=kept["currency"],
        balance=Decimal(kept["balance"]),
        floor=Decimal(kept["floor"]),
        days=tuple(_read_day(one) for one in kept["days"]),
        months=tuple(MonthAhead(*_read_point(one)) for one in kept["months"]),
        lowest=_read_day(kept["lowest"]),
        below_floor=_read_crossing(kept["below_floor"]),
        below_zero=_read_crossing(kept["below_zero"]),
        actions=tuple(_read_action(one) for one in kept["actions"]),
        missing=tuple(kept["missing"]),
    )


OUTLOOK = ("today", "currency", "floor", "lowest", "below_floor", "days")
"""The parts of a summary that `read_outlook` wants."""


def read_outlook(kept: Json) -> Outlook:
    """The few things that a board shows. Raises KeyError or ValueError for another shape."""
    lowest, below = _read_day(kept["lowest"]), kept["below_floor"]
    return Outlook(
        today=date.fromisoformat(kept["today"]),
        currency=kept["currency"],
        floor=Decimal(kept["floor"]),
        lowest=lowest.balance,
        lowest_on=lowest.day,
        below_floor_on=date.fromisoformat(below["day"]) if below else None,
        balances=tuple(Decimal(one[1]) for one in kept["days"]),
    )


def read_flows(
    kept: Sequence[Row],
    *,
    mark: int = COUNTED,
    since: date | None = None,
    until: date | None = None,
    source: Source | None = None,
    ref: str | None = None,
    today: date | None = None,
) -> list[Flow]:
    """The flows that fit, by day; days as ISO texts are compared before a flow is made.

    With `today`, what was expected before it is expected on it.
    """
    now = today or date.min
    if until is not None and until < now:
        return []
    first = since.isoformat() if since and since > now else ""
    last = until.isoformat() if until else "9999-12-31"
    return [
        as_of.flow(_read_flow(one), now)
        for one in kept
        if one[_MARK] == mark
        and first <= one[_DAY] <= last
        and (source is None or one[_SOURCE] == source.value)
        and (ref is None or one[_REF] == ref)
    ]


def read_recurrences(kept: Iterable[Json]) -> tuple[Recurrence, ...]:
    """The recurring movements that were found."""
    return tuple(
        Recurrence(**{name: _READ.get(name, _same)(value) for name, value in one.items()})
        for one in kept
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))


def _point(one: DayAhead | MonthAhead, day: date) -> Row:
    amounts = (one.balance, one.low, one.high, one.money_in, one.money_out)
    return [day.isoformat(), *map(str, amounts)]


def _read_point(kept: Row) -> tuple[date, Decimal, Decimal, Decimal, Decimal, Decimal]:
    balance, low, high, money_in, money_out = map(Decimal, kept[1:])
    return date.fromisoformat(kept[0]), balance, low, high, money_in, money_out


def _read_day(kept: Row) -> DayAhead:
    return DayAhead(*_read_point(kept))


def _flow(one: Flow, mark: int) -> Row:
    return [
        one.day.isoformat(),
        str(one.amount),
        one.source.value,
        one.ref,
        one.what,
        one.contact,
        _iso(one.due),
        _iso(one.early),
        _iso(one.late),
        _reason(one.reason),
        int(one.is_by_hand),
        one.category,
        mark,
    ]


def _read_flow(kept: Row) -> Flow:
    return Flow(
        day=date.fromisoformat(kept[_DAY]),
        amount=Decimal(kept[_AMOUNT]),
        source=Source(kept[_SOURCE]),
        ref=kept[_REF],
        what=kept[4],
        contact=kept[5],
        due=_read_iso(kept[6]),
        early=_read_iso(kept[7]),
        late=_read_iso(kept[8]),
        reason=_read_reason(kept[9]),
        is_by_hand=bool(kept[10]),
        category=kept[11],
    )


def _reason(one: Reason) -> Row:
    return [one.code, [list(pair) for pair in one.values]]


def _read_reason(kept: Row) -> Reason:
    return Reason(kept[0], tuple((name, value) for name, value in kept[1]))


def _crossing(one: Crossing | None) -> Json | None:
    if one is None:
        return None
    return {
        "day": one.day.isoformat(),
        "balance": str(one.balance),
        "chance": one.chance,
        "because": [_flow(flow, COUNTED) for flow in one.because],
    }


def _read_crossing(kept: Json | None) -> Crossing | None:
    if kept is None:
        return None
    return Crossing(
        day=date.fromisoformat(kept["day"]),
        balance=Decimal(kept["balance"]),
        chance=kept["chance"],
        because=tuple(_read_flow(one) for one in kept["because"]),
    )


def _action(one: Action) -> Json:
    return {
        "kind": one.kind.value,
        "effect": str(one.effect),
        "amount": str(one.amount),
        "ref": one.ref,
        "what": one.what,
        "reason": _reason(one.reason),
        "day": _iso(one.day),
    }


def _read_action(kept: Json) -> Action:
    return Action(
        kind=ActionKind(kept["kind"]),
        effect=Decimal(kept["effect"]),
        amount=Decimal(kept["amount"]),
        ref=kept["ref"],
        what=kept["what"],
        reason=_read_reason(kept["reason"]),
        day=_read_iso(kept["day"]),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read_iso(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _plain(value: object) -> object:
    return value if isinstance(value, int | str) or value is None else str(value)


def _same(value: Any) -> Any:  # Any: JSON
    return value


_READ: dict[str, Callable[[Any], Any]] = {  # Any: JSON
    "amount": Decimal,
    "next": date.fromisoformat,
    "last": date.fromisoformat,
    "spread_amount": Decimal,
    "drift": Decimal,
}
