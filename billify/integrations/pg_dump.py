"""PostgreSQL's own programs that write a database into a file and back."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

_NAMES = {"dbname": "PGDATABASE"}
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


class DumpFailed(Exception):
    """A program of PostgreSQL failed; the message is its last line, which holds no row."""


@dataclass(frozen=True, slots=True)
class Programs:
    """pg_dump and pg_restore of one version."""

    folder: Path

    def dump(self, *, url: str, file: Path, snapshot: str) -> None:
        """Write one moment of a database into a file, compressed. Raises DumpFailed."""
        self._run(
            "pg_dump",
            "--format=custom",
            "--no-password",
            "--lock-wait-timeout=60000",
            f"--snapshot={snapshot}",
            f"--file={file}",
            url=url,
        )

    def restore(self, *, url: str, file: Path) -> None:
        """Read a file into an empty database: all of it or nothing. Raises DumpFailed."""
        self._run(
            "pg_restore",
            "--no-owner",
            "--no-password",
            "--single-transaction",
            "--exit-on-error",
            f"--dbname={_settings(url)['PGDATABASE']}",
            str(file),
            url=url,
        )

    def list(self, *, file: Path) -> None:
        """Read a file's table of contents. Raises DumpFailed for what is no dump."""
        self._run("pg_restore", "--list", str(file))

    def _run(self, program: str, *words: str, url: str | None = None) -> None:
        # By the environment: everybody on this machine may read the words of a command.
        settings = _settings(url) if url else {}
        done = subprocess.run(
            [self.folder / program, *words],
            env={"PATH": os.environ.get("PATH", ""), "PGAPPNAME": "billify-backup"} | settings,
            stdin=subprocess.DEVNULL,
            umask=0o077,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if "error" in line] or ["?"]
            raise DumpFailed(f"{program}: {lines[-1].removeprefix(f'{program}: ')}")


def _settings(url: str) -> dict[str, str]:
    """An address as PostgreSQL's programs read it from their environment."""
    return {
        _NAMES.get(name, f"PG{name.upper()}"): str(value)
        for name, value in conninfo_to_dict(url).items()
        if value is not None
    }


def on_path(*, least: int) -> Programs | None:
    """The programs of this machine, when they are of this version or a later one."""
    found = shutil.which("pg_dump")
    if found is None or not shutil.which("pg_restore"):
        return None
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = _VERSION.search(said)
    if version is None or int(version[1]) < least:
        return None
    return Programs(Path(found).parent)
