"""Who may call what: every route there is, by every role, by a stranger and by nobody.

A new route without an entry in the table fails, and so does an entry without its route.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from billify.application import ports
from billify.data import tenancy
from billify.data.db import db
from billify.data.types import uuid7
from billify.domain.forecast.shapes import Flow, Source
from billify.domain.reading import Page, Word, kept_words
from billify.domain.roles import RIGHTS, Right, Role
from billify.web.access import declared, today
from tests import fence_record, made_forecast
from tests.blueprints.access_table import CLOSED, PERSON, PREFIX, STAFF, TABLE
from tests.cast import Cast, Member, add_member
from tests.planting import Planter, company_tables

TABLE_OF = {
    "notification_id": "notification",
    "access_id": "support_access",
    "account_id": "bank_account",
    "alert_id": "alert",
    "category_id": "category",
    "contact_id": "contact",
    "document_id": "document",
    "import_id": "bank_import",
    "integration_id": "integration",
    "invoice_id": "invoice",
    "invitation_id": "invitation",
    "item_id": "planned_item",
    "line_id": "bank_transaction",
    "membership_id": "membership",
    "memory_id": "reading_memory",
    "open_item_id": "accounting_item",
    "rule_id": "bank_rule",
    "run_id": "bank_rule_run",
    "scenario_id": "scenario",
    "transaction_id": "bank_transaction",
}
"""Which row an address names."""

WORDS = {"page": 1, "name": "open_payables", "day": today().isoformat(), "partner": "ponto"}
"""What else an address names."""

NOT_FOR_ALL = {
    "POST /c/<company>/notifications/<uuid:notification_id>/opening": "only who was told",
    "POST /c/<company>/support/<uuid:access_id>/ending": "only who was asked",
    "POST /c/<company>/support/<uuid:access_id>/permission": "only who was asked",
    "POST /c/<company>/support/<uuid:access_id>/refusal": "only who was asked",
    "GET /c/<company>/invoices/<uuid:invoice_id>/pdf": "only what we issued has one",
    "GET /c/<company>/accounting/connections/<uuid:integration_id>": "only an accounting has calls",
    "GET /c/<company>/accounting/connections/<uuid:integration_id>/books": "as above",
    "POST /c/<company>/accounting/connections/<uuid:integration_id>/books": "as above",
    "POST /c/<company>/accounting/connections/<uuid:integration_id>/cap": "as above",
    "POST /c/<company>/accounting/connections/<uuid:integration_id>/refreshing": "as above",
    "GET /c/<company>/accounting/items/list": "without an accounting there are none",
    "POST /c/<company>/settings/connections/<uuid:integration_id>/renewal": "few ask for one",
    "POST /c/<company>/cash-flow/plans/recurring/decision": "a field names the movement",
    "POST /c/<company>/cash-flow/plans/taxes/decision": "a field names the payment",
}
"""Where a row that is there may answer 404 as well."""

OWNERS_ONLY = {
    "POST /c/<company>/settings/people/<uuid:membership_id>",
    "POST /c/<company>/settings/people/<uuid:membership_id>/removal",
    "POST /c/<company>/settings/people/invitation",
    "POST /c/<company>/settings/people/invitations/<uuid:invitation_id>/sending",
    "POST /c/<company>/settings/people/invitations/<uuid:invitation_id>/withdrawal",
}
"""What the use case leaves to owners, though admins see the page."""

OURS, THEIRS = "GELD-VAN-ANNA", "GEHEIM-VAN-CHLOE"


@pytest.fixture
def ours(cast: Cast) -> Planter:
    """A row of Anna's company in every table."""
    return plant(cast.anna, OURS)


@pytest.fixture
def theirs(cast: Cast) -> Planter:
    """A row of Chloé's company in every table, each text with a marker."""
    return plant(cast.chloe, THEIRS)


@pytest.fixture
def people(cast: Cast) -> dict[Role, Member]:
    """One person for each role in Anna's company."""
    bakery = cast.anna.actor.company_id
    return {
        role: cast.anna
        if role is Role.OWNER
        else add_member(bakery, cast.anna.slug, f"The {role}", role)
        for role in Role
    }


@pytest.fixture(autouse=True)
def _steady(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test commits within is undone before the next call."""
    yield
    tenancy.leave()


def plant(member: Member, marker: str) -> Planter:
    company_id = member.actor.company_id
    planter = Planter(db.session.connection(), company_id, member.user_id, marker)
    person = db.metadata.tables["user_account"]
    planter.plant(person, email=f"{marker}-{uuid7().hex}@example.be", language="nl")
    with tenancy.company_scope(company_id):
        for table in company_tables():
            if table.name in ("audit_head", "job", "audit_event"):
                continue
            if table.name not in ONE_EACH or not has_row(table, company_id):
                planter.plant(table, **fitting(table.name, member, marker))
        keep_bytes(planter)
    db.session.commit()
    return planter


def has_row(table: Table, company_id: UUID) -> bool:
    found = db.session.connection().execute(
        table.select().where(table.c.company_id == company_id).limit(1)
    )
    return found.first() is not None


def fitting(table: str, member: Member, marker: str) -> dict[str, Any]:  # Any: column values
    """The values of a row that its page needs."""
    if table == "forecast":
        flow = Flow(today(), Decimal("12.00"), Source.PLANNED, marker, marker, category=marker)
        return made_forecast.values(made_forecast.forecast_of([flow], today=today()))
    return FITTING.get(table, {}) | ({"uploaded_by": member.user_id} if table == "document" else {})


ONE_EACH = {"forecast", "forecast_profile", "forecast_snapshot"}
"""Tables that hold one row of a company, or of a company's day."""


FITTING: dict[str, dict[str, Any]] = {
    "bank_import": {
        "format": "csv",
        "content": b"Datum;Bedrag;Mededeling\n02/03/2026;12,00;GELD\n",
    },
    "document": {
        "status": "to_check",
        "pages": 1,
        "media_type": "application/pdf",
        "reading": {},
        "sureness": {},
    },
    "forecast_snapshot": {"days": [["12.00", "10.00", "14.00"]] * 91},
    "invoice": {"status": "to_check"},
    "match_proposal": {"kind": "exact", "links": [], "evidence": []},
    "contact": {"payment_terms": "days:30", "country": "BE"},
    "planned_item": {"rhythm": "monthly", "day": 5},
    "membership": {"role": "viewer"},
}
"""What a row needs to be shown, and is no matter of its columns' types."""


def keep_bytes(planter: Planter) -> None:
    """The document's bytes, the picture of its page, and the words on it."""
    document = db.metadata.tables["document"]
    sha256 = (
        db.session.connection()
        .execute(document.select().where(document.c.id == planter.known["document"]))
        .one()
        .sha256
    )
    key = f"{planter.known['company']}/{sha256}"
    for name in (key, f"{key}.page-1.jpg"):
        ports.storage().put(name, planter.marker.encode(), "application/pdf")
    page = Page(1, 595, 842, (Word(planter.marker, 0.1, 0.1, 0.4, 0.2),))
    ports.storage().put(f"{key}.words", kept_words.packed(pages=[page]), "application/zlib")


def rules(app: Flask) -> dict[str, Rule]:
    """Every route by method and rule."""
    return {
        f"{method} {rule.rule}": rule
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def address(rule: Rule, slug: str, keys: dict[str, UUID]) -> str:
    """The address of a route with the keys of these rows."""
    values = {
        name: slug if name == "company" else WORDS.get(name) or keys[TABLE_OF[name]]
        for name in rule.arguments
    }
    built = rule.build(values)
    assert built is not None
    return built[1]


def call(client: FlaskClient, name: str, where: str, **more: Any) -> TestResponse:  # Any: as given
    method = name.split(" ")[0]
    try:
        answer = client.open(where, method=method, **more)
        caller = client.environ_base.get(fence_record.CALLER, "nobody")
        fence_record.ASKED.note(name, caller, answer.status_code)
        return answer
    finally:
        tenancy.leave()
        db.session.expire_all()


def has_changed(name: str, answer: TestResponse) -> bool:
    """May the rows be other ones now? What is read or refused leaves them as they were."""
    return name.startswith("POST") and answer.status_code < 400


def company_rules(app: Flask) -> list[tuple[str, Rule]]:
    """The routes of a company; those that remove come last, and then the one that leaves it."""
    found = [(name, rule) for name, rule in rules(app).items() if rule.rule.startswith(PREFIX)]
    return sorted(found, key=lambda one: (_removes(one[0]), one[0]))


def _removes(name: str) -> int:
    """Who has left the company sees nothing of it after that."""
    return 2 * ("leaving" in name) + ("deletion" in name)


def covers(role: Role, access: str) -> bool:
    return access == "member" or (access in set(Right) and Right(access) in RIGHTS[role])


def test_every_route_stands_in_the_table_as_it_is_declared(application: Flask) -> None:
    found = {}
    for name, rule in rules(application).items():
        what = declared(application, rule.endpoint)
        found[name] = CLOSED if what is None else str(what.right or what.access)

    assert found == TABLE


def test_every_change_is_a_post_and_no_route_takes_more_methods_than_it_names(
    application: Flask,
) -> None:
    methods = {name.split(" ")[0] for name in rules(application)}

    assert methods == {"GET", "POST"}


def test_nobody_is_sent_to_the_login_page(app: Flask, client: FlaskClient, ours: Planter) -> None:
    for name, rule in company_rules(app):
        answer = call(client, name, address(rule, "bakkerij-anna", ours.known))

        assert answer.status_code == 302, name
        assert answer.location.startswith("/log-in"), name
        assert OURS not in answer.text, name


def test_a_script_of_nobody_is_told_to_log_in(
    app: Flask, client: FlaskClient, ours: Planter
) -> None:
    for name, rule in company_rules(app):
        where = address(rule, "bakkerij-anna", ours.known)
        answer = call(client, name, where, headers={"HX-Request": "true"})

        assert answer.status_code == 401, name
        assert answer.headers["HX-Redirect"].startswith("/log-in"), name


@pytest.mark.parametrize("name", PERSON)
def test_a_person_s_own_pages_want_a_login(name: str, app: Flask, client: FlaskClient) -> None:
    rule = rules(app)[name]
    values = {key: UUID(int=7) for key in rule.arguments}
    built = rule.build(values)
    assert built is not None

    answer = call(client, name, built[1])

    assert answer.status_code == 302
    assert answer.location.startswith("/log-in")


def staff_address(rule: Rule, known: dict[str, UUID]) -> str:
    """The address of a page of staff, with the keys of rows that are there where there are any."""
    values = {
        key: WORDS.get(key) or known.get(key.removesuffix("_id")) or UUID(int=7)
        for key in rule.arguments
    }
    built = rule.build(values)
    assert built is not None
    return built[1]


@pytest.mark.parametrize("name", STAFF)
def test_the_back_office_is_for_staff_alone(
    name: str, app: Flask, client: FlaskClient, cast: Cast
) -> None:
    where = staff_address(rules(app)[name], {})

    assert call(client, name, where).status_code == 302
    assert call(cast.anna.client(), name, where).status_code == 403
    answer = call(cast.dirk.client(), name, where)
    assert answer.status_code in (200, 303, 400, 404, 409, 422)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", Role)
def test_no_role_of_a_company_opens_the_back_office(
    role: Role, app: Flask, cast: Cast, people: dict[Role, Member], ours: Planter
) -> None:
    client = people[role].client()
    known = ours.known | {"user": cast.emma.user_id}
    for name in STAFF:
        answer = call(client, name, staff_address(rules(app)[name], known), data={})

        assert answer.status_code == 403, name
        assert OURS not in answer.text, name


def test_staff_open_every_page_of_the_back_office_on_rows_that_are_there(
    app: Flask, cast: Cast, ours: Planter
) -> None:
    client = cast.dirk.client()
    known = ours.known | {"user": cast.emma.user_id}
    for name in STAFF:
        if name.startswith("GET"):
            answer = call(client, name, staff_address(rules(app)[name], known))

            assert answer.status_code in (200, 404), name


@pytest.mark.parametrize("stranger", ["chloe", "dirk"])
def test_a_stranger_learns_nothing(stranger: str, app: Flask, cast: Cast, ours: Planter) -> None:
    """Neither another company's owner nor the staff: 404, as for a company there isn't."""
    client = getattr(cast, stranger).client()
    for name, rule in company_rules(app):
        answer = call(client, name, address(rule, "bakkerij-anna", ours.known))
        unknown = call(client, name, address(rule, "no-such-company", ours.known))

        assert answer.status_code == unknown.status_code == 404, name
        assert OURS not in answer.text, name


@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_it_may_and_no_more(
    role: Role, app: Flask, cast: Cast, people: dict[Role, Member]
) -> None:
    client = people[role].client()
    ours = plant(people[role], OURS)
    for name, rule in company_rules(app):
        access = TABLE.get(name, CLOSED)

        answer = call(client, name, address(rule, cast.anna.slug, ours.known), data={})

        if has_changed(name, answer):
            ours = plant(people[role], OURS)

        if covers(role, access) and name in NOT_FOR_ALL:
            assert answer.status_code in (200, 404), name
        elif name in OWNERS_ONLY and role is Role.ADMIN:
            assert answer.status_code in (403, 422), name
        elif covers(role, access):
            assert answer.status_code in (200, 201, 204, 303, 400, 409, 422), (name, answer.text)
        else:
            assert answer.status_code == 403, name
            assert OURS not in answer.text, name


def test_who_only_hands_in_sees_no_amount(
    app: Flask, cast: Cast, people: dict[Role, Member], ours: Planter
) -> None:
    client = people[Role.EMPLOYEE].client()
    for name, rule in company_rules(app):
        if not name.startswith("GET") or "<uuid" in rule.rule:
            continue
        answer = call(client, name, address(rule, cast.anna.slug, ours.known))

        assert "12,00" not in answer.text, name


def test_who_only_hands_in_sees_their_own_documents(
    app: Flask, cast: Cast, people: dict[Role, Member], ours: Planter
) -> None:
    client = people[Role.EMPLOYEE].client()
    own = plant(people[Role.EMPLOYEE], "VAN-MIJ")
    found = rules(app)
    for name in (
        "GET /c/<company>/documents/<uuid:document_id>/original",
        "GET /c/<company>/documents/<uuid:document_id>/pages/<int:page>",
        "GET /c/<company>/documents/<uuid:document_id>/pages/<int:page>/words",
        "GET /c/<company>/documents/<uuid:document_id>/row",
        "POST /c/<company>/documents/<uuid:document_id>/retry",
    ):
        others = call(client, name, address(found[name], cast.anna.slug, ours.known))
        mine = call(client, name, address(found[name], cast.anna.slug, own.known))

        assert others.status_code == 404, name
        assert mine.status_code in (200, 422), name
    for page in ("inbox", "purchases"):
        answer = call(client, f"GET {page}", f"/c/{cast.anna.slug}/{page}")
        assert "VAN-MIJ" in answer.text
        assert OURS not in answer.text


def test_who_reads_the_figures_sees_every_document(
    app: Flask, cast: Cast, people: dict[Role, Member], ours: Planter
) -> None:
    name = "GET /c/<company>/documents/<uuid:document_id>/original"
    for role in (Role.ACCOUNTANT, Role.VIEWER):
        where = address(rules(app)[name], cast.anna.slug, ours.known)
        assert call(people[role].client(), name, where).status_code == 200


def test_rows_of_another_company_are_not_there(
    app: Flask, cast: Cast, ours: Planter, theirs: Planter
) -> None:
    """Anna's own addresses with the keys of Chloé's rows."""
    client = cast.anna.client()
    for name, rule in company_rules(app):
        if "<uuid" not in rule.rule:
            continue
        answer = call(client, name, address(rule, cast.anna.slug, theirs.known), data={})

        assert answer.status_code in (404, 422), (name, answer.status_code)
        assert THEIRS not in shown(answer), name


def test_no_page_export_or_file_shows_a_row_of_another_company(
    app: Flask, cast: Cast, ours: Planter, theirs: Planter
) -> None:
    client = cast.anna.client()
    asked = [(name, rule, {}) for name, rule in company_rules(app) if name.startswith("GET")]
    for name, rule, more in [*asked, *searches(app)]:
        answer = call(client, name, address(rule, cast.anna.slug, ours.known), query_string=more)

        assert THEIRS not in shown(answer), (name, more)


def test_keys_of_another_company_in_form_fields_lead_nowhere(
    app: Flask, cast: Cast, ours: Planter, theirs: Planter
) -> None:
    client = cast.anna.client()
    for name, rule in company_rules(app):
        if not name.startswith("POST"):
            continue
        where = address(rule, cast.anna.slug, ours.known)

        answer = call(client, name, where, data=foreign_fields(theirs))

        if has_changed(name, answer):
            ours = plant(cast.anna, OURS)
        assert answer.status_code < 500, name
        assert THEIRS not in shown(answer), name
    with tenancy.company_scope(cast.anna.actor.company_id):
        for table in company_tables():
            rows = db.session.connection().execute(table.select()).all()
            keys = {value for row in rows for value in row if isinstance(value, UUID)}
            foreign = {theirs.known[name] for name in TABLE_OF.values()}
            assert not keys & foreign, table.name


def searches(app: Flask) -> list[tuple[str, Rule, dict[str, str]]]:
    """Each page and list, asked for the marker itself."""
    return [
        (
            name,
            rule,
            dict.fromkeys(("q", "search", "contact", "contact_words", "words"), THEIRS.lower()),
        )
        for name, rule in company_rules(app)
        if name.startswith("GET")
    ]


def foreign_fields(theirs: Planter) -> dict[str, Any]:  # Any: form values
    """A form that names Chloé's rows wherever a form could, and is fine otherwise."""
    fields: dict[str, Any] = {
        field: str(theirs.known[table])
        for one, table in TABLE_OF.items()
        for field in (one, one.removesuffix("_id"), f"{one}s")
    }
    keys = [str(key) for name, key in theirs.known.items() if name in TABLE_OF.values()]
    return fields | {
        "ids": keys,
        "chosen": keys,
        "kind": "invoice",
        "direction": "purchase",
        "number": "F1",
        "issue_date": "02/03/2026",
        "gross_amount": "121,00",
        "party_name": "x",
        "version": "1",
        "format": "csv",
    }


def shown(answer: TestResponse) -> str:
    """Whatever comes back, headers and packed files too."""
    return f"{unpacked(answer.data)}{answer.headers}"


def unpacked(data: bytes) -> str:
    """The text of an answer; a spreadsheet is opened."""
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    from io import BytesIO
    from zipfile import ZipFile

    with ZipFile(BytesIO(data)) as packed:
        return " ".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
