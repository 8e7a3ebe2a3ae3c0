"""When a mail is due: the wish, the digest hour, quiet hours, the clock's two changes a year."""

from datetime import UTC, datetime

import pytest

from billify.domain.notifications import USUAL, Hours, MailWish, NotificationKind, mail_due

WINTER = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
"""15:30 in Brussels."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_every_kind_has_a_usual_way() -> None:
    assert set(USUAL) == set(NotificationKind)


def test_no_mail_is_due_for_who_wants_none() -> None:
    assert mail_due(wish=MailWish.NONE, hours=Hours(7), now=WINTER) is None


def test_an_instant_mail_is_due_at_once() -> None:
    assert mail_due(wish=MailWish.INSTANT, hours=Hours(7), now=WINTER) == WINTER


@pytest.mark.parametrize(
    ("now", "hour", "due"),
    [
        ("2026-11-20 14:30", 7, "2026-11-21 06:00"),
        ("2026-11-20 14:30", 18, "2026-11-20 17:00"),
        ("2026-11-20 06:00", 7, "2026-11-21 06:00"),
        ("2026-07-20 14:30", 7, "2026-07-21 05:00"),
        # The night of 28 to 29 March 2026 has no 02:00: the digest comes at 03:00.
        ("2026-03-28 20:00", 2, "2026-03-29 01:00"),
        ("2026-03-28 20:00", 7, "2026-03-29 05:00"),
        # 25 October 2026 has 02:00 twice: it comes at the first, and not again at the second.
        ("2026-10-24 20:00", 2, "2026-10-25 00:00"),
        ("2026-10-25 00:30", 2, "2026-10-26 01:00"),
    ],
)
def test_a_digest_is_due_at_its_hour_in_brussels(now: str, hour: int, due: str) -> None:
    assert mail_due(wish=MailWish.DIGEST, hours=Hours(hour), now=at(now)) == at(due)


@pytest.mark.parametrize(
    ("now", "quiet", "due"),
    [
        ("2026-11-20 20:59", (22, 6), "2026-11-20 20:59"),
        ("2026-11-20 21:00", (22, 6), "2026-11-21 05:00"),
        ("2026-11-21 02:00", (22, 6), "2026-11-21 05:00"),
        ("2026-11-21 05:00", (22, 6), "2026-11-21 05:00"),
        ("2026-11-20 12:30", (12, 14), "2026-11-20 13:00"),
        ("2026-11-20 12:30", (12, 12), "2026-11-20 12:30"),
        ("2026-11-20 12:30", (12, None), "2026-11-20 12:30"),
        # 29 March 2026: at 01:30 quiet until 02:00, which is 03:00.
        ("2026-03-29 00:30", (22, 2), "2026-03-29 01:00"),
        # 25 October 2026: quiet until 03:00 also at the second 02:30.
        ("2026-10-25 00:30", (22, 3), "2026-10-25 02:00"),
        ("2026-10-25 01:30", (22, 3), "2026-10-25 02:00"),
        # Quiet until 02:00 has ended at the first of the two.
        ("2026-10-25 01:30", (22, 2), "2026-10-25 01:30"),
    ],
)
def test_quiet_hours_put_a_mail_off(now: str, quiet: tuple[int, int | None], due: str) -> None:
    hours = Hours(7, *quiet)

    assert mail_due(wish=MailWish.INSTANT, hours=hours, now=at(now)) == at(due)


def test_quiet_hours_win_over_the_hour_of_the_digest() -> None:
    hours = Hours(5, quiet_from=22, quiet_until=8)

    due = mail_due(wish=MailWish.DIGEST, hours=hours, now=WINTER)

    assert due == at("2026-11-21 07:00")
