"""Further parts: frames, strips, grids by rate, QR codes, rows of payment data."""

from decimal import Decimal

from benchmarks.made_documents import (
    parts_meta,
    parts_parties,
    parts_pay,
    parts_totals,
    pen,
    selling,
)
from benchmarks.made_documents.sheet import Sheet

SCAN = {
    "nl": "Scan om te betalen",
    "fr": "Scannez pour payer",
    "de": "GiroCode zum Bezahlen",
    "en": "Scan to pay",
}


def vat_grid(sheet: Sheet) -> str:
    """One column a rate, also of rates without sales, then the totals."""
    story, dress = sheet.story, sheet.dress
    standard, reduced, middle = selling.RATES[story.seller.country]
    rates = sorted(
        {Decimal(0), Decimal(standard), Decimal(reduced), Decimal(middle)}
        | {r.rate for r in story.vat_rows}
    )
    by_rate = {row.rate: row for row in story.vat_rows}
    for row in story.vat_rows:
        parts_totals.note_rate(sheet, row, base=True)
    blank = sheet.chance.pick(("0", "-", ""))
    empty = dress.amount(Decimal(0)) if blank == "0" else blank
    heads = [
        "",
        *(dress.rate(r) if "%" in dress.rate(r) else f"{dress.rate(r)} %" for r in rates),
        dress.label("total_line"),
    ]
    bases = [dress.label("vat_base")]
    taxes = [dress.label("vat_amount")]
    for rate in rates:
        row_of = by_rate.get(rate)
        bases.append(dress.amount(row_of.base) if row_of else empty)
        taxes.append(dress.amount(row_of.amount) if row_of and rate else empty)
    bases.append(sheet.ink.note("net_amount", story.net, dress.amount(story.net)))
    taxes.append(sheet.ink.note("vat_amount", story.vat, dress.amount(story.vat)))
    cells = [sheet.b(h) if h else "[]" for h in heads]
    for row_texts in (bases, taxes):
        cells += [sheet.t(x) if x else "[]" for x in row_texts]
    made = pen.table(["1fr"] * len(heads), cells, stroke="0.5pt", align="right", inset="4pt")
    total = f"{dress.label('gross')}{dress.colon} {sheet.money('gross_amount', story.gross)}"
    shown = pen.aligned(pen.text(total, weight='"bold"', size=sheet.em(1.15)), "right")
    after = [
        pen.aligned(sheet.t(f"{label}{dress.colon} {amount}"), "right")
        for label, amount, _ in parts_totals.due_rows(sheet)
    ]
    return pen.stacked([made, shown, *after], "7pt")


def vat_row_totals(sheet: Sheet) -> str:
    """VAT by rate in a row at the left, the totals framed at the right."""
    left = parts_totals.vat_table(sheet)
    cells = []
    for label, amount, strong in parts_totals.total_rows(sheet, by_rate=False):
        write = sheet.b if strong else sheet.t
        cells += [write(label), pen.fixed(write(amount))]
    right = pen.table(
        ["1fr", "auto"], cells, stroke="0.5pt + gray", inset="5pt", align="(left, right)"
    )
    return pen.grid(["1fr", "1fr"], [left, right], column_gutter="14pt")


def totals_foot(sheet: Sheet) -> str:
    """Totals as the foot of the table: label and amount at the right end, under rules."""
    cells = []
    for label, amount, strong in parts_totals.total_rows(sheet):
        write = sheet.b if strong else sheet.t
        line = "table.hline(start: 1, stroke: 0.6pt), " if strong else ""
        cells += [f"{line}[]", pen.aligned(write(label), "right"), pen.fixed(write(amount))]
    return pen.table(["1fr", "auto", "auto"], cells, stroke="none", inset="4pt", align="right")


def parties_table(sheet: Sheet) -> str:
    """Seller and buyer in two framed cells."""
    cells = [parts_parties.sender_labelled(sheet), parts_parties.buyer_labelled(sheet)]
    return pen.table(["1fr", "1fr"], cells, stroke="0.6pt", inset="8pt")


def meta_table(sheet: Sheet) -> str:
    """Numbers and dates in a framed table of two columns."""
    cells = []
    for label, value in parts_meta.items(sheet):
        cells += [sheet.label(label), sheet.t(value)]
    fill = f"(x, y) => if x == 0 {{ {sheet.look.tint} }} else {{ none }}"
    return pen.table(["auto", "1fr"], cells, stroke="0.5pt + gray", inset="4pt", fill=fill)


def meta_box_right(sheet: Sheet) -> str:
    """Title and numbers in a frame at the right."""
    inner = pen.stacked([parts_meta.title(sheet), parts_meta.meta_grid(sheet)], "8pt")
    return pen.box(inner, stroke=f"1pt + {sheet.look.accent}", inset="8pt")


def meta_bare(sheet: Sheet) -> str:
    """Number and dates without any label."""
    story = sheet.story
    shown = [sheet.number(), sheet.issue()]
    if sheet.shows_due():
        shown.append(sheet.due())
    mark = sheet.chance.pick(("    ", " / ", " - ", "  |  "))
    rest = [sheet.t(f"{sheet.dress.label(c)} {v}") for c, v in story.decoys.items()]
    return pen.lines([sheet.t(mark.join(shown)), *rest])


def title_bare(sheet: Sheet) -> str:
    """The title with number and dates after it, without labels."""
    return pen.stacked([parts_meta.title(sheet), meta_bare(sheet)], "6pt")


def title_number_right(sheet: Sheet) -> str:
    """Title and number at the right."""
    return pen.aligned(parts_meta.title_number(sheet), "right")


def logo_title(sheet: Sheet) -> str:
    """Title at the left, sign at the right."""
    return pen.grid(["1fr", "auto"], [parts_meta.title(sheet), parts_parties.logo(sheet)])


def strip_head(sheet: Sheet) -> str:
    """Sign, then a coloured strip with title, number and dates."""
    sign = parts_parties.logo(sheet)
    title = sheet.title()
    pairs = parts_meta.items(sheet)
    cells = [pen.text(title, weight='"bold"', fill="white", size=sheet.em(1.2))]
    cells += [
        pen.lines([pen.text(a, size=sheet.em(0.75), fill="white"), pen.text(b, fill="white")])
        for a, b in pairs[:4]
    ]
    strip = pen.box(pen.grid(["1fr"] * len(cells), cells), fill=sheet.look.accent, inset="7pt")
    rest = pen.lines(sheet.t(f"{a}{sheet.dress.colon} {b}") for a, b in pairs[4:])
    return pen.stacked([sign, strip, rest], "9pt")


def frame_head(sheet: Sheet) -> str:
    """Sign and details at the left, buyer at the right, all in one frame."""
    left = pen.stacked([parts_parties.logo(sheet), parts_parties.sender(sheet)], "7pt")
    right = parts_parties.buyer(sheet)
    return pen.box(pen.grid(["1fr", "1fr"], [left, right]), stroke="1pt", inset="9pt")


def buyer_sentence(sheet: Sheet) -> str:
    """The buyer in one line."""
    party = sheet.story.buyer
    name = sheet.ink.note("buyer_name", party.name, party.name)
    shown = ", ".join([name, *sheet.address(party, "buyer")])
    if party.vat and sheet.chance.happens(0.5):
        shown += f" - {sheet.dress.tag('vat_no')} {sheet.buyer_vat()}"
    return pen.beside([sheet.label(sheet.dress.tag("bill_to")), sheet.t(f" {shown}")])


def pay_row(sheet: Sheet) -> str:
    """Payment data as a row of labels with the values beneath."""
    pairs = parts_pay.pairs(sheet)
    if not pairs:
        return "none"
    cells = [sheet.label(a) for a, _ in pairs] + [sheet.t(b) for _, b in pairs]
    frame = sheet.chance.pick(("none", "0.5pt + gray"))
    made = pen.table(["auto"] * len(pairs), cells, stroke=frame, inset="4pt")
    return f"box({made})"


def pay_qr(sheet: Sheet) -> str:
    """Payment data beside a square code."""
    rows = parts_pay.pay_grid(sheet)
    words = SCAN.get(sheet.dress.lang, SCAN["en"])
    code = pen.stacked([_square(sheet), pen.text(words, size=sheet.em(0.75))], "3pt")
    return pen.grid(["auto", "1fr"], [code, rows if rows != "none" else "[]"], column_gutter="12pt")


def stamp(sheet: Sheet) -> str:
    """A slanted word over the page: paid, copy."""
    words = {
        "nl": ("BETAALD", "KOPIE", "DUPLICAAT"),
        "fr": ("PAYÉ", "COPIE", "DUPLICATA"),
        "de": ("BEZAHLT", "KOPIE", "DUPLIKAT"),
    }.get(sheet.dress.lang, ("PAID", "COPY", "DUPLICATE"))
    word = words[0] if sheet.story.paid == sheet.story.gross else sheet.chance.pick(words[1:])
    shown = pen.text(word, size="34pt", weight='"bold"', fill='rgb("#c0392b").lighten(35%)')
    turn = sheet.chance.pick((-18, -12, 14))
    return (
        f"place(center + horizon, dy: {sheet.chance.whole(20, 60)}mm, rotate({turn}deg, {shown}))"
    )


def _square(sheet: Sheet) -> str:
    side, step = 17, 1.25
    dot = f"rect(width: {step}mm, height: {step}mm, fill: black)"
    dots = [
        f"place(dx: {x * step}mm, dy: {y * step}mm, {dot})"
        for y in range(side)
        for x in range(side)
        if sheet.chance.happens(0.45)
    ]
    return f"box(width: {side * step}mm, height: {side * step}mm, {{{'; '.join(dots)}}})"
