"""What was learned from a company's history: small, kept as JSON, made anew now and then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from billify.domain.forecast import backtest, business, history, payments, unissued
from billify.domain.forecast.backtest import Errors
from billify.domain.forecast.business import Before, Business
from billify.domain.forecast.known import History, OpenInvoice, Paid
from billify.domain.forecast.payments import Habits
from billify.domain.forecast.unissued import Issued
from billify.domain.invoices import InvoiceDirection, InvoiceKind

LITTLE = 60
"""Days; with less of a past nothing but the rows that are known is said."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How customers pay and how we do, how the business goes on, and how far off that was before.

    `learned_on` is the day it was learned for, `since` the first day anything is known of; None
    without any history. `errors` are cents after 1, 2 … weeks, see `backtest`.
    """

    learned_on: date | None = None
    since: date | None = None
    sales: Habits = field(default_factory=Habits)
    purchases: Habits = field(default_factory=Habits)
    business: Business = field(default_factory=Business)
    errors: Errors = ()
    is_tried: bool = False
    """Whether the errors are those of past forecasts; else they are guessed wide."""

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """As JSON."""
        return {
            "learned_on": self.learned_on.isoformat() if self.learned_on else None,
            "since": self.since.isoformat() if self.since else None,
            "sales": self.sales.to_json(),
            "purchases": self.purchases.to_json(),
            "business": self.business.to_json(),
            "errors": [list(path) for path in self.errors],
            "is_tried": self.is_tried,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Profile":  # Any: JSON
        """What `to_json` gave."""
        return cls(
            date.fromisoformat(told["learned_on"]) if told["learned_on"] else None,
            date.fromisoformat(told["since"]) if told["since"] else None,
            Habits.from_json(told["sales"]),
            Habits.from_json(told["purchases"]),
            Business.from_json(told["business"]),
            tuple(tuple(path) for path in told["errors"]),
            told["is_tried"],
        )


def learn(*, history: History) -> Profile:
    """The profile of a history; one without any rows gives a profile that knows nothing."""
    sales = _habits(history, InvoiceDirection.SALE)
    purchases = _habits(history, InvoiceDirection.PURCHASE)
    since = _since(history)
    if since is None:
        return Profile(history.today, None, sales, purchases)
    before = Before(
        sold=_issued(history, InvoiceDirection.SALE),
        bought=_issued(history, InvoiceDirection.PURCHASE),
        movements=_movements(history),
        sales=sales,
        purchases=purchases,
        since=since.toordinal(),
    )
    if (history.today - since).days < LITTLE:
        guessed = backtest.guessed(before=before, today=history.today)
        return Profile(history.today, since, sales, purchases, errors=guessed)
    errors = backtest.errors(before=before, today=history.today)
    return Profile(
        history.today,
        since,
        sales,
        purchases,
        business.learn(before=before, today=history.today),
        errors or backtest.guessed(before=before, today=history.today),
        is_tried=bool(errors),
    )


def opened(invoices: Sequence[OpenInvoice]) -> list[payments.Open]:
    """Open invoices as the payment model takes them."""
    return [payments.Open(one.id, one.contact, one.issued, one.due, one.amount) for one in invoices]


def _since(past: History) -> date | None:
    """The first day that anything is known of."""
    days = [past.since] if past.since else []
    days += [one.issued for one in past.paid]
    if past.movements is not None and len(past.movements):
        days.append(date.fromordinal(int(past.movements.days[0])))
    return min(days, default=None)


def _movements(past: History) -> history.Movements:
    return past.movements if past.movements is not None else history.gather(rows=())


def _issued(past: History, direction: InvoiceDirection) -> Issued:
    """All invoices of one direction by the day of issue, settled and open."""
    settled = (
        (one.contact, one.name, one.issued, one.due, int(one.gross * 100), one.settled)
        for one in past.paid
        if one.direction is direction
    )
    still_open = (
        (one.contact, one.name, one.issued, one.due, int(one.gross * 100), None)
        for one in past.open
        if one.direction is direction
        and one.kind is InvoiceKind.INVOICE
        and one.currency == past.currency
    )
    return unissued.gather(rows=[*settled, *still_open])


def _habits(past: History, direction: InvoiceDirection) -> Habits:
    settled = [_settled(one) for one in past.paid if one.direction is direction]
    unpaid = tuple(
        one for one in past.open if one.direction is direction and one.kind is InvoiceKind.INVOICE
    )
    return payments.learn(settled=settled, today=past.today, unpaid=opened(unpaid))


def _settled(one: Paid) -> payments.Settled:
    return payments.Settled(one.contact, one.issued, one.due, one.gross, one.settled)
