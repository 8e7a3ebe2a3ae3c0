"""`billify backup DIR`, `billify backup check DIR`, `billify restore DIR`."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from billify import embedded
from billify.application import backups
from billify.config import Settings
from billify.domain.refusal import Refusal
from billify.embedded import CannotStart, Embedded
from billify.embedded.postgres import ADMIN, OWNER, VERSION, programs
from billify.integrations import pg_dump
from billify.integrations.pg_dump import Programs
from billify.processes.environment import environment


def backup(words: Sequence[str]) -> int:
    """Write a backup into a folder, or check one."""
    match list(words):
        case ["check", folder]:
            return _check(Path(folder))
        case [folder] if folder != "check":
            return _make(Path(folder))
    _complain("Say `billify backup DIR` or `billify backup check DIR`.")
    return 2


def restore(folder: Path) -> int:
    """Fill an empty installation from a backup."""
    with environment(os.environ):
        settings = Settings.load(os.environ)
        if settings.database_owner_url is None:
            _complain("DATABASE_OWNER_URL is missing: tables are made as the owner role.")
            return 2
        manifest = backups.restore(
            folder=folder,
            settings=settings,
            owner_url=settings.database_owner_url,
            programs=_programs(),
            say=_complain,
        )
    _tell({"restored": str(folder), "of": manifest.at, "rows": sum(manifest.rows.values())})
    _complain("Sealed credentials open with the BILLIFY_SECRET_KEYS of then only.")
    return 0


def _make(folder: Path) -> int:
    with environment(os.environ) as parts:
        settings = Settings.load(os.environ)
        url = settings.database_backup_url or _admin(parts)
        if url is None:
            _complain("DATABASE_BACKUP_URL is missing: a role that sees every row.")
            return 2
        manifest = backups.make(
            folder=folder, settings=settings, url=url, programs=_programs(), say=_complain
        )
    _tell({"backup": str(folder)} | asdict(manifest))
    _complain(f"Not in it, to be kept apart: {'; '.join(backups.KEPT_APART)}.")
    return 0


def _check(folder: Path) -> int:
    """The files against the manifest; then a drill in a database that is made for it."""
    found = _programs()
    wrongs = backups.check(folder=folder, programs=found)
    is_drilled = not wrongs and _can_drill()
    if is_drilled:
        wrongs = _drill(folder, found)
    elif not wrongs:
        _complain("There is no embedded PostgreSQL here, so the rows were not counted.")
    _tell({"backup": str(folder), "ok": not wrongs, "drilled": is_drilled, "wrong": wrongs})
    return 1 if wrongs else 0


def _drill(folder: Path, found: Programs) -> list[str]:
    place = Path(tempfile.mkdtemp(prefix="billify-drill-"))
    place.chmod(0o711)  # the account that PostgreSQL runs under must pass
    try:
        parts = embedded.start(place, {"postgres"}, careless=True)
        try:
            postgres = parts.postgres
            if postgres is None:
                raise CannotStart("PostgreSQL did not start for the drill.")
            backups.restore_rows(folder=folder, owner_url=postgres.url(OWNER), programs=found)
            return backups.compare(folder=folder, url=postgres.url(ADMIN))
        except Refusal as refusal:
            return [str(refusal)]
        finally:
            parts.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _programs() -> Programs:
    """Those of the embedded PostgreSQL, or of this machine when they are no older."""
    try:
        return Programs(programs())
    except CannotStart:
        found = pg_dump.on_path(least=int(VERSION))
    if found is None:
        raise CannotStart(f"pg_dump and pg_restore of version {VERSION} or later are not here.")
    return found


def _can_drill() -> bool:
    try:
        programs()
    except CannotStart:
        return False
    return True


def _admin(parts: Embedded) -> str | None:
    return parts.postgres.url(ADMIN) if parts.postgres is not None else None


def _tell(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")


def _complain(line: str) -> None:
    sys.stderr.write(line + "\n")
