"""Parts of a page: the table of what was sold, in many column sets and dresses."""

from dataclasses import dataclass
from decimal import Decimal

from benchmarks.made_documents import pen
from benchmarks.made_documents.facts import Line
from benchmarks.made_documents.sheet import Sheet

ColumnSets = tuple[tuple[str, ...], ...]
COLUMN_SETS: ColumnSets = (
    ("desc", "qty", "price", "net"),
    ("qty", "desc", "price", "net"),
    ("code", "desc", "qty", "price", "vat", "net"),
    ("desc", "qty", "price", "vat", "net"),
    ("pos", "desc", "qty", "unit", "price", "net"),
    ("code", "desc", "qty", "unit", "price", "net"),
    ("desc", "net"),
    ("code", "qty", "desc", "price", "vat", "net"),
    ("desc", "vat", "net"),
    ("qty", "unit", "desc", "price", "net", "vat"),
    ("desc", "qty_unit", "price", "vat", "net"),
    ("desc", "price", "qty", "net"),
    ("pos", "code", "desc", "qty", "price", "net", "vat_amount", "gross"),
    ("desc", "qty", "unit", "price", "vat", "net", "gross"),
    ("vat", "desc", "qty", "price", "net"),
    ("code", "desc", "price", "qty", "net", "vat"),
    ("desc", "qty_price", "net"),
    ("pos", "qty_unit", "desc", "price", "net"),
    ("desc", "qty", "vat", "price", "net"),
    ("desc", "code", "vat", "qty", "unit", "price", "net"),
)
DATED_SETS: ColumnSets = (
    ("day", "desc", "qty", "price", "net"),
    ("day", "code", "desc", "qty", "unit", "price", "net"),
    ("desc", "day", "qty", "price", "vat", "net"),
    ("day", "desc", "net"),
)
INCL_SETS: ColumnSets = (
    ("desc", "qty", "price_incl", "gross"),
    ("qty", "desc", "vat", "price_incl", "gross"),
    ("code", "desc", "qty", "vat", "price_incl", "gross"),
    ("desc", "gross"),
    ("desc", "qty", "price_incl", "vat", "gross"),
)
UNPRICED_SETS: ColumnSets = (
    ("code", "desc", "qty", "unit"),
    ("qty", "unit", "desc"),
    ("desc", "qty"),
    ("pos", "code", "desc", "qty"),
)
LEFT = {"day", "desc", "code", "pos", "unit"}
HEADS = {
    "day": "col_day",
    "pos": "col_pos",
    "code": "col_code",
    "desc": "col_desc",
    "qty": "col_qty",
    "qty_unit": "col_qty",
    "unit": "col_unit",
    "price": "col_price",
    "disc": "col_disc",
    "price_incl": "col_price_incl",
    "vat": "col_vat",
    "vat_amount": "col_vat_amount",
    "net": "col_net",
    "gross": "col_gross",
    "qty_price": "col_qty",
}


@dataclass
class Writing:
    """How the amounts of the table are written."""

    columns: tuple[str, ...]
    signed: bool
    quantity_places: int | None
    price_places: int
    codes: dict[Decimal, str]
    blank_detail: bool


def lines(sheet: Sheet) -> str:
    """The table of lines; notes each line as far as its columns show it."""
    writing = _writing(sheet)
    texts = [_texts(sheet, line, at, writing) for at, line in enumerate(sheet.story.lines)]
    rows = [
        _cells(sheet, line, row, writing)
        for line, row in zip(sheet.story.lines, texts, strict=True)
    ]
    sizes = ["1fr" if c == "desc" else "auto" for c in writing.columns]
    long = any(len(sheet.dress.label(HEADS[c])) > 11 for c in writing.columns if c != "desc")
    if long or sheet.chance.happens(0.5):
        sizes = _sizes(sheet, texts, writing.columns)
    heads = [_head(sheet, column) for column in writing.columns]
    carry = sheet.may_break and sheet.priced and len(rows) > 16 and sheet.chance.happens(0.55)
    chunks = _chunks(sheet, 4) if carry else [(0, len(rows))]
    made = []
    running = Decimal(0)
    for first, last in chunks:
        body: list[str] = []
        if first and carry:
            body += _sum_row(sheet, writing, "brought_forward", running)
        for at in range(first, last):
            line = sheet.story.lines[at]
            if line.section:
                body.append(_section(sheet, line.section, len(writing.columns)))
            body += rows[at]
            if line.remark:
                body.append(_remark(sheet, line.remark, len(writing.columns)))
            running += line.gross if sheet.story.incl else line.net
        if last < len(rows):
            body += _sum_row(sheet, writing, "carried_over", running)
        made.append(_table(sheet, heads, body, writing.columns, sizes))
    return "{" + "; pagebreak(); ".join(made) + "}"


def prose(sheet: Sheet) -> str:
    """No table: each service as a paragraph with its amount at the right."""
    cells = []
    for line in sheet.story.lines:
        amount = line.gross if sheet.story.incl else line.net
        shown = sheet.dress.money(amount)
        if sheet.dress.shows_currency():
            sheet.ink.note("currency", sheet.story.currency, "")
        text = line.description + (f" ({line.detail})" if line.detail else "")
        cells += [sheet.t(text), pen.aligned(pen.fixed(sheet.t(shown)), "right")]
        _note(sheet, line, {"net"})
    return pen.grid(["1fr", "auto"], cells, column_gutter="14pt", row_gutter="9pt")


def _writing(sheet: Sheet) -> Writing:
    story, chance = sheet.story, sheet.chance
    sets = INCL_SETS if story.incl else COLUMN_SETS
    if story.lines[0].day and not story.incl:
        sets = DATED_SETS
    columns = list(chance.earlier(sets if sheet.priced else UNPRICED_SETS))
    unpriced = all(line.quantity is None for line in story.lines)
    if unpriced:
        columns = [
            c
            for c in columns
            if c not in ("qty", "unit", "price", "price_incl", "qty_unit", "qty_price")
        ]
        columns = columns if "desc" in columns else ["desc", *columns]
    if story.regime in ("AE", "K", "E", "G", "small", "none") and chance.happens(0.75):
        columns = [c for c in columns if c not in ("vat", "vat_amount", "gross")]
    if any(line.discount for line in story.lines) and not unpriced:
        at = next((columns.index(c) + 1 for c in ("price", "price_incl") if c in columns), None)
        if at is None:
            for line in story.lines:
                line.discount = None
        else:
            columns.insert(at, "disc")
    rates = sorted({line.rate for line in story.lines}, reverse=True)
    codes: dict[Decimal, str] = {}
    if "vat" in columns and chance.happens(0.14):
        marks = chance.pick(("ABCDEF", "123456", "654321"))
        codes = dict(zip(rates, marks, strict=False))
    quantities = [line.quantity for line in story.lines if line.quantity is not None]
    broken = any(q != q.to_integral_value() for q in quantities)
    prices = [p for line in story.lines if (p := line.price) is not None]
    fine = any(p != p.quantize(Decimal("0.01")) for p in prices)
    return Writing(
        columns=tuple(columns),
        signed=sheet.dress.sign_in_lines,
        quantity_places=2 if broken or chance.happens(0.22) else None,
        price_places=4 if fine or chance.happens(0.05) else 2,
        codes=codes,
        blank_detail=chance.happens(0.5),
    )


def _texts(sheet: Sheet, line: Line, at: int, writing: Writing) -> dict[str, str]:
    dress = sheet.dress
    _note(sheet, line, set(writing.columns))
    unit = dress.unit(line.unit)
    money = dress.money if writing.signed else dress.amount
    if writing.signed and dress.shows_currency():
        sheet.ink.note("currency", sheet.story.currency, "")
    quantity = (
        "" if line.quantity is None else dress.quantity(line.quantity, writing.quantity_places)
    )
    price = "" if line.price is None else dress.amount(line.price, writing.price_places)
    if price and writing.signed and writing.price_places == 2 and line.price is not None:
        price = dress.money(line.price)
    price_incl = "" if line.price_incl is None else money(line.price_incl)
    return {
        "pos": f"{at + 1:0{2 if len(sheet.story.lines) > 9 else 1}d}",
        "day": dress.day(line.day) if line.day else "",
        "desc": line.description,
        "code": line.code,
        "qty": quantity,
        "unit": unit if line.quantity is not None else "",
        "qty_unit": f"{quantity} {unit}" if quantity else "",
        "qty_price": f"{quantity} x {price}" if quantity else "",
        "price": price,
        "price_incl": price_incl,
        "disc": dress.rate(line.discount) if line.discount else "",
        "vat": writing.codes.get(line.rate) or dress.rate(line.rate),
        "vat_amount": money(line.gross - line.net),
        "net": money(line.net),
        "gross": money(line.gross),
    }


def _cells(sheet: Sheet, line: Line, shown: dict[str, str], writing: Writing) -> list[str]:
    cells = []
    for column in writing.columns:
        if column == "desc":
            cells.append(_description(sheet, line))
        elif not shown[column]:
            cells.append("[]")
        else:
            cells.append(pen.fixed(sheet.t(shown[column])))
    return cells


def _description(sheet: Sheet, line: Line) -> str:
    if not line.detail:
        return sheet.t(line.description)
    small = pen.text(line.detail, size=sheet.em(0.88), fill="luma(80)")
    return pen.lines([sheet.t(line.description), small])


def _note(sheet: Sheet, line: Line, columns: set[str]) -> None:
    quantity = line.quantity if columns & {"qty", "qty_unit", "qty_price"} else None
    price = line.price if columns & {"price", "qty_price"} else None
    if "price_incl" in columns:
        price = line.price_incl
    total = line.gross if sheet.story.incl else line.net
    shown = {
        "description": line.description,
        "quantity": quantity,
        "unit": sheet.dress.unit(line.unit)
        if columns & {"unit", "qty_unit"} and quantity is not None
        else None,
        "unit_price": price,
        "discount": line.discount if "disc" in columns else None,
        "vat_rate": line.rate if "vat" in columns else None,
        "net_amount": total,
    }
    sheet.ink.lines.append({k: f"{v:f}" if isinstance(v, Decimal) else v for k, v in shown.items()})


def _head(sheet: Sheet, column: str) -> str:
    look = sheet.look
    manner = {
        "fill": "white" if look.table == "filled" else "",
        "weight": '"bold"' if look.table != "bare" else "",
    }
    return pen.text(sheet.dress.label(HEADS[column]), **manner)


def _sizes(sheet: Sheet, shown: list[dict[str, str]], columns: tuple[str, ...]) -> list[str]:
    """Widths: room for the widest value; long heads break into lines, as in real tables."""
    em = 0.61 if "Mono" in sheet.look.font else 0.47 if "Narrow" in sheet.look.font else 0.56
    sizes = []
    for column in columns:
        words = sheet.dress.label(HEADS[column]).replace("/", "/ ").split()
        widest = max([len(row[column]) for row in shown] + [len(w) * 1.1 for w in words])
        sizes.append(
            "1fr"
            if column == "desc"
            else f"{(widest * em + 0.4) * sheet.look.size:.1f}pt + 2 * INSET"
        )
    return sizes


def _table(
    sheet: Sheet, heads: list[str], body: list[str], columns: tuple[str, ...], sizes: list[str]
) -> str:
    look = sheet.look
    sides = ["left" if c in LEFT else "center" if c == "vat" else "right" for c in columns]
    strokes = {
        "rule": "(x, y) => if y == 0 { (bottom: 0.8pt) } else { none }",
        "hair": "(x, y) => (bottom: 0.3pt + luma(170))",
        "grid": "0.5pt + luma(120)",
        "filled": "none",
        "zebra": "none",
        "columns": "(x, y) => (left: 0.5pt, right: 0.5pt, top: if y < 2 { 0.5pt } else { 0pt }, "
        "bottom: 0.5pt + luma(235))",
        "bare": "none",
    }
    fills = {
        "filled": f"(x, y) => if y == 0 {{ {look.accent} }} else {{ none }}",
        "zebra": f"(x, y) => if y == 0 or calc.odd(y) {{ none }} else {{ {look.tint} }}",
        "columns": f"(x, y) => if y == 0 {{ {look.tint} }} else {{ none }}",
    }
    inset = sheet.dress.labels.setdefault(
        "inset", sheet.chance.pick(("2pt", "3pt", "4pt", "5pt", "6pt"))
    )
    header = f"table.header({', '.join(heads)})"
    return pen.table(
        [size.replace("INSET", inset) for size in sizes],
        [header, *body],
        align=pen.array(sides),
        stroke=strokes[look.table],
        fill=fills.get(look.table, ""),
        inset=f"(x: {inset}, y: {inset})",
    )


def _section(sheet: Sheet, heading: str, width: int) -> str:
    return f"table.cell(colspan: {width}, align: left, {sheet.b(heading)})"


def _remark(sheet: Sheet, words: str, width: int) -> str:
    shown = pen.text(words, style='"italic"', size=sheet.em(0.9))
    return f"table.cell(colspan: {width}, align: left, {shown})"


def _sum_row(sheet: Sheet, writing: Writing, concept: str, amount: Decimal) -> list[str]:
    target = "gross" if sheet.story.incl else "net"
    at = writing.columns.index(target)
    shown = pen.fixed(sheet.t(sheet.dress.amount(amount)))
    label = f"table.cell(colspan: {at}, align: right, {sheet.t(sheet.dress.label(concept))})"
    return [label, shown, *(["[]"] * (len(writing.columns) - at - 1))]


def _chunks(sheet: Sheet, inset: float) -> list[tuple[int, int]]:
    """Ranges of lines that fit on a page, as a program that carries sums over counts them."""
    rooms = [sheet.chance.whole(250, 330), *([sheet.chance.whole(520, 600)] * 40)]
    chunks: list[tuple[int, int]] = []
    first, used = 0, 0.0
    for at, line in enumerate(sheet.story.lines):
        height = (
            sheet.look.size * (1 + bool(line.detail) * 1.5 + len(line.description) // 40)
            + 2 * inset
        )
        height += (sheet.look.size + 2 * inset) if line.section else 0
        if used + height > rooms[len(chunks)]:
            chunks.append((first, at))
            first, used = at, 0.0
        used += height
    chunks.append((first, len(sheet.story.lines)))
    return chunks
