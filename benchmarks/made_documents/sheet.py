"""One paper being written: its story, its dress, its look, and the ink that notes the truth."""

from dataclasses import dataclass
from decimal import Decimal

from benchmarks.made_documents import pen
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.dress import Dress
from benchmarks.made_documents.facts import Story
from benchmarks.made_documents.ink import Ink
from benchmarks.made_documents.parties import Party, country_name

FONTS = {
    "Liberation Sans": 30,
    "Liberation Serif": 10,
    "DejaVu Sans": 8,
    "Inter": 12,
    "Liberation Sans Narrow": 6,
    "Libertinus Serif": 6,
    "DejaVu Serif": 4,
    "New Computer Modern": 5,
    "Liberation Mono": 4,
    "DejaVu Sans Mono": 3,
    "Roboto": 8,
    "Source Sans Pro": 6,
    "Hanken Grotesk": 4,
    "Manrope": 3,
    "Caladea": 5,
}
COLOURS = (
    "#1f4e79",
    "#c0392b",
    "#2e7d32",
    "#00838f",
    "#6a1b9a",
    "#e67e22",
    "#34495e",
    "#8d6e63",
    "#b71c1c",
    "#000000",
    "#444444",
    "#0d47a1",
)


@dataclass(frozen=True)
class Look:
    """Letters, sizes and colours of one issuer."""

    font: str
    logo_font: str
    size: float
    accent: str
    tint: str
    leading: float
    bold_labels: bool
    table: str
    logo: str


def look_for(chance: Chance) -> Look:
    """Draw a look."""
    font = chance.weighed(FONTS)
    accent = chance.pick(COLOURS)
    return Look(
        font=font,
        logo_font=chance.weighed(FONTS) if chance.happens(0.5) else font,
        size=chance.weighed({7.5: 6, 8: 14, 8.5: 16, 9: 26, 9.5: 14, 10: 16, 11: 5})
        - (0.8 if "Mono" in font or font == "DejaVu Sans" else 0),
        accent=f'rgb("{accent}")',
        tint=f'rgb("{accent}").lighten({chance.pick((80, 86, 92))}%)',
        leading=chance.pick((0.42, 0.5, 0.55, 0.62, 0.72)),
        bold_labels=chance.happens(0.4),
        table=chance.weighed(
            {"rule": 26, "hair": 18, "grid": 15, "filled": 18, "zebra": 10, "columns": 8, "bare": 5}
        ),
        logo=chance.weighed({"plain": 40, "caps": 20, "accent": 25, "mark": 15}),
    )


class Sheet:
    """What the parts write on."""

    def __init__(self, story: Story, dress: Dress, look: Look, chance: Chance) -> None:
        self.story = story
        self.dress = dress
        self.look = look
        self.chance = chance
        self.ink = Ink()
        self.vat_in = "head"
        self.bank_in = "pay"
        self.name_in = "logo"
        self.title_done = False
        self.may_break = True
        self.narrow = False
        self.priced = True
        self.invoicing = True
        self.assigned = False

    # Plain writing

    def t(self, value: str, **manner: str) -> str:
        """Text in the body's manner."""
        return pen.text(value, **manner)

    def b(self, value: str, **manner: str) -> str:
        """Bold text."""
        return pen.text(value, weight='"bold"', **manner)

    def label(self, value: str) -> str:
        """A label, bold where this issuer prints labels bold."""
        return self.b(value) if self.look.bold_labels else self.t(value)

    def em(self, factor: float) -> str:
        """A size relative to the body."""
        return f"{self.look.size * factor:.2f}pt"

    # Values: printing one notes it

    def supplier_name(self) -> str:
        """The legal name of the seller."""
        name = self.story.seller.name
        brand = self.story.seller.brand
        known = self.ink.values.get("supplier_name")
        if known and known != name:
            self.ink.values["supplier_name"] = [name, brand]
        elif not known:
            self.ink.values["supplier_name"] = name
        return self.ink.note("supplier_name", name, name)

    def supplier_brand(self) -> str:
        """The name on the sign, which need not be the legal one."""
        brand, name = self.story.seller.brand, self.story.seller.name
        known = self.ink.values.get("supplier_name")
        if known == name and brand != name:
            self.ink.values["supplier_name"] = [name, brand]
        return self.ink.note("supplier_name", brand, brand)

    def address(self, party: Party, role: str) -> list[str]:
        """Street and post line of a party; the country where it is another one."""
        abroad = self.story.seller.country != self.story.buyer.country
        shown = [party.street, party.post_line]
        country = None
        if self.chance.happens(0.75 if abroad else 0.12):
            country = party.country
            shown.append(country_name(party.country, self.dress.lang))
        value = {
            "street": party.street,
            "postal_code": party.postcode,
            "city": party.city,
            "country": country,
        }
        for line in shown:
            self.ink.note(f"{role}_address", value, line)
        return shown

    def supplier_vat(self) -> str:
        """The seller's VAT number, as printed."""
        number = self.story.seller.vat
        return self.ink.note("supplier_vat", number, self.dress.vat_number(number))

    def buyer_vat(self) -> str:
        """The buyer's VAT number, as printed."""
        number = self.story.buyer.vat
        return self.ink.note("buyer_vat", number, self.dress.vat_number(number))

    def number(self) -> str:
        """The document's number."""
        return self.ink.note("invoice_number", self.story.number, self.story.number)

    def issue(self, form: str = "") -> str:
        """The date of the document."""
        return self.ink.note("issue_date", self.story.issue, self.dress.day(self.story.issue, form))

    def due(self) -> str:
        """The due date."""
        assert self.story.due is not None
        return self.ink.note("due_date", self.story.due, self.dress.day(self.story.due))

    def shows_due(self) -> bool:
        """Whether this issuer prints a due date."""
        return self.story.due is not None and self.story.due_shown in ("date", "both")

    def shows_terms(self) -> bool:
        """Whether this issuer prints terms of payment."""
        return self.story.days is not None and self.story.due_shown in ("terms", "both")

    def terms(self) -> str:
        """The terms of payment in words."""
        story = self.story
        if not story.days:
            return self.dress.phrase("terms_now")
        concept = "terms_eom" if story.end_of_month else "terms_days"
        return self.dress.phrase(concept, days=str(story.days))

    def iban(self, at: int = 0) -> str:
        """A bank account of the seller; the truth accepts any that is printed."""
        number = self.story.seller.accounts[at][0]
        known = self.ink.values.get("iban")
        printed = self.ink.note("iban", number, self.dress.iban(number))
        if known and number not in (known if isinstance(known, list) else [known]):
            self.ink.values["iban"] = ([*known] if isinstance(known, list) else [known]) + [number]
        return printed

    def bic(self, at: int = 0) -> str:
        """The BIC that goes with an account."""
        code = self.story.seller.accounts[at][1]
        known = self.ink.values.get("bic")
        printed = self.ink.note("bic", code, code)
        if known and code not in (known if isinstance(known, list) else [known]):
            self.ink.values["bic"] = ([*known] if isinstance(known, list) else [known]) + [code]
        return printed

    def settle(self) -> None:
        """At the end: whoever pays the seller after a notice of assignment pays twice."""
        if self.assigned and self.story.factor:
            _, account, bic = self.story.factor
            for field, value, text in (
                ("iban", account, self.dress.iban(account)),
                ("bic", bic, bic),
            ):
                self.ink.values[field] = value
                self.ink.printed[field] = [text]

    def reference(self) -> str:
        """The payment reference as printed."""
        return self.ink.note(
            "payment_reference", self.story.reference, self.story.reference_printed
        )

    def money(self, field: str, value: Decimal) -> str:
        """A total with its currency."""
        printed = self.dress.money(value)
        if self.dress.shows_currency():
            self.ink.note("currency", self.story.currency, "")
        return self.ink.note(field, value, printed) if field else printed

    def title_concept(self) -> str:
        """The concept of the title."""
        return "title_credit" if self.story.kind == "credit_note" else "title_invoice"

    def number_concept(self) -> str:
        """The concept of the number's label."""
        return "credit_number" if self.story.kind == "credit_note" else "number"

    def title(self) -> str:
        """The word that says what this paper is."""
        self.title_done = True
        word = self.dress.label(self.title_concept())
        return self.ink.note("document_type", self.story.kind, word)
