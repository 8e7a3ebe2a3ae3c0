"""The three-way difference: bank, accounting and documents of a company beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from billify.application import audit
from billify.data.db import transaction
from billify.data.queries import companies
from billify.data.queries import differences as queries
from billify.data.queries.differences import Money, Sources
from billify.domain.accounting import differences as rules
from billify.domain.accounting.differences import Difference, Kind
from billify.domain.refusal import NotAllowed
from billify.domain.roles import Actor, Right


@dataclass(frozen=True, slots=True)
class Found:
    """Every row, what each kind comes to, and how fresh the sources are.

    `sources` is None without a connection; before the first reading there are no rows.
    """

    sources: Sources | None = None
    rows: Sequence[Difference] = ()
    money: Money | None = None
    is_cut: bool = False

    @property
    def is_read(self) -> bool:
        """The accounting was read at least once."""
        return self.sources is not None and self.sources.first_day is not None

    @property
    def is_same(self) -> bool:
        """All three say the same, as far as each could say something."""
        cash = self.money.cash if self.money else None
        return not self.rows and (cash is None or not (cash.missing or cash.waiting))

    def of(self, kind: Kind | None) -> list[Difference]:
        """The rows of a kind, or all."""
        return [one for one in self.rows if kind is None or one.kind is kind]


def found() -> Found:
    """What differs as things stand now."""
    sources = queries.sources()
    if sources is None or sources.first_day is None or sources.last_day is None:
        return Found(sources)
    compared = queries.compared(integration_id=sources.integration_id, first_day=sources.first_day)
    rows = rules.differences(
        ours=compared.ours,
        theirs=compared.theirs,
        first_day=sources.first_day,
        as_of=sources.last_day,
    )
    money = queries.money(integration_id=sources.integration_id)
    return Found(sources, rows, money, compared.is_cut)


def record_export(*, described: str, kind: str, rows: int, by: Actor) -> None:
    """Note that the differences left Billify as a file. Refuses without the right."""
    if not by.can(Right.EXPORT):
        raise NotAllowed
    with transaction():
        audit.record(
            "differences.exported",
            companies.own(),
            by=by,
            after={"filter": described, "format": kind, "rows": rows},
        )
