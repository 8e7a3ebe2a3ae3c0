import socket
import sys
from pathlib import Path

import pytest

from billify import processes
from billify.processes import starting


def test_production_embeds_nothing_and_makes_no_secret(tmp_path: Path) -> None:
    environ = {"BILLIFY_ENV": "production", "BILLIFY_VAR": str(tmp_path)}

    with processes.environment(environ) as parts:
        assert parts.servers == []

    assert set(environ) == {"BILLIFY_ENV", "BILLIFY_VAR"}
    assert list(tmp_path.iterdir()) == []


def test_the_development_secret_is_kept_and_private(tmp_path: Path) -> None:
    first: dict[str, str] = {"BILLIFY_VAR": str(tmp_path)}
    second: dict[str, str] = {"BILLIFY_VAR": str(tmp_path)}

    with processes.environment(first, need=()), processes.environment(second, need=()):
        pass

    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 32
    assert (tmp_path / "secrets" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_given_secret_is_left_alone(tmp_path: Path) -> None:
    environ = {"BILLIFY_VAR": str(tmp_path), "SECRET_KEY": "given"}

    with processes.environment(environ, need=()):
        assert environ["SECRET_KEY"] == "given"


def test_a_port_in_use_names_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code = processes.up({"BILLIFY_VAR": str(tmp_path), "PORT": str(port)})

    assert code == 1
    assert capsys.readouterr().err == (
        f"Port {port} is in use by another program: choose one, as in `PORT=8123 make run`.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["http", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert processes.up({"PORT": port}) == 1
    assert "PORT must be a number up to 65535" in capsys.readouterr().err


def test_an_unknown_process_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert processes.up({}, only=["wep"]) == 1
    assert "There is no process wep: choose from web, worker-ocr" in capsys.readouterr().err


def test_a_broken_pipe_at_the_terminal_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_line: str) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(sys.stdout, "write", broken)

    starting.say("nobody reads this")
