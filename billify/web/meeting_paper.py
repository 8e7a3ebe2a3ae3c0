"""The sheets for the bank in words: from what is known to a paper in one language."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from flask import render_template
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from billify.application.bank_meeting import AGES, AgedSide, Meeting
from billify.domain.forecast.shapes import Flow
from billify.domain.meeting_paper import Cells, Fact, MeetingPaper, Section
from billify.domain.references import show_enterprise
from billify.web import filters, forecast_words
from billify.web.charts import compare
from billify.web.charts.compare import Series
from billify.web.charts.shapes import short_day

if TYPE_CHECKING:
    from billify.data.models import Company

MOST_LINES = 10
"""Of planned items; the others are told in one line."""


def of(meeting: Meeting, *, company: "Company", language: str) -> MeetingPaper:
    """The whole paper in a language."""
    with force_locale(language):
        return MeetingPaper(
            language=language,
            title=_("Cash flow: 13 weeks ahead"),
            company=company.name,
            address=_address(company),
            as_of=_as_of(meeting),
            facts=tuple(_facts(meeting)),
            sections=tuple(_sections(meeting, company)),
            footer=_footer(company, meeting),
        )


def _address(company: "Company") -> Cells:
    lines = [company.street, f"{company.postcode or ''} {company.city or ''}".strip()]
    if company.enterprise_number:
        lines.append(show_enterprise(company.enterprise_number))
    return tuple(line for line in lines if line)


def _as_of(meeting: Meeting) -> str:
    made, day = meeting.latest.made_at, filters.day(meeting.today)
    if made is None:
        return str(_("As of %(day)s", day=day))
    said = str(_("As of %(day)s; forecast made %(made)s", day=day, made=filters.moment(made)))
    if meeting.latest.is_stale:
        said += "; " + str(_("something has moved since"))
    return said


def _footer(company: "Company", meeting: Meeting) -> str:
    return " · ".join(
        (company.name, _("Cash flow: 13 weeks ahead"), filters.day(meeting.today), "Billify")
    )


def _facts(meeting: Meeting) -> Iterable[Fact]:
    position, forecast = meeting.position, meeting.forecast
    oldest = filters.moment(position.oldest) if position.oldest else ""
    yield Fact(
        _("Balance of all accounts"),
        _money(position.total),
        _("as of %(moment)s", moment=oldest) if oldest else _("no account yet"),
    )
    if forecast is not None:
        lowest, last = forecast.lowest, forecast.days[-1]
        yield Fact(
            _("Lowest point"), _money(lowest.balance), _("on %(day)s", day=filters.day(lowest.day))
        )
        yield Fact(
            _("After 13 weeks"), _money(last.balance), _("on %(day)s", day=filters.day(last.day))
        )
    yield Fact(
        _("To receive"),
        _money(meeting.receivable.total),
        _("overdue %(amount)s", amount=_money(meeting.receivable.overdue)),
    )
    yield Fact(
        _("To pay"),
        _money(meeting.payable.total),
        _("overdue %(amount)s", amount=_money(meeting.payable.overdue)),
    )


def _sections(meeting: Meeting, company: "Company") -> Iterable[Section]:
    if meeting.weeks:
        yield _weeks(meeting, company)
    else:
        yield Section(
            _("13 weeks"),
            sentences=(_("There is no forecast yet: it is made once there is an account."),),
        )
    yield _accounts(meeting)
    yield _aged(meeting)
    if meeting.debtors:
        yield _debtors(meeting)
    if meeting.made:
        yield _made(meeting)
    yield from _expected(meeting)
    yield Section(_("Assumptions and limits"), sentences=tuple(_limits(meeting, company)))


def _weeks(meeting: Meeting, company: "Company") -> Section:
    rows = tuple(
        (
            f"{short_day(week.start)}\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}{filters.day(week.end)}",
            *map(
                _money,
                (
                    week.opening,
                    week.money_in,
                    week.money_out,
                    week.closing,
                    week.low,
                    week.high,
                ),
            ),
        )
        for week in meeting.weeks
    )
    money_in = sum((week.money_in for week in meeting.weeks), Decimal(0))
    money_out = sum((week.money_out for week in meeting.weeks), Decimal(0))
    return Section(
        _("13 weeks"),
        intro=_course(meeting, company),
        heads=(
            _("Week"), _("Opening"), _("In"), _("Out"), _("Closing"), _("At worst"), _("At best"),
        ),
        rows=rows,
        total=(
            _("In all"), "", _money(money_in), _money(money_out), _money(meeting.weeks[-1].closing),
            "", "",
        ),
        chart=_chart(meeting, company),
        chart_said=_("The balance of each day, and the band in which 4 of 5 days should lie."),
    )  # fmt: skip


def _course(meeting: Meeting, company: "Company") -> str:
    """Until when the money lasts, in one sentence."""
    forecast = meeting.forecast
    if forecast is None:
        return ""
    floor = company.floor_amount
    crossing = forecast.below_zero or (forecast.below_floor if floor else None)
    if crossing is None:
        if floor:
            return str(_("The balance stays above the floor of %(floor)s.", floor=_money(floor)))
        return str(_("The balance stays above zero."))
    day = filters.day(crossing.day)
    if forecast.below_zero is not None:
        return str(_("On %(day)s the balance is expected below zero.", day=day))
    return str(
        _(
            "On %(day)s the balance is expected below the floor of %(floor)s.",
            day=day,
            floor=_money(floor),
        )
    )


def _chart(meeting: Meeting, company: "Company") -> str:
    days = meeting.forecast.days if meeting.forecast else ()
    series = Series(
        "base",
        "",
        _("Expected"),
        tuple((one.day, one.balance) for one in days),
        tuple((one.day, one.low, one.high) for one in days),
    )
    chart = compare.lines([series], floor=company.floor_amount or None)
    return render_template("bank_meeting/chart.svg", plot=chart.wide) if chart else ""


def _accounts(meeting: Meeting) -> Section:
    position = meeting.position
    rows = tuple(
        (
            one.name,
            filters.iban(one.iban),
            filters.moment(one.as_of),
            f"{_money(one.balance)} {one.currency}",
        )
        for one in position.accounts
    )
    others = len(position.accounts) - len(position.counted)
    return Section(
        _("Position by account"),
        intro=_("Accounts in another currency are not in the total.") if others else "",
        heads=(_("Account"), "IBAN", _("As of"), _("Balance")),
        rows=rows,
        total=(_("In all"), "", "", f"{_money(position.total)} {position.currency}"),
        words=3,
    )


def _aged(meeting: Meeting) -> Section:
    ages = [
        f"{first}–{AGES[at + 1] - 1}" if at + 1 < len(AGES) else f"> {first - 1}"
        for at, first in enumerate(AGES)
    ]

    def row(name: str, side: AgedSide) -> Cells:
        amounts = (side.not_due, *side.late, side.total)
        return (name, *map(_money, amounts))

    return Section(
        _("Open amounts by age"),
        intro=_("Days after the due date. Credit notes are taken off what is not due."),
        heads=(
            "",
            _("Not due"),
            *(_("%(days)s days", days=age) for age in ages),
            _("In all"),
        ),
        rows=(
            row(_("To receive from customers"), meeting.receivable),
            row(_("To pay to suppliers"), meeting.payable),
        ),
    )


def _debtors(meeting: Meeting) -> Section:
    total = meeting.receivable.total
    rows = tuple(
        (
            one.owes.name,
            forecast_words.reason(one.pays) if one.pays else "",
            _money(one.owes.open),
            _money(one.owes.overdue),
            filters.percent(round(100 * one.owes.open / total)) if total > 0 else "",
        )
        for one in meeting.debtors
    )
    return Section(
        _("Largest debtors"),
        heads=(_("Customer"), _("Pays"), _("Open"), _("Overdue"), _("Share")),
        rows=rows,
        words=2,
    )


def _made(meeting: Meeting) -> Section:
    rows = tuple(
        (
            forecast_words.source(one.source),
            _money(one.money_in),
            _money(one.money_out),
            _money(one.money_in - one.money_out),
        )
        for one in meeting.made
    )
    money_in = sum((one.money_in for one in meeting.made), Decimal(0))
    money_out = sum((one.money_out for one in meeting.made), Decimal(0))
    return Section(
        _("What the 13 weeks are made of"),
        heads=(_("From"), _("In"), _("Out"), _("Difference")),
        rows=rows,
        total=(_("In all"), _money(money_in), _money(money_out), _money(money_in - money_out)),
    )


def _expected(meeting: Meeting) -> Iterable[Section]:
    if meeting.taxes:
        yield Section(
            _("Taxes and social security"),
            heads=(_("Day"), _("What"), _("Rests on"), _("Amount")),
            rows=tuple(
                (filters.day(one.day), forecast_words.name(one), _reason(one), _money(one.amount))
                for one in meeting.taxes
            ),
            total=(_("In all"), "", "", _money(_sum(meeting.taxes))),
            words=3,
        )
    if meeting.planned:
        yield _planned(meeting.planned)


def _planned(flows: Sequence[Flow]) -> Section:
    """What was planned by hand, one line an item however often it comes."""
    by_item: dict[str, list[Flow]] = {}
    for one in flows:
        by_item.setdefault(one.ref, []).append(one)
    items = sorted(by_item.values(), key=lambda item: -abs(_sum(item)))
    shown, left = items[:MOST_LINES], items[MOST_LINES:]
    rows = [
        (item[0].what, filters.day(item[0].day), str(len(item)), _money(_sum(item)))
        for item in shown
    ]
    if left:
        more = ngettext("%(num)s other", "%(num)s others", len(left))
        count = sum(len(item) for item in left)
        rows.append((more, "", str(count), _money(sum(map(_sum, left), Decimal(0)))))
    return Section(
        _("Planned by hand"),
        heads=(_("What"), _("First on"), _("Times"), _("In 13 weeks")),
        rows=tuple(rows),
        total=(_("In all"), "", "", _money(_sum(flows))),
        words=2,
    )


def _sum(flows: Sequence[Flow]) -> Decimal:
    return sum((one.amount for one in flows), Decimal(0))


def _reason(flow: Flow) -> str:
    return "" if flow.reason.code == "by_hand" else forecast_words.reason(flow.reason)


def _limits(meeting: Meeting, company: "Company") -> Iterable[str]:
    """What is counted, what is not, and how sure it is."""
    yield _(
        "Counted are the balances of the accounts, and every open invoice on the day it is "
        "expected from how that customer pays, or how this company pays its suppliers."
    )
    yield _(
        "Added are movements that come back in the bank's history, taxes from this company's own "
        "invoices, what was planned by hand, and day-to-day business as it was in the past year."
    )
    if meeting.latest.left_out_in or meeting.latest.left_out_out:
        yield ngettext(
            "Not counted is %(num)s open amount that is disputed, in another currency or not "
            "expected in time: %(incoming)s in, %(outgoing)s out.",
            "Not counted are %(num)s open amounts that are disputed, in another currency or not "
            "expected in time: %(incoming)s in, %(outgoing)s out.",
            meeting.latest.left_out,
            incoming=_money(meeting.latest.left_out_in),
            outgoing=_money(-meeting.latest.left_out_out),
        )
    if meeting.foreign:
        yield _(
            "Amounts in other currencies are not counted: %(currencies)s.",
            currencies=", ".join(meeting.foreign),
        )
    yield _(
        "“At worst” and “at best” are the ends of a band in which 4 of 5 days should lie; one "
        "day in ten may be below it."
    )
    for code in meeting.forecast.missing if meeting.forecast else ():
        said = forecast_words.missing(code)
        if said:
            yield said
    yield _("All amounts are in %(currency)s, VAT included.", currency=company.currency)
    yield _("A forecast is no promise: it is made anew whenever something moves.")


def _money(amount: Decimal) -> str:
    return filters.money(amount)
