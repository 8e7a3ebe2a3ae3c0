"""Settings → Connections: connect, pick accounts, see runs, renew, end, and what is old."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select, update

from billify.application import forecasts
from billify.application.partners import engine
from billify.application.partners.ponto import sync
from billify.data.db import db, transaction
from billify.data.models import BankAccount, Company, ConnectedAccount, Integration, Job, SyncLog
from billify.domain.connections import AccountState, ConnectionState, Partner, Trouble
from billify.domain.features import Feature
from billify.stand_ins.ponto import Fault, PontoServer
from tests.cast import Cast
from tests.factories import books_of
from tests.fakes import ponto as fake

HOME = "/c/bakkerij-anna"
SETTINGS = f"{HOME}/settings/connections"
KEYS = {"client_id": "demo", "client_secret": "demo-secret"}


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PontoServer]:
    with fake.ponto() as started:
        settings = fake.settings_of(started, app.config["SETTINGS"])
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        monkeypatch.setattr(sync, "LOOK_SECONDS", 0.0)
        yield started


def only() -> Integration:
    return db.session.scalars(select(Integration).execution_options(populate_existing=True)).one()


def connected(cast: Cast) -> Integration:
    """What Anna does with the mouse: keys, then a new account, then the first run."""
    answer = cast.anna.client().post(f"{SETTINGS}/new/ponto", data=KEYS)
    assert answer.status_code == 303
    with books_of(cast.anna):
        offered = db.session.scalars(select(ConnectedAccount)).one()
        row = only()
    picked = {f"account-{offered.id}": "new"}
    assert cast.anna.client().post(answer.location, data=picked).status_code == 303
    with books_of(cast.anna):
        engine.run(integration_id=row.id)
    return row


def test_a_bank_is_connected_with_keys_and_its_lines_appear(
    server: PontoServer, cast: Cast
) -> None:
    server.world.tell(fake.account(server), *fake.movements(8))

    row = connected(cast)

    listed = cast.anna.client().get(SETTINGS).text
    assert "Ponto" in listed
    assert "1 account" in listed
    shown = cast.anna.client().get(f"{SETTINGS}/{row.id}").text
    bank = cast.anna.client().get(f"{HOME}/bank").text
    assert "Connected" in listed
    assert "8 new, 0 changed, 0 known already." in shown
    assert "BE68 5390 0754 7034" in shown
    assert "Klant 7" in bank
    assert "Refresh now" in bank


def test_wrong_keys_are_refused_at_the_form(server: PontoServer, cast: Cast) -> None:
    wrong = KEYS | {"client_secret": "other"}

    answer = cast.anna.client().post(f"{SETTINGS}/new/ponto", data=wrong)

    assert answer.status_code == 422
    assert "Ponto does not accept this login" in answer.text
    with books_of(cast.anna):
        assert db.session.scalars(select(Integration)).all() == []


def test_a_secret_is_never_shown_again(server: PontoServer, cast: Cast) -> None:
    row = connected(cast)

    for page in ("", f"/{row.id}", f"/{row.id}/login", f"/{row.id}/accounts"):
        assert "demo-secret" not in cast.anna.client().get(f"{SETTINGS}{page}").text


def test_ponto_connect_goes_there_and_back(server: PontoServer, cast: Cast) -> None:
    client = cast.anna.client()
    begun = client.post(f"{SETTINGS}/new/ponto_connect")
    page = client.get(begun.location).text
    address = page.split(f'href="{server.authorization_url}')[1].split('"')[0]
    away = f"{server.authorization_url}{address}".replace("&amp;", "&")
    assert "scope=ai%20name%20offline_access" in away

    import requests

    back = requests.get(f"{away}&allow=1", allow_redirects=False, timeout=5).headers["Location"]
    path = back.split("://")[1].partition("/")[2]
    onward = client.get(f"/{path}")
    assert onward.status_code == 303
    assert client.get(onward.location).status_code == 200
    done = client.post(onward.location)

    assert done.status_code == 303, done.text
    with books_of(cast.anna):
        assert only().state is ConnectionState.CHOOSING
        assert only().name == "Bakkerij Anna BV"
    again = client.post(onward.location)
    assert again.status_code == 422


def test_a_consent_is_renewed_at_ponto(server: PontoServer, cast: Cast) -> None:
    import requests

    client = cast.anna.client()
    row = connected_by_consent(server, cast)
    bank = fake.account(server)
    bank.consent_ends = datetime.now(UTC) - timedelta(days=1)
    server.world.synchronize(bank)
    with books_of(cast.anna):
        engine.run(integration_id=row.id)

    page = client.post(f"{SETTINGS}/{row.id}/renewal").text
    away = page.split(f'href="{server.authorization_url}')[1].split('"')[0].replace("&amp;", "&")
    back = requests.get(
        f"{server.authorization_url}{away}&allow=1", allow_redirects=False, timeout=5
    ).headers["Location"]
    assert client.get("/" + back.split("://")[1].partition("/")[2]).status_code == 303
    with books_of(cast.anna):
        engine.run(integration_id=row.id)
        assert db.session.scalars(select(ConnectedAccount)).one().state is AccountState.FOLLOWED


def connected_by_consent(server: PontoServer, cast: Cast) -> Integration:
    """Anna connects by Ponto Connect and has everything read once."""
    import requests

    client = cast.anna.client()
    page = client.get(client.post(f"{SETTINGS}/new/ponto_connect").location).text
    away = page.split(f'href="{server.authorization_url}')[1].split('"')[0].replace("&amp;", "&")
    back = requests.get(
        f"{server.authorization_url}{away}&allow=1", allow_redirects=False, timeout=5
    ).headers["Location"]
    onward = client.get("/" + back.split("://")[1].partition("/")[2])
    choose = client.post(onward.location).location
    with books_of(cast.anna):
        offered = db.session.scalars(select(ConnectedAccount)).one()
        row = only()
    client.post(choose, data={f"account-{offered.id}": "new"})
    with books_of(cast.anna):
        engine.run(integration_id=row.id)
    return row


def test_a_no_at_ponto_changes_nothing(server: PontoServer, cast: Cast) -> None:
    client = cast.anna.client()
    begun = client.post(f"{SETTINGS}/new/ponto_connect").location
    key = begun.split("/")[-2]

    answer = client.get(f"/connections/ponto?error=access_denied&state=bakkerij-anna.{key}.x")
    shown = client.get(answer.location).text

    assert "did not give its consent" in shown


def test_an_answer_of_another_request_is_refused(server: PontoServer, cast: Cast) -> None:
    client = cast.anna.client()
    key = client.post(f"{SETTINGS}/new/ponto_connect").location.split("/")[-2]

    answer = client.post(f"{SETTINGS}/{key}/consent?code=abc&state=bakkerij-anna.{key}.forged")

    assert answer.status_code == 422
    assert "belongs to another request" in answer.text


def test_nothing_picked_is_said(server: PontoServer, cast: Cast) -> None:
    client = cast.anna.client()
    choose = client.post(f"{SETTINGS}/new/ponto", data=KEYS).location

    answer = client.post(choose, data={})

    assert answer.status_code == 422
    assert "Choose at least one account." in answer.text


def test_an_account_with_the_same_number_is_proposed(server: PontoServer, cast: Cast) -> None:
    from tests import factories

    with books_of(cast.anna):
        own = factories.account("Zicht", iban=fake.IBAN)
    client = cast.anna.client()
    choose = client.post(f"{SETTINGS}/new/ponto", data=KEYS).location

    assert f'value="{own.id}" selected' in client.get(choose).text


def test_refresh_asks_once(server: PontoServer, cast: Cast) -> None:
    row = connected(cast)

    answer = cast.anna.client().post(f"{SETTINGS}/{row.id}/refreshing")

    assert answer.status_code == 303
    with books_of(cast.anna):
        asked = db.session.scalars(select(Job).where(Job.name == "connection.refresh")).all()
    assert len(asked) == 1


def test_a_failure_is_told_in_plain_words(server: PontoServer, cast: Cast) -> None:
    row = connected(cast)
    server.world.faults.add(Fault(path="/accounts", status=500))
    with books_of(cast.anna):
        engine.run(integration_id=row.id)

    shown = cast.anna.client().get(f"{SETTINGS}/{row.id}").text

    assert "Something failed at Ponto. Billify tries again." in shown
    assert "Failures in a row" in shown


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (13, "ends in 13 days."),
        (6, "ends in 6 days."),
        (1, "ends tomorrow."),
        (0, "ends today."),
        (-1, "has ended: nothing new comes in."),
    ],
)
def test_the_end_of_a_consent_is_announced(
    days: int, said: str, server: PontoServer, cast: Cast
) -> None:
    connected(cast)
    ends = datetime.now(UTC) + timedelta(days=days, hours=1)
    with books_of(cast.anna), transaction() as session:
        session.execute(update(ConnectedAccount).values(consent_ends=ends))

    for page in (f"{HOME}/", f"{HOME}/bank"):
        assert said in cast.anna.client().get(page).text


def test_two_weeks_before_nothing_is_said(server: PontoServer, cast: Cast) -> None:
    connected(cast)
    ends = datetime.now(UTC) + timedelta(days=16)
    with books_of(cast.anna), transaction() as session:
        session.execute(update(ConnectedAccount).values(consent_ends=ends))

    assert "Your consent" not in cast.anna.client().get(f"{HOME}/bank").text


@pytest.mark.parametrize("page", ["/", "/bank", "/widgets/position", "/widgets/forecast"])
def test_old_figures_say_since_when(page: str, server: PontoServer, cast: Cast) -> None:
    connected(cast)
    with books_of(cast.anna):
        forecasts.make()
    assert "not refreshed since" not in cast.anna.client().get(f"{HOME}{page}").text
    with books_of(cast.anna), transaction() as session:
        long_ago = datetime.now(UTC) - timedelta(hours=5)
        session.execute(update(Integration).values(fresh_at=long_ago))

    assert "not refreshed since" in cast.anna.client().get(f"{HOME}{page}").text


def test_a_login_that_is_refused_asks_to_renew(server: PontoServer, cast: Cast) -> None:
    row = connected(cast)
    with books_of(cast.anna), transaction() as session:
        session.execute(
            update(Integration).values(
                state=ConnectionState.RECONNECT, trouble=Trouble.LOGIN_REFUSED
            )
        )

    assert "has to be renewed" in cast.anna.client().get(f"{HOME}/bank").text
    renewed = cast.anna.client().post(f"{SETTINGS}/{row.id}/login", data=KEYS)

    assert renewed.status_code == 303
    with books_of(cast.anna):
        assert only().state is ConnectionState.ACTIVE


def test_the_balance_is_checked_by_day(server: PontoServer, cast: Cast) -> None:
    bank = fake.account(server)
    row = connected(cast)
    with books_of(cast.anna):
        account = db.session.scalars(select(BankAccount)).one()
    page = f"{HOME}/bank/accounts/{account.id}/check"
    assert "Every day ties" in cast.bram.client().get(page).text
    bank.opening += Decimal("12.34")
    server.world.synchronize(bank)
    with books_of(cast.anna):
        engine.run(integration_id=row.id)

    shown = cast.bram.client().get(page).text

    assert "differ by 12,34" in shown


def test_a_connection_is_ended_and_its_lines_stay(server: PontoServer, cast: Cast) -> None:
    server.world.tell(fake.account(server), *fake.movements(3))
    row = connected(cast)

    answer = cast.anna.client().post(f"{SETTINGS}/{row.id}/ending")

    assert answer.status_code == 303
    assert "Disconnected" in cast.anna.client().get(SETTINGS).text
    assert "Klant 2" in cast.anna.client().get(f"{HOME}/bank").text
    with books_of(cast.anna):
        brought = db.session.scalars(select(ConnectedAccount)).one()
    assert brought.state is AccountState.OFFERED


def test_who_does_not_manage_the_company_may_not_connect(server: PontoServer, cast: Cast) -> None:
    assert cast.emma.client().post(f"{SETTINGS}/new/ponto", data=KEYS).status_code == 403
    assert cast.emma.client().get(SETTINGS).status_code == 403


def test_a_connection_of_another_company_is_not_there(server: PontoServer, cast: Cast) -> None:
    row = connected(cast)

    other = "/c/chocolaterie-chloe/settings/connections"

    assert cast.chloe.client().get(f"{other}/{row.id}").status_code == 404
    assert cast.chloe.client().post(f"{other}/{row.id}/ending").status_code == 404


def test_what_can_be_connected_describes_itself(server: PontoServer, cast: Cast) -> None:
    page = cast.anna.client().get(f"{SETTINGS}/new").text

    for name in ("Ponto", "Ponto Connect", "Yuki"):
        assert f"Connect {name}" in page


def test_ponto_connect_is_offered_where_it_is_set_up_only(app: Flask, cast: Cast) -> None:
    assert not app.config["SETTINGS"].ponto.has_connect

    page = cast.anna.client().get(f"{SETTINGS}/new").text

    assert "Connect Ponto Connect" not in page
    assert cast.anna.client().get(f"{SETTINGS}/new/ponto_connect").status_code == 404
    assert cast.anna.client().get(f"{SETTINGS}/new/nobody").status_code == 404


def test_a_check_says_whether_login_and_place_are_good(server: PontoServer, cast: Cast) -> None:
    row = connected(cast)
    client = cast.anna.client()

    good = client.post(f"{SETTINGS}/{row.id}").text
    fake.account(server).is_revoked = True
    gone = client.post(f"{SETTINGS}/{row.id}").text
    server.world.faults.add(Fault(path="/accounts", status=500))
    away = client.post(f"{SETTINGS}/{row.id}").text

    assert "The login is good." in good
    assert "can be read." in good
    assert "The login is good." in gone
    assert "read at the moment." in gone
    assert "The login is good." not in away
    assert "Something failed at Ponto. Billify tries again." in away


def test_the_list_tells_what_today_cost_and_what_is_wrong(server: PontoServer, cast: Cast) -> None:
    row = connected(cast)
    with books_of(cast.anna), transaction() as session:
        day = timedelta(days=1)
        session.execute(update(SyncLog).values(started_at=SyncLog.started_at - day))
        engine.run(integration_id=row.id)
        engine.run(integration_id=row.id)
    server.world.faults.add(Fault(path="/accounts", status=500))
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}

    before = cast.anna.client().get(SETTINGS, headers=part).text
    with books_of(cast.anna):
        engine.run(integration_id=row.id)
    after = cast.anna.client().get(SETTINGS, headers=part).text

    assert _cell(before, "Calls today") == "2"
    assert "Something is wrong" not in before
    assert "Something is wrong" in after
    assert "Something failed at Ponto. Billify tries again." in after
    assert "Try again" in cast.anna.client().get(f"{SETTINGS}/{row.id}").text


def _cell(page: str, label: str) -> str:
    (found,) = html.fromstring(page).xpath(f'//td[@data-label="{label}"]')
    return str(found.text_content()).strip()


def test_a_connection_that_brings_no_bank_can_ask_for_a_new_login_too(cast: Cast) -> None:
    with books_of(cast.anna), transaction() as session:
        session.add(
            Integration(partner=Partner.YUKI, state=ConnectionState.RECONNECT, name="Boeken")
        )

    page = cast.anna.client().get(f"{HOME}/").text

    assert "The connection of Boeken to Yuki has to be renewed." in page


def test_asking_slower_out_of_hours_is_a_choice_of_the_company(cast: Cast) -> None:
    given = {
        "name": "Bakkerij Anna",
        "country": "BE",
        "language": "nl",
        "vat_period": "quarter",
        "withholding_period": "month",
    }
    client = cast.anna.client()
    assert asks_slower(cast)

    client.post(f"{HOME}/settings", data=given)
    assert not asks_slower(cast)
    client.post(f"{HOME}/settings", data=given | {"asks_slower": "1"})
    assert asks_slower(cast)


def asks_slower(cast: Cast) -> bool:
    with books_of(cast.anna):
        found = select(Company).execution_options(populate_existing=True)
        return db.session.scalars(found).one().asks_slower


def test_a_connection_of_a_part_that_is_switched_off_is_not_listed(cast: Cast) -> None:
    with books_of(cast.anna), transaction() as session:
        session.add(Integration(partner=Partner.YUKI, state=ConnectionState.ACTIVE, name="Boeken"))
    client = cast.anna.client()
    assert "Boeken" in client.get(SETTINGS).text

    with books_of(cast.anna), transaction() as session:
        session.scalars(select(Company)).one().switched_off = [Feature.ACCOUNTING.value]
    assert "Boeken" not in client.get(SETTINGS).text
