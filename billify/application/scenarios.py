"""Scenarios: up to three beside the forecast, as an address names them; kept by name if wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from billify.application import audit, forecasts
from billify.application.forecasts import NOTHING_YET, Latest
from billify.data.db import transaction
from billify.data.models import Scenario
from billify.data.queries import scenarios as queries
from billify.data.queries.scenarios import SoldTo
from billify.domain.forecast import scenario_flows, scenarios
from billify.domain.forecast.scenario_flows import Course, Sales
from billify.domain.forecast.scenarios import MOST_CHANGES, Change, Kind, Unreadable
from billify.domain.forecast.shapes import Flow, Source
from billify.domain.obligations import Every
from billify.domain.refusal import N_, NotAllowed, NotFound, Refusal
from billify.domain.roles import Actor, Right

LONGEST_NAME = 80
LONGEST_QUERY = 1500
A_YEAR = timedelta(days=364)
WEEKS_OF_IT = 52
ZERO = Decimal("0.00")

Asked = Mapping[str, Sequence[tuple[Kind, str]]]
"""By place (a, b or c): the changes as the address has them."""


@dataclass(frozen=True, slots=True)
class Customer:
    """Someone who owes or buys: what is expected of open invoices, and what it buys a week."""

    id: str
    name: str
    open: Decimal = ZERO
    weekly: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Line:
    """One change of a scenario as it was asked: understood, or with a sentence why not."""

    kind: Kind
    text: str
    change: Change | None = None
    customer: Customer | None = None
    refusal: Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A scenario: its changes, and the balance ahead with those that were understood."""

    place: str
    lines: tuple[Line, ...]
    course: Course | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The forecast and the scenarios beside it; without a forecast there is no balance ahead."""

    latest: Latest
    base: Course | None
    told: tuple[Told, ...]
    customers: tuple[Customer, ...]
    sales: Sales


def compare(*, asked: Asked, today: date, currency: str, vat_every: Every | None) -> Comparison:
    """The stored forecast, and what becomes of it under each scenario."""
    whole = forecasts.whole(today=today)
    latest = whole.latest if whole else NOTHING_YET
    flows = whole.flows() if whole else []
    sold = queries.sold(since=today - A_YEAR, before=today, currency=currency)
    sales = _sales(sold, flows, vat_every, today)
    customers = _customers(sold, flows)
    known = customers | _others(asked, customers)
    told = tuple(
        _told(place, changes, latest, flows, sales, known, today)
        for place, changes in asked.items()
    )
    return Comparison(
        latest=latest,
        base=scenario_flows.base(latest.forecast) if latest.forecast else None,
        told=told,
        customers=tuple(sorted(known.values(), key=lambda one: (one.name.casefold(), one.id))),
        sales=sales,
    )


def save(*, name: str, query: str, by: Actor) -> Scenario:
    """Keep a scenario under a name; one of the same name is replaced."""
    _require(by)
    name = _checked(name)
    if not query:
        raise Refusal(N_("There is nothing to save yet: add a change first."))
    if len(query) > LONGEST_QUERY:
        raise Refusal(N_("This scenario is too long to save: take some changes away."))
    with transaction() as session:
        row = queries.named(name)
        if row is not None:
            before = row.query
            row.name, row.query = name, query
            audit.record(
                "scenario.changed", row, by=by, before={"query": before}, after=_told_of(row)
            )
            return row
        row = _added(name, query, by)
        session.add(row)
        session.flush()
        audit.record("scenario.added", row, by=by, after=_told_of(row))
    return row


def rename(*, scenario_id: UUID, name: str, by: Actor) -> Scenario:
    """Give a scenario another name."""
    _require(by)
    with transaction():
        row = _locked(scenario_id)
        name = _checked(name)
        twin = queries.named(name)
        if twin is not None and twin.id != scenario_id:
            raise Refusal(N_("There is a scenario of this name already."))
        before = row.name
        row.name = name
        audit.record("scenario.changed", row, by=by, before={"name": before}, after=_told_of(row))
    return row


def drop(*, scenario_id: UUID, by: Actor) -> Scenario:
    """Delete a scenario; its address still works for who has it."""
    _require(by)
    with transaction() as session:
        row = _locked(scenario_id)
        audit.record("scenario.removed", row, by=by, before=_told_of(row))
        session.delete(row)
    return row


def _sales(
    sold: Sequence[SoldTo], flows: Sequence[Flow], vat_every: Every | None, today: date
) -> Sales:
    gross = sum((one.gross for one in sold), ZERO)
    vat = sum((one.vat for one in sold), ZERO)
    told = sum((one.told for one in sold), ZERO)
    terms = sum((one.terms for one in sold), ZERO) / gross if gross > 0 else ZERO
    return Sales(
        weekly={str(one.contact_id): one.gross / WEEKS_OF_IT for one in sold},
        invoiced=max(gross, ZERO) / WEEKS_OF_IT,
        vat_share=max(vat, ZERO) / told if told > 0 else None,
        wait=max(round(terms + _lateness(flows, today)), 0),
        vat_every=vat_every,
    )


def _lateness(flows: Sequence[Flow], today: date) -> Decimal:
    """By how many days invoices that are not due yet are expected late, weighed by amount."""
    owed = [
        ((one.day - one.due).days, one.amount)
        for one in flows
        if one.source is Source.SALE and one.amount > 0 and one.due and one.due >= today
    ]
    total = sum((amount for _, amount in owed), ZERO)
    return sum((days * amount for days, amount in owed), ZERO) / total if total else ZERO


def _customers(sold: Sequence[SoldTo], flows: Sequence[Flow]) -> dict[str, Customer]:
    """Who bought in the past year, and who owes."""
    owed: dict[str, Decimal] = {}
    called: dict[str, str] = {}
    for flow in flows:
        if flow.source is Source.SALE and flow.contact:
            owed[flow.contact] = owed.get(flow.contact, ZERO) + flow.amount
            called[flow.contact] = flow.what
    found = {
        str(one.contact_id): Customer(
            str(one.contact_id),
            one.name,
            owed.get(str(one.contact_id), ZERO),
            max(one.gross / WEEKS_OF_IT, ZERO),
        )
        for one in sold
    }
    return {key: Customer(key, called[key], owed[key]) for key in owed} | found


def _others(asked: Asked, customers: Mapping[str, Customer]) -> dict[str, Customer]:
    """Customers that an address names and that neither owe nor bought; strangers stay unknown."""
    wanted = {
        text.partition(":")[0].partition("@")[0]
        for changes in asked.values()
        for kind, text in changes
        if kind in (Kind.LATE, Kind.LOSE)
    }
    keys = [key for text in wanted if (key := _key(text)) and str(key) not in customers]
    return {str(key): Customer(str(key), name) for key, name in queries.names(sorted(keys)).items()}


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _told(
    place: str,
    asked: Sequence[tuple[Kind, str]],
    latest: Latest,
    flows: Sequence[Flow],
    sales: Sales,
    known: Mapping[str, Customer],
    today: date,
) -> Told:
    lines = tuple(
        _line(kind, text, known, today, is_too_many=at >= MOST_CHANGES)
        for at, (kind, text) in enumerate(asked)
    )
    changes = [one.change for one in lines if one.change]
    course = None
    if latest.forecast is not None:
        course = scenario_flows.moved(
            forecast=latest.forecast, flows=flows, changes=changes, sales=sales
        )
    return Told(place, lines, course)


def _line(
    kind: Kind, text: str, known: Mapping[str, Customer], today: date, *, is_too_many: bool
) -> Line:
    try:
        if is_too_many:
            raise Unreadable(
                "kind", N_("A scenario takes at most %(most)s changes."), most=MOST_CHANGES
            )
        change = scenarios.read(kind=kind, text=text, today=today)
        if change.contact and change.contact not in known:
            raise Unreadable("contact", N_("This customer is not known here."))
    except Unreadable as refusal:
        return Line(kind, text, refusal=refusal)
    return Line(kind, text, change, known.get(change.contact))


def _added(name: str, query: str, by: Actor) -> Scenario:
    if queries.count() >= queries.MOST_SAVED:
        raise Refusal(
            N_("At most %(most)s scenarios are kept. Delete one first."), most=queries.MOST_SAVED
        )
    return Scenario(name=name, query=query, made_by=by.user_id)


def _locked(scenario_id: UUID) -> Scenario:
    row = queries.lock(scenario_id)
    if row is None:
        raise NotFound
    return row


def _checked(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise Refusal(N_("Give the scenario a name."))
    if len(name) > LONGEST_NAME:
        raise Refusal(N_("A name has at most %(most)s characters."), most=LONGEST_NAME)
    return name


def _told_of(row: Scenario) -> dict[str, object]:
    return {"name": row.name, "query": row.query}


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed
