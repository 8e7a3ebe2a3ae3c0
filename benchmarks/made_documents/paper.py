"""Puts a story on paper: parts by layout, then one Typst source."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.made_documents import (
    parts_lines,
    parts_meta,
    parts_more,
    parts_parties,
    parts_pay,
    parts_totals,
    pen,
    story,
)
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.dress import dress_for
from benchmarks.made_documents.ink import Ink
from benchmarks.made_documents.layouts import Layout, choose
from benchmarks.made_documents.sheet import Sheet, look_for
from benchmarks.made_documents.words import Side

PAGES = "PAGES_IN_ALL"


@dataclass
class Paper:
    """A paper ready to be typeset: its Typst source and what it shows."""

    source: str
    ink: Ink
    kind: str
    layout: str
    lang: str
    country: str
    sheet: Sheet


def _own(name: str) -> Callable[[Sheet], str]:
    rooms = (parts_parties, parts_meta, parts_lines, parts_totals, parts_pay, parts_more)
    for room in rooms:
        if hasattr(room, name):
            part: Callable[[Sheet], str] = getattr(room, name)
            return part
    return _SIMPLE[name]


_SIMPLE: dict[str, Callable[[Sheet], str]] = {
    "gap": lambda sheet: f"v({sheet.chance.pick((4, 6, 8, 10, 12))}mm, weak: false)",
    "rule": lambda sheet: pen.rule(sheet.chance.pick(("gray", "black", sheet.look.accent))),
    "empty": lambda _: "[]",
    "push": lambda _: "v(1fr)",
    "page_break": lambda _: "pagebreak()",
    "logo_right": lambda sheet: pen.aligned(parts_parties.logo(sheet), "right"),
    "logo_centre": lambda sheet: pen.aligned(parts_parties.logo(sheet), "center"),
}


def invoice(
    chance: Chance, *, country: str, lang: str, side: Side, buyer_country: str = ""
) -> Paper:
    """One invoice or credit note."""
    told = story.draw(chance, country=country, lang=lang, buyer_country=buyer_country)
    dress = dress_for(chance, country=country, lang=lang, side=side, currency=told.currency)
    layout = choose(chance, side)
    sheet = Sheet(told, dress, look_for(chance), chance)
    sheet.may_break = not layout.side
    sheet.vat_in, sheet.bank_in, sheet.name_in = layout.vat_in, layout.bank_in, layout.name_in
    if layout.name_in == "logo" and chance.happens(0.25):
        sheet.name_in = "details"
    body = [_row(sheet, row) for row in layout.rows]
    aside = _aside(sheet, layout.side)
    if not sheet.ink.has("invoice_number") or not sheet.ink.has("issue_date"):
        body.insert(len(body) // 3, parts_meta.meta_rows(sheet))
    if (told.paid == told.gross and chance.happens(0.3)) or chance.happens(0.02):
        body.append(parts_more.stamp(sheet))
    foot = parts_parties.foot(sheet, layout.foot)
    body.append(parts_pay.last_resort(sheet))
    source = _source(sheet, layout, body, foot, aside)
    return Paper(source, sheet.ink, told.kind, layout.name, lang, country, sheet)


def _row(sheet: Sheet, row: tuple[str, ...]) -> str:
    sheet.narrow = len(row) > 1
    parts = [_own(name)(sheet) for name in row]
    if len(parts) == 1:
        return parts[0]
    if "empty" not in row and sheet.chance.happens(0.1):
        parts.reverse()
    return pen.grid(["1fr"] * len(parts), parts, column_gutter="8mm")


def _aside(sheet: Sheet, side: str) -> str:
    if not side:
        return ""
    rows = parts_parties.identity(sheet)
    if side == "meta":
        below = [parts_meta.meta_stack(sheet), parts_pay.pay_rows(sheet)]
        return pen.stacked([pen.lines(rows), *below], "9mm")
    return pen.lines(rows)


def _source(sheet: Sheet, layout: Layout, body: list[str], foot: str, aside: str) -> str:
    look, chance = sheet.look, sheet.chance
    shown = [_set(part) for part in body if part != "none"]
    numbered = chance.happens(0.55)
    page = pen.text("x", size=sheet.em(0.8)) if not numbered else _page_number(sheet)
    footer = pen.stacked([foot, page if numbered else "none"], "5pt")
    content = "; ".join(shown)
    if aside:
        order = (f"{{{content}}}", aside) if layout.side == "right" else (aside, f"{{{content}}}")
        sizes = "(1fr, 38mm)" if layout.side == "right" else "(38mm, 1fr)"
        content = f"grid(columns: {sizes}, column-gutter: 8mm, {', '.join(order)})"
    return "\n".join([
        f'#set page(paper: "{"us-letter" if sheet.story.seller.country == "US" else "a4"}", margin: (x: {chance.pick((14, 18, 20, 22, 25))}mm, top: {chance.pick((12, 16, 20))}mm, bottom: 24mm), footer-descent: 20%, footer: {footer if footer != "none" else "none"})',
        f"#set text(font: ({pen.string(look.font)}, \"Liberation Sans\", \"DejaVu Sans\"), size: {look.size}pt, lang: \"{sheet.dress.lang}\", hyphenate: false)",
        f"#set par(leading: {look.leading}em, justify: false)",
        f"#{{{content}}}",
    ])  # fmt: skip


def _set(part: str) -> str:
    """A part as a block; what may break over pages stays bare."""
    if part.startswith(("v(", "pagebreak")) or "pagebreak()" in part:
        return part
    return f"block(width: 100%, spacing: 0.9em, {part})"


def _page_number(sheet: Sheet) -> str:
    form = sheet.dress.label("page")
    small = sheet.em(0.8)
    before, _, rest = form.partition("{n}")
    between, has_total, after = rest.partition("{t}")
    pieces = [
        pen.text(before, size=small),
        "counter(page).display()",
        pen.text(between, size=small),
    ]
    if has_total:
        pieces += [PAGES, pen.text(after, size=small)]
    where = sheet.chance.pick(("right", "center", "left"))
    return f"context align({where}, text(size: {small}, {pen.beside(pieces)}))"
