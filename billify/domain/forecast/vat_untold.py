"""The VAT of invoices that tell none, as those that only the accounting knows: by the usual share.

An invoice without a word on VAT is not one without VAT. Its VAT is taken to be as much of its
total as that of the invoices of the same direction that tell theirs, over the last year. No numpy
in here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from billify.domain.forecast.known import VatMonth

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
MOST_SHARE = Decimal(21) / Decimal(121)
"""The part of a total that is VAT at the highest rate (royal decree no. 20 on VAT rates)."""
NEARLY_ALL = Decimal("0.15")


@dataclass(frozen=True, slots=True)
class Shares:
    """The part of a total that is usually VAT, by direction; None when no invoice tells."""

    sales: Decimal | None
    purchases: Decimal | None


@dataclass(frozen=True, slots=True)
class Untold:
    """How many invoices tell no VAT, and what they come to."""

    count: int
    gross: Decimal


def usual(months: Iterable[VatMonth], *, since: date) -> Shares:
    """The shares of the invoices that tell their VAT, of the months from a day on."""
    lately = [one for one in months if one.month >= since]
    return Shares(
        _share((one.sales, one.told_sales) for one in lately),
        _share((one.purchases, one.told_purchases) for one in lately),
    )


def filled(months: Iterable[VatMonth], *, shares: Shares) -> tuple[VatMonth, ...]:
    """The months with an estimate of the VAT that was not told, as far as a share is known."""
    sale, bought = shares.sales or ZERO, shares.purchases or ZERO
    return tuple(
        replace(
            one,
            sales=_more(one.sales, one.untold_sales, sale),
            purchases=_more(one.purchases, one.untold_purchases, bought),
            sales_by_now=_more(one.sales_by_now, one.untold_sales_by_now, sale),
            purchases_by_now=_more(one.purchases_by_now, one.untold_purchases_by_now, bought),
        )
        for one in months
    )


def of(months: Iterable[VatMonth]) -> Untold:
    """The invoices of these months that tell no VAT; both directions add up."""
    chosen = list(months)
    gross = sum((one.untold_sales + one.untold_purchases for one in chosen), ZERO)
    return Untold(sum(one.untold_count for one in chosen), gross)


def is_unknown(months: Sequence[VatMonth], *, shares: Shares) -> bool:
    """Whether these months have VAT that no share can tell, more than a small part of it all."""
    left = ZERO
    if shares.sales is None:
        left += sum((abs(one.untold_sales) for one in months), ZERO)
    if shares.purchases is None:
        left += sum((abs(one.untold_purchases) for one in months), ZERO)
    known = sum((abs(one.sales) + abs(one.purchases) for one in months), ZERO)
    return left * MOST_SHARE > known * NEARLY_ALL


def _share(sums: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    vat = gross = ZERO
    for one, whole in sums:
        vat, gross = vat + one, gross + whole
    return min(max(vat / gross, ZERO), MOST_SHARE) if gross > 0 else None


def _more(told: Decimal, untold: Decimal, share: Decimal) -> Decimal:
    """What was told, untouched when that is all."""
    return told + (untold * share).quantize(CENT) if untold else told
