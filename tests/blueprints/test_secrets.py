"""No credential, token or seed can be read where it has no business: flows are driven with secrets
that are known here, and then every table, log line, page, export and queue is searched for them.

On a database of its own and with real commits, so that what is searched is what a thief of the
database, of a backup or of the logs would hold.
"""

import base64
import dataclasses
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import psycopg
import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from billify.application import (
    accounting,
    backups,
    invitations,
    jobs,
    mails,
    personal_data,
    ports,
    recovery,
    second_step,
)
from billify.application.partners import engine
from billify.data import backup as rows
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Integration, Mail
from billify.domain.roles import Role
from billify.embedded.postgres import ADMIN, programs
from billify.integrations.pg_dump import Programs
from billify.tasks import registry, runner
from billify.web import logs
from billify.web.access import COOKIE, public
from tests import servers
from tests.cast import PASSWORD, Cast, Member, make_cast
from tests.committed import Browser, committed_app
from tests.conftest import World
from tests.fakes import ponto as fake_ponto
from tests.fakes import yuki as fake_yuki

SMTP_PASSWORD = "smtp-Geheim-4711-van-de-post"
WRONG_PASSWORD = "wachtwoord-Verkeerd-getypt-0815"
NEW_PASSWORD = "een-Nieuw-wachtwoord-na-herstel-1830"
SIGN_UP_PASSWORD = "een-Eerste-wachtwoord-bij-begin-1831"
INVITED_PASSWORD = "een-Ander-wachtwoord-van-wie-komt-1912"
PONTO_SECRET = "ponto-Geheim-van-de-bakkerij-2300"
METRICS_TOKEN = "metingen-Geheim-voor-de-wacht-77"
GUESSED = "wie.geraden.wordt@example.be"
SHORTEST = 8
"""Shorter ones, such as the six digits of an app, are met by chance anywhere."""


@dataclass
class Driven:
    """What is secret, by its name, and what was written while the flows went on."""

    app: Flask
    cast: Cast
    database: str
    books: str
    """Those of the Yuki that plays along."""
    secrets: dict[str, str] = field(default_factory=dict)
    log: io.StringIO = field(default_factory=io.StringIO)
    exports: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def driven(world: World) -> Iterator[Driven]:
    """Everything that has to do with secrets, done once."""
    settings = replace(
        world.settings,
        metrics_token=METRICS_TOKEN,
        mail=replace(world.settings.mail, host=None, password=SMTP_PASSWORD),
    )
    with (
        fake_ponto.ponto() as ponto,
        fake_yuki.yuki() as yuki,
        committed_app(settings, "secrets") as app,
    ):
        ports.redis().flushdb()
        app.config["SETTINGS"] = fake_yuki.settings_of(
            yuki, fake_ponto.settings_of(ponto, app.config["SETTINGS"])
        )
        ponto.world.clients["bakkerij"] = PONTO_SECRET
        made = Driven(
            app, make_cast(), servers.clone_name("secrets"), str(fake_yuki.books(yuki).id)
        )
        logs.configure(stream=made.log)
        try:
            drive(made)
            made.secrets["session of Yuki"] = next(iter(yuki.world.sessions))
            yield made
        finally:
            logs.configure()
            tenancy.leave()


def drive(one: Driven) -> None:
    anna = one.cast.anna
    one.secrets |= {
        "SMTP password": SMTP_PASSWORD,
        "metrics token": METRICS_TOKEN,
        "key of forms": one.app.config["SETTINGS"].secret_key,
        "password": PASSWORD,
        "cookie of Anna": anna.token,
        "cookie of staff": one.cast.dirk.token,
    }
    log_in_and_sign_up(one)
    break_a_limit(one)
    connect_partners(one, anna)
    add_second_step(one, anna)
    recover(one)
    invite(one, anna)
    fail(one, anna)
    export(one, anna)


def log_in_and_sign_up(one: Driven) -> None:
    browser = one.app.test_client()
    bram = one.cast.bram
    assert browser.post(
        "/log-in", data={"email": bram.email, "password": WRONG_PASSWORD}
    ).status_code in (200, 401, 422)
    browser.post("/log-in", data={"email": bram.email, "password": PASSWORD})
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    one.secrets |= {"wrong password": WRONG_PASSWORD, "cookie of Bram": cookie.value}
    new = one.app.test_client()
    answer = new.post(
        "/sign-up",
        data={
            "company_name": "Neles bakkerij",
            "vat_number": "",
            "name": "Nele",
            "email": "nele@example.be",
            "password": SIGN_UP_PASSWORD,
            "language": "nl",
        },
    )
    assert answer.status_code in (302, 303), answer.text
    signed_in = new.get_cookie(COOKIE)
    assert signed_in is not None
    one.secrets |= {"password of Nele": SIGN_UP_PASSWORD, "cookie of Nele": signed_in.value}


def break_a_limit(one: Driven) -> None:
    """Guess at one account from many machines until its limit says no: whose account that is has
    no business in the log or the counters."""
    browser = one.app.test_client()
    one.app.config["RATELIMIT_ENABLED"] = True
    try:
        statuses = [
            browser.post(
                "/log-in",
                data={"email": GUESSED, "password": WRONG_PASSWORD},
                environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
            ).status_code
            for number in range(11)
        ]
    finally:
        one.app.config["RATELIMIT_ENABLED"] = False
    assert statuses[-1] == 429
    one.secrets["account at its limit"] = GUESSED


def connect_partners(one: Driven, anna: Member) -> None:
    answer = client_of(one, anna).post(
        f"/c/{anna.slug}/settings/connections/new/ponto",
        data={"client_id": "bakkerij", "client_secret": PONTO_SECRET},
    )
    assert answer.status_code == 303
    with tenancy.company_scope(anna.actor.company_id, anna.user_id):
        row = accounting.connect(access_key=fake_yuki.KEY, by=anna.actor)
        accounting.choose(integration_id=row.id, administration_id=one.books, by=anna.actor)
        for integration in db.session.scalars(select(Integration)).all():
            engine.run(integration_id=integration.id)
    one.secrets |= {"keys of Ponto": PONTO_SECRET, "access key of Yuki": fake_yuki.KEY}


def add_second_step(one: Driven, anna: Member) -> None:
    with tenancy.user_scope(anna.user_id):
        second_step.begin(user_id=anna.user_id, password=PASSWORD)
        setup = second_step.setup(user_id=anna.user_id)
        assert setup is not None
        code = pyotp.TOTP(setup.seed).now()
        codes = second_step.confirm(user_id=anna.user_id, code=code)
    one.secrets["seed of the app"] = setup.seed
    one.secrets |= {f"recovery code {at}": code for at, code in enumerate(codes)}


def recover(one: Driven) -> None:
    recovery.ask_for_password(email=one.cast.emma.email)
    one.secrets["unused link"] = secret_of("reset_password")
    recovery.ask_for_password(email=one.cast.bram.email)
    used = secret_of("reset_password")
    answer = one.app.test_client().post(
        f"/reset-password/{used}", data={"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    )
    assert answer.status_code < 500
    one.secrets |= {"used link": used, "password after a reset": NEW_PASSWORD}


def invite(one: Driven, anna: Member) -> None:
    with tenancy.company_scope(anna.actor.company_id, anna.user_id):
        for number in (1, 2):
            invitations.invite(
                email=f"gast-{number}@example.be",
                role=Role.VIEWER,
                approval_limit=None,
                language="nl",
                by=anna.actor,
            )
            one.secrets[f"invitation {number}"] = secret_of("invitation")
    opened = one.app.test_client().get(f"/invitations/{one.secrets['invitation 2']}")
    assert opened.status_code < 500


def fail(one: Driven, anna: Member) -> None:
    """A page and a job that fail with every secret in their message."""
    told = " ".join(one.secrets.values())

    def broken() -> None:
        raise LookupError(told)

    view = one.app.view_functions["health.live"]
    one.app.view_functions["health.live"] = public(broken)
    one.exports["error page"] = one.app.test_client().get("/health/live").text
    one.app.view_functions["health.live"] = view
    body = registry.find("documents.read")
    registry._jobs["documents.read"] = registry.Registered(lambda **_: broken(), when_dead=None)
    with tenancy.company_scope(anna.actor.company_id), transaction():
        job_id = jobs.later("documents.read", document_id="a-key")
    runner.run(str(job_id), str(anna.company_id))
    registry._jobs["documents.read"] = body


def export(one: Driven, anna: Member) -> None:
    client = client_of(one, anna)
    home = f"/c/{anna.slug}"
    for where in ("/", "/settings/audit", "/settings/connections", "/settings/people", "/settings"):
        one.exports[where] = page(client, home + where)
    for where in ("/account", "/account/security", "/account/privacy"):
        one.exports[where] = page(client, where)
    with tenancy.company_scope(anna.actor.company_id):
        keys = db.session.scalars(select(Integration.id)).all()
    for key in keys:
        one.exports[f"connection {key}"] = page(client, f"{home}/settings/connections/{key}")
    one.exports["invoices"] = client.post(f"{home}/purchases/exports", data={"format": "csv"}).text
    for who in (anna, one.cast.bram, one.cast.emma):
        one.exports[f"data of {who.name}"] = json.dumps(
            personal_data.collect(user_id=who.user_id), default=str
        )
    staff = client_of(one, one.cast.dirk)
    for where in ("", "jobs", "faults", "connections", "audit", "fence", "people", "companies"):
        one.exports[f"back office {where}"] = page(staff, f"/back-office/{where}")
    one.exports["log of the company"] = page(staff, f"/back-office/audit/{anna.company_id}")
    one.exports["health"] = one.app.test_client().get("/health/ready").text
    one.exports["metrics"] = one.app.test_client().get("/metrics").text


def page(client: FlaskClient, where: str) -> str:
    """A page that is there."""
    answer = client.get(where)
    assert answer.status_code == 200, where
    return answer.text


def client_of(one: Driven, who: Member) -> FlaskClient:
    client = Browser(one.app, one.app.response_class, use_cookies=True)
    client.set_cookie(COOKIE, who.token)
    return client


def secret_of(kind: str) -> str:
    """What the newest mail of a kind opens: only who gets the mail may know."""
    with tenancy.unscoped("a test opens the newest mail"):
        newest: UUID = db.session.scalars(
            select(Mail.id).where(Mail.kind == kind).order_by(Mail.id.desc()).limit(1)
        ).one()
    facts: Any = mails.opened(mail_id=newest)[1]
    return str(facts["opens"]).rpartition("/")[2]


def shapes(secret: str) -> list[str]:
    """A secret as it is, as bytes are shown, and as it is written into addresses and mails."""
    return [
        secret,
        secret.encode().hex(),
        base64.b64encode(secret.encode()).decode().rstrip("="),
        quote(secret, safe=""),
    ]


def found(one: Driven, text: str) -> list[str]:
    """Which secrets can be read in a text."""
    return [
        name
        for name, secret in one.secrets.items()
        if len(secret) >= SHORTEST and any(shape in text for shape in shapes(secret))
    ]


def test_what_is_looked_for_is_there_to_be_found(driven: Driven) -> None:
    """A search for nothing finds nothing."""
    assert len(driven.secrets) >= 20
    assert all(len(secret) >= SHORTEST for secret in driven.secrets.values())
    for name, secret in driven.secrets.items():
        for shape in shapes(secret):
            assert name in found(driven, f"before {shape} after")


def test_no_table_holds_a_secret(driven: Driven) -> None:
    url = rows.plain(servers._postgres().url(ADMIN, driven.database))
    seen = 0
    with psycopg.connect(url) as connection:
        for table in rows.counts(url):
            for (row,) in connection.execute(f'SELECT t::text FROM public."{table}" t'):
                seen += 1
                assert found(driven, row) == [], table
    assert seen > 30


def test_no_backup_holds_a_secret(driven: Driven, tmp_path: Path) -> None:
    """Not packed, so that everything in it can be searched."""
    url = servers._postgres().url(ADMIN, driven.database)
    with rows.moment(url) as moment:
        Programs(programs())._run(
            "pg_dump", f"--snapshot={moment.snapshot}", f"--file={tmp_path / 'all.sql'}",
            url=rows.plain(url),
        )  # fmt: skip
    backups.make(
        folder=tmp_path / "backup",
        settings=driven.app.config["SETTINGS"],
        url=url,
        programs=Programs(programs()),
        say=lambda _: None,
    )

    assert "COPY public.user_account" in (tmp_path / "all.sql").read_text()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert found(driven, file.read_bytes().decode("utf-8", "replace")) == [], file.name


def test_no_line_of_the_log_holds_a_secret(driven: Driven) -> None:
    told = driven.log.getvalue()

    assert "request.mistake" in told
    assert "job.failed" in told
    assert found(driven, told) == []


def test_no_page_export_or_error_shows_a_secret(driven: Driven) -> None:
    assert "LookupError" in driven.exports["back office faults"]
    assert "Bakkerij Anna" in driven.exports["/"]
    for name, text in driven.exports.items():
        assert found(driven, text) == [], name


def test_no_queue_or_cache_holds_a_secret(driven: Driven) -> None:
    client = ports.redis()
    read: dict[bytes, Any] = {  # Any: each kind of value reads in its own way
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    keys = list(client.scan_iter("*"))

    assert keys
    for key in keys:
        kind: Any = client.type(key)
        value = read[kind](key) if kind in read else ""
        assert found(driven, f"{key!r} {value!r}") == [], key


def test_settings_do_not_show_themselves(driven: Driven) -> None:
    """A settings object in a log line or a stack would tell everything."""
    pages = [text for name, text in driven.exports.items() if name.startswith("back office")]

    assert dataclasses.is_dataclass(driven.app.config["SETTINGS"])
    assert not [page for page in pages if "secret_key=" in page]
