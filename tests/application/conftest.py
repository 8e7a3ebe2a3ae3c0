"""Use cases whose proofs need real commits."""

from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask

from billify.factory import create_app
from tests.cast import Cast, make_cast
from tests.committed import committed_app
from tests.conftest import World

_made = cache(create_app)
"""The database is new for each test, the application on it is not: nothing here speaks HTTP."""


@pytest.fixture
def real(world: World) -> Iterator[Flask]:
    """The application on a database of its own, with real commits."""
    with committed_app(world.settings, "real", make=_made) as app:
        yield app


@pytest.fixture
def real_cast(real: Flask) -> Cast:
    """The people, committed."""
    return make_cast()
