"""What was learned from a company's history: small, kept as JSON, made anew now and then."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from billify.domain.forecast import payments
from billify.domain.forecast.known import History, OpenInvoice, Paid
from billify.domain.forecast.payments import Habits
from billify.domain.invoices import InvoiceDirection, InvoiceKind


@dataclass(frozen=True, slots=True)
class Profile:
    """How customers pay and how we do; `learned_on` is the day of the history it is from."""

    learned_on: date | None = None
    sales: Habits = field(default_factory=Habits)
    purchases: Habits = field(default_factory=Habits)

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """As JSON."""
        return {
            "learned_on": self.learned_on.isoformat() if self.learned_on else None,
            "sales": self.sales.to_json(),
            "purchases": self.purchases.to_json(),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Profile":  # Any: JSON
        """What `to_json` gave."""
        return cls(
            date.fromisoformat(told["learned_on"]) if told["learned_on"] else None,
            Habits.from_json(told["sales"]),
            Habits.from_json(told["purchases"]),
        )


def learn(*, history: History) -> Profile:
    """The profile of a history; one without any rows gives a profile that knows nothing."""
    return Profile(
        learned_on=history.today,
        sales=_habits(history, InvoiceDirection.SALE),
        purchases=_habits(history, InvoiceDirection.PURCHASE),
    )


def opened(invoices: tuple[OpenInvoice, ...]) -> list[payments.Open]:
    """Open invoices as the payment model takes them."""
    return [payments.Open(one.id, one.contact, one.issued, one.due, one.amount) for one in invoices]


def _habits(history: History, direction: InvoiceDirection) -> Habits:
    settled = [_settled(one) for one in history.paid if one.direction is direction]
    unpaid = tuple(
        one
        for one in history.open
        if one.direction is direction and one.kind is InvoiceKind.INVOICE
    )
    return payments.learn(settled=settled, today=history.today, unpaid=opened(unpaid))


def _settled(one: Paid) -> payments.Settled:
    return payments.Settled(one.contact, one.issued, one.due, one.gross, one.settled)
