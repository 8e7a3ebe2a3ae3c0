"""What a person decides on the reconciliation screen: on the very proposal that they saw.

Proposals are made anew whenever lines or invoices come in, so a place in their order may mean
something else by the time a button is pressed. The screen therefore says what it showed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from billify.application import matching
from billify.data.db import transaction
from billify.data.models import BankTransaction
from billify.data.queries import matching as queries
from billify.domain.refusal import N_, NotFound, Refusal
from billify.domain.roles import Actor


@dataclass(slots=True)
class Done:
    """How many of the marked lines were changed, how many had no proposal, why others were not."""

    count: int = 0
    without: int = 0
    refusals: list[Refusal] = field(default_factory=list)


def shown(links: Sequence[Any]) -> str:  # Any: pairs of JSON
    """A proposal's invoices and amounts as a form hands them back."""
    return " ".join(f"{invoice}={amount}" for invoice, amount in links)


def accept(*, line_id: UUID, seen: str, by: Actor, writes_off: bool = False) -> BankTransaction:
    """Book the proposal that was seen. Refused when it is no longer made."""
    with transaction():
        return matching.accept(
            line_id=line_id, rank=_rank(line_id, seen), by=by, writes_off=writes_off
        )


def reject(*, line_id: UUID, seen: str, by: Actor) -> BankTransaction:
    """Refuse the proposal that was seen."""
    with transaction():
        return matching.reject(line_id=line_id, rank=_rank(line_id, seen), by=by)


def accept_all(*, chosen: Sequence[tuple[UUID, str]], by: Actor) -> Done:
    """Book the seen proposal of each marked line; one that can't be does not stop the others."""
    done = Done()
    for line_id, seen in chosen:
        try:
            accept(line_id=line_id, seen=seen, by=by)
        except Refusal as refusal:
            done.refusals.append(refusal)
        else:
            done.count += 1
    return done


def _rank(line_id: UUID, seen: str) -> int:
    """Where the proposal stands now. The lock keeps a run of the matcher from making it anew."""
    if line_id not in queries.lock_lines([line_id]):
        raise NotFound
    for one in queries.proposals([line_id]).get(line_id, []):
        if shown(one.links) == seen:
            return one.rank
    raise Refusal(N_("This proposal is no longer there. Look at the line again."))
