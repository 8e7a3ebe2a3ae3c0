"""Which Billify this is: its number, and a mark of the code that tells two builds apart."""

import hashlib
import tomllib
from functools import cache

from billify.config import HERE
from billify.data.migrate import FOLDER


@cache
def number() -> str:
    """The number of the release; a question mark where the project file was left behind."""
    try:
        with (HERE / "pyproject.toml").open("rb") as project:
            found: str = tomllib.load(project)["project"]["version"]
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return "?"
    return found


@cache
def mark() -> str:
    """Changes with every line of code, template and migration: twelve hexadecimal digits."""
    digest = hashlib.sha256()
    files = [*(HERE / "billify").rglob("*.py"), *(HERE / "billify" / "templates").rglob("*.*")]
    for file in sorted([*files, *FOLDER.glob("versions/*.py")]):
        digest.update(file.relative_to(HERE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
