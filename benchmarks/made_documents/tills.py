"""What a till sold: a shop, what was bought, and how its receipts are written."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.dress import dress_for
from benchmarks.made_documents.facts import Story, VatRow, cents
from benchmarks.made_documents.ink import Ink
from benchmarks.made_documents.parties import company, tongue
from benchmarks.made_documents.selling import rate_of
from benchmarks.made_documents.sheet import Sheet, look_for
from benchmarks.made_documents.words import FOLDER, HELD_EVERY, LANGUAGES, Side, table

NAMES = {
    "grocery": ("Buurtwinkel", "Superette", "Markt", "Supermarkt", "Épicerie", "Frischmarkt"),
    "cafe": ("Café", "Brasserie", "Koffiebar", "Bistro", "Taverne"),
    "restaurant": ("Restaurant", "Brasserie", "Eethuis", "Auberge", "Trattoria", "Gasthof"),
    "fuel": ("Tankstation", "Station-service", "Oil", "Tankstelle", "Fuel"),
    "hardware": ("Doe-het-zelf", "Baumarkt", "Bricolage", "Hardware"),
    "pharmacy": ("Apotheek", "Pharmacie", "Apotheke", "Pharmacy"),
    "transport": ("Parking", "Rail", "Metro"),
}  # fmt: skip
MONO = {
    "Liberation Mono": 40,
    "DejaVu Sans Mono": 25,
    "Liberation Sans": 12,
    "Liberation Sans Narrow": 12,
    "DejaVu Sans": 6,
    "Inter": 5,
}
STYLES = ("plain", "times_before", "times_under", "columns", "no_quantity", "letters_after")


@dataclass
class Item:
    """One thing bought, prices with VAT."""

    name: str
    quantity: Decimal
    price: Decimal
    total: Decimal
    rate: Decimal
    category: str


@dataclass
class Till:
    """What one receipt is made of."""

    sheet: Sheet
    items: list[Item]
    total: Decimal
    rates: list[VatRow]
    tip: Decimal | None
    cash: bool
    given: Decimal
    side: Side
    style: str
    width: int

    @property
    def ink(self) -> Ink:
        """The ink of the sheet."""
        return self.sheet.ink

    def word(self, concept: str) -> str:
        """The wording on this receipt."""
        labels = self.sheet.dress.labels
        if concept not in labels:
            rows = table("receipts")
            words = rows.get(f"{self.sheet.dress.lang}.{concept}") or rows[f"en.{concept}"]
            if self.side is Side.BLIND:
                words = words[HELD_EVERY - 1 :: HELD_EVERY] or words
            elif self.side is Side.TRAIN:
                words = tuple(w for k, w in enumerate(words) if k % HELD_EVERY != HELD_EVERY - 1)
            labels[concept] = self.sheet.chance.earlier(words)
        return labels[concept]


def till_for(chance: Chance, *, country: str, lang: str, side: Side) -> Till:
    """Draw a shop and what one customer bought."""
    kind = chance.weighed(
        {
            "grocery": 30,
            "cafe": 12,
            "restaurant": 22,
            "fuel": 12,
            "hardware": 12,
            "pharmacy": 6,
            "transport": 6,
        }
    )
    shop = company(
        chance, country, tongue(country, lang), chance.pick(("food", "catering", "tools", "drinks"))
    )
    if chance.happens(0.6):
        family = shop.person.split()[-1]
        place = chance.pick((shop.city, family, "Centrum", "De Kroon", "Le Central"))
        sign = f"{chance.pick(NAMES[kind])} {place}"
        shop = replace(shop, brand=sign, name=sign if chance.happens(0.5) else shop.name)
    dress = dress_for(
        chance,
        country=country,
        lang=lang,
        side=side,
        currency={"GB": "GBP", "US": "USD", "CH": "CHF", "PL": "PLN"}.get(country, "EUR"),
    )
    dress.second = ""
    issue = date(2022, 1, 3) + timedelta(days=chance.whole(0, 1750))
    items = _bought(chance, kind, country, lang)
    total = sum((i.total for i in items), Decimal(0))
    story = Story(
        "receipt", shop, shop, "", issue, dress.currency, [], [], Decimal(0), Decimal(0), total
    )
    look = replace(
        look_for(chance), font=chance.weighed(MONO), size=chance.pick((7.0, 7.5, 8.0, 8.5, 9.0))
    )
    sheet = Sheet(story, dress, look, chance)
    tip = (
        cents(total * chance.pick((5, 8, 10)) / 100)
        if kind in ("restaurant", "cafe") and chance.happens(0.2)
        else None
    )
    cash = chance.happens(0.36)
    due = total + (tip or 0)
    note = chance.pick((5, 10, 20, 50))
    given = (due / note).to_integral_value("ROUND_CEILING") * note if cash else due
    styles = [
        s
        for k, s in enumerate(STYLES)
        if side is Side.ALL or (k % HELD_EVERY == HELD_EVERY - 1) == (side is Side.BLIND)
    ]
    return Till(
        sheet,
        items,
        total,
        _rates(items),
        tip,
        cash,
        given,
        side,
        chance.pick(styles),
        chance.pick((58, 72, 76, 80, 80)),
    )


def _bought(chance: Chance, kind: str, country: str, lang: str) -> list[Item]:
    at = LANGUAGES.index(lang)
    rows, section = [], ""
    for row in (FOLDER / "shop.txt").read_text(encoding="utf-8").splitlines():
        if row.startswith("@"):
            section = row[1:]
        elif section == kind and not row.startswith("#"):
            rows.append(row.split(";"))
    count = (
        chance.whole(1, 2) if kind in ("fuel", "transport") else chance.whole(1, min(9, len(rows)))
    )
    items = []
    for low, high, vat_class, names in chance.some(rows, count):
        words = [n.strip() for n in names.split(" | ")]
        rate, category = rate_of(country, vat_class, "S")
        price = chance.decimal(float(low), float(high), "0.01")
        if kind in ("cafe", "restaurant"):
            price = (price * 10).quantize(Decimal(1)) / 10
        quantity = Decimal(
            1 if kind in ("fuel", "transport") else chance.weighed({1: 68, 2: 20, 3: 8, 4: 4})
        )
        name = words[at] if at < len(words) else words[3]
        items.append(Item(name, quantity, price, cents(quantity * price), rate, category))
    return items


def _rates(items: list[Item]) -> list[VatRow]:
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    for item in items:
        sums[item.rate] += item.total
    rows = []
    for rate, gross in sorted(sums.items(), reverse=True):
        base = cents(gross / (1 + rate / 100))
        rows.append(VatRow(rate, "S", base, gross - base))
    return rows
