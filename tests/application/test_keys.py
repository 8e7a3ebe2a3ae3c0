"""Keys that seal credentials are changed without anybody connecting again."""

from dataclasses import replace

import pytest
from flask import Flask

from billify.application import keys
from billify.application.partners import credentials
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Integration
from billify.domain.connections import Partner
from billify.domain.sealing import CannotOpen
from tests.cast import Cast, Member

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

    assert (found.sealed, found.unreadable) == (1, (lost.id,))
    assert opened(kept) == SECRET
    use(app, monkeypatch, "lost")
    assert opened(lost) == SECRET
