"""Figures of what the accounts hold, and of what moved on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from billify.application.figures.parts import Lines, Listed
from billify.application.figures.shapes import Asked, Built, Figure, Part, Row
from billify.data.models import BankAccount
from billify.data.queries import banking
from billify.data.queries.figure_lines import LineWindow
from billify.domain.cash_flow import month_end
from billify.domain.refusal import N_, NotFound

DAYS_BEFORE = 30
_ONE_DAY = timedelta(days=1)


def account_rows(accounts: Sequence[BankAccount]) -> list[Row]:
    """Each account with what it holds."""
    return [
        Row("account", str(one.id), one.name, one.iban or "", one.as_of.date(), one.balance)
        for one in accounts
    ]


def _position(asked: Asked) -> Built:
    return Built((Listed(account_rows(asked.held.counted)),))


def _account(asked: Asked) -> Built:
    """One account: what it held a month ago, and every line since."""
    given = asked.given
    account = next((one for one in asked.held.accounts if one.id == given.account), None)
    if account is None:
        raise NotFound
    start = given.today - timedelta(days=DAYS_BEFORE)
    before = banking.balance_on(account.id, start)
    words = (("name", account.name),)
    if before is None:
        return Built((Listed(account_rows([account])),), words)
    opening = Row("account", str(account.id), account.name, account.iban or "", start, before)
    window = LineWindow(account.currency, since=start + _ONE_DAY, account_id=account.id)
    return Built((Listed([opening]), Lines(window)), words)


def _change(asked: Asked) -> Built:
    """Lines after the end of a day, on accounts in the currency."""
    since = (asked.given.since or asked.given.today) + _ONE_DAY
    windows: list[Part] = [
        Lines(LineWindow(asked.given.currency, since=since, account_id=one.id))
        for one in asked.held.counted
    ]
    return Built(windows)


@dataclass(frozen=True, slots=True)
class _Moved:
    """Booked lines of one direction within some days."""

    sign: int

    def __call__(self, asked: Asked) -> Built:
        """The window of the days asked for."""
        given = asked.given
        window = LineWindow(given.currency, given.since, given.until, sign=self.sign)
        return Built((Lines(window),))


def _of_category(asked: Asked) -> Built:
    given = asked.given
    until = given.until or month_end(given.since or given.today)
    window = LineWindow(given.currency, given.since, until, category=given.category)
    return Built((Lines(window),))


def _waiting(asked: Asked) -> Built:
    return Built((Lines(LineWindow(asked.given.currency, only_waiting=True)),))


FIGURES: Sequence[Figure] = (
    Figure(
        "cash_position",
        N_("Cash position"),
        N_("The balances of all accounts in this currency, as they were last told."),
        _position,
    ),
    Figure(
        "account_balance",
        N_("Balance of %(name)s"),
        N_("What the account held thirty days ago, and every movement since."),
        _account,
        ("account",),
    ),
    Figure(
        "position_change",
        N_("Change of the position since %(since)s"),
        N_("Every booked movement after the end of this day, on accounts in this currency."),
        _change,
        ("since",),
    ),
    Figure(
        "moved_in",
        N_("Came in from %(since)s until %(until)s"),
        N_("Booked movements that came in on these days."),
        _Moved(1),
        ("since", "until"),
    ),
    Figure(
        "moved_out",
        N_("Went out from %(since)s until %(until)s"),
        N_("Booked movements that went out on these days; below zero."),
        _Moved(-1),
        ("since", "until"),
    ),
    Figure(
        "category_actual",
        N_("Booked on a category since %(since)s"),
        N_("Bank lines with this category, in the month of that day or until the day asked for."),
        _of_category,
        ("category", "since"),
    ),
    Figure(
        "unmatched_lines",
        N_("Bank lines without an explanation"),
        N_("Booked lines that settle no invoice and have no category, both ways."),
        _waiting,
    ),
)
