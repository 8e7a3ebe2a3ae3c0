"""Make `.venv` hold exactly what the locked requirement files say; nothing when it does already.

Usage: python3 scripts/install.py [runtime] [embedded] [dev]

Takes uv when there is one, else venv and pip. Where packages come from is the machine's choice.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".install-stamp"
SETS = ("runtime", "embedded", "dev")
OLDEST = (3, 11)


def main(wanted: list[str]) -> int:
    if sys.version_info < OLDEST:
        return refuse(f"Billify needs Python 3.11 or newer and this is {sys.version.split()[0]}.")
    unknown = [name for name in wanted if name not in SETS]
    if unknown:
        return refuse(f"There is no set of requirements named {unknown[0]}: {', '.join(SETS)}.")
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once
        return install(set(wanted or SETS))


def install(wanted: set[str]) -> int:
    stamp = read_stamp()
    have = set(stamp.get("sets", {}))
    if is_usable(stamp) and all(stamp["sets"].get(name) == fingerprint(name) for name in wanted):
        return 0
    sets = [name for name in SETS if name in wanted | have]
    try:
        if not is_usable(stamp):
            make_venv()
        STAMP.unlink(missing_ok=True)
        fetch(sets)
    except subprocess.CalledProcessError as problem:
        return refuse(f"Installing failed in `{' '.join(problem.cmd[:5])} …`: its lines say why.")
    write_command()
    STAMP.write_text(json.dumps(new_stamp(sets)))
    return 0


def read_stamp() -> dict:
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def new_stamp(sets: list[str]) -> dict:
    return {
        "sets": {name: fingerprint(name) for name in sets},
        "python": sys.version,
        "folder": str(ROOT),
    }


def is_usable(stamp: dict) -> bool:
    """A checkout that was moved, or another Python, wants a fresh environment."""
    same = stamp.get("python") == sys.version and stamp.get("folder") == str(ROOT)
    return same and PYTHON.exists()


def fingerprint(name: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{name}.txt").read_bytes()).hexdigest()


def make_venv() -> None:
    say("Making the environment in .venv ...")
    uv = shutil.which("uv")
    if uv:
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
        return
    try:
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
    except subprocess.CalledProcessError:
        refuse(
            "Python's venv module is missing or broken: on Debian and Ubuntu `apt install "
            "python3-venv` brings it."
        )
        raise


def fetch(sets: list[str]) -> None:
    say("Installing what the lock files name ...")
    files = [word for name in sets for word in ("-r", str(ROOT / "requirements" / f"{name}.txt"))]
    uv = shutil.which("uv")
    if uv:
        run(uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", *files)
        return
    if not has_pip():
        run(str(PYTHON), "-m", "ensurepip")
    pip = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--require-hashes", *files)


def has_pip() -> bool:
    return subprocess.run([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL).returncode == 0


def write_command() -> None:
    """`.venv/bin/billify` runs this checkout, from any folder."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (VENV / "lib" / version / "site-packages" / "billify.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin" / "billify"
    command.write_text(f"#!{PYTHON}\nfrom billify.cli import main\n\nraise SystemExit(main())\n")
    command.chmod(0o755)


def run(*words: str) -> None:
    """Downloads of a Python by uv would hide that this machine has its own."""
    environ = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run(words, check=True, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)


def say(line: str) -> None:
    print(line, flush=True)


def refuse(line: str) -> int:
    print(line, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
