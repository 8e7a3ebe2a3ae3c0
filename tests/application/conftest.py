"""Use cases whose proofs need real commits."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import Cast, make_cast
from tests.committed import committed_app
from tests.conftest import World


@pytest.fixture
def real(world: World) -> Iterator[Flask]:
    """The application on a database of its own, with real commits."""
    with committed_app(world.settings, "real") as app:
        yield app


@pytest.fixture
def real_cast(real: Flask) -> Cast:
    """The people, committed."""
    return make_cast()
