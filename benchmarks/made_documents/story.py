"""Draws a story: who sold what to whom, with totals that add up."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from benchmarks.made_documents import numbers, selling
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.facts import Story, cents
from benchmarks.made_documents.parties import OWN_LANGUAGE, Party, buyer, company, tongue
from benchmarks.made_documents.words import table

# country and language of the issuer: how likely
ISSUERS = {
    ("BE", "nl"): 33,
    ("BE", "fr"): 24,
    ("BE", "de"): 3,
    ("BE", "en"): 2.5,
    ("NL", "nl"): 7,
    ("FR", "fr"): 6.5,
    ("DE", "de"): 6.5,
    ("LU", "fr"): 2,
    ("LU", "de"): 0.7,
    ("GB", "en"): 3,
    ("IE", "en"): 1.5,
    ("US", "en"): 3,
    ("IT", "it"): 1.6,
    ("ES", "es"): 1.6,
    ("PT", "pt"): 1.2,
    ("PL", "pl"): 1.2,
    ("AT", "de"): 0.8,
    ("CH", "de"): 0.7,
    ("CH", "fr"): 0.7,
    ("NL", "en"): 1,
    ("DE", "en"): 1,
    ("FR", "en"): 0.7,
}
CURRENCIES = {"GB": "GBP", "US": "USD", "CH": "CHF", "PL": "PLN"}
NUMBER_FORMS = (
    "{y}/{4}",
    "{y}-{4}",
    "{y}{4}",
    "F{y}-{3}",
    "VF{yy}/{5}",
    "{yy}{5}",
    "{3}",
    "INV-{5}",
    "{yy}.{4}",
    "FA{yy}{mm}-{4}",
    "V1/{y}/{4}",
    "7{7}",
    "FAC/{y}/{5}",
    "RE-{y}-{4}",
    "{4}",
    "A-{4}",
    "{yy}-{4}",
    "F{yy}{5}",
    "VKF{yy}{4}",
    "{y}.{5}",
    "{9}",
    "CF{6}",
    "{y} / {3}",
    "SI-{6}",
    "{5}/{yy}",
    "{6}",
    "{y}{mm}{3}",
    "N°{y}-{3}",
    "FV {3}/{mm}/{y}",
    "{10}",
    "IN{yy}-{5}",
    "{yy}VF{5}",
    "D{y}{5}",
    "{3}/{y}",
)
REFERENCE_FORMS = (
    "PO{6}", "45{8}", "{5}", "BC-{y}-{3}", "{given}", "PO-{4}", "{y}/{4}", "BB{5}", "{given} / {4}",
    "Project {4}", "mail {given}", "{yy}-{3}-A", "ORD{7}", "INK-{y}{4}", "CMD{6}",
)  # fmt: skip


def draw(chance: Chance, *, country: str, lang: str, seller: Party | None = None) -> Story:
    """One invoice or credit note by an issuer of this country."""
    trades = SOUTHERN_TRADES if lang in ("it", "es", "pt", "pl") else _TRADES
    seller = seller or company(chance, country, tongue(country, lang), chance.pick(trades))
    client = _client(chance, country, lang)
    currency = CURRENCIES.get(country, "EUR")
    if country in CURRENCIES and client.country == "BE" and chance.happens(0.35):
        currency = "EUR"
    issue = date(2022, 1, 3) + timedelta(days=chance.whole(0, 1750))
    kind = "credit_note" if chance.happens(0.11) else "invoice"
    regime = _regime(chance, seller, client)
    story = selling.sale(chance, seller=seller, client=client, lang=lang, regime=regime)
    story.kind, story.issue, story.currency = kind, issue, currency
    story.number = code(chance, chance.pick(NUMBER_FORMS), issue)
    if kind == "credit_note":
        if chance.happens(0.4):
            story.number = chance.pick(("CN", "CN-", "NC", "C", "")) + story.number
        earlier = issue - timedelta(days=chance.whole(3, 90))
        story.corrects = (code(chance, chance.pick(NUMBER_FORMS), earlier), earlier)
    _dates(chance, story)
    _move_days(story)
    _references(chance, story)
    _settlement(chance, story)
    if kind == "credit_note" and chance.happens(0.45):
        _turn_negative(story)
    return story


# Trades whose goods have names in Italian, Spanish, Portuguese and Polish.
SOUTHERN_TRADES = selling.SOUTHERN_TRADES
_TRADES = tuple(t for t in table("firms") if t != "brand")


def _client(chance: Chance, country: str, lang: str) -> Party:
    wanted = "BE" if country == "BE" or chance.happens(0.72) else country
    if country == "BE" and chance.happens(0.05):
        wanted = chance.pick(("NL", "FR", "DE", "LU"))
    choices = {"BE": ("nl", "fr"), "LU": ("fr", "de"), "CH": ("de", "fr")}
    spoken = OWN_LANGUAGE.get(wanted, "en")
    if wanted in choices:
        kept = lang in choices[wanted] and chance.happens(0.85)
        spoken = lang if kept else chance.pick(choices[wanted])
    return buyer(chance, wanted, spoken)


def code(chance: Chance, form: str, day: date) -> str:
    """A document number or reference after a form."""
    given = chance.pick(table("people")["given_nl"])
    out, rest = "", form
    while "{" in rest:
        before, rest = rest.split("{", 1)
        name, rest = rest.split("}", 1)
        fixed = {
            "y": f"{day.year}",
            "yy": f"{day.year % 100:02d}",
            "mm": f"{day.month:02d}",
            "given": given,
        }
        out += before + (fixed[name] if name in fixed else _serial(chance, int(name)))
    return out + rest


def _serial(chance: Chance, width: int) -> str:
    top = 10 ** min(width, 4) - 1
    number = chance.whole(1, top)
    return f"{number:0{width}d}" if width > 4 or chance.happens(0.7) else str(number)


def _regime(chance: Chance, seller: Party, client: Party) -> str:
    if seller.country == "US":
        return "tax" if client.country == "US" and chance.happens(0.6) else "none"
    if seller.country in ("GB", "CH") and client.country != seller.country:
        return "G" if chance.happens(0.7) else "S"
    if client.country != seller.country:
        return chance.weighed({"AE": 45, "K": 30, "S": 25})
    if seller.country in ("BE", "LU"):
        builds = seller.trade in ("building", "plumbing", "electric", "garden", "cleaning")
        if builds and chance.happens(0.3):
            return "AE"
    if seller.trade in ("training", "rent"):
        return "E" if chance.happens(0.85) else "S"
    lone = seller.name == seller.person
    if seller.country in ("BE", "FR", "DE") and chance.happens(0.3 if lone else 0.012):
        return "small"
    return "S"


def _dates(chance: Chance, story: Story) -> None:
    story.days = chance.weighed(
        {30: 45, 14: 16, 8: 6, 15: 7, 60: 5, 21: 4, 7: 4, 10: 3, 45: 4, 0: 6}
    )
    story.end_of_month = story.days in (30, 45, 60) and chance.happens(0.14)
    due = story.issue + timedelta(days=story.days)
    if story.end_of_month:
        due = due.replace(day=monthrange(due.year, due.month)[1])
    story.due = due
    story.due_shown = chance.weighed({"date": 58, "terms": 18, "both": 16, "none": 8})
    if story.kind == "credit_note" and chance.happens(0.6):
        story.due_shown = "none"
    if chance.happens(0.24):
        story.delivery = story.issue - timedelta(days=chance.whole(0, 12))
    if chance.happens(0.2) or story.seller.trade in ("energy", "telecom", "rent", "cleaning"):
        last = story.issue.replace(day=1) - timedelta(days=1)
        months = chance.weighed({1: 70, 3: 20, 12: 10})
        first = last.replace(day=1)
        for _ in range(months - 1):
            first = (first - timedelta(days=1)).replace(day=1)
        story.period = (first, last)
        if story.seller.trade in ("telecom", "rent") and chance.happens(0.4):
            first = story.issue.replace(day=1)
            story.period = (first, first.replace(day=monthrange(first.year, first.month)[1]))


def _move_days(story: Story) -> None:
    """The days of the lines lie in the weeks before the document."""
    days = [line.day for line in story.lines if line.day]
    if days:
        moved = story.issue - days[-1] - timedelta(days=2)
        for line in story.lines:
            line.day = line.day + moved if line.day else None


def _references(chance: Chance, story: Story) -> None:
    if chance.happens(0.36):
        story.order_ref = code(chance, chance.pick(REFERENCE_FORMS), story.issue)
    shares = {
        "customer_no": 0.5,
        "our_ref": 0.17,
        "delivery_note": 0.12,
        "contract": 0.06,
        "contact": 0.14,
        "project": 0.12,
    }
    for concept, share in shares.items():
        if chance.happens(share):
            story.decoys[concept] = _decoy(chance, story, concept)
    belgian = story.seller.country == "BE"
    kinds = (
        {"ogm": 52, "number": 15, "pair": 8, "none": 25}
        if belgian
        else {"number": 27, "pair": 6, "rf": 7, "none": 60}
    )
    if story.kind == "credit_note":
        kinds = {"none": 88, "ogm": 12 if belgian else 0}
    kind = chance.weighed(kinds)
    customer = story.decoys.get("customer_no", chance.digits(5))
    if kind == "ogm":
        digits = numbers.structured(chance)
        body = f"{digits[:3]}/{digits[3:7]}/{digits[7:]}"
        story.reference = f"+++{body}+++"
        mark = chance.weighed({"+++": 78, "***": 17, "": 5})
        gap = " " if mark and chance.happens(0.12) else ""
        story.reference_printed = f"{mark}{gap}{body}{gap}{mark}"
    elif kind == "rf":
        story.reference = numbers.creditor_reference(chance)
        groups = [story.reference[k : k + 4] for k in range(0, len(story.reference), 4)]
        story.reference_printed = chance.pick((" ", "")).join(groups)
    elif kind != "none":
        story.reference = story.number if kind == "number" else f"{customer}/{story.number}"
        story.reference_printed = story.reference


def _decoy(chance: Chance, story: Story, concept: str) -> str:
    if concept == "contact":
        people = table("people")
        return f"{chance.pick(people['given_nl'])} {chance.pick(people['family_nl'])}"
    if concept == "project":
        return chance.pick(
            (
                f"{story.buyer.brand} - {story.buyer.city}",
                f"{story.buyer.street}, {story.buyer.city}",
                f"{story.issue.year}-{chance.digits(3)}",
            )
        )
    forms = {
        "customer_no": ("{5}", "{6}", "C{5}", "{4}", "K{4}", "41{4}", "CL{4}", "{3}", "D-{5}"),
        "our_ref": ("{y}/{4}", "SO{6}", "{6}", "D{yy}-{3}", "VO{yy}{5}"),
        "delivery_note": ("{6}", "LB{5}", "BL {5}", "{y}{4}"),
        "contract": ("{9}", "CTR-{y}-{3}", "{8}", "AB{6}"),
    }
    return code(chance, chance.pick(forms[concept]), story.issue)


def _settlement(chance: Chance, story: Story) -> None:
    if story.kind == "credit_note" or story.gross < 20:
        return
    if chance.happens(0.07):
        story.deposit = cents(story.gross * chance.pick((20, 25, 30, 50)) / 100)
    elif chance.happens(0.06):
        story.paid = (
            story.gross if chance.happens(0.5) else cents(story.gross * chance.whole(10, 80) / 100)
        )
        story.paid_on = story.issue - timedelta(days=chance.whole(0, 9))
    elif chance.happens(0.015) and story.gross % Decimal("0.05"):
        fifth = (story.gross / Decimal("0.05")).quantize(Decimal(1)) * Decimal("0.05")
        story.rounding = fifth - story.gross
    if story.seller.trade in ("energy", "telecom", "cleaning") and chance.happens(0.12):
        story.balance = chance.decimal(8, 240)
    debited = chance.happens(0.09 if story.period else 0.015)
    if debited and story.buyer.accounts and not story.paid:
        mandate = code(chance, chance.pick(("{9}", "M{8}", "MND-{6}")), story.issue)
        story.debit = (story.buyer.iban, mandate)
    elif story.seller.country == "BE" and chance.happens(0.018):
        factor = chance.pick(
            ("Belgo Factors NV", "Factoring Nord SA", "Kredimo Commercial Finance NV")
        )
        story.factor = (factor, *numbers.account(chance, "BE"))
    if chance.happens(0.012):
        # A page that does not add up: programs round, people type.
        story.gross += chance.pick(
            (Decimal("0.01"), Decimal("-0.01"), Decimal("1.00"), Decimal("9.00"))
        )
        story.adds_up = False
    early = story.days in (30, 45, 60, 14) and not story.paid
    if early and chance.happens(0.09):
        percent, days = (
            chance.pick((Decimal(2), Decimal(3), Decimal(1), Decimal("1.5"), Decimal("2.5"))),
            chance.pick((8, 10, 7, 14)),
        )
        until = story.issue + timedelta(days=days)
        story.early = (percent, None, until) if chance.happens(0.3) else (percent, days, None)
    if story.currency != "EUR" and chance.happens(0.2):
        rate = {"GBP": "1.17", "USD": "0.92", "CHF": "1.04", "PLN": "0.23"}[story.currency]
        story.other_currency = ("EUR", cents(story.gross * Decimal(rate)))


def _turn_negative(story: Story) -> None:
    for line in story.lines:
        line.quantity = -line.quantity if line.quantity is not None else None
        line.net, line.gross = -line.net, -line.gross
    story.vat_rows = [type(r)(r.rate, r.category, -r.base, -r.amount) for r in story.vat_rows]
    story.net, story.vat, story.gross = -story.net, -story.vat, -story.gross
    story.goods_net = -story.goods_net
    if story.discount:
        story.discount = (story.discount[0], -story.discount[1])
    if story.shipping:
        story.shipping = -story.shipping
