"""Parts of a page: the title and the block of numbers and dates."""

from benchmarks.made_documents import pen
from benchmarks.made_documents.sheet import Sheet

Item = tuple[str, str]


def title(sheet: Sheet) -> str:
    """The title alone."""
    return _heading(sheet, sheet.title())


def title_right(sheet: Sheet) -> str:
    """The title at the right."""
    return pen.aligned(title(sheet), "right")


def title_centre(sheet: Sheet) -> str:
    """The title in the middle."""
    return pen.aligned(title(sheet), "center")


def title_band(sheet: Sheet) -> str:
    """The title in white on a coloured band."""
    shown = pen.text(sheet.title(), size=sheet.em(1.4), weight='"bold"', fill="white")
    return pen.box(shown, fill=sheet.look.accent, inset="6pt")


def title_number(sheet: Sheet) -> str:
    """Title and number in one line, as a heading."""
    word = sheet.title()
    between = sheet.chance.pick((" ", " nr. ", " ", " n° ", ": ", " # "))
    if sheet.dress.lang in ("fr", "it", "es", "pt") and "nr" in between:
        between = " n° "
    elif sheet.dress.lang in ("en", "pl") and "n" in between:
        between = " "
    elif sheet.dress.lang == "de":
        between = sheet.chance.pick((" ", " Nr. "))
    return _heading(sheet, f"{word}{between}{sheet.number()}")


def title_sentence(sheet: Sheet) -> str:
    """Title, number and date in one heading: "Factuur nr. 12 van 3 mei 2025"."""
    credit = sheet.story.kind == "credit_note"
    concept = "meta_sentence_credit" if credit else "meta_sentence"
    sheet.title_done = True
    shown = sheet.dress.phrase(concept, number=sheet.number(), date=sheet.issue())
    sheet.ink.note("document_type", sheet.story.kind, shown)
    return _heading(sheet, shown, 1.25)


def place_date(sheet: Sheet) -> str:
    """The place and the date, as at the head of a letter."""
    form = sheet.chance.pick(("d n y", sheet.dress.dates))
    if sheet.dress.lang == "de" and form == "d n y":
        form = "d. n y"
    city = sheet.story.seller.city
    return sheet.t(sheet.dress.phrase("place_date", city=city, date=sheet.issue(form)))


def items(sheet: Sheet) -> list[Item]:
    """Label and value of what the meta block has to show, in this issuer's order."""
    story, dress, chance, ink = sheet.story, sheet.dress, sheet.chance, sheet.ink
    first: list[Item] = []
    if not ink.has("invoice_number"):
        first.append((dress.label(sheet.number_concept()), sheet.number()))
    if not ink.has("issue_date"):
        first.append((dress.label("date"), sheet.issue()))
    rest: list[Item] = []
    if sheet.shows_due():
        rest.append((dress.label("due"), sheet.due()))
    if story.delivery:
        shown = ink.note("delivery_date", story.delivery, dress.day(story.delivery))
        rest.append((dress.label("delivery_date"), shown))
    if story.period:
        rest.append((dress.label("period"), _period(sheet)))
    if story.order_ref:
        shown = ink.note("order_reference", story.order_ref, story.order_ref)
        rest.append((dress.label("order_ref"), shown))
    for concept, value in story.decoys.items():
        rest.append((dress.label(concept), value))
    if sheet.shows_terms() and chance.happens(0.6):
        rest.append((dress.label("terms"), sheet.terms()))
    if not ink.has("buyer_vat") and story.buyer.vat and chance.happens(0.55):
        rest.append((dress.label("customer_vat"), sheet.buyer_vat()))
    if sheet.vat_in == "meta" and story.seller.vat:
        rest.append((dress.label("vat_no"), sheet.supplier_vat()))
    if chance.happens(0.3):
        rest = chance.some(rest, len(rest))
    if chance.happens(0.16):
        first.reverse()
    if chance.happens(0.1):
        return rest[:1] + first + rest[1:]
    return first + rest


def meta_rows(sheet: Sheet) -> str:
    """One line each: label, colon, value."""
    colon = sheet.dress.colon or " "
    return pen.lines(
        pen.beside([sheet.label(f"{label}{colon}"), sheet.t(f" {value}")])
        for label, value in items(sheet)
    )


def meta_rows_right(sheet: Sheet) -> str:
    """The same at the right."""
    return pen.aligned(meta_rows(sheet), "right")


def meta_grid(sheet: Sheet) -> str:
    """Two columns: labels, values."""
    cells = []
    for label, value in items(sheet):
        cells += [sheet.label(label + sheet.dress.colon), sheet.t(value)]
    gap = sheet.chance.pick(("8pt", "14pt", "22pt"))
    return pen.grid(["auto", "auto"], cells, column_gutter=gap, row_gutter=_gutter(sheet))


def meta_grid_right(sheet: Sheet) -> str:
    """Two columns at the right, values at the right edge."""
    cells = []
    for label, value in items(sheet):
        cells += [sheet.label(label + sheet.dress.colon), pen.aligned(sheet.t(value), "right")]
    gap = sheet.chance.pick(("10pt", "18pt"))
    made = pen.grid(["auto", "auto"], cells, column_gutter=gap, row_gutter=_gutter(sheet))
    return pen.aligned(f"box({made})", "right")


def meta_header_row(sheet: Sheet) -> str:
    """A row of labels with the values beneath, over the whole width; the surplus as lines."""
    pairs = items(sheet)
    row, rest = pairs[:6], pairs[6:]
    head = [sheet.label(label) for label, _ in row]
    body = [sheet.t(value) for _, value in row]
    under = "(x, y) => if y == 0 { (bottom: 0.5pt) } else { none }"
    stroke = sheet.chance.pick(("none", "0.5pt + gray", under))
    fill = ""
    if sheet.chance.happens(0.5):
        fill = f"(x, y) => if y == 0 {{ {sheet.look.tint} }} else {{ none }}"
    made = pen.table(["auto"] * len(row), head + body, stroke=stroke, fill=fill, inset="4pt")
    made = made.replace(
        "columns: (" + "auto, " * (len(row) - 1), "columns: (" + "1fr, " * (len(row) - 1), 1
    )
    more = pen.lines(sheet.t(f"{label}{sheet.dress.colon} {value}") for label, value in rest)
    return pen.stacked([made, more], "5pt")


def meta_boxes(sheet: Sheet) -> str:
    """Framed cells, label small above its value, two or three in a row."""
    pairs = items(sheet)
    across = 2 if sheet.narrow else sheet.chance.pick((2, 3, 4))
    cells = [
        pen.lines([pen.text(label, size=sheet.em(0.75), fill="luma(90)"), sheet.t(value)])
        for label, value in pairs
    ]
    cells += ["[]"] * (-len(cells) % across)
    return pen.table(["1fr"] * across, cells, stroke="0.5pt + gray", inset="5pt")


def meta_under(sheet: Sheet) -> str:
    """Labels with their values beneath, beside each other, without frames."""
    pairs = items(sheet)
    across = min(2 if sheet.narrow else 4, len(pairs))
    cells = [pen.lines([sheet.label(label), sheet.t(value)]) for label, value in pairs]
    return pen.grid(["1fr"] * across, cells, column_gutter="8pt", row_gutter="8pt")


def meta_stack(sheet: Sheet) -> str:
    """Label above value, all beneath each other: for a narrow column."""
    rows = [pen.lines([sheet.label(label), sheet.t(value)]) for label, value in items(sheet)]
    return pen.stacked(rows, "6pt")


def meta_inline(sheet: Sheet) -> str:
    """All in one running line."""
    mark = sheet.chance.pick(("    ", "  |  ", "  -  "))
    colon = sheet.dress.colon or " "
    pieces: list[str] = []
    for label, value in items(sheet):
        pair = pen.beside([sheet.label(f"{label}{colon}"), sheet.t(f" {value}")])
        pieces += [sheet.t(mark), pair] if pieces else [pair]
    return pen.beside(pieces)


def meta_two(sheet: Sheet) -> str:
    """Two columns of label and value beside each other."""
    pairs = items(sheet)
    cells = []
    for label, value in pairs:
        cells += [sheet.label(label + sheet.dress.colon), sheet.t(value)]
    cells += ["[]", "[]"] if len(pairs) % 2 else []
    return pen.grid(
        ["auto", "1fr", "auto", "1fr"], cells, column_gutter="10pt", row_gutter=_gutter(sheet)
    )


def _period(sheet: Sheet) -> str:
    assert sheet.story.period is not None
    first, last = sheet.story.period
    day = sheet.dress.day
    words = {
        "nl": (" t.e.m. ", " tot ", " - ", " t/m "),
        "fr": (" au ", " au ", " - "),
        "de": (" - ", " bis "),
        "en": (" - ", " to "),
    }
    between = sheet.chance.pick(words.get(sheet.dress.lang, (" - ",)))
    shown_first = sheet.ink.note("period_start", first, day(first))
    shown_last = sheet.ink.note("period_end", last, day(last))
    return f"{shown_first}{between}{shown_last}"


def _heading(sheet: Sheet, words: str, factor: float = 0) -> str:
    factor = factor or sheet.chance.pick((1.2, 1.5, 1.8, 2.2))
    colour = sheet.look.accent if sheet.chance.happens(0.4) else ""
    weight = '"bold"' if sheet.chance.happens(0.75) else ""
    return pen.text(words, size=sheet.em(factor), weight=weight, fill=colour)


def _gutter(sheet: Sheet) -> str:
    return f"{sheet.look.leading + 0.15:.2f}em"
