"""`billify backup`, `check` and `restore` as an operator runs them, on servers of their own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import CHECKOUT

pytestmark = pytest.mark.slow
GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL", "REDIS_URL", "BILLIFY_ENV")


@pytest.fixture
def place() -> Iterator[Path]:
    """Short enough for sockets, and open to the account that PostgreSQL runs under."""
    with tempfile.TemporaryDirectory(prefix="billify-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def billify(var: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    environ = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return subprocess.run(
        [sys.executable, "-m", "billify", *words],
        cwd=CHECKOUT,
        env=environ | {"BILLIFY_VAR": str(var)},
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_a_backup_is_made_checked_by_a_drill_and_restored(place: Path) -> None:
    before, after, folder = place / "before", place / "after", str(place / "backup")
    seeded = billify(before, "seed", "--invoices", "50", "--transactions", "100")
    assert seeded.returncode == 0, seeded.stderr

    made = billify(before, "backup", folder)
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["rows"]["invoice"] >= 50
    assert "BILLIFY_SECRET_KEYS" in made.stderr

    checked = json.loads(billify(before, "backup", "check", folder).stdout)
    assert checked == {"backup": folder, "ok": True, "drilled": True, "wrong": []}

    restored = billify(after, "restore", folder)
    assert restored.returncode == 0, restored.stderr
    assert "large" in billify(after, "company", "list").stdout
    verified = billify(after, "audit", "verify")
    assert verified.returncode == 0, verified.stdout

    again = billify(after, "restore", folder)
    assert again.returncode == 1
    assert "tables already" in again.stderr


def test_bad_usage_is_said(place: Path) -> None:
    asked = billify(place, "backup", "one", "two", "three")

    assert asked.returncode == 2
    assert "billify backup check DIR" in asked.stderr
