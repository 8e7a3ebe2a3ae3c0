"""What the documents promise is there, and what is there is documented."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from billify.config import Settings
from tests.servers import CHECKOUT

OVERVIEW = (CHECKOUT / "docs" / "overview.md").read_text()
PAPERS = [*sorted(CHECKOUT.glob("*.md")), *sorted((CHECKOUT / "docs").rglob("*.md"))]


class Asked(dict[str, str]):
    """An environment that notes what is asked of it."""

    def __init__(self, **given: str) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def get(self, name: str, default: object = None) -> object:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return super().__getitem__(name)


def settings_asked() -> set[str]:
    environ = Asked(
        SECRET_KEY="x" * 40, DATABASE_URL="postgresql+psycopg:///x", REDIS_URL="redis://x"
    )
    Settings.load(environ)
    return environ.names


def test_every_setting_stands_in_the_overview_and_no_other() -> None:
    table = OVERVIEW.split("## Settings")[1].split("\n## ")[0]
    documented = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", line.split("|")[1])
    }

    assert documented == settings_asked()


def test_every_decision_stands_in_the_list() -> None:
    folder = CHECKOUT / "docs" / "adr"
    records = {file.name for file in folder.glob("[0-9]*.md")}

    assert set(re.findall(r"\((\d[^)]+\.md)\)", (folder / "README.md").read_text())) == records


@pytest.mark.parametrize(
    "file", sorted((CHECKOUT / "docs" / "adr").glob("[0-9]*.md")), ids=lambda file: file.name
)
def test_a_decision_says_where_it_comes_from_and_leads_to(file: Path) -> None:
    text = file.read_text()

    assert re.match(r"# \d{4} \S", text)
    assert "Status: " in text
    for part in ("## Context", "## Decision", "## Consequences"):
        assert part in text


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(file.name[:4]) for file in sorted((CHECKOUT / "docs" / "adr").glob("[0-9]*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("file", PAPERS, ids=lambda file: file.relative_to(CHECKOUT).as_posix())
def test_every_link_leads_somewhere(file: Path) -> None:
    text = re.sub(r"```.*?```", "", file.read_text(), flags=re.S)
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if not re.match(r"[a-z]+:", target):
            assert (file.parent / target).exists(), target


@pytest.mark.parametrize("file", PAPERS, ids=lambda file: file.relative_to(CHECKOUT).as_posix())
def test_every_command_of_make_that_is_named_exists(file: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.M))

    assert set(re.findall(r"`make ([a-z-]+)", file.read_text())) <= targets


@pytest.mark.parametrize("file", PAPERS, ids=lambda file: file.relative_to(CHECKOUT).as_posix())
def test_every_file_of_ours_that_is_named_exists(file: Path) -> None:
    for name in re.findall(
        r"`((?:billify|tests|scripts|benchmarks)/[\w/.-]+\.\w+)`", file.read_text()
    ):
        assert (CHECKOUT / name).exists(), name


def test_the_drawing_of_the_tables_is_up_to_date() -> None:
    drawing = subprocess.run(
        [sys.executable, "scripts/er.py", "check"], cwd=CHECKOUT, capture_output=True, text=True
    )

    assert drawing.returncode == 0, drawing.stderr
