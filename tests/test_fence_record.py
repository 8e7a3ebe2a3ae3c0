"""What is written down of the tests on access: never better than what pytest said."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests import fence_record
from tests.fence_record import MODULE, Asked, FenceRecord


@pytest.fixture
def record(tmp_path: Path) -> FenceRecord:
    config = cast(pytest.Config, SimpleNamespace())
    made = FenceRecord(config, tmp_path / "fence.json")
    made.asked = Asked()
    return made


def report(record: FenceRecord, name: str, *, passed: bool = True, when: str = "call") -> None:
    seen: Any = SimpleNamespace(nodeid=f"{MODULE}::{name}", passed=passed, when=when)
    record.pytest_runtest_logreport(seen)


def report_all(record: FenceRecord) -> None:
    for name in fence_record._functions():
        report(record, f"{name}[one]")


def told(record: FenceRecord, exitstatus: int = 0) -> dict[str, Any] | None:
    record.pytest_sessionfinish(exitstatus)
    return json.loads(record.file.read_text()) if record.file.exists() else None


def test_a_whole_run_without_a_failure_has_passed(record: FenceRecord) -> None:
    report_all(record)
    record.asked.note("GET /", "Anna", 404)

    found = told(record)

    assert found is not None
    assert (found["passed"], found["requests"], found["refusals"]) == (True, 1, 1)


@pytest.mark.parametrize("when", ["setup", "call", "teardown"])
def test_one_failure_in_any_phase_fails_it(when: str, record: FenceRecord) -> None:
    report_all(record)
    report(record, "test_a_stranger_learns_nothing[dirk]", passed=False, when=when)

    found = told(record, 1)

    assert found is not None
    assert found["passed"] is False
    assert found["failures"] == ["test_a_stranger_learns_nothing[dirk]"]


def test_a_part_of_the_tests_says_nothing(record: FenceRecord) -> None:
    report(record, "test_a_stranger_learns_nothing[dirk]")

    assert told(record) is None


def test_a_run_from_which_something_was_left_out_says_nothing(record: FenceRecord) -> None:
    report_all(record)
    left_out: Any = SimpleNamespace(nodeid=f"{MODULE}::test_x[two]")
    record.pytest_deselected([left_out])

    assert told(record) is None


def test_a_run_that_was_cut_short_has_failed(record: FenceRecord) -> None:
    report(record, "test_a_stranger_learns_nothing[dirk]")

    found = told(record, pytest.ExitCode.INTERRUPTED)

    assert found is not None
    assert found["passed"] is False


def test_other_tests_are_none_of_its_business(record: FenceRecord) -> None:
    other: Any = SimpleNamespace(nodeid="tests/test_config.py::test_x", passed=False, when="call")
    record.pytest_runtest_logreport(other)

    assert told(record, 1) is None


def test_what_other_processes_have_asked_is_gathered(record: FenceRecord) -> None:
    report_all(record)
    output = {
        "routes": ["GET /"],
        "callers": ["Anna"],
        "counts": {"requests": 3, "refusals": 2},
        "is_part": False,
    }
    for _ in range(2):
        record.pytest_testnodedown(SimpleNamespace(workeroutput={"fence": output}), None)

    found = told(record)

    assert found is not None
    assert (found["routes"], found["requests"], found["refusals"]) == (1, 6, 4)


def test_a_test_process_that_died_fails_it(record: FenceRecord) -> None:
    report_all(record)
    record.pytest_testnodedown(SimpleNamespace(workeroutput={}), "killed")

    found = told(record)

    assert found is not None
    assert found["passed"] is False
