"""Payment terms: from the day an invoice is issued to the day it should be paid.

The law of 2 August 2002 on late payment gives 30 days between companies when nothing else was
agreed, and since 1 February 2022 (law of 14 August 2021) a longer agreement than 60 days does
not count: then the 30 days hold.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from billify.domain.refusal import N_, Refusal

LEGAL_DAYS = 30
MOST_DAYS = 60


class TermsKind(StrEnum):
    """From where the days are counted."""

    DAYS = "days"
    END_OF_MONTH = "end_of_month"
    CASH = "cash"


@dataclass(frozen=True, slots=True)
class Terms:
    """Agreed terms; kept in a row as `days:30`, `end_of_month:15` or `cash`."""

    kind: TermsKind
    days: int = 0

    def __str__(self) -> str:
        """The form that is stored and that `parse` reads."""
        return "cash" if self.kind is TermsKind.CASH else f"{self.kind}:{self.days}"


LEGAL = Terms(TermsKind.DAYS, LEGAL_DAYS)
CASH = Terms(TermsKind.CASH)

#: What a form offers; other days may be typed.
USUAL = (
    CASH,
    Terms(TermsKind.DAYS, 8),
    Terms(TermsKind.DAYS, 14),
    LEGAL,
    Terms(TermsKind.DAYS, 45),
    Terms(TermsKind.DAYS, 60),
    Terms(TermsKind.END_OF_MONTH, 0),
    Terms(TermsKind.END_OF_MONTH, 15),
    Terms(TermsKind.END_OF_MONTH, 30),
)

_LABELS = {
    TermsKind.DAYS: N_("%(days)s days"),
    TermsKind.END_OF_MONTH: N_("End of month + %(days)s days"),
    TermsKind.CASH: N_("Cash"),
}


def parse(text: str) -> Terms:
    """Stored or typed terms: `days:30`, `30`, `end_of_month:15`, `cash`."""
    bare = text.strip().lower()
    if bare == "cash":
        return CASH
    match = re.fullmatch(r"(?:(days|end_of_month):)?([0-9]{1,3})", bare)
    if match is None:
        raise Refusal(N_("Choose payment terms from the list or type a number of days."))
    return Terms(TermsKind(match[1] or "days"), int(match[2]))


def label(terms: Terms) -> tuple[str, dict[str, str]]:
    """The sentence of these terms and its values, for the catalogues."""
    return _LABELS[terms.kind], {"days": str(terms.days)}


def due_date(issue: date, *, terms: Terms = LEGAL) -> date:
    """The last day to pay an invoice issued on a day."""
    if terms.kind is TermsKind.CASH:
        return issue
    start = issue
    if terms.kind is TermsKind.END_OF_MONTH:
        start = issue.replace(day=calendar.monthrange(issue.year, issue.month)[1])
    return start + timedelta(days=terms.days)


def lawful_due_date(received: date, *, terms: Terms = LEGAL) -> date:
    """The last day the law lets a company pay another: terms past 60 days become 30 days."""
    agreed = due_date(received, terms=terms)
    if agreed > received + timedelta(days=MOST_DAYS):
        return due_date(received, terms=LEGAL)
    return agreed


def is_longer_than_lawful(terms: Terms) -> bool:
    """Whether these terms can pass the 60 days the law allows between companies."""
    longest_month = 30 if terms.kind is TermsKind.END_OF_MONTH else 0
    return terms.days + longest_month > MOST_DAYS
