"""What is owed to the state and when: VAT from own invoices, the rest from what was paid before.

The days come from `domain.obligations`. VAT is worked out in `vat_due`. The amounts of the others
can't be known without the payroll and the accounts, so they are those of the same payment before:
a year ago, moved by how much has changed since, or the last ones of its kind. No numpy in here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain, pairwise
from statistics import median

from billify.domain import obligations
from billify.domain.cash_flow import expand
from billify.domain.forecast.known import Known, TaxChoice, TaxPaid
from billify.domain.forecast.shapes import Flow, Reason, Source
from billify.domain.forecast.vat_due import UNKNOWN, vat_ahead
from billify.domain.obligations import LABELS, Every, Obligation, Tax
from billify.domain.refusal import N_

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
YEAR = timedelta(days=365)
SOON = timedelta(days=130)
"""By then the VAT of the running quarter is paid."""
BEFORE, AFTER = timedelta(days=14), timedelta(days=9)
"""A payment within these days of the last one belongs to that obligation."""
MOST_CHANGE = Decimal("1.5")
PLANNED_WITHIN = timedelta(days=6)
"""A planned item of the same category within these days is the same payment."""

#: The accounts that only one tax is paid to. VAT and prepayments: finances.belgium.be, "Payer la
#: TVA" and "Versements anticipés"; social security: socialsecurity.be, "De betaalwijze".
ACCOUNTS = {
    "BE22679200300047": Tax.VAT,
    "BE61679200229117": Tax.PREPAYMENT,
    "BE63679026181108": Tax.SOCIAL_SECURITY,
}
CATEGORIES = {
    "vat": Tax.VAT,
    "withholding": Tax.WITHHOLDING,
    "social": Tax.SOCIAL_SECURITY,
    "self_employed": Tax.SELF_EMPLOYED,
    "income_tax": Tax.PREPAYMENT,
}
NOTES = {
    Tax.VAT: N_(
        "VAT code, articles 53 and 83bis; circular 2025/C/6: the 20th after a month, the 25th after"
        " a quarter."
    ),
    Tax.WITHHOLDING: N_("Income tax code 1992, article 412: 15 days after the month or quarter."),
    Tax.SOCIAL_SECURITY: N_(
        "Royal decree of 28 November 1969, article 34 and following: the last day of the month"
        " after the quarter."
    ),
    Tax.SOCIAL_SECURITY_ADVANCE: N_(
        "Royal decree of 28 November 1969, article 34 and following: advances on the 5th of each"
        " month."
    ),
    Tax.PREPAYMENT: N_(
        "Income tax code 1992, articles 157 and 175, for accounts by calendar year: 10 April,"
        " 10 July, 10 October and 20 December."
    ),
    Tax.SELF_EMPLOYED: N_(
        "Royal decree no. 38 of 27 July 1967, article 15: the last day of the quarter."
    ),
}
"""Where the day of a tax comes from."""


@dataclass(frozen=True, slots=True)
class TaxAhead:
    """One payment to the state ahead.

    `amount` is above zero when it is owed and below when it comes back; zero for VAT when a credit
    is carried on. `worked_out` is the amount before a person changed it, None when it can't be
    told. `period` names the row together with `tax`, as `TaxChoice` and the flow's `ref` do.
    """

    tax: Tax
    period: str
    due: date
    day: date
    """The day it is expected on."""
    amount: Decimal
    worked_out: Decimal | None
    reason: Reason
    is_by_hand: bool = False
    is_left_out: bool = False
    is_estimate: bool = True
    is_planned: bool = False
    """A planned item stands for it, and it has no row of its own."""
    is_unknown: bool = False
    """Nobody can tell its amount, which is zero then."""

    @property
    def label(self) -> str:
        """Its name, a msgid."""
        return LABELS[self.tax]

    @property
    def note(self) -> str:
        """Where its day comes from, a msgid."""
        return NOTES[self.tax]


def is_vat_unknown(*, known: Known) -> bool:
    """Whether VAT of soon can't be told, and nobody said how much it will be."""
    soon = ahead(known=known, until=known.today + SOON)
    return any(one.is_unknown and not one.is_left_out for one in soon)


def tax_of(*, category: str, iban: str | None) -> str:
    """Which tax a bank line pays, by its category's code or the account; "" for none of them."""
    tax = CATEGORIES.get(category) or ACCOUNTS.get((iban or "").replace(" ", "").upper())
    return tax.value if tax else ""


def ahead(*, known: Known, until: date) -> list[TaxAhead]:
    """Every payment to the state from today until a day, in the order they are paid.

    Those that a person left out, and those that a planned item stands for, are among them, marked.
    """
    choices = {(one.tax, one.period): one for one in known.tax_choices}
    found = [*_vat(known, until), *_paid_before(known, until)]
    decided = [_decided(one, choices.get((one.tax.value, one.period)), known) for one in found]
    ordered = sorted(decided, key=lambda one: (one.day, one.tax, one.period))
    return _beside_planned(ordered, known, until)


def flows(taxes: Iterable[TaxAhead]) -> list[Flow]:
    """The taxes as rows of the forecast; what is left out, planned or carried on has none."""
    return [
        Flow(
            day=one.day,
            amount=-one.amount,
            source=Source.TAX,
            ref=f"{one.tax.value} {one.period}",
            what=one.label,
            due=one.due,
            reason=one.reason,
            is_by_hand=one.is_by_hand,
            category=_category(one.tax),
        )
        for one in taxes
        if one.amount and not one.is_left_out and not one.is_planned
    ]


def _category(tax: Tax) -> str:
    kind = Tax.SOCIAL_SECURITY if tax is Tax.SOCIAL_SECURITY_ADVANCE else tax
    return next(code for code, each in CATEGORIES.items() if each is kind)


def _beside_planned(owed: Sequence[TaxAhead], known: Known, until: date) -> list[TaxAhead]:
    """The taxes, marked where a planned item of the same category is about the same payment.

    Each occurrence of a planned item stands for one tax: the nearest of its direction.
    """
    items = [one for one in known.planned if one.category in CATEGORIES]
    categories = {one.planned.id: one.category for one in items}
    since = min(known.planned_since or known.today, known.today)
    found = list(owed)
    for coming in expand([one.planned for one in items], start=since, end=until):
        day = max(coming.date, known.today)
        near = [
            (abs(one.day - day), at)
            for at, one in enumerate(found)
            if _category(one.tax) == categories[coming.id]
            and abs(one.day - day) <= PLANNED_WITHIN
            and one.amount * coming.amount < 0
            and not (one.is_left_out or one.is_planned)
        ]
        if near:
            at = min(near)[1]
            found[at] = replace(found[at], is_planned=True)
    return found


def _decided(one: TaxAhead, choice: TaxChoice | None, known: Known) -> TaxAhead:
    """A tax with what a person changed about it."""
    if choice is None:
        return one
    changed = choice.amount is not None or choice.pay_on is not None
    return TaxAhead(
        one.tax,
        one.period,
        one.due,
        max(choice.pay_on or one.day, known.today),
        one.amount if choice.amount is None else choice.amount,
        one.worked_out,
        Reason("by_hand") if changed else one.reason,
        is_by_hand=changed,
        is_left_out=choice.is_left_out,
        is_estimate=one.is_estimate and choice.amount is None,
        is_unknown=one.is_unknown and choice.amount is None,
    )


def _vat(known: Known, until: date) -> Iterator[TaxAhead]:
    for one in vat_ahead(known=known, until=until):
        is_unknown = one.reason.code == UNKNOWN
        yield TaxAhead(
            Tax.VAT,
            str(one.period),
            one.due,
            one.day,
            one.amount,
            None if is_unknown else one.amount,
            one.reason,
            is_estimate=one.is_estimate,
            is_unknown=is_unknown,
        )


@dataclass(frozen=True, slots=True)
class _Owed:
    """An obligation with a name for its period and its place: those of one place are alike."""

    what: Obligation
    name: str
    place: str


def _paid_before(known: Known, until: date) -> Iterator[TaxAhead]:
    """The taxes whose amount is that of payments before."""
    for kind in (Tax.WITHHOLDING, Tax.SOCIAL_SECURITY, Tax.SELF_EMPLOYED, Tax.PREPAYMENT):
        paid = sorted(
            (one for one in known.taxes_paid if one.tax == kind.value and one.amount < 0),
            key=lambda one: one.day,
        )
        if paid:
            yield from _repeated(known, until, paid, _calendar(kind, known, paid, until))


def _calendar(kind: Tax, known: Known, paid: Sequence[TaxPaid], until: date) -> list[_Owed]:
    """Every obligation of a kind from the first payment on, in the order of their days."""
    start = paid[0].day - timedelta(days=130)
    quarters = list(obligations.periods(start=start, end=until, every=Every.QUARTER))
    if kind is Tax.WITHHOLDING:
        # Without a word from the company it is as often as it was paid.
        every = known.taxes.withholding_every or _rhythm(paid)
        spans = obligations.periods(start=start, end=until, every=every)
        found = [_Owed(obligations.withholding(one), str(one), "withholding") for one in spans]
    elif kind is Tax.SOCIAL_SECURITY:
        found = [*chain.from_iterable(_advances(one) for one in quarters)]
        found += [_Owed(obligations.social_security(one), str(one), "balance") for one in quarters]
    elif kind is Tax.SELF_EMPLOYED:
        found = [_Owed(obligations.self_employed(one), str(one), "self") for one in quarters]
    else:
        found = [_Owed(obligations.prepayment(one), str(one), "prepayment") for one in quarters]
    return sorted(found, key=lambda one: one.what.pay_by)


def _advances(quarter: obligations.Period) -> Iterator[_Owed]:
    """The advances on a quarter, named by the month they are about."""
    months = obligations.periods(start=quarter.start, end=quarter.end, every=Every.MONTH)
    advances = obligations.social_security_advances(quarter)
    for at, (month, advance) in enumerate(zip(months, advances, strict=True)):
        yield _Owed(advance, str(month), f"advance {at}")


def _rhythm(paid: Sequence[TaxPaid]) -> Every:
    """Month or quarter, by how far payments lie apart."""
    days = sorted({one.day for one in paid})
    gaps = [(late - early).days for early, late in pairwise(days)]
    return Every.QUARTER if gaps and median(gaps) > 60 else Every.MONTH


def _repeated(
    known: Known, until: date, paid: Sequence[TaxPaid], calendar: Sequence[_Owed]
) -> Iterator[TaxAhead]:
    """The obligations ahead with the amounts of those before; a place that fell silent is gone."""
    amounts = _assigned(paid, calendar)
    for owed in calendar:
        day = owed.what.pay_by
        if owed.what in amounts or day > until or day < known.today - AFTER:
            continue
        alike = [one for one in calendar if one.place == owed.place and one.what in amounts]
        if not alike or _is_gone(owed, alike, calendar, known.today):
            continue
        amount, reason = _as_before(owed, alike, amounts)
        yield TaxAhead(
            owed.what.tax, owed.name, owed.what.due, max(day, known.today), amount, amount, reason
        )


def _assigned(paid: Sequence[TaxPaid], calendar: Sequence[_Owed]) -> dict[Obligation, Decimal]:
    """What was paid for each obligation: a payment belongs to the nearest last day."""
    found: dict[Obligation, Decimal] = {}
    for one in paid:
        near = [
            owed.what
            for owed in calendar
            if owed.what.pay_by - BEFORE <= one.day <= owed.what.pay_by + AFTER
        ]
        if near:
            nearest = min(near, key=lambda owed: (abs((owed.pay_by - one.day).days), owed.pay_by))
            found[nearest] = found.get(nearest, ZERO) - one.amount
    return found


def _is_gone(owed: _Owed, alike: Sequence[_Owed], calendar: Sequence[_Owed], today: date) -> bool:
    """Whether the last two of its place went by without a payment."""
    last = alike[-1].what.pay_by
    skipped = [
        one
        for one in calendar
        if one.place == owed.place and last < one.what.pay_by < today - AFTER
    ]
    return len(skipped) >= 2


def _as_before(
    owed: _Owed, alike: Sequence[_Owed], amounts: dict[Obligation, Decimal]
) -> tuple[Decimal, Reason]:
    """The amount a year before, moved by the change since; else the middle of the last three."""
    by_day = {one.what.pay_by: amounts[one.what] for one in alike}
    before = _near(by_day, owed.what.pay_by - YEAR)
    recent = list(by_day)[-3:]
    changes = [
        (by_day[day], then) for day in recent if (then := _near(by_day, day - YEAR)) is not None
    ]
    if before is not None:
        old = sum((then for _, then in changes), ZERO)
        change = sum((now for now, _ in changes), ZERO) / old if old else Decimal(1)
        change = min(max(change, 1 / MOST_CHANGE), MOST_CHANGE)
        values = (("amount", str(before)), ("date", (owed.what.pay_by - YEAR).isoformat()))
        return (before * change).quantize(CENT), Reason("tax_last_year", values)
    amount = Decimal(median(by_day[day] for day in recent)).quantize(CENT)
    values = (("count", str(len(recent))), ("date", recent[-1].isoformat()))
    return amount, Reason("tax_as_before", values)


def _near(by_day: dict[date, Decimal], day: date) -> Decimal | None:
    """The amount of the obligation within a fortnight of a day."""
    found = [each for each in by_day if abs((each - day).days) <= 14]
    if not found:
        return None
    return by_day[min(found, key=lambda each: abs((each - day).days))]
