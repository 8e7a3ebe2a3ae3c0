"""Writes down what the tests on who may call what have found, for the fence page of the back
office.

It only watches: pytest's own reports say what passed, and nothing here can turn a failure into
anything else. A result is written when every test of the module has run; a part of them says
nothing and leaves the file alone, and a run that was cut short counts as failed.
"""

import ast
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

MODULE = "tests/blueprints/test_access_table.py"
CALLER = "billify.caller"
REFUSED = frozenset({302, 401, 403, 404})
NOTHING_WRONG = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


@dataclass
class Asked:
    """What was asked in this process."""

    routes: set[str] = field(default_factory=set)
    callers: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, route: str, caller: str, status: int) -> None:
        """One request and its answer."""
        self.routes.add(route)
        self.callers.add(caller)
        self.counts["requests"] += 1
        self.counts["refusals"] += status in REFUSED


ASKED = Asked()
"""Tests run in processes of their own; the one that started them gathers what each has asked."""


class FenceRecord:
    """The plugin: gathers reports and counts, and writes them at the end."""

    def __init__(self, config: pytest.Config, file: Path) -> None:
        self.config = config
        self.file = file
        self.ran: set[str] = set()
        self.failures: set[str] = set()
        self.is_part = False
        self.asked = ASKED

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """A test that was left out makes the run a part of it."""
        self.is_part |= any(item.nodeid.startswith(MODULE) for item in items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """What pytest says of a test, in each of its three phases."""
        if not report.nodeid.startswith(MODULE):
            return
        name = report.nodeid.split("::")[-1]
        if report.when == "call":
            self.ran.add(name.split("[")[0])
        if not report.passed:
            self.failures.add(name)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object | None) -> None:
        """A test process has ended: take over what it has asked."""
        told = getattr(node, "workeroutput", {}).get("fence")
        if error is not None:
            self.failures.add("a test process died")
        if told is None:
            return
        self.asked.routes |= set(told["routes"])
        self.asked.callers |= set(told["callers"])
        self.asked.counts.update(told["counts"])
        self.is_part |= told["is_part"]

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Hand the counts on, or write the result."""
        output = getattr(self.config, "workeroutput", None)
        if output is not None:
            output["fence"] = {
                "routes": sorted(self.asked.routes),
                "callers": sorted(self.asked.callers),
                "counts": dict(self.asked.counts),
                "is_part": self.is_part,
            }
        elif self.ran or self.failures:
            self._write(exitstatus)

    def _write(self, exitstatus: int) -> None:
        missing = _functions() - self.ran
        if missing and not self.failures and exitstatus not in NOTHING_WRONG:
            self.failures.add("the run was cut short")
        if (missing or self.is_part) and not self.failures:
            return
        told = result(self.asked, self.failures)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.file.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(told, indent=1))
        unfinished.replace(self.file)


def result(asked: Asked, failures: set[str]) -> dict[str, Any]:
    """What the fence page reads."""
    from billify.application.back_office import version

    return {
        "passed": not failures,
        "failures": sorted(failures),
        "routes": len(asked.routes),
        "callers": len(asked.callers),
        "requests": asked.counts["requests"],
        "refusals": asked.counts["refusals"],
        "version": version.number(),
        "mark": version.mark(),
        "at": datetime.now(UTC).isoformat(),
    }


def _functions() -> set[str]:
    """Every test that stands in the module."""
    tree = ast.parse((Path(__file__).parents[1] / MODULE).read_text())
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
