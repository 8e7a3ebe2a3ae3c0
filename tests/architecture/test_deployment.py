"""The files that run Billify elsewhere, checked as far as this goes without an engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from billify.config import Settings
from billify.processes.roles import ROLES
from tests.servers import CHECKOUT

PROCFILE = (CHECKOUT / "Procfile").read_text()
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())
OURS = {name: s for name, s in COMPOSE["services"].items() if s["image"] == "billify"}


def test_the_procfile_names_every_process_and_nothing_else() -> None:
    lines = [line.split(": ", 1) for line in PROCFILE.splitlines()]

    assert {name: command.split()[-1] for name, command in lines} == {role: role for role in ROLES}
    assert all(command.startswith(".venv/bin/python -m billify run ") for _, command in lines)


def test_compose_runs_every_process_once() -> None:
    started = [role for service in OURS.values() for role in roles_of(service)]

    assert sorted(started) == sorted(ROLES)


def test_production_finds_all_it_needs_in_compose() -> None:
    """Settings.load itself says what is missing, with what compose and the image give."""
    image = dict(re.findall(r"^\s+(?:ENV )?([A-Z_]+)=(\S+)", DOCKERFILE, re.MULTILINE))
    for service in OURS.values():
        given = {name: plain(value) for name, value in service["environment"].items()}

        settings = Settings.load(image | given)

        assert settings.is_production
        assert settings.storage_dir == Path("/data/storage")


def test_only_the_migration_knows_the_owner() -> None:
    knowing = [name for name, s in OURS.items() if "DATABASE_OWNER_URL" in s["environment"]]

    assert knowing == ["migrate"]


def test_everything_the_image_copies_is_there_and_let_through() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
    let_through = re.findall(r"^!(\S+)$", (CHECKOUT / ".dockerignore").read_text(), re.MULTILINE)

    assert set(copied) == set(let_through)
    assert all((CHECKOUT / name).exists() for name in copied)


def test_the_image_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE) == ["billify"]


@pytest.mark.parametrize("name", [n for n, s in COMPOSE["services"].items() if "volumes" in s])
def test_every_volume_is_declared_or_a_file_of_ours(name: str) -> None:
    for volume in COMPOSE["services"][name]["volumes"]:
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"] or (CHECKOUT / source).is_file()


def roles_of(service: dict[str, Any]) -> list[str]:
    """The image's own command is the web."""
    command = service.get("command", ["python", "-m", "billify", "run", "web"])
    assert command[:3] == ["python", "-m", "billify"]
    assert command[3] in ("run", "up", "migrate")
    return list(command[4:])


def plain(value: str) -> str:
    """A stand-in for what a person puts in `.env`."""
    return re.sub(r"\$\{\w+(?::-([^}]*)|[^}]*)\}", lambda found: found[1] or "x" * 40, value)
