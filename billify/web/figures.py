"""Links from an amount to the page with the rows that sum to it."""

from datetime import date
from urllib.parse import quote
from uuid import UUID

from flask import Flask, g, url_for


def init_app(app: Flask) -> None:
    """Templates link an amount with `figure_url("open_receivables")`."""
    app.jinja_env.globals["figure_url"] = figure_url


def figure_url(
    name: str,
    *,
    currency: str | None = None,
    since: date | None = None,
    until: date | None = None,
    account: UUID | None = None,
    ref: str | None = None,
    category: str | None = None,
) -> str:
    """The page of a figure; the company's own currency goes without saying."""
    wanted = {
        "currency": currency if currency != g.company.currency else None,
        "since": since,
        "until": until,
        "account": account,
        "ref": ref,
        "category": category,
    }
    asked = "&".join(f"{key}={quote(str(value))}" for key, value in wanted.items() if value)
    return f"{_start()}{name}{'?' if asked else ''}{asked}"


def _start() -> str:
    """What these addresses begin with; a chart asks for a hundred of them."""
    if "figures" not in g:
        g.figures = url_for("home.figure", name="x").removesuffix("x")
    found: str = g.figures
    return found
