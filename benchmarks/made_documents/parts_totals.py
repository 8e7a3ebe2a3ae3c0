"""Parts of a page: totals and VAT, in columns, rows, tables and sentences."""

from decimal import Decimal

from benchmarks.made_documents import pen
from benchmarks.made_documents.facts import VatRow
from benchmarks.made_documents.sheet import Sheet

Row = tuple[str, str, bool]


def totals_right(sheet: Sheet) -> str:
    """Label and amount at the right, beneath each other."""
    return pen.aligned(f"box({_rows_grid(sheet, total_rows(sheet))})", "right")


def totals_left(sheet: Sheet) -> str:
    """The same at the left."""
    return f"box({_rows_grid(sheet, total_rows(sheet))})"


def totals_full(sheet: Sheet) -> str:
    """Over the whole width: labels at the left edge, amounts at the right."""
    cells = []
    for label, amount, strong in total_rows(sheet):
        write = sheet.b if strong else sheet.t
        cells += [write(label), pen.aligned(pen.fixed(write(amount)), "right")]
    return pen.table(["1fr", "auto"], cells, stroke="(x, y) => (top: 0.4pt + gray)", inset="4pt")


def totals_framed(sheet: Sheet) -> str:
    """In a frame, at the right, all in cells."""
    cells = []
    for label, amount, strong in total_rows(sheet):
        write = sheet.b if strong else sheet.t
        cells += [write(label), pen.fixed(write(amount))]
    made = pen.table(["auto", "auto"], cells, stroke="0.5pt", inset="5pt", align="(left, right)")
    return pen.aligned(f"box({made})", "right")


def vat_and_totals(sheet: Sheet) -> str:
    """The VAT table at the left, totals at the right."""
    left = vat_table(sheet)
    right = totals_right_plain(sheet)
    return pen.grid(["auto", "1fr"], [left, right], column_gutter="20pt")


def totals_right_plain(sheet: Sheet) -> str:
    """Totals without VAT by rate, since the VAT table has it."""
    rows = total_rows(sheet, by_rate=False)
    return pen.aligned(f"box({_rows_grid(sheet, rows)})", "right")


def vat_table(sheet: Sheet) -> str:
    """Rate, base and VAT, one row a rate."""
    dress, chance = sheet.dress, sheet.chance
    incl = chance.happens(0.4)
    coded = chance.happens(0.15)
    swapped = chance.happens(0.25)
    columns = (
        ["vat_base", "vat_rate", "vat_amount"]
        if swapped
        else ["vat_rate", "vat_base", "vat_amount"]
    )
    columns += ["vat_incl"] if incl else []
    cells = [sheet.b(dress.label(c)) for c in columns]
    for at, row in enumerate(sheet.story.vat_rows):
        note_rate(sheet, row, base=True)
        shown = {
            "vat_rate": (f"{at + 1}  " if coded else "") + dress.rate(row.rate),
            "vat_base": dress.amount(row.base),
            "vat_amount": dress.amount(row.amount),
            "vat_incl": dress.amount(row.base + row.amount),
        }
        cells += [pen.fixed(sheet.t(shown[c])) for c in columns]
    if len(sheet.story.vat_rows) > 1 and chance.happens(0.4):
        sums = {
            "vat_rate": "",
            "vat_base": dress.amount(sheet.story.net),
            "vat_amount": dress.amount(sheet.story.vat),
            "vat_incl": dress.amount(sheet.story.gross),
        }
        cells += [pen.fixed(sheet.t(sums[c])) if sums[c] else "[]" for c in columns]
    frame = chance.pick(
        ("0.5pt + gray", "none", "(x, y) => if y == 0 { (bottom: 0.6pt) } else { none }")
    )
    return pen.table(["auto"] * len(columns), cells, stroke=frame, align="right", inset="4pt")


def totals_row(sheet: Sheet) -> str:
    """One row of labels with the amounts beneath: base, rate, VAT, total."""
    dress, story = sheet.dress, sheet.story
    heads = [dress.label("net"), dress.label("vat_rate"), dress.label("vat"), dress.label("gross")]
    cells = [sheet.b(h) for h in heads]
    for at, row in enumerate(story.vat_rows):
        note_rate(sheet, row, base=True)
        last = at == len(story.vat_rows) - 1
        total = sheet.money("gross_amount", story.gross) if last else ""
        cells += [
            sheet.t(dress.amount(row.base)),
            sheet.t(dress.rate(row.rate)),
            sheet.t(dress.amount(row.amount)),
            sheet.b(total) if total else "[]",
        ]
    if len(story.vat_rows) == 1:
        sheet.ink.note("net_amount", story.net, dress.amount(story.net))
        sheet.ink.note("vat_amount", story.vat, dress.amount(story.vat))
    frame = sheet.chance.pick(("0.5pt", "0.5pt + gray", "(x, y) => (top: 0.5pt, bottom: 0.5pt)"))
    made = pen.table(["1fr"] * 4, cells, stroke=frame, align="right", inset="5pt")
    return pen.stacked([made, *_after_gross(sheet)], "6pt")


def totals_boxes(sheet: Sheet) -> str:
    """Net, VAT and total each in a box of its own, beside each other."""
    dress, story = sheet.dress, sheet.story
    figures = [
        (dress.label("net"), sheet.money("net_amount", story.net)),
        (
            vat_label(sheet, story.vat_rows[0]) if len(story.vat_rows) == 1 else dress.label("vat"),
            sheet.money("vat_amount", story.vat),
        ),
        (dress.label("gross"), sheet.money("gross_amount", story.gross)),
    ]
    if len(story.vat_rows) == 1:
        note_rate(sheet, story.vat_rows[0], base=True)
    cells = [pen.lines([pen.text(a, size=sheet.em(0.8)), sheet.b(b)]) for a, b in figures]
    made = pen.table(["1fr"] * 3, cells, stroke="0.6pt + gray", inset="7pt")
    return pen.stacked([made, *_after_gross(sheet)], "6pt")


def totals_sentence(sheet: Sheet) -> str:
    """Totals as a running line."""
    shown = [f"{label}: {amount}" for label, amount, _ in total_rows(sheet)]
    return sheet.b(" - ".join(shown)) if len(shown) < 3 else pen.lines(sheet.t(s) for s in shown)


def summary_top(sheet: Sheet) -> str:
    """A box with what is to be paid and when, above the lines."""
    dress = sheet.dress
    left = sheet.story.amount_due
    same = left == sheet.story.gross
    label = dress.label("due_amount" if not same or sheet.chance.happens(0.6) else "gross")
    amount = sheet.money("gross_amount" if same else "amount_due", left)
    if same and label == dress.label("due_amount"):
        sheet.ink.note("amount_due", left, amount)
    cells = [
        pen.lines(
            [
                pen.text(label, size=sheet.em(0.85)),
                pen.text(amount, size=sheet.em(1.5), weight='"bold"'),
            ]
        )
    ]
    if sheet.shows_due():
        cells.append(
            pen.lines([pen.text(dress.label("due"), size=sheet.em(0.85)), sheet.b(sheet.due())])
        )
    made = pen.grid(["1fr"] * len(cells), cells)
    return pen.box(made, fill=sheet.look.tint, inset="9pt")


def total_rows(sheet: Sheet, *, by_rate: bool = True) -> list[Row]:
    """Label, amount and whether it is printed strong, in the order of the page."""
    story, dress, chance = sheet.story, sheet.dress, sheet.chance
    rows: list[Row] = []
    moved = bool(story.discount or story.shipping)
    if moved:
        rows.append((dress.label("subtotal"), sheet.money("", story.goods_net), False))
    if story.discount:
        percent, amount = story.discount
        label = dress.label("discount_total").format(percent=dress.amount(percent, 0))
        rows.append((label, sheet.money("", -amount), False))
    if story.shipping:
        rows.append((dress.label("shipping"), sheet.money("", story.shipping), False))
    free = story.regime in ("AE", "K", "E", "G", "small", "none")
    if not (free and chance.happens(0.3)):
        rows.append((dress.label("net"), sheet.money("net_amount", story.net), False))
        if free:
            rows += _free_rows(sheet)
        elif by_rate and (len(story.vat_rows) > 1 or chance.happens(0.75)):
            rows += _rate_rows(sheet)
        else:
            rows.append((dress.label("vat"), sheet.money("vat_amount", story.vat), False))
    rows.append((dress.label("gross"), sheet.money("gross_amount", story.gross), True))
    rows += due_rows(sheet)
    if story.other_currency:
        code, value = story.other_currency
        rows.append((f"{dress.label('gross')} ({code})", dress.money(value, code), False))
    return rows


def due_rows(sheet: Sheet) -> list[Row]:
    """What was paid already and what is left, where anything was."""
    story, dress = sheet.story, sheet.dress
    rows: list[Row] = []
    if story.balance:
        rows.append((dress.label("balance"), sheet.money("", story.balance), False))
    for concept, amount in (("deposit", story.deposit), ("paid", story.paid)):
        if amount:
            rows.append((dress.label(concept), sheet.money("", -amount), False))
    if story.rounding:
        rows.append((dress.label("rounding"), sheet.money("", story.rounding), False))
    if rows:
        shown = sheet.money("amount_due", story.amount_due)
        rows.append((dress.label("due_amount"), shown, True))
    return rows


def vat_label(sheet: Sheet, row: VatRow) -> str:
    """The VAT label with its rate."""
    word, rate = sheet.dress.label("vat"), sheet.dress.rate(row.rate)
    rate = rate if "%" in rate else f"{rate}%"
    form = sheet.dress.labels.setdefault(
        "vat form",
        sheet.chance.pick(("{word} {rate}", "{rate} {word}", "{word} ({rate})", "{word} {rate}")),
    )
    return form.format(word=word, rate=rate)


def note_rate(sheet: Sheet, row: VatRow, *, base: bool) -> None:
    """Note a row of the VAT breakdown."""
    noted = {
        "rate": f"{row.rate.normalize():f}",
        "base": f"{row.base:f}" if base else None,
        "amount": f"{row.amount:f}",
        "category": row.category if row.category != "O" else None,
    }
    if all(
        r["rate"] != noted["rate"] or r["category"] != noted["category"] for r in sheet.ink.vat_rows
    ):
        sheet.ink.vat_rows.append(noted)


def _rate_rows(sheet: Sheet) -> list[Row]:
    rows: list[Row] = []
    many = len(sheet.story.vat_rows) > 1
    on = {
        "nl": "op",
        "fr": "sur",
        "de": "auf",
        "en": "on",
        "it": "su",
        "es": "sobre",
        "pt": "sobre",
        "pl": "od",
    }[sheet.dress.lang]
    with_base = sheet.chance.happens(0.4 if many else 0.12)
    for row in sheet.story.vat_rows:
        note_rate(sheet, row, base=with_base or not many)
        label = vat_label(sheet, row)
        if with_base:
            label += f" {on} {sheet.dress.money(row.base)}"
        amount = sheet.dress.money(row.amount)
        if not many:
            sheet.ink.note("vat_amount", row.amount, amount)
        rows.append((label, amount, False))
    if many and sheet.chance.happens(0.3):
        rows.append((sheet.dress.label("vat"), sheet.money("vat_amount", sheet.story.vat), False))
    elif many:
        sheet.ink.unasked.add("vat_amount")
    return rows


def _free_rows(sheet: Sheet) -> list[Row]:
    if sheet.chance.happens(0.35):
        return []
    row = sheet.story.vat_rows[0]
    note_rate(sheet, row, base=True)
    return [(vat_label(sheet, row), sheet.money("vat_amount", Decimal("0.00")), False)]


def _after_gross(sheet: Sheet) -> list[str]:
    return [
        pen.aligned(
            (sheet.b if strong else sheet.t)(f"{label}{sheet.dress.colon} {amount}"), "right"
        )
        for label, amount, strong in due_rows(sheet)
    ]


def _rows_grid(sheet: Sheet, rows: list[Row]) -> str:
    cells = []
    big = sheet.chance.happens(0.3)
    for label, amount, strong in rows:
        manner = {"size": sheet.em(1.2)} if strong and big else {}
        write = sheet.b if strong else sheet.t
        colon = sheet.dress.colon if sheet.dress.colon != ".:" else ""
        cells += [write(label + colon, **manner), pen.fixed(write(amount, **manner))]
    gap = sheet.chance.pick(("12pt", "22pt", "40pt"))
    return pen.grid(
        ["auto", "auto"], cells, column_gutter=gap, row_gutter="0.75em", align="(left, right)"
    )
