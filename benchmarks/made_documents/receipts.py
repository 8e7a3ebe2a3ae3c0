"""Receipts of tills: narrow paper, VAT by letter, card or cash."""

from decimal import Decimal

from benchmarks.made_documents import pen
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.paper import Paper
from benchmarks.made_documents.tills import Till, till_for
from benchmarks.made_documents.words import Side


def receipt(chance: Chance, *, country: str, lang: str, side: Side) -> Paper:
    """One receipt."""
    till = till_for(chance, country=country, lang=lang, side=side)
    parts = [*_head(till), _rule(till), *_items(till), _rule(till), *_totals(till)]
    parts += _vat(till) + _payment(till) + _tail(till)
    source = _source(till, [p for p in parts if p != "none"])
    layout = f"till-{till.style}-{'mono' if 'Mono' in till.sheet.look.font else 'sans'}"
    till.ink.unasked |= {
        "buyer_name",
        "buyer_vat",
        "order_reference",
        "invoice_number",
        "delivery_date",
        "period_start",
        "period_end",
        "early_payment_discount",
    }
    return Paper(source, till.ink, "receipt", layout, lang, country, till.sheet)


def _head(till: Till) -> list[str]:
    sheet, chance, shop = till.sheet, till.sheet.chance, till.sheet.story.seller
    rows = [
        _centre(
            pen.text(
                sheet.supplier_brand(), size=sheet.em(chance.pick((1.2, 1.5, 1.8))), weight='"bold"'
            )
        )
    ]
    if shop.brand != shop.name and chance.happens(0.6):
        rows.append(_centre(sheet.t(sheet.supplier_name())))
    rows += [_centre(sheet.t(row)) for row in sheet.address(shop, "supplier")]
    if chance.happens(0.6):
        rows.append(_centre(sheet.t(f"{sheet.dress.tag('phone')} {shop.phone}")))
    if shop.vat and chance.happens(0.75):
        rows.append(_centre(sheet.t(f"{sheet.dress.tag('vat_no')} {sheet.supplier_vat()}")))
    if chance.happens(0.45):
        title = sheet.ink.note("document_type", "receipt", till.word("title"))
        rows.append(_centre(sheet.b(title)))
    sheet.ink.note("document_type", "receipt", "")
    clock = f"{chance.whole(8, 21):02d}:{chance.whole(0, 59):02d}"
    label = f"{till.word('date')}: " if chance.happens(0.4) else ""
    day = f"{label}{sheet.issue()}"
    number = f"{till.word('ticket')} {chance.digits(chance.whole(3, 6))}"
    rows.append(
        _pair(sheet.t(f"{day} {clock}"), sheet.t(number))
        if chance.happens(0.5)
        else sheet.t(f"{day}  {clock}")
    )
    if chance.happens(0.4):
        rows.append(
            sheet.t(f"{till.word('cashier')}: {chance.pick(('Sofie', 'Kassa 2', '014', 'Marc'))}")
        )
    return rows


def _items(till: Till) -> list[str]:
    sheet, dress = till.sheet, till.sheet.dress
    letters = {row.rate: "ABCD"[k] for k, row in enumerate(till.rates)}
    rows = []
    for item in till.items:
        amount, price, count = (
            dress.amount(item.total),
            dress.amount(item.price),
            f"{item.quantity:f}",
        )
        many = item.quantity != 1
        shown_quantity, shown_price = True, True
        if till.style == "times_before":
            rows.append(_pair(sheet.t(f"{count} x {item.name}"), sheet.t(amount)))
            shown_price = False
        elif till.style == "times_under":
            rows.append(_pair(sheet.t(item.name), sheet.t(amount)))
            if many:
                rows.append(sheet.t(f"   {count} x {price}"))
            shown_quantity = shown_price = many
        elif till.style == "columns":
            rows.append(
                pen.grid(
                    ["16pt", "1fr", "auto", "auto"],
                    [sheet.t(count), sheet.t(item.name), sheet.t(price), sheet.t(amount)],
                    column_gutter="6pt",
                )
            )
        elif till.style == "no_quantity":
            rows.append(_pair(sheet.t(item.name), sheet.t(amount)))
            shown_quantity = shown_price = False
        elif till.style == "letters_after":
            front = f"{count} {item.name}"
            rows.append(_pair(sheet.t(front), sheet.t(f"{amount} {letters[item.rate]}")))
            shown_price = False
        else:
            front = f"{count}x {price} " if many else ""
            rows.append(_pair(sheet.t(f"{front}{item.name}"), sheet.t(amount)))
            shown_quantity = shown_price = many
        sheet.ink.lines.append(
            {
                "description": item.name,
                "quantity": count if shown_quantity else None,
                "unit": None,
                "unit_price": f"{item.price:f}" if shown_price else None,
                "discount": None,
                "vat_rate": None,
                "net_amount": f"{item.total:f}",
            }
        )
    return rows


def _totals(till: Till) -> list[str]:
    sheet, chance = till.sheet, till.sheet.chance
    rows = []
    if chance.happens(0.3):
        rows.append(_pair(sheet.t(till.word("subtotal")), sheet.t(sheet.dress.amount(till.total))))
    if chance.happens(0.2):
        count = sum((i.quantity for i in till.items), Decimal(0))
        rows.append(sheet.t(f"{till.word('count')}: {count:f}"))
    size = sheet.em(chance.pick((1.0, 1.25, 1.6)))
    amount = sheet.money("gross_amount", till.total)
    rows.append(
        _pair(
            pen.text(till.word("total"), size=size, weight='"bold"'),
            pen.text(amount, size=size, weight='"bold"'),
        )
    )
    if till.tip:
        tip = sheet.ink.note("tip", till.tip, sheet.dress.money(till.tip))
        rows.append(_pair(sheet.t(till.word("tip")), sheet.t(tip)))
        whole = till.total + till.tip
        rows.append(_pair(sheet.b(till.word("total")), sheet.b(sheet.dress.money(whole))))
        sheet.ink.values["gross_amount"] = [f"{till.total:f}", f"{whole:f}"]
    return rows


def _vat(till: Till) -> list[str]:
    sheet, dress, chance = till.sheet, till.sheet.dress, till.sheet.chance
    form = chance.weighed({"table": 45, "rows": 25, "sum": 12, "none": 18})
    if form == "none":
        return []
    if form == "sum":
        total = sum((r.amount for r in till.rates), Decimal(0))
        return [_pair(sheet.t(till.word("vat")), sheet.t(sheet.money("vat_amount", total)))]
    for row in till.rates:
        sheet.ink.vat_rows.append(
            {
                "rate": f"{row.rate.normalize():f}",
                "base": f"{row.base:f}" if form == "table" else None,
                "amount": f"{row.amount:f}",
                "category": row.category,
            }
        )
    if form == "rows":
        return [
            _pair(
                sheet.t(f"{till.word('vat')} {dress.rate(r.rate)}"), sheet.t(dress.amount(r.amount))
            )
            for r in till.rates
        ]
    cells = [
        sheet.t(x) if x else "[]"
        for x in ("", till.word("vat"), till.word("base"), till.word("vat"), till.word("incl"))
    ]
    for at, row in enumerate(till.rates):
        shown = (
            "ABCD"[at],
            dress.rate(row.rate),
            dress.amount(row.base),
            dress.amount(row.amount),
            dress.amount(row.base + row.amount),
        )
        cells += [sheet.t(x) for x in shown]
    return [_rule(till), pen.grid(["1fr"] * 5, cells, align="right", row_gutter="4pt")]


def _payment(till: Till) -> list[str]:
    sheet, dress, chance = till.sheet, till.sheet.dress, till.sheet.chance
    if chance.happens(0.12):
        return []
    rows = [_rule(till)]
    method = "cash" if till.cash else "card"
    label = sheet.ink.note("payment_method", method, till.word(method))
    rows.append(_pair(sheet.t(label), sheet.t(dress.money(till.given))))
    due = till.total + (till.tip or 0)
    if till.cash:
        rows.append(_pair(sheet.t(till.word("change")), sheet.t(dress.money(till.given - due))))
    elif chance.happens(0.5):
        rows.append(sheet.t(f"XXXX XXXX XXXX {chance.digits(4)}"))
        rows.append(sheet.t(f"AID A000000004{chance.digits(4)}  AUTH {chance.digits(6)}"))
        rows.append(sheet.t(f"TERMINAL {chance.digits(8)}"))
    return rows


def _tail(till: Till) -> list[str]:
    sheet, chance = till.sheet, till.sheet.chance
    rows = ["v(3mm)", _centre(sheet.t(till.word("thanks")))] if chance.happens(0.8) else []
    if sheet.story.seller.country == "BE" and chance.happens(0.3):
        rows.append(
            _centre(
                pen.text(
                    f"VSC {chance.digits(12)}  {chance.digits(6)}/{chance.digits(6)} NS",
                    size=sheet.em(0.85),
                )
            )
        )
    if chance.happens(0.3):
        rows.append(_centre(sheet.t(sheet.story.seller.web)))
    return rows


def _pair(left: str, right: str) -> str:
    return pen.grid(["1fr", "auto"], [left, pen.fixed(right)], column_gutter="5pt")


def _centre(part: str) -> str:
    return pen.aligned(part, "center")


def _rule(till: Till) -> str:
    mark = till.sheet.dress.labels.setdefault(
        "rule", till.sheet.chance.pick(("-", "=", "line", "*", ""))
    )
    if mark == "line":
        return pen.rule()
    if not mark:
        return "v(4pt)"
    width = int(till.width * 1.25)
    return f"block(width: 100%, height: 6pt, clip: true, {pen.text(mark * width)})"


def _source(till: Till, parts: list[str]) -> str:
    look = till.sheet.look
    fonts = f'({pen.string(look.font)}, "Liberation Mono", "DejaVu Sans Mono")'
    body = "; ".join(
        p if p.startswith("v(") else f"block(width: 100%, spacing: 0.62em, {p})" for p in parts
    )
    return "\n".join(
        [
            f"#set page(width: {till.width}mm, height: auto, margin: (x: 4mm, y: 6mm))",
            f"#set text(font: {fonts}, size: {look.size}pt, hyphenate: false)",
            "#set par(leading: 0.5em)",
            f"#{{{body}}}",
        ]
    )
