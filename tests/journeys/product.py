"""The product as people run it: `billify up` as processes of its own, and rows put in beside it."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from billify.config import Settings
from billify.data import tenancy
from billify.data.db import db
from billify.factory import create_app
from billify.integrations import valkey
from billify.stand_ins.ponto import PontoServer
from billify.stand_ins.yuki import YukiServer
from tests import servers
from tests.fakes import ponto as fake
from tests.fakes import yuki

ROLES = ("web", "worker-ocr", "worker-sync", "worker-default", "clock")
START_SECONDS = 60.0
STOP_SECONDS = 20.0
_RAISED = re.compile(r"[\w.]+(Error|Exception|Refusal): ")


@dataclass(frozen=True)
class Product:
    """A running Billify: its address, its folder, an application on the same rows, and the Ponto
    and the Yuki that it talks to."""

    address: str
    var: Path
    app: Flask
    bank: PontoServer
    accounting: YukiServer

    def mistakes(self) -> str:
        """The last line of every stack that a process wrote down."""
        logs = [file.read_text(errors="replace") for file in (self.var / "log").glob("*.log")]
        return "\n".join(line for log in logs for line in log.split("\n") if _RAISED.match(line))


@contextlib.contextmanager
def running() -> Iterator[Product]:
    """Billify on a database of its own, from its start until every process of it is gone."""
    database = servers.clone_name("journeys")
    var = Path(tempfile.mkdtemp(prefix="billify-", dir="/tmp"))
    var.chmod(0o711)  # the account that Tesseract may run under must pass
    try:
        with fake.ponto() as bank, yuki.yuki() as accounting:
            partners = {"PONTO_API_URL": bank.origin, "YUKI_API_URL": accounting.url}
            environ = _environment(database, var) | partners
            with _application(environ) as app, _processes(environ, var) as address:
                yield Product(address, var, app, bank, accounting)
    finally:
        servers.drop_database(database)
        shutil.rmtree(var, ignore_errors=True)


def _environment(database: str, var: Path) -> dict[str, str]:
    app_url, owner_url = servers.clone_database(servers.template(), database)
    given = servers.servers().variables
    return {
        "BILLIFY_ENV": "development",
        "SECRET_KEY": "tests-only-tests-only-tests-only-tests",
        "DATABASE_URL": app_url,
        "DATABASE_OWNER_URL": owner_url,
        # Far from the number spaces of the other tests, and hardly ever shared by two runs.
        "REDIS_URL": servers.redis_url(40 + os.getpid() % 24),
        "TESSERACT_CMD": given["TESSERACT_CMD"],
        "TESSDATA_PREFIX": given["TESSDATA_PREFIX"],
        "BILLIFY_VAR": str(var),
        "HOST": "127.0.0.1",
        "PORT": str(_free_port()),
    }


@contextlib.contextmanager
def _application(environ: dict[str, str]) -> Iterator[Flask]:
    app = create_app(Settings.load(environ))
    valkey.connect(environ["REDIS_URL"]).flushdb()  # counts of tries that an earlier run left
    with app.app_context():
        tenancy.leave()
        yield app
        tenancy.leave()
        db.session.remove()
        db.engine.dispose()


@contextlib.contextmanager
def _processes(environ: dict[str, str], var: Path) -> Iterator[str]:
    with (var / "terminal").open("wb") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "billify", "up", *ROLES],
            cwd=servers.CHECKOUT,
            env=os.environ | environ,
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
        )
    try:
        _await_ready(process, int(environ["PORT"]), var)
        yield f"http://{environ['HOST']}:{environ['PORT']}"
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOP_SECONDS)


def _await_ready(process: "subprocess.Popen[bytes]", port: int, var: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not _is_ready(port):
        said = (var / "terminal").read_text()
        assert process.poll() is None, f"Billify did not start: {said}"
        assert time.monotonic() < end, f"Billify does not answer: {said}"
        time.sleep(0.1)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
