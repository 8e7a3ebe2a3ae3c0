"""Every company of a person side by side, each read as its own."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from billify.application import board
from billify.application.board import Row
from billify.data import tenancy
from billify.data.db import db, transaction
from billify.data.models import Alert, ConnectedAccount, ForecastRow, Integration, Membership
from billify.domain.banking import MatchState
from billify.domain.connections import AccountState, ConnectionState, Partner
from billify.domain.forecast import stored
from billify.domain.forecast.shapes import AlertKind, Crossing, DayAhead, Forecast
from billify.domain.invoices import InvoiceStatus
from billify.domain.roles import Role
from tests import factories
from tests.cast import Cast, Member
from tests.factories import books_of

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ZERO = Decimal("0.00")


def rows(member: Member) -> dict[str, Row]:
    with tenancy.user_scope(member.user_id):
        found = board.rows(user_id=member.user_id, now=NOW, today=TODAY)
    return {row.slug: row for row in found}


def join(member: Member, other: Member, role: Role = Role.ACCOUNTANT) -> None:
    """Give a person a place in another one's company too."""
    with books_of(other), transaction() as session:
        session.add(Membership(user_id=member.user_id, role=role))


def forecast(balances: list[int], *, made_on: date = TODAY, below: int | None = None) -> None:
    days = tuple(
        DayAhead(made_on + timedelta(days=at), Decimal(one), Decimal(one), Decimal(one), ZERO, ZERO)
        for at, one in enumerate(balances)
    )
    crossing = Crossing(days[below].day, days[below].balance, 60, ()) if below is not None else None
    made = Forecast(
        today=made_on,
        currency="EUR",
        balance=days[0].balance,
        floor=Decimal("100.00"),
        days=days,
        months=(),
        lowest=min(days, key=lambda day: day.balance),
        below_floor=crossing,
        below_zero=None,
        actions=(),
    )
    with transaction() as session:
        session.add(
            ForecastRow(
                made_at=NOW,
                made_on=made_on,
                shape=stored.SHAPE,
                seconds=Decimal("0.1"),
                summary=stored.summary(made),
                flows=[],
                recurrences=[],
            )
        )


def connect(*, fresh_at: datetime, consent_ends: datetime | None = None) -> None:
    account = factories.account("Ponto", as_of=NOW)
    with transaction() as session:
        made = Integration(
            partner=Partner.PONTO, state=ConnectionState.ACTIVE, name="KBC", fresh_at=fresh_at
        )
        session.add(made)
        session.flush()
        session.add(
            ConnectedAccount(
                integration_id=made.id,
                external_id="1",
                account_id=account.id,
                state=AccountState.FOLLOWED,
                name="KBC",
                fresh_at=fresh_at,
                consent_ends=consent_ends,
            )
        )


def test_each_company_shows_its_own_figures(cast: Cast) -> None:
    join(cast.bram, cast.chloe)
    with books_of(cast.anna):
        factories.account(balance=Decimal("1000.00"), as_of=NOW)
        factories.account("Spaar", iban=None, balance=Decimal("500.50"), as_of=NOW)
    with books_of(cast.chloe):
        factories.account(balance=Decimal("20.00"), as_of=NOW)

    found = rows(cast.bram)

    assert {slug: row.position for slug, row in found.items()} == {
        "bakkerij-anna": Decimal("1500.50"),
        "chocolaterie-chloe": Decimal("20.00"),
    }


def test_who_belongs_to_one_company_sees_no_other(cast: Cast) -> None:
    assert list(rows(cast.anna)) == ["bakkerij-anna"]


def test_a_role_without_money_gets_no_figure(cast: Cast) -> None:
    join(cast.anna, cast.chloe, Role.EMPLOYEE)
    with books_of(cast.chloe):
        factories.account(balance=Decimal("20.00"), as_of=NOW)
        factories.invoice(status=InvoiceStatus.TO_CHECK)

    row = rows(cast.anna)["chocolaterie-chloe"]

    assert not row.sees_money
    assert row.position is None
    assert row.to_do == 0
    assert row.active_at is None


def test_the_lowest_point_comes_from_the_stored_forecast(cast: Cast) -> None:
    with books_of(cast.anna):
        forecast([500, 80, 300], below=1)

    ahead = rows(cast.anna)["bakkerij-anna"].ahead

    assert ahead is not None
    assert (ahead.lowest, ahead.lowest_on) == (Decimal(80), date(2026, 11, 21))
    assert ahead.below_floor_on == date(2026, 11, 21)


def test_a_forecast_of_another_day_is_stale(cast: Cast) -> None:
    with books_of(cast.anna):
        forecast([500], made_on=date(2026, 11, 18))

    stale = rows(cast.anna)["bakkerij-anna"].stale

    assert stale.forecast_of == date(2026, 11, 18)
    assert stale.is_any


def test_a_forecast_of_another_shape_is_none(cast: Cast) -> None:
    with books_of(cast.anna):
        forecast([500])
        with transaction():
            db.session.query(ForecastRow).update({"shape": stored.SHAPE + 1})

    assert rows(cast.anna)["bakkerij-anna"].ahead is None


@pytest.mark.parametrize(
    ("minutes", "is_stale"), [(1, False), (60, True)], ids=["just now", "an hour ago"]
)
def test_a_connection_that_brings_nothing_is_stale(
    cast: Cast, minutes: int, is_stale: bool
) -> None:
    fresh_at = NOW - timedelta(minutes=minutes)
    with books_of(cast.anna):
        connect(fresh_at=fresh_at)

    stale = rows(cast.anna)["bakkerij-anna"].stale

    assert stale.bank_since == (fresh_at if is_stale else None)


def test_a_consent_that_ends_is_told(cast: Cast) -> None:
    with books_of(cast.anna):
        connect(fresh_at=NOW, consent_ends=NOW + timedelta(days=5))

    assert rows(cast.anna)["bakkerij-anna"].stale.consent_days == 5


def test_a_company_without_news_for_a_week_is_stale(cast: Cast) -> None:
    with books_of(cast.anna):
        factories.account(as_of=NOW - timedelta(days=8))

    assert rows(cast.anna)["bakkerij-anna"].stale.not_told_since == NOW - timedelta(days=8)


def test_what_waits_is_counted_by_kind(cast: Cast) -> None:
    with books_of(cast.anna):
        account = factories.account(as_of=NOW)
        factories.invoice(status=InvoiceStatus.TO_CHECK)
        factories.invoice(status=InvoiceStatus.TO_CHECK)
        factories.invoice(status=InvoiceStatus.TO_APPROVE)
        factories.invoice(status=InvoiceStatus.OPEN)
        factories.movement(on=account)
        factories.movement(on=account, match_state=MatchState.MATCHED)
        with transaction() as session:
            session.add(Alert(kind=AlertKind.BELOW_FLOOR, key="a", facts={}))
            session.add(Alert(kind=AlertKind.BELOW_FLOOR, key="b", facts={}, dismissed_at=NOW))

    row = rows(cast.anna)["bakkerij-anna"]

    counts = row.counts
    assert (counts.to_check, counts.to_approve, counts.lines, counts.alerts) == (2, 1, 1, 1)
    assert row.to_do == 5


def test_sums_are_by_currency_and_euro_comes_first(cast: Cast) -> None:
    join(cast.anna, cast.chloe)
    with books_of(cast.anna):
        factories.account(balance=Decimal("1000.00"), as_of=NOW)
        factories.account("USD", iban=None, balance=Decimal("7.00"), currency="USD", as_of=NOW)
        forecast([1000, 200])
    with books_of(cast.chloe):
        factories.account(balance=Decimal("20.00"), as_of=NOW)
        forecast([20, 30])

    found = board.totals(rows(cast.anna).values())

    assert [(one.currency, one.amount, one.companies) for one in found] == [
        ("EUR", Decimal("1020.00"), 2),
        ("USD", Decimal("7.00"), 1),
    ]
    assert found[0].lowest is not None
    assert found[0].lowest.amount == Decimal(230)


def test_no_lowest_together_while_one_has_no_forecast(cast: Cast) -> None:
    join(cast.anna, cast.chloe)
    with books_of(cast.anna):
        factories.account(balance=Decimal("1000.00"), as_of=NOW)
        forecast([1000])

    assert board.totals(rows(cast.anna).values())[0].lowest is None


def test_reading_ends_in_the_scope_it_began_in(cast: Cast) -> None:
    with tenancy.user_scope(cast.anna.user_id):
        before = tenancy.current()
        board.rows(user_id=cast.anna.user_id, now=NOW, today=TODAY)

        assert tenancy.current() == before
