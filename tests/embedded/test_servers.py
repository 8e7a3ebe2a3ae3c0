import os
import signal
import threading
from pathlib import Path

import psycopg
import pytest
import redis

from billify import embedded
from billify.embedded.postgres import APP, OWNER, Postgres
from tests.servers import own_servers


def app_connection(servers: embedded.Embedded) -> psycopg.Connection:
    return psycopg.connect(servers.variables["DATABASE_URL"].replace("+psycopg", ""))


def postgres_of(servers: embedded.Embedded) -> Postgres:
    assert servers.postgres is not None
    return servers.postgres


def test_the_app_role_owns_nothing_and_can_not_see_past_row_security() -> None:
    with own_servers() as servers, app_connection(servers) as connection:
        role = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")

    assert role == (APP, False, False, False, False)


def test_only_the_socket_with_a_password_leads_in() -> None:
    with own_servers() as servers:
        postgres = postgres_of(servers)
        sockets = str(postgres.sockets)
        with postgres.connect() as connection:
            listening = connection.execute("SHOW listen_addresses").fetchone()

        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(host=sockets, user=OWNER, dbname="billify", password="")
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(host=sockets, user=OWNER, dbname="billify", password="guess")

    assert listening == ("",)


def test_the_server_does_not_run_as_root() -> None:
    with own_servers() as servers:
        pid = postgres_of(servers).pid()
        owner = Path(f"/proc/{pid}").stat().st_uid

    assert owner != 0


def test_a_second_start_adopts_and_the_last_to_leave_stops() -> None:
    with own_servers() as first:
        postgres = postgres_of(first)
        second = embedded.start(postgres.place.var, {"postgres", "valkey"}, careless=True)

        assert postgres_of(second).pid() == postgres.pid()
        first.stop()
        assert postgres.lives()
        second.stop()
        assert not postgres.lives()


def test_rows_outlive_a_killed_server_with_a_busy_helper() -> None:
    with own_servers() as servers:
        postgres = postgres_of(servers)
        with postgres.connect() as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
        busy = threading.Thread(target=_work_long, args=(postgres,))
        busy.start()
        _await_busy(postgres)
        pid = postgres.pid()
        assert pid is not None

        os.kill(pid, signal.SIGKILL)
        while postgres.lives():
            pass
        revived = servers.revive()
        busy.join()

        with postgres.connect() as connection:
            assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)
    assert revived == ["PostgreSQL"]


def test_a_killed_valkey_is_started_again() -> None:
    with own_servers() as servers:
        assert servers.valkey is not None
        pid = servers.valkey.pid()
        assert pid is not None

        os.kill(pid, signal.SIGKILL)
        while servers.valkey.lives():
            pass

        assert servers.revive() == ["Valkey"]
        with redis.Redis.from_url(servers.variables["REDIS_URL"]) as client:
            assert client.ping()


def test_data_of_another_version_is_refused_and_left_alone() -> None:
    with own_servers() as servers:
        postgres = postgres_of(servers)
        servers.stop()
        (postgres.data / "PG_VERSION").write_text("17\n")

        with pytest.raises(embedded.CannotStart, match=r"PostgreSQL 17 and Billify brings"):
            embedded.start(postgres.place.var, {"postgres"})

        assert postgres.data.is_dir()


def test_data_without_its_passwords_is_refused_and_left_alone() -> None:
    with own_servers() as servers:
        postgres = postgres_of(servers)
        servers.stop()
        (postgres.place.secrets / "postgres.json").unlink()

        with pytest.raises(embedded.CannotStart, match=r"postgres.json is gone"):
            embedded.start(postgres.place.var, {"postgres"})

        assert postgres.data.is_dir()


def _work_long(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError), postgres.connect() as connection:
        connection.execute("SELECT count(*) FROM generate_series(1, 300000000)")


def _await_busy(postgres: Postgres) -> None:
    with postgres.connect() as connection:
        while not connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
        ).fetchone():
            pass
