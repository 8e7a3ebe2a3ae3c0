"""A company and its books at Yuki: the key, the choice, the session."""

import pytest

from billify.application import accounting, connections
from billify.application.partners import credentials, engine
from billify.data.models import Integration
from billify.domain.connections import ConnectionState, Trouble
from billify.domain.refusal import NotAllowed, Refusal
from billify.stand_ins.yuki import Books, Domain, YukiServer
from tests.application.accounting.books import assert_equals_the_books, connected, every, state
from tests.cast import Cast, Member
from tests.factories import books_of
from tests.fakes import yuki as fake


def test_a_key_is_taken_and_the_books_of_the_company_are_suggested(
    server: YukiServer, anna: Member
) -> None:
    other = Domain(
        "Elders", [Books("Slagerij Bert", "BE0202.239.951"), Books("Oud", "", is_active=False)]
    )
    server.world.add(other, access_key=fake.KEY)

    row = accounting.connect(access_key=f" {fake.KEY} ", by=anna.actor)

    assert row.state is ConnectionState.CHOOSING
    ours, theirs = accounting.administrations(row.id)
    assert (ours.books.administration_name, ours.is_suggested) == ("Bakkerij Anna BV", True)
    assert ours.warning is None
    assert (theirs.books.domain_name, theirs.is_suggested) == ("Elders", False)
    assert "BE0202239951" in str(theirs.warning)
    assert fake.KEY not in str(row.details) + row.name
    assert credentials.unseal(row)["access_key"] == fake.KEY


def test_the_books_are_chosen_once(server: YukiServer, anna: Member) -> None:
    row = accounting.connect(access_key=fake.KEY, by=anna.actor)
    ours = fake.books(server)

    with pytest.raises(Refusal, match="in the list"):
        accounting.choose(integration_id=row.id, administration_id="another", by=anna.actor)
    accounting.choose(integration_id=row.id, administration_id=ours.id, by=anna.actor)

    found = state(row)
    assert found.state is ConnectionState.ACTIVE
    assert found.details == {
        "domain_id": server.world.keys[fake.KEY][0].id,
        "domain_name": "Bakkerij Anna",
        "administration_id": ours.id,
        "administration_name": "Bakkerij Anna BV",
        "vat_number": "BE 0403.170.701",
    }
    with pytest.raises(Refusal, match="end this connection"):
        accounting.choose(integration_id=row.id, administration_id="another", by=anna.actor)
    with pytest.raises(Refusal, match="connected already"):
        accounting.connect(access_key=fake.KEY, by=anna.actor)


@pytest.mark.parametrize(("key", "said"), [("", "Fill in"), ("wrong", "does not accept")])
def test_a_key_that_is_not_taken_is_refused(
    key: str, said: str, server: YukiServer, anna: Member
) -> None:
    with pytest.raises(Refusal, match=said):
        accounting.connect(access_key=key, by=anna.actor)

    assert every(Integration, Integration.id) == []


def test_who_only_reads_connects_nothing(server: YukiServer, cast: Cast) -> None:
    with books_of(cast.bram), pytest.raises(NotAllowed):
        accounting.connect(access_key=fake.KEY, by=cast.bram.actor)


def test_a_session_that_ended_is_renewed_once(server: YukiServer, anna: Member) -> None:
    fake.books(server).receivables.append(fake.item(1))
    row = connected(anna, server)
    server.world.end_sessions()
    server.world.calls.clear()

    engine.run(integration_id=row.id)

    assert server.world.calls["Authenticate"] == 1
    assert server.world.calls["SetCurrentDomain"] == 1
    assert state(row).trouble is None
    server.world.behaviour.session_calls = 1
    server.world.end_sessions()
    engine.run(integration_id=row.id)
    assert state(row).trouble is Trouble.PARTNER_FAULT
    assert_equals_the_books(server)


def test_a_key_that_is_withdrawn_wants_a_person(server: YukiServer, anna: Member) -> None:
    row = connected(anna, server)
    domains = server.world.keys.pop(fake.KEY)
    server.world.end_sessions()

    engine.run(integration_id=row.id)

    assert state(row).state is ConnectionState.RECONNECT
    server.world.keys["new"] = domains
    with pytest.raises(Refusal, match="does not accept"):
        accounting.renew(integration_id=row.id, access_key=fake.KEY, by=anna.actor)
    accounting.renew(integration_id=row.id, access_key="new", by=anna.actor)
    engine.run(integration_id=row.id)
    assert (state(row).state, state(row).trouble) == (ConnectionState.ACTIVE, None)


def test_it_says_whether_login_and_books_are_good(server: YukiServer, anna: Member) -> None:
    row = connected(anna, server)

    good = connections.check(integration_id=row.id, by=anna.actor)
    fake.books(server).is_active = False
    gone = connections.check(integration_id=row.id, by=anna.actor)

    assert (good.is_good, good.place) == (True, "Bakkerij Anna BV")
    assert (gone.is_login_good, gone.is_place_good) == (True, False)
