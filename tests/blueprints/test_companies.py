"""Settings: particulars, people with their roles and limits, and the audit log."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select

from billify.data import tenancy
from billify.data.db import db
from billify.data.models import AuditEvent, Company, Membership
from billify.data.queries import companies as queries
from billify.domain.obligations import Every
from billify.domain.roles import Role
from tests import factories
from tests.cast import Cast, Member, add_member

SETTINGS = "/c/bakkerij-anna/settings"


def particulars(**more: str) -> dict[str, str]:
    """What an owner fills in."""
    return {
        "name": "Bakkerij Anna BV",
        "vat_number": "BE 0403.170.701",
        "street": "Coupure Rechts 779",
        "postcode": "9000",
        "city": "Gent",
        "country": "be",
        "language": "fr",
        "floor_amount": "7.500,00",
        **more,
    }


def place_of(who: Member) -> UUID:
    """The key of a person's place in the company."""
    assert who.company_id is not None
    with tenancy.company_scope(who.company_id):
        return db.session.scalars(
            select(Membership.id).where(Membership.user_id == who.user_id)
        ).one()


def role_of(who: Member) -> Role | None:
    """The role a person has now."""
    assert who.company_id is not None
    with tenancy.company_scope(who.company_id):
        found = [one for one in queries.members() if one.user_id == who.user_id]
    return found[0].role if found else None


def test_particulars_are_saved_and_audited(cast: Cast) -> None:
    client = cast.anna.client()

    assert client.post(SETTINGS, data=particulars()).status_code == 303

    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        company = db.session.scalars(select(Company)).one()
        event = db.session.scalars(select(AuditEvent)).one()
    assert (company.name, company.country, company.language) == ("Bakkerij Anna BV", "BE", "fr")
    assert company.floor_amount == Decimal("7500.00")
    assert event.verb == "company.changed"
    assert event.after is not None
    assert event.after["floor_amount"] == "7500.00"
    assert 'value="7.500,00"' in client.get(SETTINGS).text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " "}, "Fill this in."),
        ({"name": "x" * 500}, "At most 120 characters."),
        ({"vat_number": "BE 0403.170.702"}, "is not a valid VAT number"),
        ({"floor_amount": "1.234,5,6"}, "field--bad"),
        ({"language": "xx"}, "Choose one"),
        ({"country": "Belgium"}, "At most 2 characters."),
    ],
)
def test_bad_particulars_get_a_sentence(cast: Cast, given: dict[str, str], said: str) -> None:
    answer = cast.anna.client().post(SETTINGS, data=particulars(**given))

    assert answer.status_code == 422
    assert said in answer.text


def test_an_owner_changes_a_role_and_a_limit(cast: Cast) -> None:
    form = {"role": "approver", "approval_limit": "2.000"}

    answer = cast.anna.client().post(f"{SETTINGS}/people/{place_of(cast.bram)}", data=form)

    assert answer.status_code == 303
    text = cast.anna.client().get(f"{SETTINGS}/people").text
    assert role_of(cast.bram) is Role.APPROVER
    assert "2.000,00" in text


def test_the_last_owner_stays_owner_and_stays(cast: Cast) -> None:
    client = cast.anna.client()
    place = f"{SETTINGS}/people/{place_of(cast.anna)}"

    changed = client.post(place, data={"role": "viewer", "approval_limit": ""})
    removed = client.post(f"{place}/removal")

    assert changed.status_code == 422
    assert "keeps at least one owner" in changed.text
    assert removed.status_code == 422
    assert role_of(cast.anna) is Role.OWNER


def test_one_of_two_owners_may_leave(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    fien = add_member(cast.anna.company_id, cast.anna.slug, "Fien", Role.OWNER)

    answer = cast.anna.client().post(f"{SETTINGS}/people/{place_of(cast.anna)}/removal")

    assert answer.status_code == 303
    assert role_of(cast.anna) is None
    assert cast.anna.client().get(SETTINGS).status_code == 404
    assert fien.client().get(SETTINGS).status_code == 200


def test_an_administrator_sees_people_but_does_not_change_them(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    adam = add_member(cast.anna.company_id, cast.anna.slug, "Adam", Role.ADMIN)
    place = f"{SETTINGS}/people/{place_of(cast.bram)}"
    client = adam.client()

    assert client.get(f"{SETTINGS}/people").status_code == 200
    assert client.post(place, data={"role": "owner", "approval_limit": ""}).status_code == 422
    assert client.post(f"{place}/removal").status_code == 403
    assert role_of(cast.bram) is Role.VIEWER


@pytest.mark.parametrize("given", [{"role": "king"}, {"role": "viewer", "approval_limit": "x"}])
def test_a_bad_role_or_limit_gets_a_sentence(cast: Cast, given: dict[str, str]) -> None:
    answer = cast.anna.client().post(f"{SETTINGS}/people/{place_of(cast.bram)}", data=given)

    assert answer.status_code == 422
    assert "field--bad" in answer.text


def test_the_audit_log_tells_who_did_what_newest_first(cast: Cast) -> None:
    client = cast.anna.client()
    client.post(SETTINGS, data=particulars(city="Brugge"))
    client.post(SETTINGS, data=particulars(city="Gent"))

    text = client.get(f"{SETTINGS}/audit").text

    assert text.index('id="event-2"') < text.index("<del>Brugge</del>") < text.index("event-1")
    assert "Company changed" in text
    assert "Anna" in text


def test_the_audit_log_is_filtered_and_paged(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "EVENTS", 2)
    client = cast.anna.client()
    for city in ("Gent", "Brugge", "Aalst"):
        client.post(SETTINGS, data=particulars(city=city))
    client.post(
        f"{SETTINGS}/people/{place_of(cast.bram)}", data={"role": "admin", "approval_limit": ""}
    )

    first = client.get(f"{SETTINGS}/audit?subject_type=company").text
    more = client.get(
        f"{SETTINGS}/audit?subject_type=company&before=2", headers={"HX-Request-Type": "partial"}
    ).text

    assert "Role or limit changed" not in first.split('id="rows"')[1]
    assert "before=2" in first
    assert 'id="event-1"' in more
    assert "hx-partial" in more
    assert "<h1" not in more


@pytest.mark.parametrize(
    "asked",
    [
        "?subject_id=x",
        "?before=abc",
        "?subject_type=%00",
        "?subject_id=01930000-0000-7000-8000-000000000000",
    ],
)
def test_an_impossible_audit_filter_never_breaks(cast: Cast, asked: str) -> None:
    assert cast.anna.client().get(f"{SETTINGS}/audit{asked}").status_code in (200, 404)


def test_who_does_not_manage_the_company_stays_outside(cast: Cast) -> None:
    for client in (cast.bram.client(), cast.emma.client()):
        for address in ("", "/people", "/audit", f"/people/{place_of(cast.bram)}"):
            assert client.get(SETTINGS + address).status_code == 403


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    client = cast.chloe.client()

    for address in ("", "/people", "/audit"):
        assert client.get(SETTINGS + address).status_code == 404
    foreign = f"/c/chocolaterie-chloe/settings/people/{place_of(cast.anna)}"
    assert client.get(foreign).status_code == 404
    assert client.post(f"{foreign}/removal").status_code == 404
    assert role_of(cast.anna) is Role.OWNER


def test_the_audit_log_of_another_company_is_not_shown(cast: Cast) -> None:
    assert cast.anna.company_id is not None
    with tenancy.company_scope(cast.anna.company_id):
        factories.contact("Geheim BV")
    cast.anna.client().post(SETTINGS, data=particulars(city="Geheimstad"))

    assert "Geheimstad" not in cast.chloe.client().get("/c/chocolaterie-chloe/settings/audit").text


def test_what_the_forecast_needs_is_set(cast: Cast) -> None:
    client = cast.anna.client()
    given = {
        "alert_days": "30",
        "vat_period": "month",
        "withholding_period": "quarter",
        "counts_budget": "1",
    }

    assert client.post(SETTINGS, data=particulars(**given)).status_code == 303

    with factories.books_of(cast.anna):
        company = db.session.scalars(select(Company)).one()
    assert (company.alert_days, company.counts_budget) == (30, True)
    assert (company.vat_every, company.withholding_every) == (Every.MONTH, Every.QUARTER)
    client.post(SETTINGS, data=particulars(alert_days="", vat_period="none"))
    assert (company.alert_days, company.vat_every, company.counts_budget) == (14, None, False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"alert_days": "0"}, "Write a whole number from 1 to 91."),
        ({"alert_days": "1e9"}, "Write a whole number from 1 to 91."),
        ({"vat_period": "weekly"}, "Choose one from the list."),
        ({"withholding_period": ""}, "Choose one"),
    ],
)
def test_bad_settings_of_the_forecast_get_a_sentence(
    cast: Cast, given: dict[str, str], said: str
) -> None:
    answer = cast.anna.client().post(SETTINGS, data=particulars(**given))

    assert answer.status_code == 422
    assert said in answer.text
