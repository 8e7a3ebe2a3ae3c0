"""What the accounts held before, and by how much that changed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from billify.application import balance_history, banking, cash_flow
from billify.application.balance_history import Ago, Past
from billify.application.banking import Account, Movement
from billify.domain.banking import AccountKind
from tests.cast import Cast
from tests.factories import books_of

TODAY = date(2026, 11, 20)


@pytest.fixture
def scope(cast: Cast) -> Iterator[None]:
    with books_of(cast.anna):
        yield


def an_account(opened: date, balance: str, iban: str | None = None) -> UUID:
    return banking.open_account(
        account=Account("Zicht", iban, AccountKind.CURRENT),
        opening_balance=Decimal(balance),
        opening_day=opened,
        today=TODAY,
        by=None,
        as_of=datetime(2026, 11, 20, 6, 0, tzinfo=UTC),
    ).id


def moved(account_id: UUID, *rows: tuple[date, str]) -> None:
    banking.record_movements(
        account_id=account_id, movements=[Movement(day, Decimal(amount)) for day, amount in rows]
    )


def past(months: int = 0) -> Past:
    held = cash_flow.position(currency="EUR")
    return balance_history.past(held=held, today=TODAY, months=months)


def changes() -> dict[Ago, Decimal | None]:
    return {one.ago: one.amount for one in past().changes}


def test_a_change_is_what_moved_after_the_end_of_that_day(scope: None) -> None:
    account = an_account(date(2026, 9, 1), "1000.00")
    moved(
        account,
        (date(2026, 10, 20), "-1.00"),
        (date(2026, 10, 21), "200.00"),
        (date(2026, 11, 13), "-30.00"),
        (date(2026, 11, 14), "4.00"),
        (date(2026, 11, 20), "0.50"),
    )

    assert changes() == {
        Ago.DAY: Decimal("0.50"),
        Ago.WEEK: Decimal("4.50"),
        Ago.MONTH: Decimal("174.50"),
    }


def test_what_was_not_known_then_is_not_made_up(scope: None) -> None:
    an_account(date(2026, 11, 15), "1000.00")

    assert changes() == {Ago.DAY: Decimal("0.00"), Ago.WEEK: None, Ago.MONTH: None}


def test_a_second_account_counts_once_both_are_known(scope: None) -> None:
    an_account(date(2026, 9, 1), "1000.00", "BE71096123456769")
    an_account(date(2026, 11, 17), "50.00")

    days = dict(past().days)

    assert date(2026, 11, 16) not in days
    assert days[date(2026, 11, 17)] == Decimal("1050.00")


def test_a_month_before_the_last_of_march_is_the_last_of_february() -> None:
    assert balance_history.day_of(Ago.MONTH, today=date(2027, 3, 31)) == date(2027, 2, 28)
    assert balance_history.day_of(Ago.MONTH, today=date(2027, 1, 15)) == date(2026, 12, 15)


def test_months_reach_back_further_and_show_their_ends(scope: None) -> None:
    account = an_account(date(2026, 5, 10), "100.00")
    moved(account, (date(2026, 8, 31), "11.00"))

    ends = balance_history.month_ends(past(months=6).days)

    assert ends[0] == (date(2026, 5, 31), Decimal("100.00"))
    assert (date(2026, 8, 31), Decimal("111.00")) in ends
    assert ends[-1][0] == date(2026, 10, 31)


def test_without_an_account_there_is_no_past(scope: None) -> None:
    assert past().days == ()
    assert {one.amount for one in past().changes} == {None}


def test_the_past_ends_yesterday(scope: None) -> None:
    an_account(date(2026, 9, 1), "100.00")

    assert past().days[-1][0] == TODAY - timedelta(days=1)
