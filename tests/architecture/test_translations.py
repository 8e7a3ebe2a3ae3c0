"""Every text exists in every language."""

import ast

import pytest

from billify.translations import __main__ as catalogues


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert list(catalogues.problems(language)) == []


def test_no_text_hides_where_it_is_not_collected() -> None:
    """Collecting texts sees nothing inside an f-string, so what stands there stays English."""
    hidden = [
        f"{file.name}:{call.lineno}"
        for file in sorted(catalogues.PACKAGE.rglob("*.py"))
        for text in ast.walk(ast.parse(file.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in catalogues.KEYWORDS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]

    assert hidden == []
