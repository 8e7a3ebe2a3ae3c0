"""The processes of this machine that belong to this Billify, as the kernel tells of them."""

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
_OURS = re.compile(rb"\bbillify\b.*\0(up|run)\0")
_PARENT = re.compile(r"^PPid:\s+(\d+)$", re.MULTILINE)
_NAME = re.compile(r"^Name:\s+(.+)$", re.MULTILINE)
_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a kind of process uses: pages that several share are divided among them. None when
    the time was up, or the kernel does not say."""

    name: str
    processes: int
    bytes: int | None


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    parent: int
    name: str
    command: bytes
    folder: str


def memory(*, seconds: float, proc: Path = PROC) -> list[Memory]:
    """By role, the largest first; asked for so many seconds at most."""
    end = time.monotonic() + seconds
    found: dict[str, tuple[int, int | None]] = {}
    for role, pids in _by_role(proc).items():
        total: int | None = 0
        for pid in pids:
            pss = _pss(proc / str(pid)) if time.monotonic() < end else None
            total = None if pss is None or total is None else total + pss
        found[role] = (len(pids), total)
    every = [Memory(role, count, total) for role, (count, total) in found.items()]
    return sorted(every, key=lambda one: (-(one.bytes or 0), one.name))


def _by_role(proc: Path) -> dict[str, list[int]]:
    known = {one.pid: one for one in _processes(proc)}
    me = known.get(os.getpid())
    roles: dict[str, list[int]] = {}
    for one in known.values():
        if me is None or _belongs(one, me, known):
            roles.setdefault(_role(one, known), []).append(one.pid)
    return roles


def _processes(proc: Path) -> list[_Process]:
    found = []
    for folder in proc.glob("[0-9]*"):
        with suppress(OSError):
            command = (folder / "cmdline").read_bytes()
            if int(folder.name) != os.getpid() and not _OURS.search(command):
                continue
            status = (folder / "status").read_text()
            parent, name = _PARENT.search(status), _NAME.search(status)
            if parent and name:
                cwd = str((folder / "cwd").readlink())
                found.append(
                    _Process(int(folder.name), int(parent[1]), name[1].strip(), command, cwd)
                )
    return found


def _belongs(one: _Process, me: _Process, known: dict[int, _Process]) -> bool:
    """Of one start of `billify up`, or started one by one from the same folder."""
    root, mine = _root(one, known), _root(me, known)
    if root.pid == mine.pid:
        return True
    both_alone = b"\0run\0" in root.command and b"\0run\0" in mine.command
    return both_alone and root.folder == mine.folder


def _root(one: _Process, known: dict[int, _Process]) -> _Process:
    while one.parent in known:
        one = known[one.parent]
    return one


def _role(one: _Process, known: dict[int, _Process]) -> str:
    """The role it was forked for; what a role forked itself counts with it."""
    line = [one]
    while line[-1].parent in known:
        line.append(known[line[-1].parent])
    if b"\0run\0" in line[-1].command:
        return line[-1].command.split(b"\0run\0")[1].split(b"\0")[0].decode(errors="replace")
    return line[-2].name if len(line) > 1 else "billify up"


def _pss(folder: Path) -> int | None:
    try:
        found = _PSS.search((folder / "smaps_rollup").read_text())
    except OSError:
        return None
    return int(found[1]) * 1024 if found else None
