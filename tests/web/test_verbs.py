"""The audit log speaks in words, whatever was done."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from billify.data.models import AuditEvent
from billify.web import verbs
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


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", [("direction", None, "purchase"), ("still open", "121,00", "0,00")]),
        ("nl", [("richting", None, "aankoop"), ("nog open", "121,00", "0,00")]),
    ],
)
def test_fields_and_states_are_said_in_words(
    app: Flask, language: str, said: list[tuple[str, str | None, str]]
) -> None:
    event = AuditEvent(
        before={"open_amount": "121.00"},
        after={"direction": "purchase", "open_amount": "0.00", "contact_id": "1"},
    )

    with force_locale(language):
        assert sorted(verbs.changes(event)) == sorted(said)


def test_a_name_that_nobody_foresaw_is_still_readable(app: Flask) -> None:
    event = AuditEvent(before=None, after={"made_up_thing": True})

    with force_locale("en"):
        assert list(verbs.changes(event)) == [("made up thing", None, "yes")]
