"""The words of plans: rhythms, how sure a recurring movement is, taxes and their periods."""

from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from billify.application.cash_plans import Recurring
from billify.domain.refusal import N_
from billify.web import filters

_RHYTHMS = {
    "once": N_("once"),
    "weekly": N_("every week"),
    "two_weekly": N_("every two weeks"),
    "four_weekly": N_("every four weeks"),
    "thirty_days": N_("every 30 days"),
    "monthly": N_("every month"),
    "monthly_last_working_day": N_("last working day of the month"),
    "quarterly": N_("every quarter"),
    "half_yearly": N_("every six months"),
    "yearly": N_("every year"),
}
_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_SHORT_MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
LAST_DAY = 31
STEADY = Decimal("0.005")
"""An amount that moves by less than half a per cent a year is the same."""


def rhythm(code: str) -> str:
    """How often, in words."""
    known = _RHYTHMS.get(code)
    return str(_(known)) if known else code


def month(number: int) -> str:
    """A month by its number from 1 on."""
    return str(_(_MONTHS[number - 1]))


def how_often(one: Recurring) -> str:
    """How often and on which day: `every month around day 5`."""
    code, day = one.rhythm or "", one.day
    said = rhythm(code)
    if code in ("weekly", "two_weekly", "four_weekly") and one.found is not None:
        weekday = _(_WEEKDAYS[one.found.next.weekday()])
        return str(_("%(rhythm)s on %(weekday)s", rhythm=said, weekday=weekday))
    if code in ("monthly", "quarterly", "half_yearly", "yearly") and day:
        if day == LAST_DAY:
            return str(_("%(rhythm)s on the last day of the month", rhythm=said))
        if one.found is not None and one.found.spread_days > 0 and not one.is_changed:
            return str(_("%(rhythm)s around day %(day)d", rhythm=said, day=day))
        return str(_("%(rhythm)s on day %(day)d", rhythm=said, day=day))
    return said


def drift(one: Recurring) -> str:
    """By how much it grows or shrinks in a year; nothing when it stays the same."""
    if one.found is None or abs(one.found.drift) < STEADY:
        return ""
    percent = filters.percent((abs(one.found.drift) * 100).quantize(Decimal("0.1")))
    if one.found.drift > 0:
        return str(_("grows %(percent)s a year", percent=percent))
    return str(_("shrinks %(percent)s a year", percent=percent))


def seen(one: Recurring) -> str:
    """How often it was seen, and how sure the next one is."""
    if one.found is None:
        return ""
    return str(
        _(
            "seen %(count)d times, %(percent)d %% sure",
            count=one.found.count,
            percent=one.found.confidence,
        )
    )


def period(text: str) -> str:
    """A period of a tax: `2026-Q4` as `Q4 2026`, `2026-12` as `December 2026`."""
    year, _mark, part = text.partition("-")
    if part.startswith("Q"):
        return f"{part} {year}"
    if part.isdigit() and 1 <= int(part) <= len(_MONTHS):
        return f"{month(int(part))} {year}"
    return text


def short_month(number: int) -> str:
    """A month as a narrow head has it."""
    return str(_(_SHORT_MONTHS[number - 1]))


def past_since(last: date) -> date:
    """From which day on the bank lines behind a recurring movement are shown."""
    return date(last.year - 1, last.month, 1)
