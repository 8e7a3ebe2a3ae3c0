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
from benchmarks.made_documents.dress import STRUCTURED, dress_for
from benchmarks.made_documents.ink import Ink
from benchmarks.made_documents.layouts import Layout, choose
from benchmarks.made_documents.sheet import Sheet, look_for
from benchmarks.made_documents.words import Side

PAGES = "PAGES_IN_ALL"
Rows = tuple[tuple[str, ...], ...]


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
    plan: Layout | None = None
    sort: str = ""


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
    chance: Chance, *, country: str, lang: str, side: Side, like: Paper | None = None
) -> Paper:
    """One invoice or credit note; like another one where both come from the same issuer."""
    seller = like.sheet.story.seller if like else None
    told = story.draw(chance, country=country, lang=lang, seller=seller)
    if like:
        dress, look, layout = like.sheet.dress, like.sheet.look, like.plan
        told.currency = dress.currency
    else:
        dress = dress_for(chance, country=country, lang=lang, side=side, currency=told.currency)
        look, layout = look_for(chance), choose(chance, side)
    if not told.reference.startswith("+"):
        dress.avoid = (*dress.avoid, *STRUCTURED)
    assert layout is not None
    sheet = Sheet(told, dress, look, chance)
    sheet.vat_in, sheet.bank_in, sheet.name_in = layout.vat_in, layout.bank_in, layout.name_in
    if like:
        sheet.name_in = like.sheet.name_in
    elif layout.name_in == "logo" and chance.happens(0.25):
        sheet.name_in = "details"
    body, aside = body_of(sheet, layout, layout.rows)
    if (told.paid == told.gross and chance.happens(0.3)) or chance.happens(0.02):
        body.append(parts_more.stamp(sheet))
    foot = parts_parties.foot(sheet, layout.foot)
    body.append(parts_pay.last_resort(sheet))
    source = source_of(sheet, layout.side, body, foot, aside)
    return Paper(source, sheet.ink, told.kind, layout.name, lang, country, sheet, plan=layout)


def body_of(sheet: Sheet, layout: Layout, rows: Rows) -> tuple[list[str], str]:
    """The parts of the page in order, and the column at the side (empty where there is none)."""
    sheet.may_break = not layout.side
    body = [_row(sheet, row) for row in rows]
    aside = _aside(sheet, layout.side)
    if not sheet.ink.has("invoice_number") or not sheet.ink.has("issue_date"):
        body.insert(len(body) // 3, parts_meta.meta_rows(sheet))
    if not sheet.title_done and sheet.story.kind == "credit_note":
        body.insert(1, parts_meta.title(sheet))
    # A page without a title that asks for money is an invoice.
    sheet.ink.note("document_type", sheet.story.kind, "")
    return body, aside


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


def source_of(sheet: Sheet, side: str, body: list[str], foot: str, aside: str) -> str:
    """The Typst source of a page: its parts, the small print and the column at the side."""
    sheet.settle()
    look, chance = sheet.look, sheet.chance
    shown = [_set(part) for part in body if part != "none"]
    numbered = chance.happens(0.55)
    page = pen.text("x", size=sheet.em(0.8)) if not numbered else _page_number(sheet)
    footer = pen.stacked([foot, page if numbered else "none"], "5pt")
    content = "; ".join(shown)
    if aside:
        order = (f"{{{content}}}", aside) if side == "right" else (aside, f"{{{content}}}")
        sizes = "(1fr, 38mm)" if side == "right" else "(38mm, 1fr)"
        content = f"grid(columns: {sizes}, column-gutter: 8mm, {', '.join(order)})"
    size = "us-letter" if sheet.story.seller.country == "US" else "a4"
    sides, top = chance.pick((14, 18, 20, 22, 25)), chance.pick((12, 16, 20))
    margin = f"(x: {sides}mm, top: {top}mm, bottom: 24mm)"
    fonts = f'({pen.string(look.font)}, "Liberation Sans", "DejaVu Sans")'
    manner = f'lang: "{sheet.dress.lang}", hyphenate: false'
    header = _page_header(sheet) if chance.happens(0.45) else "none"
    return "\n".join(
        (
            f'#set page(paper: "{size}", margin: {margin}, footer-descent: 20%, '
            f"header: {header}, footer: {footer})",
            f"#set text(font: {fonts}, size: {look.size}pt, {manner})",
            f"#set par(leading: {look.leading}em, justify: false)",
            f"#{{{content}}}",
        )
    )


def _set(part: str) -> str:
    """A part as a block; what may break over pages stays bare."""
    if part.startswith(("v(", "pagebreak")) or "pagebreak()" in part:
        return part
    return f"block(width: 100%, spacing: 0.9em, {part})"


def _page_header(sheet: Sheet) -> str:
    """What later pages repeat: name, number, date."""
    told, dress = sheet.story, sheet.dress
    shown = [told.seller.brand, f"{dress.tag(sheet.number_concept())} {told.number}"]
    if sheet.chance.happens(0.5):
        shown.append(dress.day(told.issue))
    line = pen.text("   ".join(shown), size=sheet.em(0.8))
    return f"context if counter(page).get().first() > 1 {{ {line} }}"


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
