"""Keys that seal credentials are changed without anybody connecting again."""

from dataclasses import replace

import pytest
from flask import Flask

from billify.application import keys, mails, second_step
from billify.application.partners import credentials
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Integration
from billify.domain.connections import Partner
from billify.domain.sealing import CannotOpen
from tests.cast import PASSWORD, Cast, Member

SECRET = {"client_id": "demo", "client_secret": "brood"}


def use(app: Flask, monkeypatch: pytest.MonkeyPatch, *secret_keys: str) -> None:
    """From now on these are the keys, newest first."""
    settings = replace(app.config["SETTINGS"], secret_keys=secret_keys)
    monkeypatch.setitem(app.config, "SETTINGS", settings)


def connection(of: Member) -> Integration:
    """A connection with sealed credentials."""
    assert of.company_id is not None
    with tenancy.company_scope(of.company_id), transaction() as session:
        row = Integration(partner=Partner.PONTO, name="Bank")
        session.add(row)
        session.flush()
        credentials.seal(row, secret=SECRET)
    return row


def opened(row: Integration) -> object:
    with tenancy.company_scope(row.company_id):
        return credentials.unseal(db.session.get_one(Integration, row.id))


def test_after_a_rotation_the_old_key_can_go(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(app, monkeypatch, "old")
    rows = [connection(cast.anna), connection(cast.chloe)]

    use(app, monkeypatch, "new", "old")
    found = keys.rotate()

    use(app, monkeypatch, "new")
    assert (found.sealed, found.unreadable) == (2, ())
    assert [opened(row) for row in rows] == [SECRET, SECRET]
    use(app, monkeypatch, "old")
    with pytest.raises(CannotOpen):
        opened(rows[0])


def test_what_no_key_opens_is_named_and_left_alone(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(app, monkeypatch, "lost")
    lost = connection(cast.anna)
    use(app, monkeypatch, "old")
    kept = connection(cast.anna)

    use(app, monkeypatch, "new", "old")
    found = keys.rotate()

    assert (found.sealed, found.unreadable) == (1, (("connection", lost.id),))
    assert opened(kept) == SECRET
    use(app, monkeypatch, "lost")
    assert opened(lost) == SECRET


def test_seeds_of_apps_and_waiting_mails_are_sealed_anew_as_well(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(app, monkeypatch, "old")
    second_step.begin(user_id=cast.anna.user_id, password=PASSWORD)
    before = second_step.setup(user_id=cast.anna.user_id)
    with tenancy.user_scope(cast.anna.user_id), transaction():
        mails.write(
            kind="password_changed",
            to=cast.anna.email,
            language="nl",
            facts={"name": "Anna"},
            user_id=cast.anna.user_id,
        )

    use(app, monkeypatch, "new", "old")
    found = keys.rotate()

    use(app, monkeypatch, "new")
    assert (found.sealed, found.unreadable) == (2, ())
    assert second_step.setup(user_id=cast.anna.user_id) == before
    with tenancy.unscoped("the test looks"):
        mail_id = mails.sealed()[0]
    assert mails.opened(mail_id=mail_id)[1] == {"name": "Anna"}


def test_a_seed_and_a_mail_that_no_key_opens_are_named(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(app, monkeypatch, "lost")
    second_step.begin(user_id=cast.anna.user_id, password=PASSWORD)
    with tenancy.user_scope(cast.anna.user_id), transaction():
        mails.write(kind="way_in", to="a@b.be", language="nl", facts={}, user_id=cast.anna.user_id)

    use(app, monkeypatch, "new")
    found = keys.rotate()

    assert [what for what, _ in found.unreadable] == ["second step of person", "mail"]
    assert (found.sealed, found.unreadable[0][1]) == (0, cast.anna.user_id)
