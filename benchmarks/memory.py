"""Memory of Billify as `billify up` runs it: at rest, and with ten users while documents are read.

`benchmarks/memory.py [--folders A B …] [--users 10] [--seconds 60] [--documents 12] [--json FILE]`

Counted is the proportional set size (PSS, from smaps_rollup: shared pages divided among those
who share them) of every process that `billify up` started, tesseract too, but PostgreSQL and
Valkey. Each user looks at one page a second. The documents are photos and scans of the data
folder ($BILLIFY_DATA); without it only users are simulated. Give the folders of pages.py to
see that rest is the same at any size.
"""

import argparse
import http.client
import json
import mimetypes
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

DATA = Path(os.environ.get("BILLIFY_DATA", HERE.parent / "shared" / "data"))
SERVERS = ("postgres", "valkey")
PEOPLE = {"large": "owner@large.billify.test", "bakkerij-anna": "anna@demo.billify.test"}
PAUSE_SECONDS = 1.0
SETTLE_SECONDS = 8
MOST_IDLE, MOST_PEAK = 220, 400
Roles = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folders", nargs="+", type=Path, default=[Path("/tmp/billify-memory")])
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--documents", type=int, default=12)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--sign-in", metavar="EMAIL", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.sign_in:
        print(sign_in(chosen.folders[0], chosen.sign_in))
        return
    print(
        f"| database | idle (≤ {MOST_IDLE}) | after use | peak (≤ {MOST_PEAK}) | documents read |"
    )
    print("|---|--:|--:|--:|--:|")
    found = {}
    for folder in chosen.folders:
        found[folder.name] = one = run(folder, chosen)
        print(
            f"| {folder.name} | {_marked(one['idle'], MOST_IDLE)} | {_shown(one['after'])}"
            f" | {_marked(one['peak'], MOST_PEAK)} | {one['read']} |"
        )
    for name, one in found.items():
        print(f"\n{name}, MB by process: idle {_parts(one['idle'])}; peak {_parts(one['peak'])}")
    if chosen.json:
        chosen.json.write_text(json.dumps(found))


def run(folder: Path, chosen: argparse.Namespace) -> dict[str, Roles]:
    """Start, rest, use, rest again."""
    folder.mkdir(parents=True, exist_ok=True)
    with product(folder) as (pid, port):
        slug = "large" if (folder / "pages.log").exists() else "bakkerij-anna"
        command = [sys.executable, __file__, "--folders", str(folder), "--sign-in", PEOPLE[slug]]
        token = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        time.sleep(SETTLE_SECONDS)
        idle = measured(pid)
        use = Use(port, slug, token.splitlines()[-1])
        peak: Roles = {}
        with use.going(chosen.users):
            before = use.waiting_or_read()
            use.hand_in(chosen.documents)
            end = time.monotonic() + chosen.seconds
            while time.monotonic() < end:
                peak = max(peak, measured(pid), key=lambda one: sum(one.values()))
                time.sleep(0.3)
            done = use.waiting_or_read() - before
        time.sleep(SETTLE_SECONDS)
        return {"idle": idle, "peak": peak, "after": measured(pid), "read": done}  # type: ignore[dict-item]


@contextmanager
def product(folder: Path) -> Iterator[tuple[int, int]]:
    """`billify up`, from its greeting to its end; gives its process and port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {
        "PATH": os.environ["PATH"],
        "BILLIFY_VAR": str(folder),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "billify", "up"]
    started = subprocess.Popen(
        command, cwd=HERE, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert started.stdout is not None
    try:
        said = []
        for line in started.stdout:
            said.append(line)
            if "runs at" in line:
                break
        else:
            raise SystemExit("Billify did not start: " + "".join(said))
        threading.Thread(target=started.stdout.read, daemon=True).start()
        yield started.pid, port
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(60)


def measured(pid: int) -> Roles:
    """Megabytes of the process and all below it, by what they do."""
    found: defaultdict[str, float] = defaultdict(float)
    for one, depth in family(pid):
        name, size = _name(one) + _BELOW.get(depth, ""), _pss(one)
        if not name.startswith(SERVERS):
            found[name] += size
    return dict(found)


_BELOW = {2: " job", 3: " reader"}
"""A worker forks a process for each job, and that one another to open the document."""


def family(pid: int) -> list[tuple[int, int]]:
    """A process and its descendants, with how deep each stands."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children[parent].append(int(folder.name))
    found, left = [], [(pid, 0)]
    while left:
        one, depth = left.pop()
        found.append((one, depth))
        left += [(child, depth + 1) for child in children[one]]
    return found


def _name(pid: int) -> str:
    """The role, told by the log it writes; else the program."""
    try:
        program = Path(f"/proc/{pid}/comm").read_text().strip()
        log = Path(f"/proc/{pid}/fd/1").readlink()
    except OSError:
        return "gone"
    if program.startswith(("tesseract", *SERVERS)):
        return program
    return log.stem if log.suffix == ".log" else "up"


def _pss(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


class Use:
    """People who look at pages, and one who hands in documents."""

    def __init__(self, port: int, slug: str, token: str) -> None:
        self._port = port
        self._root = f"/c/{slug}"
        self._cookie = f"billify_session={token}"
        self._over = threading.Event()

    @contextmanager
    def going(self, users: int) -> Iterator[None]:
        """So many users until the end."""
        threads = [threading.Thread(target=self._look, args=(at,)) for at in range(users)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def _look(self, at: int) -> None:
        addresses = (
            "/",
            "/purchases",
            "/purchases/list?q=molen",
            "/sales",
            "/widgets/forecast",
            "/bank",
            "/inbox",
        )
        while not self._over.wait(PAUSE_SECONDS):
            at += 1
            self._get(self._root + addresses[at % len(addresses)])

    def _get(self, path: str) -> tuple[str, str]:
        """The body of a page, and the cookie that goes with its form tokens."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        connection.request("GET", path, headers={"Cookie": self._cookie})
        answer = connection.getresponse()
        body = answer.read().decode()
        cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        return body, cookie

    def waiting_or_read(self) -> int:
        """How many documents stand in the inbox as read."""
        body, _ = self._get(f"{self._root}/inbox")
        return len(set(re.findall(rf"{self._root}/invoices/[0-9a-f-]{{36}}", body)))

    def hand_in(self, count: int) -> None:
        """Upload photos and scans, one by one, as the plain form does."""
        pictures = [
            path
            for path in sorted((DATA / "invoices").rglob("*"))
            if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".heic", ".tif", ".tiff")
        ]
        page, cookie = self._get(f"{self._root}/purchases")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        for path in pictures[:: max(1, len(pictures) // max(1, count))][:count]:
            self._post(path, token=found[1] if found else "", cookie=cookie)

    def _post(self, path: Path, *, token: str, cookie: str) -> None:
        border = uuid.uuid4().hex
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        head = (
            f'--{border}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
            f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"'
            f"\r\nContent-Type: {media_type}\r\n\r\n"
        )
        # A byte of its own, so that a second run hands in new documents.
        body = (
            head.encode()
            + path.read_bytes()
            + uuid.uuid4().bytes
            + f"\r\n--{border}--\r\n".encode()
        )
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection.request(
            "POST",
            f"{self._root}/documents",
            body,
            {
                "Cookie": f"{self._cookie}; {cookie}",
                "Content-Type": f"multipart/form-data; boundary={border}",
                "Referer": f"http://127.0.0.1:{self._port}/",
            },
        )
        answer = connection.getresponse()
        answer.read()
        if answer.status >= 400:
            raise SystemExit(f"handing in {path.name} was answered {answer.status}")
        connection.close()


def sign_in(folder: Path, email: str) -> str:
    """A session of one person, made beside the running product."""
    environ = {"BILLIFY_VAR": str(folder), "PATH": os.environ["PATH"]}
    from billify.config import Settings
    from billify.processes.environment import environment

    with environment(environ):
        from billify.data import tenancy
        from billify.data.db import transaction
        from billify.data.models import LoginSession
        from billify.data.queries import auth
        from billify.domain import passwords
        from billify.factory import create_app

        with create_app(Settings.load(environ)).app_context():
            user = auth.user_by_email(email)
            if user is None:
                raise SystemExit(f"there is nobody called {email}")
            token = passwords.new_token()
            with tenancy.user_scope(user.id), transaction() as session:
                session.add(
                    LoginSession(
                        user_id=user.id,
                        token_hash=passwords.token_hash(token),
                        expires_at=_tomorrow(),
                    )
                )
    return token


def _tomorrow() -> object:
    from datetime import UTC, datetime, timedelta

    return datetime.now(UTC) + timedelta(days=1)


def _shown(parts: Roles) -> str:
    return f"{sum(parts.values()):.0f}"


def _marked(parts: Roles, most: int) -> str:
    shown = _shown(parts)
    return shown if sum(parts.values()) <= most else f"**{shown}**"


def _parts(parts: Roles) -> str:
    return ", ".join(f"{name} {size:.0f}" for name, size in sorted(parts.items()))


if __name__ == "__main__":
    main()
