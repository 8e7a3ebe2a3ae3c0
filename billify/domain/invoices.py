"""Rules of invoices: their states, their sums, and whether what was read can be true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from billify.domain import money
from billify.domain.refusal import N_, Refusal
from billify.domain.vat import VatCategory

ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


class InvoiceDirection(StrEnum):
    """Whose invoice it is: a supplier's to us, or ours to a customer."""

    PURCHASE = "purchase"
    SALE = "sale"


class InvoiceKind(StrEnum):
    """An invoice asks for money, a credit note gives it back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class InvoiceStatus(StrEnum):
    """Where an invoice is on its way to being paid."""

    DRAFT = "draft"
    TO_CHECK = "to_check"
    TO_APPROVE = "to_approve"
    OPEN = "open"
    PAID = "paid"
    REJECTED = "rejected"
    SET_ASIDE = "set_aside"


class Step(StrEnum):
    """What a person or a payment can do to an invoice."""

    SAVE = "save"
    APPROVE = "approve"
    REJECT = "reject"
    SET_ASIDE = "set_aside"
    REOPEN = "reopen"
    ISSUE = "issue"
    SETTLE = "settle"
    UNSETTLE = "unsettle"


_S = InvoiceStatus

#: The whole life of an invoice. A step that is not here is refused.
TRANSITIONS: Mapping[tuple[InvoiceStatus, Step], InvoiceStatus] = MappingProxyType(
    {
        (_S.DRAFT, Step.SAVE): _S.DRAFT,
        (_S.DRAFT, Step.ISSUE): _S.OPEN,
        (_S.TO_CHECK, Step.SAVE): _S.TO_APPROVE,
        (_S.TO_CHECK, Step.APPROVE): _S.OPEN,
        (_S.TO_CHECK, Step.REJECT): _S.REJECTED,
        (_S.TO_CHECK, Step.SET_ASIDE): _S.SET_ASIDE,
        (_S.TO_APPROVE, Step.SAVE): _S.TO_APPROVE,
        (_S.TO_APPROVE, Step.APPROVE): _S.OPEN,
        (_S.TO_APPROVE, Step.REJECT): _S.REJECTED,
        (_S.TO_APPROVE, Step.SET_ASIDE): _S.SET_ASIDE,
        (_S.SET_ASIDE, Step.REJECT): _S.REJECTED,
        (_S.SET_ASIDE, Step.REOPEN): _S.TO_CHECK,
        (_S.REJECTED, Step.REOPEN): _S.TO_CHECK,
        (_S.OPEN, Step.SETTLE): _S.PAID,
        (_S.PAID, Step.UNSETTLE): _S.OPEN,
    }
)

_REFUSED: Mapping[Step, str] = MappingProxyType(
    {
        Step.SAVE: N_("This invoice can no longer be changed."),
        Step.APPROVE: N_("This invoice is not waiting for approval."),
        Step.REJECT: N_("This invoice can no longer be rejected."),
        Step.SET_ASIDE: N_("This invoice can no longer be set aside."),
        Step.REOPEN: N_("Only a rejected invoice or one set aside can be taken up again."),
        Step.ISSUE: N_("Only a draft can be issued."),
        Step.SETTLE: N_("Only an open invoice can be paid."),
        Step.UNSETTLE: N_("This invoice is not paid."),
    }
)

#: States in which an invoice still asks for money and so counts in the cash flow.
EXPECTED = frozenset({_S.OPEN})
#: States in which a person still has to do something with it.
WAITING = frozenset({_S.TO_CHECK, _S.TO_APPROVE})
#: States in which its fields may be edited.
EDITABLE = frozenset({_S.DRAFT, _S.TO_CHECK, _S.TO_APPROVE})


def follow(status: InvoiceStatus, *, step: Step) -> InvoiceStatus:
    """The state after a step; a step that does not fit the state is refused."""
    after = TRANSITIONS.get((status, step))
    if after is None:
        raise Refusal(_REFUSED[step])
    return after


def steps(status: InvoiceStatus) -> frozenset[Step]:
    """What can be done to an invoice in this state, for the buttons beside it."""
    return frozenset(step for (before, step) in TRANSITIONS if before is status)


def approve(
    status: InvoiceStatus, *, total: Decimal | None, limit: Decimal | None
) -> InvoiceStatus:
    """An invoice is approved once, by someone whose limit covers it (None: without limit)."""
    after = follow(status, step=Step.APPROVE)
    if total is None:
        raise Refusal(N_("Fill in the total amount before you approve."))
    if limit is not None and abs(total) > limit:
        raise Refusal(N_("The amount is above your limit of %(limit)s."), limit=money.show(limit))
    return after


def after_payment(status: InvoiceStatus, *, open_amount: Decimal) -> InvoiceStatus:
    """Paid when nothing is left open, open again when something is; other states stay."""
    if status is _S.OPEN and open_amount == 0:
        return follow(status, step=Step.SETTLE)
    if status is _S.PAID and open_amount != 0:
        return follow(status, step=Step.UNSETTLE)
    return status


def is_overdue(
    due: date | None, *, open_amount: Decimal, status: InvoiceStatus, today: date
) -> bool:
    """Money is late from the day after the due date, while any of it is open."""
    return status is _S.OPEN and due is not None and due < today and open_amount != 0


def signed(amount: Decimal, *, direction: InvoiceDirection, kind: InvoiceKind) -> Decimal:
    """The amount as cash sees it: money in above zero, money out below.

    Amounts are stored positive; a credit note turns the sign of its direction.
    """
    comes_in = (direction is InvoiceDirection.SALE) is (kind is InvoiceKind.INVOICE)
    return amount if comes_in else -amount


def shown(amount: Decimal, *, kind: InvoiceKind) -> Decimal:
    """The amount as it stands in a list of one direction: a credit note below zero."""
    return -amount if kind is InvoiceKind.CREDIT_NOTE else amount


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice; the discount is in per cent of quantity times price."""

    quantity: Decimal
    unit_price: Decimal
    vat_category: VatCategory = VatCategory.STANDARD
    vat_rate: Decimal = Decimal(21)
    discount: Decimal = Decimal(0)
    description: str = ""
    unit: str = ""

    @property
    def net(self) -> Decimal:
        """Quantity times price less discount, in cents (EN 16931, BT-131)."""
        return money.cents(self.quantity * self.unit_price * (1 - self.discount / HUNDRED))


@dataclass(frozen=True, slots=True)
class VatAmount:
    """The VAT of one category and rate (EN 16931, BG-23)."""

    category: VatCategory
    rate: Decimal
    base: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What an invoice comes to."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    by_rate: tuple[VatAmount, ...]


def totals(lines: Sequence[Line]) -> Totals:
    """The sums of an invoice, the one computation used everywhere.

    VAT is taken on the summed base of each category and rate and rounded once
    (EN 16931, BR-CO-17 and BR-S-08), so cents never depend on the number of lines.
    """
    bases: dict[tuple[VatCategory, Decimal], Decimal] = {}
    for line in lines:
        key = (line.vat_category, line.vat_rate)
        bases[key] = bases.get(key, ZERO) + line.net
    by_rate = tuple(
        VatAmount(category, rate, base, vat_on(base, rate=rate))
        for (category, rate), base in sorted(bases.items(), key=_by_rate_downwards)
    )
    net = sum((part.base for part in by_rate), ZERO)
    vat = sum((part.vat for part in by_rate), ZERO)
    return Totals(net, vat, net + vat, by_rate)


def vat_on(base: Decimal, *, rate: Decimal) -> Decimal:
    """The VAT at a rate (in per cent) on a base, in cents."""
    return money.cents(base * rate / HUNDRED)


@dataclass(frozen=True, slots=True)
class Header:
    """The totals as they stand on paper or in a form; None where nothing was read."""

    net: Decimal | None
    vat: Decimal | None
    gross: Decimal | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two figures of one document that cannot both be true."""

    sentence: str
    fields: tuple[str, ...]
    values: Mapping[str, str]


def cross_check(
    header: Header, *, lines: Sequence[Line] = (), breakdown: Sequence[VatAmount] = ()
) -> list[Contradiction]:
    """What does not add up in a document: lines, VAT by rate, net + VAT = gross.

    `fields` names what to look at: `net_amount`, `vat_amount`, `gross_amount`, `lines`,
    `vat_breakdown`. An empty list means nothing contradicts, not that all is known.
    """
    found = _check_header(header)
    if lines:
        found += _check_lines(header, totals(lines), slack=_slack(len(lines)))
    if breakdown:
        found += _check_breakdown(header, breakdown, slack=_slack(len(lines)))
    return found


def _by_rate_downwards(
    item: tuple[tuple[VatCategory, Decimal], Decimal],
) -> tuple[Decimal, str]:
    (category, rate), _ = item
    return -rate, category


def _slack(lines: int) -> Decimal:
    """Sellers may round VAT on each line: half a cent a line, and never less than a cent.

    No European rule fixes the method of rounding (Court of Justice, C-484/06 Ahold), while
    EN 16931 rounds once for each rate.
    """
    return max(money.CENT, money.cents(Decimal("0.005") * lines))


def _check_header(header: Header) -> list[Contradiction]:
    if header.net is None or header.vat is None or header.gross is None:
        return []
    if header.net + header.vat == header.gross:
        return []
    return [
        _contradiction(
            N_("%(net)s without VAT and %(vat)s of VAT make %(sum)s, but the total is %(gross)s."),
            ("net_amount", "vat_amount", "gross_amount"),
            net=header.net,
            vat=header.vat,
            sum=header.net + header.vat,
            gross=header.gross,
        )
    ]


def _check_lines(header: Header, summed: Totals, *, slack: Decimal) -> list[Contradiction]:
    found = []
    if header.net is not None and summed.net != header.net:
        found.append(
            _contradiction(
                N_("The lines make %(sum)s, but the amount without VAT is %(net)s."),
                ("lines", "net_amount"),
                sum=summed.net,
                net=header.net,
            )
        )
    elif header.vat is not None and abs(summed.vat - header.vat) > slack:
        found.append(
            _contradiction(
                N_("The VAT of the lines makes %(sum)s, but the VAT is %(vat)s."),
                ("lines", "vat_amount"),
                sum=summed.vat,
                vat=header.vat,
            )
        )
    return found


def _check_breakdown(
    header: Header, breakdown: Sequence[VatAmount], *, slack: Decimal
) -> list[Contradiction]:
    found = [
        _contradiction(
            N_("VAT of %(rate)s %% on %(base)s is %(right)s, but %(vat)s stands there."),
            ("vat_breakdown",),
            rate=part.rate,
            base=part.base,
            right=vat_on(part.base, rate=part.rate),
            vat=part.vat,
        )
        for part in breakdown
        if abs(vat_on(part.base, rate=part.rate) - part.vat) > slack
    ]
    base = sum((part.base for part in breakdown), ZERO)
    if header.net is not None and base != header.net:
        found.append(
            _contradiction(
                N_("The VAT rates cover %(sum)s, but the amount without VAT is %(net)s."),
                ("vat_breakdown", "net_amount"),
                sum=base,
                net=header.net,
            )
        )
    vat = sum((part.vat for part in breakdown), ZERO)
    if header.vat is not None and vat != header.vat:
        found.append(
            _contradiction(
                N_("The VAT by rate makes %(sum)s, but the VAT is %(vat)s."),
                ("vat_breakdown", "vat_amount"),
                sum=vat,
                vat=header.vat,
            )
        )
    return found


def _contradiction(sentence: str, fields: tuple[str, ...], **amounts: Decimal) -> Contradiction:
    values = {name: money.show(amount) for name, amount in amounts.items()}
    return Contradiction(sentence, fields, values)
