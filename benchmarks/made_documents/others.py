"""Papers that are no invoice: quotes, confirmations, delivery notes, reminders, terms, letters."""

from datetime import timedelta
from decimal import Decimal

from benchmarks.made_documents import paper, parts_meta, parts_parties, pen, story
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.dress import Dress, dress_for
from benchmarks.made_documents.ink import Ink
from benchmarks.made_documents.layouts import choose
from benchmarks.made_documents.paper import Paper
from benchmarks.made_documents.sheet import Sheet, look_for
from benchmarks.made_documents.words import HELD_EVERY, Side, table

SORTS = {
    "quote": 22,
    "order": 17,
    "delivery": 20,
    "proforma": 7,
    "reminder": 14,
    "terms": 12,
    "letter": 8,
}
LANGS = ("nl", "fr", "de", "en")
LIKE_INVOICES = ("quote", "order", "delivery", "proforma")


def other(chance: Chance, *, country: str, lang: str, side: Side) -> Paper:
    """One paper that is no invoice. The truth is its sort alone."""
    sort = chance.weighed(SORTS)
    lang = lang if lang in LANGS else "en"
    if sort == "terms":
        return terms(chance, country=country, lang=lang, side=side)
    if sort in LIKE_INVOICES:
        return _like_invoice(chance, sort, country, lang, side)
    sheet = _sheet(chance, country, lang, side)
    head = [parts_parties.logo(sheet), "v(4mm)", parts_parties.sender(sheet), "v(10mm)"]
    head += [parts_parties.buyer(sheet), "v(8mm)", parts_meta.place_date(sheet), "v(6mm)"]
    body = _reminder(sheet) if sort == "reminder" else _letter(sheet)
    source = paper.source_of(sheet, "none", [*head, *body], "none", "")
    return _finished(sheet, sort, source, sort)


def terms(chance: Chance, *, country: str, lang: str, side: Side) -> Paper:
    """A page of general terms, small print in one or two columns."""
    lang = lang if lang in LANGS else "en"
    sheet = _sheet(chance, country, lang, side)
    rows = table("terms")
    size = chance.pick(("6.5pt", "7.5pt", "8.5pt"))
    clauses = list(rows[f"{lang}.clauses"]) * chance.pick((1, 2))
    clauses = chance.some(clauses, chance.whole(6, len(clauses)))
    title = pen.text(chance.earlier(rows[f"{lang}.title"]), size=sheet.em(1.3), weight='"bold"')
    articles = [pen.text(f"{at + 1}. {clause}", size=size) for at, clause in enumerate(clauses)]
    columns = chance.pick((1, 2, 2))
    text = "; parbreak(); ".join(articles)
    body = [title, "v(4mm)", f"columns({columns}, {{{text}}})"]
    if chance.happens(0.5):
        body.insert(0, parts_parties.sender_line(sheet))
    source = paper.source_of(sheet, "none", body, "none", "")
    return _finished(sheet, "terms", source, "terms")


def _like_invoice(chance: Chance, sort: str, country: str, lang: str, side: Side) -> Paper:
    sheet = _sheet(chance, country, lang, side)
    _rename(sheet.dress, sort)
    layout = choose(chance, side)
    sheet.vat_in, sheet.bank_in, sheet.name_in = layout.vat_in, layout.bank_in, layout.name_in
    told = sheet.story
    told.reference, told.deposit, told.paid, told.paid_on, told.early = "", None, None, None, None
    sheet.priced, sheet.invoicing = sort != "delivery", False
    rows = layout.rows
    if sort == "delivery":
        rows = tuple(r for r in rows if not any(_about_money(part) for part in r))
        rows = tuple(("lines",) if r == ("prose",) else r for r in rows)
    body, aside = paper.body_of(sheet, layout, rows)
    foot = parts_parties.foot(sheet, layout.foot)
    source = paper.source_of(sheet, layout.side, body, foot, aside)
    return _finished(sheet, sort, source, layout.name)


def _about_money(part: str) -> bool:
    return part.startswith(("totals", "vat_", "pay_", "summary", "notes"))


def _rename(dress: Dress, sort: str) -> None:
    rows = table("others")
    for concept in ("title_invoice", "number", "date", "due"):
        words = rows[f"{dress.lang}.{sort}.{concept}"]
        if dress.side is Side.TRAIN:
            words = tuple(w for k, w in enumerate(words) if k % HELD_EVERY != HELD_EVERY - 1)
        dress.labels[concept] = dress.chance.earlier(words)
    word = dress.labels["title_invoice"]
    dress.labels["meta_sentence"] = f"{word} {{number}} - {{date}}"


def _reminder(sheet: Sheet) -> list[str]:
    rows, dress, chance = table("others"), sheet.dress, sheet.chance
    key = f"{dress.lang}.reminder"
    cells = [sheet.b(head) for head in rows[f"{key}.heads"][0].split(";")]
    total = Decimal(0)
    for _ in range(chance.whole(1, 7)):
        day = sheet.story.issue - timedelta(days=chance.whole(35, 200))
        amount = chance.decimal(40, 4000)
        total += amount
        number = story.code(chance, chance.pick(story.NUMBER_FORMS), day)
        due = day + timedelta(days=30)
        shown = (number, dress.day(day), dress.day(due), dress.amount(amount), dress.amount(amount))
        cells += [sheet.t(text) for text in shown]
    heading = pen.text(chance.earlier(rows[f"{key}.title"]), size=sheet.em(1.4), weight='"bold"')
    made = pen.table(["1fr"] * 5, cells, stroke="0.4pt + gray", inset="4pt")
    last = f"{chance.earlier(rows[f'{key}.sum'])}{dress.colon} {dress.money(total)}"
    account = (
        f"{dress.tag('iban')} {dress.iban(sheet.story.seller.iban)}"
        if sheet.story.seller.iban
        else ""
    )
    body = [heading, sheet.t(chance.pick(rows[f"{key}.body"])), made, sheet.b(last)]
    return [*body, sheet.t(account)] if account else body


def _letter(sheet: Sheet) -> list[str]:
    rows = sheet.chance.pick(table("others")[f"{sheet.dress.lang}.letter.body"]).split(";")
    return [sheet.t(row) for row in rows] + ["v(12mm)", sheet.t(sheet.story.seller.person)]


def _sheet(chance: Chance, country: str, lang: str, side: Side) -> Sheet:
    told = story.draw(chance, country=country, lang=lang)
    while told.kind != "invoice":
        told = story.draw(chance, country=country, lang=lang)
    dress = dress_for(chance, country=country, lang=lang, side=side, currency=told.currency)
    dress.second = ""
    return Sheet(told, dress, look_for(chance), chance)


def _finished(sheet: Sheet, sort: str, source: str, layout: str) -> Paper:
    sheet.ink = Ink()
    sheet.ink.note("document_type", "not_invoice", "")
    made = Paper(
        source, sheet.ink, "not_invoice", layout, sheet.dress.lang, sheet.dress.country, sheet
    )
    made.sort = sort
    return made
