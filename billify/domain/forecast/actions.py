"""What a person can do about the lowest point, the best first. No numpy in here.

The effect of an action is worked out: its rows are moved to the day they could be on, and the
lowest point is looked at again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from billify.domain.cash_flow import Shift, working_day
from billify.domain.forecast.known import Known
from billify.domain.forecast.shapes import Action, ActionKind, DayAhead, Flow, Reason, Source

MOST = 5
MOST_TRIED = 200
"""Of so many customers and bills, those with the largest amounts, the effect is worked out."""
REMINDED_WITHIN = timedelta(days=7)
EARLY = timedelta(days=2)
"""A bill paid a day before it is due is paid in time, not early."""
CONSENT_SOON = timedelta(days=14)
LINE_DAYS = timedelta(days=120)
ZERO = Decimal("0.00")
VAT = "vat "
LATE_PAYER = "pays_late"
"""The reason of an invoice whose customer has a past of its own; `days` below zero is early."""


@dataclass(frozen=True, slots=True)
class _Move:
    """So much that goes from a day to another; None is a day that isn't ahead."""

    amount: Decimal
    day: date
    to: date | None


class _Course:
    """The balance ahead, to look at its lowest point after moves."""

    def __init__(self, days: Sequence[DayAhead]) -> None:
        self.start = days[0].day
        self.opening = days[0].balance - days[0].money_in + days[0].money_out
        self.net = [day.money_in - day.money_out for day in days]
        self.lowest = min(day.balance for day in days)

    def gain(self, moves: Iterable[_Move]) -> Decimal:
        """By how much the lowest point is higher after these moves."""
        net = list(self.net)
        for move in moves:
            self._put(net, move.day, -move.amount)
            if move.to is not None:
                self._put(net, move.to, move.amount)
        balances = accumulate(net, initial=self.opening)
        next(balances)
        return min(balances) - self.lowest

    def _put(self, net: list[Decimal], day: date, amount: Decimal) -> None:
        at = (day - self.start).days
        if 0 <= at < len(net):
            net[at] += amount


def best(*, known: Known, flows: Sequence[Flow], days: Sequence[DayAhead]) -> tuple[Action, ...]:
    """At most five actions, ranked by what the lowest point gains, then by their amount.

    Reminders and bills that wait are named only when the lowest point gains. VAT to set aside,
    lines to match and consents are worth doing in themselves. A consent that ends within two weeks
    is always among them, since all else depends on it.
    """
    course = _Course(days)
    end = days[-1].day
    ahead = [flow for flow in flows if flow.day <= end]
    found = [
        *_reminders(ahead, known.today, course),
        *_bills_that_can_wait(ahead, known.today, course),
        *_vat_to_set_aside(ahead),
        *_lines_to_match(ahead, known, course),
        *_consents(known),
    ]
    ranked = sorted(found, key=lambda one: (-abs(one.effect), -abs(one.amount), one.ref))
    urgent = [one for one in ranked if _is_urgent(one, known.today)]
    others = [one for one in ranked if one not in urgent]
    chosen = {id(one) for one in [*urgent, *others][:MOST]}
    return tuple(one for one in ranked if id(one) in chosen)


def _reminders(flows: Sequence[Flow], today: date, course: _Course) -> Iterator[Action]:
    """Customers whose invoices are overdue, or who pay late as a rule, when reminding helps.

    Somebody who is reminded pays on the due date, and within a week what is overdue already; the
    effect holds the next invoices of such a customer too.
    """
    late: defaultdict[tuple[str, str], list[Flow]] = defaultdict(list)
    following: defaultdict[str, list[Flow]] = defaultdict(list)
    soon = working_day(today + REMINDED_WITHIN, shift=Shift.NEXT)
    for flow in flows:
        if flow.amount < 0 or flow.is_by_hand or flow.day <= max(flow.due or flow.day, soon):
            continue
        if flow.source is Source.SALE and _is_late(flow, today):
            late[flow.contact, flow.what].append(flow)
        elif flow.source is Source.RECURRING and flow.contact:
            following[flow.contact].append(flow)
    ranked = sorted(late.items(), key=lambda item: (-sum(row.amount for row in item[1]), item[0]))
    for (contact, name), rows in ranked[:MOST_TRIED]:
        moves = [
            _Move(row.amount, row.day, max(row.due or soon, soon))
            for row in (*rows, *following[contact])
        ]
        gain = course.gain(moves)
        if gain <= 0:
            continue
        first = min(rows, key=lambda row: (row.due or row.day, row.day, row.ref))
        yield Action(
            kind=ActionKind.REMIND,
            effect=gain,
            amount=sum((row.amount for row in rows), ZERO),
            ref=contact,
            what=name,
            reason=first.reason,
            day=first.day,
        )


def _is_late(flow: Flow, today: date) -> bool:
    """Whether an invoice is overdue, or its customer's own payments say that it will be."""
    if flow.due is not None and flow.due < today:
        return True
    return flow.reason.code == LATE_PAYER and int(dict(flow.reason.values)["days"]) > 0


def _bills_that_can_wait(flows: Sequence[Flow], today: date, course: _Course) -> Iterator[Action]:
    """Bills that we usually pay before they are due, when that helps."""
    early = [row for row in flows if _is_early(row, today)]
    for row in sorted(early, key=lambda each: (each.amount, each.ref))[:MOST_TRIED]:
        wait = working_day(row.due or row.day, shift=Shift.PREVIOUS)
        gain = course.gain([_Move(row.amount, row.day, wait)])
        if gain > 0:
            yield Action(ActionKind.WAIT, gain, -row.amount, row.ref, row.what, row.reason, wait)


def _is_early(flow: Flow, today: date) -> bool:
    """Whether a bill is expected to be paid clearly before it is due."""
    return (
        flow.source is Source.PURCHASE
        and flow.amount < 0
        and not flow.is_by_hand
        and flow.due is not None
        and flow.due >= today
        and flow.day + EARLY < flow.due
    )


def _vat_to_set_aside(flows: Sequence[Flow]) -> Iterator[Action]:
    """The next VAT payment. It is in the balance ahead already, so the lowest point gains nothing;
    but what is in the bank today isn't all there to be spent."""
    for flow in flows:
        if flow.source is Source.TAX and flow.ref.startswith(VAT) and flow.amount < 0:
            yield Action(
                ActionKind.SET_ASIDE, ZERO, -flow.amount, flow.ref, flow.what, flow.reason, flow.day
            )
            return


def _lines_to_match(flows: Sequence[Flow], known: Known, course: _Course) -> Iterator[Action]:
    """Bank lines without invoice or category: some may pay invoices that still count as open.

    The effect is what the lowest point gains or loses when each line pays an open invoice of
    its very amount.
    """
    lines = [one for one in known.unmatched if one.day >= known.today - LINE_DAYS]
    if not lines:
        return
    by_amount: defaultdict[Decimal, list[Flow]] = defaultdict(list)
    for flow in flows:
        if flow.source in (Source.SALE, Source.PURCHASE):
            by_amount[flow.amount].append(flow)
    moves = []
    for line in lines:
        if by_amount[line.amount]:
            paid = by_amount[line.amount].pop(0)
            moves.append(_Move(paid.amount, paid.day, None))
    yield Action(
        kind=ActionKind.MATCH_LINES,
        effect=course.gain(moves),
        amount=sum((abs(line.amount) for line in lines), ZERO),
        ref="",
        what="",
        reason=Reason("unmatched", (("count", max(known.unmatched_count, len(lines))),)),
        day=min(line.day for line in lines),
    )


def _consents(known: Known) -> Iterator[Action]:
    """Consents that end: from then on the bank tells nothing more."""
    for one in sorted(known.consents, key=lambda consent: (consent.ends, consent.id)):
        yield Action(
            ActionKind.RENEW_CONSENT,
            ZERO,
            ZERO,
            one.id,
            one.name,
            Reason("consent_ends", (("date", one.ends.isoformat()),)),
            one.ends,
        )


def _is_urgent(one: Action, today: date) -> bool:
    ends = one.day
    return (
        one.kind is ActionKind.RENEW_CONSENT and ends is not None and ends <= today + CONSENT_SOON
    )
