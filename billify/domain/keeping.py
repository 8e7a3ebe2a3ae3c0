"""How long what is not bookkeeping is kept, and what the law has us keep.

Books, invoices and what belongs to them stay ten years: article 60, § 4 of the Belgian VAT code
and article 315 of the income tax code, both since the law of 20 November 2022; articles III.86
and III.88 of the code of economic law ask for seven. Nothing in here touches any of these.
"""

from dataclasses import dataclass
from datetime import timedelta

from billify.domain.refusal import N_, Refusal

LEAST_DAYS, MOST_DAYS = 30, 3650
YEARS_OF_BOOKS = 10
A_YEAR = timedelta(days=365)
JOBS_FOR = timedelta(days=30)
"""Jobs that are done or were discarded; dead ones wait for staff."""
TOKENS_FOR = timedelta(days=30)
MAILS_FOR = A_YEAR
SESSIONS_FOR = A_YEAR
INVITATIONS_FOR = A_YEAR
EXPORT_FOR = timedelta(days=7)
"""How long a person can fetch the file they asked for."""
EXPORT_LEASE = timedelta(minutes=10)
EXPORT_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a company says: days for runs of connections, for what people were told, and for files
    put away that are no invoice (None: for good)."""

    logs_days: int
    told_days: int
    put_away_days: int | None


def checked(keeping: Keeping) -> Keeping:
    """The same, when every number is within its bounds. Refuses another."""
    for days in (keeping.logs_days, keeping.told_days, keeping.put_away_days):
        if days is not None and not LEAST_DAYS <= days <= MOST_DAYS:
            raise Refusal(
                N_("Keep it for %(least)s to %(most)s days."), least=LEAST_DAYS, most=MOST_DAYS
            )
    return keeping
