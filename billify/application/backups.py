"""A backup is a folder: the database at one moment, every document, and a manifest that says what
is in it. Secrets are not: whoever finds a backup can't open what is sealed in it.

Documents are copied before and after the database. Their bytes never change and are there before
their row is, so a backup holds at least the bytes of every row in it.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from billify.application.back_office import version
from billify.config import Settings
from billify.data import backup as rows
from billify.data import migrate
from billify.domain.refusal import Refusal
from billify.integrations.pg_dump import DumpFailed, Programs
from billify.integrations.storage import NotStored, storage_from
from billify.integrations.storage.local import LocalStorage

FORMAT = 1
MANIFEST, OBJECTS, DUMP = "manifest.json", "objects.jsonl", "database.dump"
KEPT_APART = (
    "SECRET_KEY",
    "BILLIFY_SECRET_KEYS",
    "the passwords of the database's roles",
    "the settings of the environment, and the certificates they name",
)
"""What a restored Billify needs beside a backup, to be kept in another place."""
_PIECE = 1024 * 1024
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. Written last, so a folder without one is no backup."""

    format: int
    at: str
    version: str
    mark: str
    schema: str
    server: str
    rows: dict[str, int]
    dump_sha256: str
    dump_bytes: int
    objects: int
    object_bytes: int
    objects_sha256: str
    kept_apart: tuple[str, ...] = KEPT_APART


@dataclass(frozen=True, slots=True)
class Kept:
    """One document in a backup: in the store or in the spool."""

    place: str
    key: str
    bytes: int
    sha256: str


def make(*, folder: Path, settings: Settings, url: str, programs: Programs, say: Say) -> Manifest:
    """Write a backup into a folder that is empty or not there yet. `url` leads to the database as
    a role that sees every row. Raises Refusal."""
    _make_folder(folder)
    kept: dict[tuple[str, str], Kept] = {}
    _copy_objects(folder, settings, kept)
    try:
        with rows.moment(url) as moment:
            say(f"{sum(moment.rows.values())} rows in {len(moment.rows)} tables ...")
            programs.dump(url=rows.plain(url), file=folder / DUMP, snapshot=moment.snapshot)
    except rows.BlindRole:
        raise Refusal(_BLIND) from None
    except DumpFailed as failed:
        raise Refusal(f"The database could not be written: {failed}") from failed
    _copy_objects(folder, settings, kept)
    say(f"{len(kept)} documents ...")
    _write_objects(folder / OBJECTS, kept)
    manifest = Manifest(
        format=FORMAT,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version.number(),
        mark=version.mark(),
        schema=moment.schema,
        server=moment.server,
        rows=moment.rows,
        dump_sha256=_sha256(folder / DUMP),
        dump_bytes=(folder / DUMP).stat().st_size,
        objects=len(kept),
        object_bytes=sum(one.bytes for one in kept.values()),
        objects_sha256=_sha256(folder / OBJECTS),
    )
    _write(folder / MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
    return manifest


def check(*, folder: Path, programs: Programs) -> list[str]:
    """What is wrong with a backup, in words: each file is read and compared with the manifest."""
    manifest = read_manifest(folder=folder)
    wrongs = []
    if _sha256_of(folder / DUMP) != manifest.dump_sha256:
        wrongs.append(f"{DUMP} is not what was written")
    else:
        try:
            programs.list(file=folder / DUMP)
        except DumpFailed as failed:
            wrongs.append(f"{DUMP} can't be read: {failed}")
    if _sha256_of(folder / OBJECTS) != manifest.objects_sha256:
        return [*wrongs, f"{OBJECTS} is not what was written"]
    named = set()
    for one in _read_objects(folder):
        named.add(_file(folder, one.place, one.key))
        found = _sha256_of(_file(folder, one.place, one.key))
        if found != one.sha256:
            what = "is missing" if found is None else "is not what was written"
            wrongs.append(f"{one.place}/{one.key} {what}")
    there = {file for place in _PLACES for file in (folder / place).rglob("*") if file.is_file()}
    wrongs += [f"{file.relative_to(folder)} is not in the manifest" for file in there - named]
    return wrongs


def restore(
    *, folder: Path, settings: Settings, owner_url: str, programs: Programs, say: Say
) -> Manifest:
    """Fill an empty installation from a backup, and bring an older one's schema up to date.

    Raises Refusal for one that holds anything, for a backup that is not whole, and for one of a
    newer version.
    """
    manifest = read_manifest(folder=folder)
    if manifest.schema > migrate.head():
        raise Refusal(f"The backup is of a newer version: its schema is {manifest.schema}.")
    _refuse_unless_empty(settings, owner_url)
    wrongs = check(folder=folder, programs=programs)
    if wrongs:
        raise Refusal(f"The backup is not whole: {'; '.join(wrongs[:5])}.")
    say(f"{manifest.objects} documents ...")
    _put_objects(folder, settings)
    say(f"{sum(manifest.rows.values())} rows ...")
    restore_rows(folder=folder, owner_url=owner_url, programs=programs)
    if manifest.schema < migrate.head():
        say(f"Schema {manifest.schema} to {migrate.head()} ...")
        migrate.upgrade(owner_url)
    return manifest


def restore_rows(*, folder: Path, owner_url: str, programs: Programs) -> None:
    """Fill an empty database from a backup. Raises Refusal."""
    try:
        programs.restore(url=rows.plain(owner_url), file=folder / DUMP)
    except DumpFailed as failed:
        raise Refusal(f"The database could not be filled: {failed}") from failed


def compare(*, folder: Path, url: str) -> list[str]:
    """Where the rows of a database are not as many as the backup says, in words. `url` leads to
    it as a role that sees every row. Raises Refusal."""
    wanted = read_manifest(folder=folder).rows
    try:
        found = rows.counts(url)
    except rows.BlindRole:
        raise Refusal(_BLIND) from None
    return [
        f"{table}: {found.get(table, 0)} rows instead of {wanted.get(table, 0)}"
        for table in sorted(wanted.keys() | found.keys())
        if found.get(table) != wanted.get(table)
    ]


def read_manifest(*, folder: Path) -> Manifest:
    """What a backup says of itself. Raises Refusal for a folder that is none."""
    try:
        told: dict[str, Any] = json.loads((folder / MANIFEST).read_text())  # Any: JSON
        manifest = Manifest(**told)
    except (OSError, ValueError, TypeError):
        raise Refusal(f"{folder} holds no backup, or one that was never finished.") from None
    if manifest.format != FORMAT:
        raise Refusal(f"This version reads backups of format {FORMAT} only.")
    return manifest


_PLACES = ("storage", "spool")
_BLIND = (
    "The role that makes backups must see every row: name one with BYPASSRLS in"
    " DATABASE_BACKUP_URL (docs/operations.md)."
)


def _copy_objects(folder: Path, settings: Settings, kept: dict[tuple[str, str], Kept]) -> None:
    """Copy what is not there yet. What went since it was listed was moved or removed."""
    store = storage_from(settings)
    # Out of the spool into the store is the way bytes go, so the spool is copied first.
    for place, source in (("spool", store.spool), ("storage", store.primary)):
        for key in source.keys():  # noqa: SIM118  (a store is no mapping)
            if (place, key) in kept:
                continue
            try:
                content = source.get(key)
            except NotStored:
                continue
            _write(_file(folder, place, key), content)
            digest = hashlib.sha256(content).hexdigest()
            kept[place, key] = Kept(place, key, len(content), digest)


def _put_objects(folder: Path, settings: Settings) -> None:
    store = storage_from(settings)
    targets = {"storage": store.primary, "spool": store.spool}
    for one in _read_objects(folder):
        content = _file(folder, one.place, one.key).read_bytes()
        targets[one.place].put(one.key, content, "application/octet-stream")


def _refuse_unless_empty(settings: Settings, owner_url: str) -> None:
    if not rows.is_empty(owner_url):
        raise Refusal("The database holds tables already: a backup goes into an empty one.")
    store = storage_from(settings)
    for source in (store.primary, store.spool):
        if next(iter(source.keys()), None) is not None:
            raise Refusal("There are documents already: a backup goes into an empty installation.")


def _file(folder: Path, place: str, key: str) -> Path:
    """Where a key lies in the backup, by the same rule as in a local store."""
    return LocalStorage(folder / place).path(key)


def _write_objects(file: Path, kept: dict[tuple[str, str], Kept]) -> None:
    lines = (json.dumps(asdict(kept[key])) + "\n" for key in sorted(kept))
    _write(file, "".join(lines).encode())


def _read_objects(folder: Path) -> Iterator[Kept]:
    with (folder / OBJECTS).open() as lines:
        for line in lines:
            yield Kept(**json.loads(line))


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty: a backup wants a folder of its own.")


def _write(file: Path, content: bytes) -> None:
    """Readable by nobody else, and on the disk before anything says that it is there."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as kept:
        kept.write(content)
        kept.flush()
        os.fsync(kept.fileno())


def _sha256_of(file: Path) -> str | None:
    return _sha256(file) if file.is_file() else None


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
