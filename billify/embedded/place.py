"""Where the embedded servers may stand: their account, their folders, their sockets."""

import contextlib
import errno
import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Where data goes when the account PostgreSQL runs under can't enter the checkout.
FAR_HOME = Path("/var/lib/billify")
# The account of the servers must walk through to its own folders, and see nothing on the way.
OPEN_TO_PASS = 0o711
LOW_DISK_BYTES = 200_000_000
# A socket's address holds 107 bytes on Linux and 103 on macOS, PostgreSQL's file name included.
LONGEST_SOCKET_PATH = 100
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432")


class CannotStart(Exception):
    """A part of Billify can't run here; the text is one sentence for the person who started it."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account the servers run under; `drop` tells that we are root and must step down to it."""

    name: str
    uid: int
    gid: int
    drop: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one set of servers."""

    var: Path
    home: Path
    sockets: Path
    account: Account
    notes: tuple[str, ...]

    @property
    def logs(self) -> Path:
        """Where the servers' own words go."""
        return self.var / "log"

    @property
    def secrets(self) -> Path:
        """What only the account that starts Billify may read."""
        return self.var / "secrets"


def prepare(var: Path) -> Place:
    """Make the folders the servers need below `var`, or beside it where the account can reach."""
    var = var.absolute()
    with refused_clearly(var):
        make(var, OPEN_TO_PASS)
        for private in ("log", "secrets", "storage", "spool"):
            make(var / private, 0o700)
        _check_disk(var)
        account = _account(var / "postgres")
        home, notes = _home(var, account)
        for kind in ("postgres", "valkey"):
            make_for(account, home / kind)
        sockets = _sockets(home, account)
    return Place(var=var, home=home, sockets=sockets, account=account, notes=notes)


def make(folder: Path, mode: int) -> None:
    """Make a folder, whatever the umask; one that is there keeps its mode."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(mode)


def make_for(account: Account, folder: Path) -> Path:
    """Make a folder that belongs to the servers' account alone."""
    make(folder, 0o700)
    if account.drop:
        os.chown(folder, account.uid, account.gid)
    return folder


def may_enter(folder: Path, account: Account) -> bool:
    """Whether the account can walk down to this folder."""
    return all(_lets_through(step, account) for step in (folder, *folder.parents))


def wheel_folder(package: str, *, part: str, variable: str) -> Path:
    """Where an installed wheel lies, found without running any of its code."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(
            f"{part} is not installed in this environment: run `make install`, "
            f"or name one of your own in {variable}."
        )
    return Path(spec.submodule_search_locations[0])


@contextlib.contextmanager
def refused_clearly(folder: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one sentence."""
    try:
        yield
    except OSError as problem:
        named = problem.filename or folder
        # Copying a whole folder reports as one error without a number.
        is_full = os.strerror(errno.ENOSPC) in str(problem)
        if is_full or problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CannotStart(disk_is_full(folder)) from problem
        if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise CannotStart(
                f"Billify may not write in {named}: give this user the folder, "
                "or name another one in BILLIFY_VAR."
            ) from problem
        raise CannotStart(f"{named} can't be used: {problem.strerror or problem}.") from problem


def disk_is_full(folder: Path) -> str:
    """The sentence for a disk without room."""
    return f"The disk that holds {folder} is full: free some space and start again."


def _check_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LOW_DISK_BYTES:
        raise CannotStart(
            f"The disk that holds {folder} has {free // 1_000_000} MB left and Billify needs "
            f"{LOW_DISK_BYTES // 1_000_000}: free some space and start again."
        )


def _account(data: Path) -> Account:
    """Ourselves; as root the owner of the data there is, else `postgres`, else `nobody`."""
    uid = os.geteuid()
    if uid != 0:
        return Account(_name_of(uid), uid, os.getegid(), drop=False)
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(_name_of(owner.st_uid), owner.st_uid, owner.st_gid, drop=True)
    for entry in sorted(pwd.getpwall(), key=_preference):
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, drop=True)
    raise CannotStart(
        "PostgreSQL does not run as root and this machine has no other user: "
        "add one, or name a database in DATABASE_URL."
    )


def _preference(entry: pwd.struct_passwd) -> int:
    return {"postgres": 0, "nobody": 1}.get(entry.pw_name, 2)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _home(var: Path, account: Account) -> tuple[Path, tuple[str, ...]]:
    """`var` itself, or a folder of its own where an account we step down to can't reach it."""
    if not account.drop or (may_enter(var, account) and _can_give(var, account)):
        return var, ()
    home = FAR_HOME / short_name(var)
    for folder in (home.parent, home):
        make(folder, OPEN_TO_PASS)
    for kind in ("postgres", "valkey"):
        link = var / kind
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(home / kind)
    note = f"The database user {account.name} can't reach {var}, so its data stands in {home}."
    return home, (note,)


def _can_give(var: Path, account: Account) -> bool:
    """Some shared folders of virtual machines refuse another owner."""
    probe = Path(tempfile.mkdtemp(dir=var))
    try:
        os.chown(probe, account.uid, account.gid)
    except OSError:
        return False
    else:
        return True
    finally:
        probe.rmdir()


def _lets_through(folder: Path, account: Account) -> bool:
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _sockets(home: Path, account: Account) -> Path:
    """A folder for sockets: below `home`, or a short one when the address would be too long."""
    near = home / "run"
    if len(os.fsencode(near)) + LONGEST_SOCKET_NAME <= LONGEST_SOCKET_PATH:
        make_for(account, near)
        if _takes_sockets(near):
            return near
    far = Path("/tmp") / f"billify-{account.uid}-{short_name(home)}"  # noqa: S108 (checked below)
    make_for(account, far)
    _check_ours(far, account)
    return far


def _check_ours(folder: Path, account: Account) -> None:
    """In a folder that everybody shares, another user may have made this one first."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
        raise CannotStart(f"{folder} belongs to someone else: remove it and start again.")


def _takes_sockets(folder: Path) -> bool:
    probe = folder / f"probe-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as opened:
        try:
            opened.bind(str(probe))
        except OSError:
            return False
    probe.unlink(missing_ok=True)
    return True


def short_name(folder: Path) -> str:
    """A short name that stands for one folder."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
