"""The words of plans: rhythms, how sure a recurring movement is, taxes and their periods."""

from decimal import Decimal

from babel.dates import get_day_names, get_month_names
from flask_babel import gettext as _

from billify.application.cash_plans import Recurring
from billify.domain.refusal import N_
from billify.web import filters, languages

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
LAST_DAY = 31
MONTHS = 12
STEADY = Decimal("0.005")
"""An amount that moves by less than half a per cent a year is the same."""


def rhythm(code: str) -> str:
    """How often, in words."""
    known = _RHYTHMS.get(code)
    return str(_(known)) if known else code


def month(number: int) -> str:
    """A month by its number from 1 on, as it stands within a sentence."""
    return str(get_month_names("wide", "stand-alone", languages.current())[number])


def month_head(number: int) -> str:
    """The same as it stands alone."""
    name = month(number)
    return name[:1].upper() + name[1:]


def short_month(number: int) -> str:
    """The same as a narrow head has it."""
    name = str(get_month_names("abbreviated", "stand-alone", languages.current())[number])
    return name[:1].upper() + name[1:]


def how_often(one: Recurring) -> str:
    """How often and on which day: `every month around day 5`."""
    code, day = one.rhythm or "", one.day
    said = rhythm(code)
    if code in ("weekly", "two_weekly", "four_weekly") and one.found is not None:
        weekday = get_day_names("wide", "stand-alone", languages.current())[
            one.found.next.weekday()
        ]
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
    if part.isdigit() and 1 <= int(part) <= MONTHS:
        return f"{month(int(part))} {year}"
    return text
