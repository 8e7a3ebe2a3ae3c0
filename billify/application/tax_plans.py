"""Taxes and social security ahead, as they are worked out and as people change them.

They are worked out here and now, so that a changed setting shows at once; the forecast does the
same with the same rules.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from billify.application import audit, live
from billify.application.forecast_material import taxes_paid
from billify.data.db import transaction
from billify.data.models import Company, ObligationChoice
from billify.data.queries import cash_plans as queries
from billify.data.queries import companies
from billify.data.queries import forecast_known as rows
from billify.domain.cash_flow import months_on
from billify.domain.forecast import course, taxes
from billify.domain.forecast.known import Known, TaxChoice, TaxSettings
from billify.domain.forecast.taxes import TaxAhead
from billify.domain.money import LARGEST
from billify.domain.obligations import Every
from billify.domain.refusal import N_, NotAllowed, Refusal
from billify.domain.roles import Actor, Right

AHEAD = timedelta(days=366)
MONTHS_BEFORE = 14


def ahead(*, company: Company, today: date) -> list[TaxAhead]:
    """Every payment to the state within a year, worked out now.

    Those left out, and those that a planned item stands for, are marked.
    """
    month = today.replace(day=1)
    since = months_on(month, -MONTHS_BEFORE)
    known = Known(
        today=today,
        currency=company.currency,
        planned=rows.planned(today, codes=taxes.CATEGORIES),
        taxes=TaxSettings(company.vat_every, company.withholding_every),
        tax_choices=rows.tax_choices(),
        vat_months=rows.vat_months(since=since, until=today, currency=company.currency),
        taxes_paid=taxes_paid(since=since, until=today, currency=company.currency),
    )
    return taxes.ahead(known=known, until=today + AHEAD)


def one(*, ref: str, company: Company, today: date) -> TaxAhead:
    """One payment to the state by its tax and period. Refuses one that is not ahead."""
    for each in ahead(company=company, today=today):
        if ref_of(each) == ref:
            return each
    raise Refusal(N_("This payment is no longer ahead. Load the page again."))


def decided(*, ref: str) -> TaxChoice | None:
    """What a person said of a payment to the state."""
    tax, period = _parts(ref)
    found = (each for each in rows.tax_choices() if (each.tax, each.period) == (tax, period))
    return next(found, None)


def ref_of(one: TaxAhead) -> str:
    """What names a payment to the state, as in the forecast: `vat 2026-Q4`."""
    return f"{one.tax.value} {one.period}"


def change(
    *, ref: str, amount: Decimal | None, pay_on: date | None, today: date, by: Actor
) -> None:
    """Say how much a payment to the state will be, or on which day; None stays as worked out.

    Refuses a day gone by and one that the forecast does not reach.
    """
    if pay_on is not None and pay_on < today:
        raise Refusal(N_("This day has passed. Take today or a later day."))
    if pay_on is not None and pay_on > course.last_day(today):
        raise Refusal(N_("The forecast looks three years ahead. Take an earlier day."))
    if amount is not None and abs(amount) > LARGEST:
        raise Refusal(N_("This amount is too large."))
    _choose(ref, amount=amount, pay_on=pay_on, is_left_out=False, today=today, by=by)


def leave_out(*, ref: str, today: date, by: Actor) -> None:
    """Leave a payment to the state out of the forecast."""
    _choose(ref, amount=None, pay_on=None, is_left_out=True, today=today, by=by)


def take_back(*, ref: str, by: Actor) -> None:
    """Forget what was decided about a payment to the state. Refuses one without a decision."""
    _require(by)
    with transaction():
        row = queries.lock_tax_choice(*_parts(ref))
        if row is None:
            raise Refusal(N_("Nothing was decided about this payment. Load the page again."))
        audit.record("obligation.taken_back", row, by=by, before=_tax_facts(row))
        queries.forget(row)
        live.touch("cash-flow")


def set_periods(*, vat_every: Every | None, withholding_every: Every | None, by: Actor) -> None:
    """Say how long the company's periods are.

    VAT None: it files no returns. Withholding None: as often as it was paid before.
    """
    if not by.can(Right.MANAGE_COMPANY):
        raise NotAllowed
    with transaction():
        company = companies.lock_own()
        before = _periods(company)
        company.vat_every, company.withholding_every = vat_every, withholding_every
        if before == _periods(company):
            return
        audit.record("company.changed", company, by=by, before=before, after=_periods(company))
        live.touch("cash-flow")


def _choose(
    ref: str,
    *,
    amount: Decimal | None,
    pay_on: date | None,
    is_left_out: bool,
    today: date,
    by: Actor,
) -> None:
    _require(by)
    with transaction() as session:
        company = companies.lock_own()
        one(ref=ref, company=company, today=today)
        tax, period = _parts(ref)
        row = queries.lock_tax_choice(tax, period)
        before = _tax_facts(row) if row else None
        if amount is None and pay_on is None and not is_left_out:
            if row is not None:
                audit.record("obligation.taken_back", row, by=by, before=before)
                queries.forget(row)
                live.touch("cash-flow")
            return
        if row is None:
            row = ObligationChoice(tax=tax, period=period)
            session.add(row)
        row.amount, row.pay_on, row.is_left_out = amount, pay_on, is_left_out
        row.decided_by, row.decided_at = by.user_id, datetime.now(UTC)
        session.flush()
        verb = "obligation.left_out" if is_left_out else "obligation.changed"
        audit.record(verb, row, by=by, before=before, after=_tax_facts(row))
        live.touch("cash-flow")


def _parts(ref: str) -> tuple[str, str]:
    tax, _, period = ref.partition(" ")
    return tax, period


def _require(by: Actor) -> None:
    if not by.can(Right.EDIT_INVOICES):
        raise NotAllowed


def _tax_facts(row: ObligationChoice) -> dict[str, object]:
    return {
        "tax": row.tax,
        "period": row.period,
        "amount": row.amount,
        "pay_on": row.pay_on,
        "left_out": row.is_left_out,
    }


def _periods(company: Company) -> dict[str, object]:
    return {"vat_every": company.vat_every, "withholding_every": company.withholding_every}
