"""Templates show what they are given: no questions to the database, no scripts or styles inside,
and no text that is not said in every language."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

from tests.servers import CHECKOUT

FOLDER = CHECKOUT / "billify" / "templates"
TEMPLATES = sorted(file for file in FOLDER.rglob("*") if file.suffix in (".html", ".svg"))
SHOWCASE = {"index.html", "check.html"}
NAMES = {"Billify", "– Billify", "Ctrl K", "Enter", "Esc", "Ctrl", "Alt", "Delete"}
NAMES |= {"Nederlands", "Français", "English", "Deutsch"}
"""What is the same in every language."""

ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
SAYING = {"_", "gettext", "ngettext", "N_"}
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2}")
SENTENCE = re.compile(r"^[A-ZÀ-Þ][a-zß-ÿ]+[ a-zß-ÿ.,:!?]*$")
SPOKEN = r'\b(?:title|placeholder|aria-label|alt|label|content)="([^"\0]*[A-Za-zÀ-ÿ]{2}[^"\0]*)"'
QUERIES = re.compile(r"\b(db\.|queries\.|session\.(get|execute|scalars?)\b|\.query\b|select\()")


def is_showcase(file: Path) -> bool:
    """The page of components speaks English to developers only."""
    return file.parent.name == "ui" and (file.name in SHOWCASE or file.name.startswith("_example"))


TOLD = [file for file in TEMPLATES if not is_showcase(file)]
"""The templates that people see."""


@cache
def plain(file: Path) -> str:
    """The HTML of a template, with a NUL for each thing filled in."""
    parts = []
    for _line, kind, value in ENVIRONMENT.lex(file.read_text()):
        if kind == "data":
            parts.append(value)
        elif kind == "variable_begin":
            parts.append("\0")
    return re.sub(r"<!--.*?-->", "", "".join(parts), flags=re.S)


def where(finds: Callable[[Path], object], files: list[Path] = TEMPLATES) -> dict[str, object]:
    """What is found in which template."""
    found = {file.relative_to(FOLDER).as_posix(): finds(file) for file in files}
    return {name: what for name, what in found.items() if what}


def test_a_template_asks_no_questions() -> None:
    assert where(lambda file: QUERIES.findall(file.read_text())) == {}


def test_a_template_holds_no_script_and_no_style() -> None:
    code = re.compile(
        r"<style\b|<script\b(?![^>]*\b(?:src=|type=\"application/json\"))"
        r"|\son[a-z]+=|javascript:|hx-on"
    )

    assert where(lambda file: code.findall(plain(file))) == {}


def test_only_drawings_are_styled_on_the_spot() -> None:
    pages = [file for file in TEMPLATES if file.suffix == ".html"]

    assert where(lambda file: re.findall(r"\sstyle=", plain(file)), pages) == {}


def test_every_word_is_said_in_every_language() -> None:
    def bare_words(file: Path) -> set[str]:
        html = plain(file)
        spoken = re.findall(SPOKEN, re.sub(r"<meta\b[^>]*>", "", html))
        bare = re.sub(r"<[^>]*>", "\n", re.sub(r"<(script|svg)\b.*?</\1>", "", html, flags=re.S))
        words = [part.strip() for part in re.split(r"[\n\0]", bare) if WORD.search(part)]
        return {*words, *spoken} - NAMES

    assert where(bare_words, TOLD) == {}


def test_every_word_given_to_a_macro_is_said_in_every_language() -> None:
    def given(file: Path) -> set[str]:
        tree = ENVIRONMENT.parse(file.read_text())
        return {text for text in unspoken(tree) if SENTENCE.match(text)} - NAMES

    assert where(given, TOLD) == {}


def test_a_fragment_is_not_too_long_to_read() -> None:
    assert where(lambda file: len(file.read_text().splitlines()) > 200) == {}


def test_amounts_and_dates_are_shown_in_one_way() -> None:
    """Through a filter or a macro, never formatted on the spot."""
    on_the_spot = re.compile(r"strftime|isoformat\(\) *}}|'%\.2f'|\|round")

    assert where(lambda file: on_the_spot.findall(file.read_text()), TOLD) == {}


def unspoken(node: nodes.Node) -> Iterator[str]:
    """The texts of a template that go through no catalogue; a dictionary's keys are names."""
    if isinstance(node, nodes.Call) and getattr(node.node, "name", None) in SAYING:
        return
    if isinstance(node, nodes.Compare | nodes.Getitem | nodes.Test):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from unspoken(child)
