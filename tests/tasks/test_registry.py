"""Each job has a queue, a body, and a place in the code that asks for it."""

import re

import pytest

from billify.domain.jobs import QUEUE_OF, QUEUES, RENAMED
from billify.processes.roles import QUEUES as WORKED_ON
from billify.tasks import registry
from tests.servers import CHECKOUT

ASKED = {
    name
    for file in (CHECKOUT / "billify").rglob("*.py")
    for name in re.findall(r"""\blater\(\s*["']([\w.]+)["']""", file.read_text())
}


def test_every_job_has_a_body_and_a_queue() -> None:
    assert registry.names() == set(QUEUE_OF)
    assert set(QUEUE_OF.values()) <= set(QUEUES)


def test_every_job_that_is_asked_for_exists_and_the_other_way_round() -> None:
    assert set(QUEUE_OF) == ASKED


def test_a_job_that_waits_under_a_name_of_before_is_found() -> None:
    for before, name in RENAMED.items():
        assert registry.find(before) is registry.find(name)


def test_every_queue_has_a_worker() -> None:
    assert set(QUEUES) == set(WORKED_ON)


def test_a_job_without_a_queue_is_refused() -> None:
    with pytest.raises(ValueError, match="no queue"):
        registry.job("documents.raed")


def test_an_unknown_job_is_not_found() -> None:
    with pytest.raises(KeyError):
        registry.find("documents.raed")


def test_a_job_s_body_is_thin() -> None:
    for file in (CHECKOUT / "billify" / "tasks").glob("*.py"):
        for found in re.finditer(r"@job\(.*\)\n((?:.+\n)+)", file.read_text()):
            assert len(found[1].splitlines()) <= 5, found[0]
