"""Parts of a page: who sells (logo, letterhead, small print) and who buys."""

from benchmarks.made_documents import pen
from benchmarks.made_documents.numbers import BANK_NAMES
from benchmarks.made_documents.sheet import Sheet


def logo(sheet: Sheet) -> str:
    """The name as a sign: brand or full name in large letters."""
    look, seller = sheet.look, sheet.story.seller
    full = sheet.name_in == "logo"
    name = sheet.supplier_name() if full else sheet.supplier_brand()
    shown = name.upper() if look.logo == "caps" else name
    if shown != name:
        sheet.ink.printed["supplier_name"].remove(name)
        sheet.ink.note("supplier_name", name, shown)
    size = sheet.em(2.4 if len(shown) < 16 else 1.7 if len(shown) < 28 else 1.35)
    colour = look.accent if look.logo in ("accent", "mark") else ""
    sign = pen.text(shown, size=size, weight='"bold"', fill=colour, font=pen.string(look.logo_font))
    if look.logo == "mark":
        mark = f"box(baseline: 15%, circle(radius: {sheet.em(0.9)}, fill: {look.accent}))"
        if seller.trade in ("it", "telecom", "energy", "print"):
            size = sheet.em(1.5)
            square = f"rect(width: {size}, height: {size}, fill: {look.accent})"
            mark = f"box(baseline: 15%, {square})"
        return pen.beside([mark, "h(6pt)", sign])
    return sign


def identity(sheet: Sheet, *, name: bool = True) -> list[str]:
    """Lines of the seller's details, for a head or a sidebar."""
    seller, dress, chance = sheet.story.seller, sheet.dress, sheet.chance
    rows = []
    if name or not sheet.ink.has("supplier_name"):
        rows.append(sheet.b(sheet.supplier_name()))
    rows += [sheet.t(row) for row in sheet.address(seller, "supplier")]
    rows += contact_rows(sheet)
    if sheet.vat_in == "head":
        rows += legal_rows(sheet)
    if sheet.bank_in == "head":
        rows += bank_rows(sheet)
    if chance.happens(0.1) and seller.country in ("FR", "BE", "LU"):
        rows.append(sheet.t(_capital(sheet)))
    _ = dress
    return rows


def contact_rows(sheet: Sheet) -> list[str]:
    """Phone, fax, e-mail and site, some of them."""
    seller, dress, chance = sheet.story.seller, sheet.dress, sheet.chance
    rows = []
    if chance.happens(0.7):
        rows.append(sheet.t(f"{dress.tag('phone')} {seller.phone}"))
    if chance.happens(0.2):
        rows.append(sheet.t(f"{dress.tag('fax')} {seller.fax}"))
    if chance.happens(0.65):
        rows.append(
            sheet.t(f"{dress.tag('email')} {seller.email}" if chance.happens(0.4) else seller.email)
        )
    if chance.happens(0.4):
        rows.append(sheet.t(seller.web))
    return rows


def legal_rows(sheet: Sheet) -> list[str]:
    """VAT number, register and enterprise number, as the country has them."""
    return [sheet.t(row) for row in legal_texts(sheet)]


def legal_texts(sheet: Sheet) -> list[str]:
    """The same as plain texts."""
    seller, dress, chance = sheet.story.seller, sheet.dress, sheet.chance
    rows = []
    bare = not seller.vat or (sheet.story.regime == "small" and seller.country in ("FR", "DE"))
    if not bare:
        rows.append(f"{dress.tag('vat_no')} {sheet.supplier_vat()}")
    if seller.country == "BE":
        if chance.happens(0.32):
            register = _belgian_register(sheet)
            rows = (
                [f"{rows[0]} - {register}"] if rows and chance.happens(0.3) else [*rows, register]
            )
    elif seller.enterprise and chance.happens(0.6):
        sheet.ink.note("supplier_enterprise_number", seller.enterprise, seller.register)
        rows.append(seller.register)
    return rows


def bank_rows(sheet: Sheet) -> list[str]:
    """Bank accounts with BIC, in one of the usual arrangements."""
    return [sheet.t(row) for row in bank_texts(sheet)]


def bank_texts(sheet: Sheet) -> list[str]:
    """The same as plain texts."""
    return [f"{label} {value}" for label, value in bank_pairs(sheet)]


def bank_pairs(sheet: Sheet) -> list[tuple[str, str]]:
    """Label and number of each account, with its BIC beside or beneath."""
    seller, dress, chance = sheet.story.seller, sheet.dress, sheet.chance
    with_bic, joined = chance.happens(0.62), chance.happens(0.4)
    named = chance.happens(0.25)
    pairs = []
    for at, (_, bic) in enumerate(seller.accounts):
        label = BANK_NAMES[bic] + dress.colon if named and bic in BANK_NAMES else dress.tag("iban")
        value = sheet.iban(at)
        if with_bic and joined:
            value += f" {chance.pick(('-', '/', '|', '–'))} {dress.tag('bic')} {sheet.bic(at)}"
        pairs.append((label, value))
        if with_bic and not joined:
            pairs.append((dress.tag("bic"), sheet.bic(at)))
    return pairs


def sender(sheet: Sheet) -> str:
    """The seller's details beneath each other."""
    return pen.lines(identity(sheet, name=sheet.name_in != "logo"))


def sender_right(sheet: Sheet) -> str:
    """The same, at the right."""
    return pen.aligned(sender(sheet), "right")


def sender_centre(sheet: Sheet) -> str:
    """The same in one or two centred lines."""
    rows = [p for p in identity(sheet, name=sheet.name_in != "logo") if p != "none"]
    half = (len(rows) + 1) // 2
    mark = sheet.t(sheet.chance.pick((" - ", " | ", " • ", "   ")))
    joined = []
    for group in (rows[:half], rows[half:]):
        pieces: list[str] = []
        for row in group:
            pieces += [mark, row] if pieces else [row]
        joined.append(pen.beside(pieces))
    return pen.aligned(pen.lines(joined), "center")


def sender_line(sheet: Sheet) -> str:
    """The return line above the window of an envelope."""
    seller = sheet.story.seller
    address = sheet.address(seller, "supplier")
    mark = sheet.chance.pick((" - ", " · ", ", ", " | "))
    line = mark.join([sheet.supplier_name(), *address])
    shown = pen.text(line, size=sheet.em(0.72))
    return f"underline(offset: 2pt, {shown})" if sheet.chance.happens(0.6) else shown


def sender_labelled(sheet: Sheet) -> str:
    """The seller under a label such as "From"."""
    return pen.lines([sheet.label(sheet.dress.tag("from")), *identity(sheet)])


def letterhead(sheet: Sheet) -> str:
    """A coloured band with the name and a line of details."""
    name = sheet.supplier_name()
    head = pen.text(name, size=sheet.em(1.7), weight='"bold"', fill="white")
    address = " - ".join(sheet.address(sheet.story.seller, "supplier"))
    small = pen.text(address, size=sheet.em(0.85), fill="white")
    rows = [head, small]
    if sheet.vat_in == "head":
        rows.append(pen.text("  ".join(legal_texts(sheet)), size=sheet.em(0.85), fill="white"))
    if sheet.bank_in == "head":
        rows.append(pen.text("  ".join(bank_texts(sheet)), size=sheet.em(0.85), fill="white"))
    return pen.box(pen.lines(rows), fill=sheet.look.accent, inset="10pt")


def buyer(sheet: Sheet) -> str:
    """The buyer's name and address, without any label."""
    return pen.lines(_buyer_rows(sheet))


def buyer_labelled(sheet: Sheet) -> str:
    """The buyer under a label."""
    return pen.lines([sheet.label(sheet.dress.tag("bill_to")), *_buyer_rows(sheet)])


def buyer_box(sheet: Sheet) -> str:
    """The buyer in a frame."""
    inner = buyer_labelled(sheet) if sheet.chance.happens(0.4) else buyer(sheet)
    return pen.box(
        inner, stroke="0.6pt + gray", inset="8pt", radius=sheet.chance.pick(("0pt", "4pt"))
    )


def buyer_window(sheet: Sheet) -> str:
    """The return line and the buyer beneath it, as for a window envelope."""
    return pen.stacked([sender_line(sheet), buyer(sheet)], "7pt")


def ship_to(sheet: Sheet) -> str:
    """A second address: where it was delivered."""
    from benchmarks.made_documents.parties import buyer as other

    buyer_party = sheet.story.buyer
    site = other(sheet.chance, buyer_party.country, buyer_party.lang)
    name = buyer_party.name if sheet.chance.happens(0.7) else site.name
    if name == buyer_party.name:
        sheet.ink.note("buyer_name", name, name)
    rows = [
        sheet.label(sheet.dress.tag("ship_to")),
        sheet.t(name),
        sheet.t(site.street),
        sheet.t(site.post_line),
    ]
    return pen.lines(rows)


def foot(sheet: Sheet, kind: str) -> str:
    """The small print at the bottom of every page."""
    small = sheet.em(0.78)
    if kind == "columns":
        seller = sheet.story.seller
        first = [sheet.supplier_name(), *sheet.address(seller, "supplier")]
        second = [seller.phone, seller.email, seller.web]
        third = (legal_texts(sheet) if sheet.vat_in == "foot" else []) or [
            sheet.story.seller.person
        ]
        fourth = bank_texts(sheet) if sheet.bank_in == "foot" else []
        groups = [g for g in (first, second, third, fourth) if g]
        cells = [pen.lines(pen.text(x, size=small) for x in group) for group in groups]
        return pen.grid(["1fr"] * len(cells), cells, column_gutter="6pt")
    texts = _foot_texts(sheet) if kind != "none" else []
    if not texts:
        return "none"
    mark = sheet.chance.pick((" - ", " | ", " • ", "   ", ", "))
    where = "left" if kind == "left" else "center"
    body = f"align({where}, {pen.text(mark.join(texts), size=small, fill='luma(70)')})"
    return pen.lines([pen.rule("luma(150)", "0.4pt"), body]) if kind == "ruled" else body


def _foot_texts(sheet: Sheet) -> list[str]:
    texts = []
    if sheet.vat_in == "foot" or sheet.bank_in == "foot" or sheet.name_in == "foot":
        texts.append(sheet.supplier_name())
        texts += (
            sheet.address(sheet.story.seller, "supplier")
            if not sheet.ink.has("supplier_address")
            else []
        )
    if sheet.vat_in == "foot":
        texts += legal_texts(sheet)
    if sheet.bank_in == "foot":
        texts += bank_texts(sheet)
    if texts and sheet.chance.happens(0.3):
        texts.append(sheet.story.seller.web)
    return texts


def _buyer_rows(sheet: Sheet) -> list[str]:
    party, chance = sheet.story.buyer, sheet.chance
    name = sheet.ink.note("buyer_name", party.name, party.name)
    rows = [sheet.b(name) if chance.happens(0.4) else sheet.t(name)]
    if chance.happens(0.16) and party.person != party.name:
        before = chance.pick(
            {
                "nl": ("T.a.v. ", "t.a.v. "),
                "fr": ("À l'attention de ", "M. "),
                "de": ("z. Hd. ", "Herrn "),
            }.get(sheet.dress.lang, ("Attn. ", "c/o "))
        )
        rows.append(sheet.t(before + party.person))
    rows += [sheet.t(row) for row in sheet.address(party, "buyer")]
    if party.vat and chance.happens(0.5):
        label = sheet.dress.tag("vat_no" if chance.happens(0.7) else "customer_vat")
        gap = "v(2pt)" if chance.happens(0.3) else ""
        rows += [
            f"{{{gap}; {sheet.t(f'{label} {sheet.buyer_vat()}')}}}"
            if gap
            else sheet.t(f"{label} {sheet.buyer_vat()}")
        ]
    return rows


def _belgian_register(sheet: Sheet) -> str:
    seller, dress = sheet.story.seller, sheet.dress
    number = dress.enterprise_number(seller.enterprise)
    sheet.ink.note("supplier_enterprise_number", seller.enterprise, number)
    if sheet.chance.happens(0.5):
        return f"{dress.phrase('register', city=seller.register)} {number}"
    return f"{dress.tag('enterprise_no')} {number}"


def _capital(sheet: Sheet) -> str:
    amount = sheet.chance.pick((6200, 18550, 18600, 61500, 7500, 10000, 50000, 124000))
    from decimal import Decimal

    shown = sheet.dress.amount(Decimal(amount)) + " EUR"
    return sheet.dress.phrase("share_capital", amount=shown)
