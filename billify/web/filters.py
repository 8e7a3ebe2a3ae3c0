"""How values are written on screen and paper: amounts 1.234,56, dates dd/mm/yyyy, IBANs in fours.

The same in every language of Billify, as Belgians write them; only days are written as the person
of the request prefers. These run hundreds of times a page, so they are plain string work; each is
a Jinja filter of its name.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup, escape

from billify.domain.brussels import BRUSSELS
from billify.domain.people import DateStyle

_BELGIAN = str.maketrans(",.-", ".,\N{MINUS SIGN}")
_PERCENT = "\N{NO-BREAK SPACE}%"
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
_style: ContextVar[DateStyle] = ContextVar("date_style", default=DateStyle.SLASHES)


def money(amount: Decimal | int | None) -> str:
    """`1234.5` as `1.234,50`; nothing as an empty string; a real minus sign for figures."""
    return "" if amount is None else f"{amount:,.2f}".translate(_BELGIAN)


def whole_money(amount: Decimal | int | None) -> str:
    """An amount to the euro, for axes and large figures: `1.235`."""
    return "" if amount is None else f"{amount:,.0f}".translate(_BELGIAN)


def currency_sign(code: str) -> str:
    """`EUR` as `€`; an uncommon currency keeps its code."""
    return _SIGNS.get(code, code)


def quantity(value: Decimal | int | None) -> str:
    """A quantity or unit price without idle zeros: `2`, `0,125`, `1.000,5`."""
    if value is None:
        return ""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_BELGIAN)


def percent(rate: Decimal | int | None) -> str:
    """A rate given in percent: `21` as `21 %`, `5.5` as `5,5 %`."""
    return "" if rate is None else quantity(rate) + _PERCENT


def day(value: date | None) -> str:
    """A date as dd/mm/yyyy, or as the person of the request wants it."""
    if value is None:
        return ""
    text = value.isoformat()
    style = _style.get()
    if style is DateStyle.YEAR_FIRST:
        return text[:10]
    mark = "/" if style is DateStyle.SLASHES else "-"
    return f"{text[8:10]}{mark}{text[5:7]}{mark}{text[:4]}"


def write_days(style: DateStyle) -> None:
    """Write days like this from now on, until the request ends."""
    _style.set(style)


def day_pattern() -> str:
    """How the person writes a day, in words for a hint."""
    patterns: dict[DateStyle, str] = {
        DateStyle.SLASHES: _("dd/mm/yyyy"),
        DateStyle.DASHES: _("dd-mm-yyyy"),
        DateStyle.YEAR_FIRST: _("yyyy-mm-dd"),
    }
    return patterns[_style.get()]


def moment(value: datetime | None) -> str:
    """A point in time as a day and hh:mm on the clock of Brussels."""
    if value is None:
        return ""
    local = value.astimezone(BRUSSELS)
    return f"{day(local)} {local.hour:02d}:{local.minute:02d}"


def iban(value: str | None) -> str:
    """An IBAN in groups of four."""
    if not value:
        return ""
    bare = value.replace(" ", "")
    return " ".join([bare[at : at + 4] for at in range(0, len(bare), 4)])


def communication(value: str | None) -> str:
    """Twelve digits as a Belgian structured communication +++090/9337/55493+++; others as is."""
    if not value or len(value) != 12 or not value.isdigit():
        return value or ""
    return f"+++{value[:3]}/{value[3:7]}/{value[7:]}+++"


def file_size(count: int | None) -> str:
    """A number of bytes in words of a person: `812 kB`, `1,4 MB`."""
    if count is None:
        return ""
    if count < 1_000_000:
        return f"{max(count // 1000, 1)}\N{NO-BREAK SPACE}kB"
    return f"{count / 1_000_000:.1f}\N{NO-BREAK SPACE}MB".replace(".", ",")


def attributes(given: Mapping[str, object]) -> Markup:
    """Keyword arguments of a macro as HTML attributes: `hx_get` becomes `hx-get`.

    Nothing and False are left out, True stands alone.
    """
    parts = []
    for name, value in given.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        parts.append(f" {key}" if value is True else f' {key}="{escape(value)}"')
    return Markup("".join(parts))


def init_app(app: Flask) -> None:
    """Make each function above a filter of the same name; each request begins with dd/mm/yyyy."""
    for function in (
        money, whole_money, currency_sign, quantity, percent, day, moment, iban,
        communication, file_size, attributes,
    ):  # fmt: skip
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["day_pattern"] = day_pattern
    app.teardown_request(lambda _error: write_days(DateStyle.SLASHES))
