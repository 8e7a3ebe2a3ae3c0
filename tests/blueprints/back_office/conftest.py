"""Dirk, who runs the back office."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from billify.data import tenancy
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _nobody(app: object) -> Iterator[None]:
    """No scope of a page is left for the next test."""
    yield
    tenancy.leave()


@pytest.fixture
def staff(cast: Cast) -> FlaskClient:
    return cast.dirk.client()
