"""One house for the faults of processes and servers; each test brings its own papers."""

from collections.abc import Iterator

import pytest

from tests.faults.house import House, house


@pytest.fixture(scope="module")
def billify() -> Iterator[House]:
    """Billify, up and running."""
    with house() as running:
        yield running
