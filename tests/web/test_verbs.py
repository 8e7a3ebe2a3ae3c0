"""The audit log speaks in words, whatever was done."""

import ast
from collections.abc import Iterator
from pathlib import Path

from billify.web.verbs import VERBS

APPLICATION = Path(__file__).resolve().parents[2] / "billify" / "application"


def recorded() -> Iterator[str]:
    """Each verb that a use case writes down as it stands in the code."""
    for file in APPLICATION.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                verb = node.args[0]
                if isinstance(verb, ast.Constant):
                    yield str(verb.value)


def test_every_verb_of_a_use_case_has_words() -> None:
    found = set(recorded())

    assert len(found) > 80
    assert sorted(found - set(VERBS)) == []
