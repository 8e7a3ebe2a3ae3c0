"""A Yuki that plays along or doesn't, and who asks it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from billify.stand_ins.yuki import YukiServer
from tests.cast import Cast, Member
from tests.factories import books_of
from tests.fakes import yuki as fake


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[YukiServer]:
    with fake.yuki() as started:
        settings = fake.settings_of(started, app.config["SETTINGS"])
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        yield started


@pytest.fixture
def anna(cast: Cast) -> Iterator[Member]:
    with books_of(cast.anna):
        yield cast.anna
