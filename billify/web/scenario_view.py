"""The page of scenarios: its columns, its open form, and those that were kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms import Field

from billify.application.scenarios import Comparison, Line, Told
from billify.data.queries.scenarios import Saved
from billify.domain.forecast import scenarios
from billify.domain.forecast.scenarios import Change, Kind, Unreadable
from billify.web import (
    forecast_view,
    languages,
    scenario_address,
    scenario_forms,
    scenario_table,
    scenario_words,
)
from billify.web.scenario_address import PLACES, Address
from billify.web.scenario_forms import ChangeForm
from billify.web.scenario_table import Table, title_of


@dataclass(frozen=True, slots=True)
class Asked:
    """Which form is open: to add a change of a kind, or to change one that is there."""

    kind: Kind
    place: str
    at: int | None
    is_sent: bool


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change of a scenario in words, or its sentence of refusal."""

    icon: str
    text: str
    detail: str
    error: str
    edit_url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of change that can be added."""

    icon: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownForm:
    """The open form; `hidden` is what the address says already."""

    form: ChangeForm
    title: str
    fields: tuple[tuple[Field, str], ...]
    hidden: tuple[tuple[str, str], ...]
    is_new: bool
    cancel_url: str
    hint: str


@dataclass(frozen=True, slots=True)
class ShownScenario:
    """One scenario: its changes, and what can be done with it."""

    place: str
    letter: str
    name: str
    changes: tuple[ShownChange, ...]
    offers: tuple[Offer, ...]
    form: ShownForm | None
    copy_url: str
    remove_url: str
    query: str


@dataclass(frozen=True, slots=True)
class KeptScenario:
    """One with a name, and the addresses that open it alone or beside what is shown."""

    id: UUID
    name: str
    says: tuple[str, ...]
    made_by: str | None
    url: str
    beside_url: str | None


@dataclass(frozen=True, slots=True)
class View:
    """All that the page shows."""

    comparison: Comparison
    scenarios: tuple[ShownScenario, ...]
    another_url: str | None
    table: Table | None
    kept: tuple[KeptScenario, ...]
    address: Address
    state: str
    """What is to say of a forecast that is behind; empty of a fresh one."""


def asked_form(args: "MultiDict[str, str]", address: Address) -> Asked | None:
    """Which form an address opens; None when it names none."""
    word, place = args.get("add", ""), args.get("place", PLACES[0])
    if word not in set(Kind) or place not in PLACES:
        return None
    if not address.changes.get(place):
        place = address.next_place or place
    number = args.get("at", "")
    at = int(number) if number.isdecimal() and len(number) < 3 else None
    if at is not None and at >= len(address.changes.get(place, ())):
        at = None
    return Asked(Kind(word), place, at, args.get("set") == "1")


def form_for(
    asked: Asked, *, found: Comparison, args: "MultiDict[str, str]", today: date
) -> ChangeForm:
    """The open form: as sent, with the change that is there, or with habits."""
    if asked.is_sent:
        form = scenario_forms.sent(asked.kind, args)
    else:
        form = scenario_forms.shown(asked.kind, before=_before(asked, found), today=today)
    form.offer(customers=found.customers, today=today)
    if asked.at is not None and not asked.is_sent:
        _explain(form, asked, found)
    return form


def view(
    *,
    found: Comparison,
    address: Address,
    saved: Sequence[Saved],
    asked: Asked | None,
    form: ChangeForm | None,
    begun: str,
    today: date,
) -> View:
    """Everything in words and coordinates. `begun` is a free place that is to be filled."""
    told = {one.place: one for one in found.told}
    free = address.next_place
    begins = begun == free or (asked is not None and asked.place == free)
    places = [one for one in PLACES if address.changes.get(one) or (one == free and begins)]
    shown = tuple(
        _scenario(place, told.get(place), address, found, asked, form)
        for place in places or PLACES[:1]
    )
    return View(
        comparison=found,
        scenarios=shown,
        another_url=address.url(place=free) if free and address.changes and not begins else None,
        table=scenario_table.table(found, address, today=today),
        kept=tuple(_kept(one, address, found, today) for one in saved),
        address=address,
        state=forecast_view.state(found.latest, today),
    )


def _before(asked: Asked, found: Comparison) -> Change | None:
    line = _line(asked, found)
    return line.change if line and line.kind is asked.kind else None


def _line(asked: Asked, found: Comparison) -> Line | None:
    told = next((one for one in found.told if one.place == asked.place), None)
    if told is None or asked.at is None:
        return None
    return told.lines[asked.at] if asked.at < len(told.lines) else None


def _explain(form: ChangeForm, asked: Asked, found: Comparison) -> None:
    """Put the sentence about what the address says to the field it is about."""
    line = _line(asked, found)
    if line is not None and line.refusal is not None:
        scenario_forms.refuse(form, line.refusal)


def _scenario(
    place: str,
    told: Told | None,
    address: Address,
    found: Comparison,
    asked: Asked | None,
    form: ChangeForm | None,
) -> ShownScenario:
    lines = told.lines if told else ()
    beside = address.with_scenario(address.query_of(place)) if lines else None
    return ShownScenario(
        place=place,
        letter=place.upper(),
        name=title_of(place, address),
        changes=tuple(_change(line, at, place, address, found) for at, line in enumerate(lines)),
        offers=tuple(
            Offer(
                scenario_words.ICONS[kind],
                scenario_words.offer(kind),
                address.url(add=kind, place=place),
            )
            for kind in Kind
        ),
        form=_form(asked, form, address) if asked and form and asked.place == place else None,
        copy_url=beside.url() if beside else "",
        remove_url=address.without_place(place).url() if lines else "",
        query=address.query_of(place),
    )


def _change(line: Line, at: int, place: str, address: Address, found: Comparison) -> ShownChange:
    edit = address.url(add=line.kind, place=place, at=str(at))
    remove = address.without(place, at).url()
    icon = scenario_words.ICONS[line.kind]
    if line.refusal is not None:
        text = f"{line.kind}={line.text}"
        return ShownChange(icon, text, "", languages.sentence(line.refusal), edit, remove)
    said = scenario_words.say(line, found.sales)
    return ShownChange(icon, said.text, said.detail, "", edit, remove)


def _form(asked: Asked, form: ChangeForm, address: Address) -> ShownForm:
    hidden = [*address.pairs, ("add", str(asked.kind)), ("place", asked.place), ("set", "1")]
    if asked.at is not None:
        hidden.append(("at", str(asked.at)))
    return ShownForm(
        form=form,
        title=scenario_words.offer(asked.kind),
        fields=tuple(
            (form[name], scenario_forms.look_of(form, name))
            for name in scenarios.fields_of(asked.kind)
        ),
        hidden=tuple(hidden),
        is_new=asked.at is None,
        cancel_url=address.url(),
        hint=scenario_words.hint(asked.kind),
    )


def _kept(one: Saved, address: Address, found: Comparison, today: date) -> KeptScenario:
    alone = Address().with_scenario(one.query, one.name)
    beside = address.with_scenario(one.query, one.name) if address.changes else None
    changes = scenario_address.read_query(one.query)
    return KeptScenario(
        id=one.id,
        name=one.name,
        says=tuple(_short(kind, text, found, today) for kind, text in changes),
        made_by=one.made_by,
        url=alone.url() if alone else "",
        beside_url=beside.url() if beside else None,
    )


def _short(kind: Kind, text: str, found: Comparison, today: date) -> str:
    """A kept change in words; one that no longer fits is told by its kind."""
    try:
        change = scenarios.read(kind=kind, text=text, today=today)
    except Unreadable:
        return scenario_words.offer(kind)
    customer = next((known for known in found.customers if known.id == change.contact), None)
    if change.contact and customer is None:
        return scenario_words.offer(kind)
    return scenario_words.say(Line(kind, text, change, customer), found.sales).text
