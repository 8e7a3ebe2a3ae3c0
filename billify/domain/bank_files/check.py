"""Does a statement tie: opening balance + booked movements = closing balance."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from billify.domain import money
from billify.domain.bank_files.shapes import Remark, State, Statement
from billify.domain.refusal import N_


def difference(statement: Statement) -> Decimal | None:
    """What is missing between the balances of a statement; None when it tells not both."""
    if statement.opening_balance is None or statement.closing_balance is None:
        return None
    booked = (one.amount for one in statement.movements if one.state is State.BOOKED)
    moved = sum(booked, Decimal(0))
    return statement.closing_balance - statement.opening_balance - moved


def warnings(statements: Sequence[Statement]) -> tuple[Remark, ...]:
    """One warning for each statement that does not tie."""
    return tuple(_untied(statements))


def gaps(statements: Sequence[Statement]) -> tuple[Remark, ...]:
    """Where a statement does not begin with what the one before it of the account ended with."""
    return tuple(_gaps(statements))


def unclosed(statements: Sequence[Statement]) -> tuple[Remark, ...]:
    """Statements with an opening balance and no closing one: the file may have been cut off."""
    return tuple(
        Remark(
            N_("Statement %(number)s of %(account)s has no closing balance. Was the file cut off?"),
            {"number": one.number or "–", "account": one.account or one.currency or "–"},
        )
        for one in statements
        if one.opening_balance is not None and one.closing_balance is None
    )


def _untied(statements: Sequence[Statement]) -> Iterator[Remark]:
    for one in statements:
        missing = difference(one)
        if missing:
            yield Remark(
                N_(
                    "Statement %(number)s of %(account)s does not tie: %(missing)s is missing"
                    " between its opening balance, its movements and its closing balance."
                ),
                {
                    "number": one.number or "–",
                    "account": one.account or one.currency or "–",
                    "missing": money.show(missing),
                },
            )


def _gaps(statements: Sequence[Statement]) -> Iterator[Remark]:
    last: dict[tuple[str | None, str | None, str], Decimal] = {}
    for one in statements:
        key = (one.account, one.currency, one.product)
        before = last.get(key)
        if before is not None and one.opening_balance not in (None, before):
            yield Remark(
                N_(
                    "Statement %(number)s of %(account)s begins with %(opening)s, but the one"
                    " before it ended with %(closing)s. A statement may be missing."
                ),
                {
                    "number": one.number or "–",
                    "account": one.account or one.currency or "–",
                    "opening": money.show(one.opening_balance or Decimal(0)),
                    "closing": money.show(before),
                },
            )
        if one.closing_balance is not None:
            last[key] = one.closing_balance
