"""The environment a process runs in: what is given, and embedded parts for what is not."""

import contextlib
import os
import secrets
from collections.abc import Collection, Iterator, MutableMapping
from pathlib import Path

from billify import embedded
from billify.config import HERE
from billify.embedded import Embedded, Part

ALL: frozenset[Part] = frozenset({"postgres", "valkey", "tesseract"})


@contextlib.contextmanager
def environment(
    environ: MutableMapping[str, str] = os.environ, need: Collection[Part] = ALL
) -> Iterator[Embedded]:
    """Fill `environ` with the parts that run here, and leave them at the end.

    In production nothing is embedded and no secret is made. Raises CannotStart.
    """
    if environ.get("BILLIFY_ENV", "development") == "production":
        yield Embedded()
        return
    var = var_folder(environ)
    parts = embedded.start(var, embedded.missing(environ, need))
    try:
        for name, value in parts.variables.items():
            environ.setdefault(name, value)
        if not environ.get("SECRET_KEY"):
            environ["SECRET_KEY"] = _kept_secret(var / "secrets" / "secret_key")
        yield parts
    finally:
        parts.stop()


def var_folder(environ: MutableMapping[str, str]) -> Path:
    """The folder for all that a run leaves behind."""
    return Path(environ.get("BILLIFY_VAR") or HERE / "var").absolute()


def _kept_secret(file: Path) -> str:
    """Sessions outlive a restart, so the development secret does too."""
    with embedded.refused_clearly(file.parent):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as kept:
                kept.write(secrets.token_urlsafe(48))
        return file.read_text()
