"""Parts of a page: how to pay, mentions, conditions and thanks."""

from decimal import Decimal

from benchmarks.made_documents import numbers, pen
from benchmarks.made_documents.facts import cents
from benchmarks.made_documents.parts_parties import bank_pairs, legal_texts
from benchmarks.made_documents.sheet import Sheet
from benchmarks.made_documents.words import wordings

# Names of laws: an issuer of another country does not cite them.
LAWS = {
    "BE": ("WBTW", "W.BTW", "Btw-Wetboek", "CTVA", "Code de la TVA", "KB nr", "AR n°"),
    "FR": ("CGI",),
    "DE": ("UStG",),
    "LU": ("MwStGB",),
}


def pay_rows(sheet: Sheet) -> str:
    """Label and value beneath each other: account, BIC, reference, due date."""
    return pen.lines(
        sheet.t(f"{label}{sheet.dress.colon} {value}") for label, value in pairs(sheet)
    )


def pay_grid(sheet: Sheet) -> str:
    """The same in two columns."""
    cells = []
    for label, value in pairs(sheet):
        cells += [sheet.label(label), sheet.t(value)]
    return (
        pen.grid(["auto", "auto"], cells, column_gutter="12pt", row_gutter="0.6em")
        if cells
        else "none"
    )


def pay_box(sheet: Sheet) -> str:
    """The same in a tinted box."""
    made = pay_grid(sheet)
    if made == "none":
        return made
    return pen.box(
        made, fill=sheet.look.tint, inset="8pt", radius=sheet.chance.pick(("0pt", "4pt"))
    )


def pay_sentence(sheet: Sheet) -> str:
    """A sentence that asks to pay."""
    story, dress = sheet.story, sheet.dress
    if (
        story.kind == "credit_note"
        or story.paid == story.gross
        or not story.seller.accounts
        or not story.reference
    ):
        return pay_rows(sheet)
    amount = sheet.money("", story.amount_due)
    values = {"amount": amount, "iban": sheet.iban(), "ref": sheet.reference()}
    if sheet.shows_due():
        values["due"] = sheet.due()
        shown = dress.phrase("pay_sentence", **values)
    else:
        shown = dress.phrase("pay_sentence_nodue", **values)
    rest = [sheet.t(f"{dress.tag('bic')} {sheet.bic()}")] if sheet.chance.happens(0.4) else []
    return pen.lines([sheet.t(shown), *rest])


def pay_slip(sheet: Sheet) -> str:
    """A transfer form at the foot of the page."""
    dress, story = sheet.dress, sheet.story
    if not story.seller.accounts or story.kind == "credit_note":
        return pay_rows(sheet)
    name = sheet.supplier_name()
    rows = [(dress.label("iban"), sheet.iban()), (dress.label("bic"), sheet.bic())]
    rows.append((dress.label("from"), name))
    if story.reference:
        rows.append((dress.label("pay_ref"), sheet.reference()))
    rows.append((dress.label("due_amount"), sheet.money("amount_due", story.amount_due)))
    if sheet.shows_due():
        rows.append((dress.label("due"), sheet.due()))
    cells = []
    for label, value in rows:
        cells.append(pen.lines([pen.text(label, size=sheet.em(0.75)), sheet.t(value)]))
    cells += ["[]"] * (len(cells) % 2)
    made = pen.table(["1fr", "1fr"], cells, stroke="0.5pt", inset="6pt")
    cut = 'line(length: 100%, stroke: (thickness: 0.5pt, dash: "dashed"))'
    return pen.stacked([cut, made], "8pt")


def pairs(sheet: Sheet) -> list[tuple[str, str]]:
    """Label and value of what is needed to pay, as far as this issuer prints it here."""
    story, dress, chance = sheet.story, sheet.dress, sheet.chance
    found: list[tuple[str, str]] = []
    credit = story.kind == "credit_note"
    if sheet.bank_in == "pay" and not credit:
        found += [(label.removesuffix(dress.colon), value) for label, value in bank_pairs(sheet)]
    if story.reference and (not credit or chance.happens(0.5)):
        found.append((dress.label("pay_ref"), sheet.reference()))
    if sheet.shows_due() and (not sheet.ink.has("due_date") or chance.happens(0.4)):
        found.append((dress.label("due"), sheet.due()))
    if sheet.shows_terms() and chance.happens(0.5):
        found.append((dress.label("terms"), sheet.terms()))
    return found


def notes(sheet: Sheet) -> str:
    """Mentions the law asks for, discounts, terms and polite words."""
    story, dress, chance = sheet.story, sheet.dress, sheet.chance
    rows = []
    if story.corrects:
        number, day = story.corrects
        rows.append(sheet.t(dress.phrase("corrects", number=number, date=dress.day(day))))
    mention = _mention(sheet)
    if mention:
        rows.append(sheet.t(mention))
    if story.early:
        rows.append(sheet.t(_early(sheet)))
    if sheet.shows_terms() and not any("terms" in key for key in dress.labels):
        rows.append(sheet.t(f"{dress.tag('terms')} {sheet.terms()}"))
    if story.paid_on and chance.happens(0.7):
        rows.append(sheet.t(dress.phrase("paid_sentence", date=dress.day(story.paid_on))))
    if dress.sign == "none" and chance.happens(0.55):
        rows.append(sheet.t(dress.phrase("currency_note", currency=story.currency)))
        sheet.ink.note("currency", story.currency, story.currency)
    asks = sheet.invoicing and story.kind == "invoice" and not story.reference
    if asks and chance.happens(0.25):
        rows.append(sheet.t(dress.phrase("pay_number")))
        sheet.ink.unasked.add("payment_reference")
    rows += [sheet.t(row) for row in _special_ways(sheet)]
    if story.seller.country == "NL" and story.seller.trade in ("building", "cleaning", "transport"):
        rows += _blocked_account(sheet)
    if chance.happens(0.35):
        rows.append(sheet.t(dress.phrase("thanks")))
    if chance.happens(0.4):
        minimum = sheet.dress.money(Decimal(chance.pick((40, 50, 65, 75, 100, 125))))
        late = dress.phrase(
            "late",
            rate=dress.amount(Decimal(chance.pick((8, 10, 12)))),
            min=minimum,
            city=story.seller.city,
        )
        rows.append(pen.text(late, size=sheet.em(0.8)))
    return "{" + "; parbreak(); ".join(rows) + "}" if rows else "none"


def last_resort(sheet: Sheet) -> str:
    """What every issuer must print and this layout had no room for."""
    rows = []
    if not sheet.ink.has("supplier_name"):
        rows.append(sheet.supplier_name())
    if not sheet.ink.has("supplier_vat"):
        rows += legal_texts(sheet)
    return pen.text("  ".join(rows), size=sheet.em(0.8)) if rows else "none"


def _mention(sheet: Sheet) -> str:
    story, dress = sheet.story, sheet.dress
    if story.regime in ("S", "tax", "none"):
        return ""
    concept = f"mention_{story.regime}"
    if story.regime == "small" and story.seller.country == "FR":
        concept = "mention_small_fr"
    words = wordings(dress.lang, concept, dress.side)
    foreign = [
        mark for land, marks in LAWS.items() if land != story.seller.country for mark in marks
    ]
    fitting = [w for w in words if not any(mark in w for mark in foreign)]
    return sheet.chance.earlier(fitting or words)


def _early(sheet: Sheet) -> str:
    story, dress = sheet.story, sheet.dress
    assert story.early is not None
    percent, days, until = story.early
    value: dict[str, str] = {"percent": f"{percent:f}"}
    shown = f"{percent.normalize():f}".replace(".", dress.decimal)
    if days:
        value["days"] = str(days)
        printed = dress.phrase("early", percent=shown, days=str(days))
    else:
        assert until is not None
        value["until"] = until.isoformat()
        printed = dress.phrase("early_until", percent=shown, until=dress.day(until))
    sheet.ink.note("early_payment_discount", value, printed)
    return printed


def _special_ways(sheet: Sheet) -> list[str]:
    """Direct debit from the buyer's account; a claim that was sold to a factor."""
    story, dress = sheet.story, sheet.dress
    rows = []
    if story.debit:
        account, mandate = story.debit
        day = sheet.due() if sheet.shows_due() else dress.day(story.issue)
        amount = dress.money(story.amount_due)
        values = {"amount": amount, "iban": dress.iban(account), "mandate": mandate, "day": day}
        rows.append(dress.phrase("debit", **values))
    if story.factor and story.kind == "invoice":
        name, account, bic = story.factor
        rows.append(dress.phrase("factor", name=name, iban=dress.iban(account), bic=bic))
        sheet.assigned = True
    return rows


def _blocked_account(sheet: Sheet) -> list[str]:
    """The Dutch G-rekening: a second account for the tax part."""
    if sheet.dress.lang != "nl" or sheet.chance.happens(0.5):
        return []
    number, _ = numbers.account(sheet.chance, "NL")
    percent = sheet.chance.pick((20, 25, 30, 40))
    part = sheet.dress.money(cents(sheet.story.gross * percent / 100))
    shown = f"Gelieve {percent}% ({part}) te storten op onze G-rekening {sheet.dress.iban(number)}"
    return [sheet.t(shown)]
