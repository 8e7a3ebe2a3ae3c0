"""How often a connection runs, when a person is warned, and what counts as old."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from billify.domain import connections as rules
from billify.domain.connections import AccountState, ConnectionState, Trouble

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_a_connection_runs_about_once_a_minute(jitter: float) -> None:
    pause = rules.after_success(NOW, jitter=jitter) - NOW

    assert timedelta(seconds=50) <= pause <= timedelta(seconds=70)


@pytest.mark.parametrize(
    ("moment", "is_office"),
    [
        ("2026-11-20T07:00", True),
        ("2026-11-20T06:59", False),
        ("2026-11-20T19:59", True),
        ("2026-11-20T20:00", False),
        ("2026-11-21T12:00", False),
        ("2026-11-22T12:00", False),
        ("2026-11-11T12:00", False),
        ("2026-05-14T12:00", False),
        ("2026-07-20T07:30", True),
    ],
    ids=[
        "opens",
        "before",
        "last-minute",
        "closes",
        "saturday",
        "sunday",
        "armistice",
        "ascension",
        "summer",
    ],
)
def test_office_hours_are_those_of_brussels(moment: str, is_office: bool) -> None:
    here = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Brussels"))

    assert rules.is_office_time(here.astimezone(UTC)) is is_office


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_out_of_hours_ten_minutes_lie_between(jitter: float) -> None:
    pause = rules.after_success(SATURDAY, jitter=jitter, is_slow=True) - SATURDAY

    assert timedelta(minutes=9, seconds=50) <= pause <= timedelta(minutes=10, seconds=10)
    assert pause < rules.STALE_AFTER


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_the_day_begins_when_the_office_opens(jitter: float) -> None:
    opens = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)

    found = rules.after_success(opens - 4 * MINUTE, jitter=jitter, is_slow=True)

    assert opens <= found <= opens + timedelta(seconds=10)


def test_every_trouble_has_words() -> None:
    assert set(rules.TROUBLES) == set(Trouble)
    partner = {one for one, said in rules.TROUBLES.items() if "%(partner)s" in said}
    assert partner == set(Trouble) - {Trouble.STOPPED, Trouble.UNEXPECTED}


def test_pauses_double_and_end_at_half_an_hour() -> None:
    pauses = [rules.after_failure(NOW, failures=n, jitter=0.5) - NOW for n in range(1, 12)]

    assert pauses[:5] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE]
    assert set(pauses[5:]) == {30 * MINUTE}


def test_a_partner_s_own_wish_is_never_shortened() -> None:
    long = rules.after_failure(NOW, failures=1, jitter=0.0, retry_after=7200) - NOW
    short = rules.after_failure(NOW, failures=4, jitter=0.5, retry_after=5) - NOW

    assert long == timedelta(hours=2)
    assert short == 8 * MINUTE


def test_the_bank_is_asked_now_and_then_only() -> None:
    half = timedelta(minutes=30)

    assert rules.may_ask_bank(None, now=NOW, between=half)
    assert not rules.may_ask_bank(NOW - 29 * MINUTE, now=NOW, between=half)
    assert rules.may_ask_bank(NOW - 30 * MINUTE, now=NOW, between=half)
    assert rules.may_ask_bank(NOW + timedelta(days=1), now=NOW, between=half)


@pytest.mark.parametrize(("days", "is_told"), [(15, False), (14, True), (7, True), (-3, True)])
def test_a_consent_is_spoken_of_in_its_last_two_weeks(days: int, is_told: bool) -> None:
    found = rules.consent_notice("Zicht", NOW + timedelta(days=days, hours=1), now=NOW)

    assert (found is not None) is is_told
    assert rules.consent_notice("Zicht", None, now=NOW) is None


def test_what_counts_as_old() -> None:
    def since(
        account: AccountState = AccountState.FOLLOWED,
        connection: ConnectionState = ConnectionState.ACTIVE,
        fresh: datetime | None = NOW - MINUTE,
    ) -> datetime | None:
        read = NOW - timedelta(days=2)
        return rules.stale_since(account, connection, account_fresh=read, fresh=fresh, now=NOW)

    hour = timedelta(hours=1)
    assert since() is None
    assert since(fresh=NOW - hour) == NOW - hour
    assert since(connection=ConnectionState.RECONNECT) == NOW - MINUTE
    assert since(account=AccountState.CONSENT_ENDED) == NOW - timedelta(days=2)
