"""The lines of a sale and their sums: Σ lines = net, net × rate = VAT, net + VAT = gross."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.facts import Line, Story, VatRow, cents
from benchmarks.made_documents.parties import Party
from benchmarks.made_documents.words import Good, goods, table

# standard, reduced, middle (where there is one) of a country
RATES = {
    "BE": ("21", "6", "12"),
    "NL": ("21", "9", "9"),
    "FR": ("20", "5.5", "10"),
    "DE": ("19", "7", "7"),
    "LU": ("17", "3", "8"),
    "GB": ("20", "5", "20"),
    "IE": ("23", "13.5", "9"),
    "IT": ("22", "10", "4"),
    "ES": ("21", "10", "4"),
    "PT": ("23", "6", "13"),
    "PL": ("23", "8", "5"),
    "AT": ("20", "10", "13"),
    "CH": ("8.1", "2.6", "3.8"),
    "US": ("8.25", "8.25", "8.25"),
}
SOUTHERN_TRADES = ("office", "it", "food", "transport", "tools", "consulting")
WHOLE_UNITS = {
    "piece",
    "box",
    "pack",
    "crate",
    "keg",
    "bottle",
    "set",
    "pallet",
    "parcel",
    "bucket",
    "person",
    "user",
    "month",
    "year",
}


def sale(chance: Chance, *, seller: Party, client: Party, lang: str, regime: str) -> Story:
    """A sale with its lines and totals; kind, dates and numbers come later."""
    count = chance.weighed(
        {1: 17, 2: 16, 3: 14, 4: 12, 5: 9, 6: 7, 8: 7, 11: 6, 15: 4, 22: 4, 34: 2.5, 52: 1.5}
    )
    count += chance.whole(0, count // 6)
    incl = regime == "S" and chance.happens(0.1)
    story = Story(
        "invoice",
        seller,
        client,
        "",
        date.min,
        "EUR",
        [],
        [],
        Decimal(0),
        Decimal(0),
        Decimal(0),
        incl=incl,
        regime=regime,
    )
    wanted = _wanted(chance, seller.trade, count, lang)
    mixed = chance.happens(0.3)
    priced = not (count <= 2 and chance.happens(0.25))
    discounts = chance.happens(0.16)
    details = chance.happens(0.3)
    for good in wanted:
        story.lines.append(_line(chance, story, good, lang, mixed, priced, discounts, details))
    if seller.trade in (
        "consulting",
        "it",
        "transport",
        "cars",
        "cleaning",
        "catering",
    ) and chance.happens(0.3):
        _days(chance, story.lines)
    if chance.happens(0.07):
        chance.pick(story.lines).remark = _detail(chance, lang)
    if count > 2 and chance.happens(0.03):
        story.lines[-1].price = story.lines[-1].price and Decimal("0.00")
        story.lines[-1].price_incl = story.lines[-1].price
        story.lines[-1].net = story.lines[-1].gross = Decimal("0.00")
    if count >= 4 and chance.happens(0.22):
        _sections(chance, story.lines, lang)
    if not incl and chance.happens(0.07) and regime in ("S", "AE"):
        _lower(chance, story)
    elif not incl and chance.happens(0.1) and regime == "S":
        story.shipping = chance.decimal(4, 60, "0.05") if seller.trade != "rent" else None
    add_up(story)
    return story


def add_up(story: Story) -> None:
    """Work out the VAT rows and totals from the lines."""
    bases: dict[tuple[Decimal, str], Decimal] = defaultdict(Decimal)
    for line in story.lines:
        bases[line.rate, line.category] += line.gross if story.incl else line.net
    story.goods_net = sum((line.net for line in story.lines), Decimal(0))
    main = max(bases, key=lambda key: bases[key])
    if story.discount:
        bases[main] -= story.discount[1]
    if story.shipping:
        bases[main] += story.shipping
    rows = []
    for (rate, category), base in sorted(bases.items(), reverse=True):
        if story.incl:
            net = cents(base / (1 + rate / 100))
            rows.append(VatRow(rate, category, net, base - net))
        else:
            rows.append(VatRow(rate, category, cents(base), cents(base * rate / 100)))
    story.vat_rows = rows
    story.net = sum((r.base for r in rows), Decimal(0))
    story.vat = sum((r.amount for r in rows), Decimal(0))
    story.gross = story.net + story.vat


def rate_of(country: str, vat_class: str, regime: str) -> tuple[Decimal, str]:
    """The VAT rate and category of something sold under this regime."""
    if regime in ("AE", "K", "E", "G"):
        return Decimal(0), regime
    if regime in ("small", "none"):
        return Decimal(0), "E" if regime == "small" else "O"
    if vat_class == "z":
        return Decimal(0), "Z"
    if vat_class == "e":
        vat_class = "s"
    standard, reduced, middle = RATES[country]
    chosen = {"s": standard, "r": reduced, "m": middle}[vat_class]
    return Decimal(chosen), "S"


def _wanted(chance: Chance, trade: str, count: int, lang: str) -> list[Good]:
    own = list(goods()[trade])
    wanted = chance.some(own, count)
    others = SOUTHERN_TRADES if lang in ("it", "es", "pt", "pl") else tuple(goods())
    while len(wanted) < count:
        stock = own if chance.happens(0.7) else list(goods()[chance.pick(others)])
        wanted.append(chance.pick(stock))
    return wanted


def _line(
    chance: Chance,
    story: Story,
    good: Good,
    lang: str,
    mixed: bool,
    priced: bool,
    discounts: bool,
    details: bool,
) -> Line:
    vat_class = good.vat_class
    if (
        vat_class in "rm"
        and not mixed
        and good.trade in ("building", "plumbing", "electric", "garden")
    ):
        vat_class = "s"
    rate, category = rate_of(story.seller.country, vat_class, story.regime)
    fine = good.high < 1
    price = chance.decimal(good.low, good.high, "0.0001" if fine else "0.01")
    if good.low >= 20 and chance.happens(0.5):
        price = price.quantize(Decimal(1)).quantize(Decimal("0.01"))
    quantity = _quantity(chance, good)
    discount = (
        Decimal(chance.pick((5, 10, 15, 20, 25, 30))) if discounts and chance.happens(0.5) else None
    )
    factor = (100 - (discount or 0)) / Decimal(100)
    total = cents(quantity * price * factor)
    net, gross = total, cents(total * (1 + rate / 100))
    price_incl = cents(price * (1 + rate / 100)) if not fine else None
    if story.incl:
        net, gross = cents(total / (1 + rate / 100)), total
        price_incl = price
    text = good.name(lang).format(
        n=chance.digits(5), city=story.seller.city, city2=story.buyer.city
    )
    lump = good.unit == "lump"
    shown = priced and not (lump and chance.happens(0.35))
    return Line(
        description=text,
        detail=_detail(chance, lang) if details and chance.happens(0.45) else "",
        code=_code(chance),
        quantity=quantity if shown else None,
        unit=good.unit,
        price=price if shown else None,
        price_incl=price_incl if shown else None,
        discount=discount,
        rate=rate,
        category=category,
        net=net,
        gross=gross,
    )


def _quantity(chance: Chance, good: Good) -> Decimal:
    if good.unit == "lump":
        return Decimal(1)
    if good.high < 1:
        return Decimal(
            chance.pick((100, 250, 500, 1000, 1200, 2500, 5000))
            if good.unit == "piece"
            else chance.whole(40, 4800)
        )
    if good.unit in WHOLE_UNITS:
        return Decimal(chance.weighed({1: 40, 2: 20, 3: 8, 4: 8, 5: 6, 6: 6, 10: 6, 12: 4, 24: 2}))
    if good.unit == "hour":
        return chance.decimal(1, 40, "0.25" if chance.happens(0.3) else "0.5")
    return chance.decimal(1, 60, "0.01" if chance.happens(0.3) else "1") or Decimal(1)


def _code(chance: Chance) -> str:
    form = chance.pick(
        ("999999", "AA999", "AAA-9999", "99999", "9999.99", "A9999", "AA-99-99", "5499999999999")
    )
    return chance.number(form)


def _detail(chance: Chance, lang: str) -> str:
    form = chance.pick(_remarks(lang, "details"))
    person = chance.pick(("Tom", "Nicolas", "J. Maes", "Eva"))
    day = f"{chance.whole(1, 28):02d}/{chance.whole(1, 12):02d}"
    return form.format(n=chance.digits(5), p=person, d=day)


def _days(chance: Chance, lines: list[Line]) -> None:
    day = date(chance.whole(2022, 2026), chance.whole(1, 11), chance.whole(1, 12))
    for line in lines:
        line.day = day
        day += timedelta(days=chance.whole(0, 3))


def _remarks(lang: str, kind: str) -> tuple[str, ...]:
    rows = table("remarks")
    return rows.get(f"{lang}.{kind}") or rows[f"en.{kind}"]


def _sections(chance: Chance, lines: list[Line], lang: str) -> None:
    headings = chance.some(_remarks(lang, "sections"), 3)
    at = [0, *sorted(chance.some(range(2, len(lines) - 1), chance.whole(1, 2)))]
    for place, heading in zip(at, headings, strict=False):
        day = f"{chance.whole(1, 28):02d}/{chance.whole(1, 12):02d}"
        lines[place].section = heading.format(n=chance.digits(5), d=day)


def _lower(chance: Chance, story: Story) -> None:
    if len({(line.rate, line.category) for line in story.lines}) > 1:
        return
    percent = Decimal(chance.pick((2, 3, 5, 10)))
    goods_net = sum((line.net for line in story.lines), Decimal(0))
    story.discount = (percent, cents(goods_net * percent / 100))
