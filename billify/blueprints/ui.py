"""Every component in all its states on one page; in development only."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request

from billify.web import charts, htmx
from billify.web.access import public

bp = Blueprint("ui", __name__)

TODAY = date(2026, 11, 20)
STATUSES = (
    "waiting", "reading", "to_check", "to_approve", "failed", "set_aside", "rejected", "draft",
    "approved", "open", "overdue", "partly_paid", "paid", "credited", "duplicate",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the example list."""

    number: str
    name: str
    issued: date
    due: date
    amount: Decimal
    status: str
    incoming: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """Where an example field was found."""

    field: str
    x: float
    y: float
    width: float
    height: float
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """An example page of a document."""

    image: str
    width: int
    height: int
    boxes: tuple[Box, ...] = field(default_factory=tuple)


def _row(number: str, name: str, issued: str, due: str, amount: str, status: str) -> Row:
    days = date.fromisoformat(issued), date.fromisoformat(due)
    return Row(number, name, *days, Decimal(amount), status)


ROWS = (
    _row(
        "2026-0412",
        "Électricité Générale Van den Broeck & Fils SRL",
        "2026-11-03",
        "2026-12-03",
        "1234.56",
        "to_check",
    ),
    _row("F26/11873", "Colruyt Group", "2026-11-01", "2026-11-15", "482.10", "overdue"),
    _row(
        "VF-90211",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk",
        "2026-10-28",
        "2026-11-27",
        "12850.00",
        "to_approve",
    ),
    _row("CN-118", "Metaalwerken Peeters bv", "2026-10-20", "2026-10-20", "-245", "credited"),
    _row("2026-0398", "Telenet", "2026-10-12", "2026-11-11", "89.95", "paid"),
    _row("", "bon-tankstation-2026-10-09.jpg", "2026-10-09", "2026-10-09", "0", "reading"),
)
LINES = (
    {"description": "Fietsenstalling", "quantity": "2", "unit_price": "480,00", "vat": "21"},
    {"description": "Plaatsing", "quantity": "3,5", "unit_price": "58,00", "vat": "21"},
    {
        "description": "",
        "quantity": "1",
        "unit_price": "12,x",
        "vat": "6",
        "error": "Write the price as 1.234,56.",
    },
)
NAV = (
    ("Home", "house"), ("Purchases", "file-down"), ("Sales", "file-up"), ("Bank", "landmark"),
    ("Contacts", "users"), ("Expenses", "wallet"), ("Reports", "chart-column"),
    ("Settings", "settings"),
)  # fmt: skip


@bp.get("/ui")
@public
def index() -> Response:
    """The page of all components."""
    return htmx.page(
        "ui/index.html",
        rows=ROWS,
        statuses=STATUSES,
        chart=_projection(),
        calm=_projection(start=Decimal(61_000), with_band=False),
        deep=_projection(start=Decimal(-1_214_567), with_band=False),
        months=_months(),
        bars=_weekly(),
        vat_options=[("21", "21 %"), ("12", "12 %"), ("6", "6 %"), ("0", "0 %")],
        lines=LINES,
        **_frame(),
    )


@bp.get("/ui/check")
@public
def check() -> Response:
    """An example check screen."""
    return htmx.page("ui/check.html", pages=[_page()], **_frame())


@bp.post("/ui/upload")
@public
def upload() -> Response:
    """Answers an example upload with a row; names that start with 'bad' fail."""
    name = next(iter(request.files.values())).filename or ""
    if name.startswith("bad"):
        return htmx.toast(Response(status=422), "This file is empty.", "bad")
    return htmx.fragment(
        "ui/_example_row.html", row=Row("", name, TODAY, TODAY, Decimal(0), "reading")
    )


def _frame() -> dict[str, Any]:  # what a template takes is of any type
    return {
        "actor": {"name": "Anna Peeters", "email": "anna@bakkerij-anna.example"},
        "company": {"slug": "bakkerij-anna", "name": "Bakkerij Anna"},
        "companies": [
            {"slug": "bakkerij-anna", "name": "Bakkerij Anna"},
            {"slug": "chocolaterie-chloe", "name": "Chocolaterie Chloé & Filles"},
        ],
        "nav": [(f"#{name}", icon, name, name == "Purchases") for name, icon in NAV],
        "live_url": None,
    }


def _projection(
    start: Decimal = Decimal(18_400), *, with_band: bool = True
) -> charts.Projection | None:
    weeks = _weeks()
    balance = start
    points = []
    for number in range(-28, 91):
        at = TODAY + timedelta(days=number)
        if at.weekday() == 4:
            week = weeks[(number + 28) // 7 % len(weeks)]
            balance += week.incoming - week.outgoing
        if at.day == 25:
            balance -= Decimal(9_800)
        if at.day == 5:
            balance += Decimal(6_900)
        doubt = Decimal(max(number, 0) * 60) if with_band else Decimal(0)
        banded = with_band and number >= 0
        low, high = (balance - doubt, balance + doubt) if banded else (None, None)
        href = f"#day-{at}" if number >= 0 else None
        points.append(charts.Point(at, balance, low, high, href))
    below = [point.day for point in points if point.day >= TODAY and point.balance < 5_000]
    return charts.projection(
        points,
        today=TODAY,
        floor=Decimal(5_000),
        weeks=weeks,
        crossing=below[0] if below else None,
    )


def _months() -> charts.Projection | None:
    """Thirty-six months ahead, each as wide in its band as it is far away."""
    balance = Decimal(42_000)
    points = [charts.Point(TODAY, balance, balance, balance)]
    months = []
    for number in range(36):
        year, month = divmod(TODAY.month + number, 12)
        end = date(TODAY.year + year, month + 1, 1) - timedelta(days=1)
        incoming, outgoing = Decimal(38_000 + number * 410), Decimal(36_500 + (number % 4) * 3_900)
        balance += incoming - outgoing
        doubt = Decimal(2_400 + number * 900)
        points.append(charts.Point(end, balance, balance - doubt, balance + doubt, f"#{end}"))
        months.append(charts.Week(end.replace(day=1), incoming, outgoing, f"#{end}", end=end))
    return charts.projection(
        points, today=TODAY, floor=Decimal(5_000), weeks=months, is_monthly=True
    )


def _weekly() -> charts.Weekly | None:
    overdue = charts.Week(TODAY, Decimal("8420.10"), Decimal("3310.00"), "#overdue")
    return charts.weekly(_weeks(), overdue=overdue)


def _weeks() -> list[charts.Week]:
    monday = date(2026, 11, 16)
    incoming = (5200, 8100, 3900, 12400, 0, 1800, 6600, 7100, 4050, 9900, 2500, 3100, 5600)
    outgoing = (3100, 6400, 7200, 5100, 9800, 900, 4100, 6900, 5550, 3600, 8700, 2100, 4400)
    return [
        charts.Week(monday + timedelta(weeks=n), Decimal(more), Decimal(less), f"#week-{n}")
        for n, (more, less) in enumerate(zip(incoming, outgoing, strict=True))
    ]


def _page() -> Page:
    return Page(
        "/ui/page.svg",
        1000,
        1414,
        (
            Box("supplier", 90, 80, 330, 46),
            Box("number", 690, 196, 160, 30),
            Box("issued", 690, 236, 160, 30),
            Box("gross", 740, 980, 170, 34),
            Box("reference", 90, 1150, 360, 34, unsure=True),
        ),
    )


@bp.get("/ui/page.svg")
@public
def page() -> Response:
    """An example page of a document, drawn."""
    response = htmx.page("ui/_example_page.svg")
    response.content_type = "image/svg+xml"
    return response
