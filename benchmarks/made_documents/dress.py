"""How one issuer writes: language, wordings, numbers, dates. Fixed for a whole document."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.words import Side, table, unit_word, wordings

NBSP, THIN = "\u00a0", "\u202f"
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "PLN": "zł"}
# Words that issuers of a country do not use, whatever their language.
STRUCTURED = ("estruct", "OGM", "VCS", "tructurée", "trukturierte")
BELGIAN = ("TVAC", "HTVA", "T.V.A.C", "H.T.V.A", "TVA comprise", "BCE", "RPM", *STRUCTURED)
AVOIDED = {"US": ("VAT",), "FR": BELGIAN, "LU": BELGIAN, "CH": BELGIAN, "NL": STRUCTURED}
# thousands separator, decimal mark: how likely in a country
FIGURES = {
    "BE": {
        (".", ","): 60,
        (NBSP, ","): 14,
        (THIN, ","): 6,
        ("", ","): 12,
        (",", "."): 6,
        ("", "."): 2,
    },
    "NL": {(".", ","): 85, ("", ","): 10, (",", "."): 5},
    "FR": {(NBSP, ","): 50, (THIN, ","): 25, ("", ","): 17, (".", ","): 5, ("", "."): 3},
    "DE": {(".", ","): 85, ("", ","): 15},
    "LU": {(".", ","): 45, (NBSP, ","): 40, ("", ","): 15},
    "GB": {(",", "."): 95, ("", "."): 5},
    "IE": {(",", "."): 95, ("", "."): 5},
    "US": {(",", "."): 100},
    "CH": {("'", "."): 75, ("’", "."): 15, (NBSP, "."): 10},
    "PL": {(NBSP, ","): 70, ("", ","): 30},
}
# d day, D two digits, m month, M two digits, n month's name, s short name, y year, Y two digits
DATES = {
    "nl": {
        "D/M/y": 40,
        "D-M-y": 22,
        "d n y": 14,
        "D.M.y": 6,
        "D/M/Y": 7,
        "d/m/y": 4,
        "d-m-y": 3,
        "y-M-D": 2,
        "D s y": 1,
        "D-s-Y": 1,
    },
    "fr": {
        "D/M/y": 50,
        "d n y": 18,
        "D-M-y": 9,
        "D.M.y": 6,
        "D/M/Y": 8,
        "d/m/y": 3,
        "y-M-D": 2,
        "d s y": 2,
    },
    "de": {"D.M.y": 60, "d. n y": 16, "D.M.Y": 9, "d.m.y": 7, "y-M-D": 3, "D. s y": 3, "D/M/y": 2},
    "en": {
        "D/M/y": 30,
        "d n y": 18,
        "D s y": 14,
        "n d, y": 10,
        "y-M-D": 10,
        "D-s-y": 5,
        "do n y": 5,
        "D.M.y": 4,
        "s d, y": 4,
    },
    "us": {"M/D/y": 40, "n d, y": 30, "s d, y": 20, "m/d/Y": 5, "y-M-D": 5},
    "other": {"D/M/y": 55, "D-M-y": 15, "D.M.y": 15, "d n y": 8, "y-M-D": 7},
}


@dataclass
class Dress:
    """The manner of one document. Labels are drawn when first asked and stay."""

    chance: Chance
    country: str
    lang: str
    side: Side
    currency: str = "EUR"
    second: str = ""
    thousands: str = "."
    decimal: str = ","
    sign: str = "before"
    sign_in_lines: bool = False
    negative: str = "minus"
    minus_first: bool = False
    dates: str = "D/M/y"
    colon: str = ":"
    vat_form: str = "BE {}.{}.{}"
    iban_gap: str = " "
    rate_form: str = "{} %"
    upper: bool = False
    avoid: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)

    def label(self, concept: str) -> str:
        """The wording of a concept on this document."""
        if concept not in self.labels:
            self.labels[concept] = self._draw(concept)
        return self.labels[concept]

    def tag(self, concept: str) -> str:
        """The label as it stands before its value, with this issuer's colon or without."""
        return self.label(concept) + self.colon

    def phrase(self, concept: str, **values: str) -> str:
        """A sentence with its values; places that are not given are an error."""
        return self.label(concept).format(**values)

    def amount(self, value: Decimal, places: int = 2) -> str:
        """A number as this issuer writes amounts, without currency."""
        shown = f"{abs(value):,.{places}f}"
        shown = shown.replace(",", "\0").replace(".", self.decimal).replace("\0", self.thousands)
        if value >= 0:
            return shown
        forms = {"minus": "-{}", "space": "- {}", "after": "{}-", "brackets": "({})", "cr": "{} CR"}
        return forms[self.negative].format(shown)

    def money(self, value: Decimal, currency: str = "") -> str:
        """An amount with the currency, where and as this issuer puts it."""
        code = currency or self.currency
        sign = SIGNS[code]
        if value < 0 and self.minus_first and self.negative == "minus":
            return f"-{self.money(-value, currency)}"
        shown = self.amount(value)
        forms = {
            "before": f"{sign}{NBSP}{shown}",
            "tight": f"{sign}{shown}",
            "after": f"{shown}{NBSP}{sign}",
            "glued": f"{shown}{sign}",
            "code": f"{code}{NBSP}{shown}",
            "code_after": f"{shown}{NBSP}{code}",
            "none": shown,
        }
        return forms[self.sign]

    def shows_currency(self) -> bool:
        """Whether `money` shows a sign or code."""
        return self.sign != "none"

    def rate(self, value: Decimal) -> str:
        """A percentage."""
        plain = f"{value.normalize():f}"
        if "00" in self.rate_form:
            plain = f"{value:.2f}"
        return self.rate_form.replace("00", "").format(plain.replace(".", self.decimal))

    def quantity(self, value: Decimal, places: int | None = None) -> str:
        """A quantity, with as many places as this issuer's list has."""
        plain = f"{value.normalize():f}" if places is None else f"{value:.{places}f}"
        return plain.replace(".", self.decimal)

    def day(self, value: date, form: str = "") -> str:
        """A date as this issuer writes them."""
        lang = self.lang
        month = table("calendar")[lang][0].split()[value.month - 1]
        names = table("calendar").get(f"{lang}.short") or table("calendar")["en.short"]
        short = names[0].split()[value.month - 1]
        made = {
            "d": str(value.day),
            "D": f"{value.day:02d}",
            "m": str(value.month),
            "M": f"{value.month:02d}",
            "n": f"{'de ' if lang in ('es', 'pt') else ''}{month}",
            "s": short,
            "y": str(value.year),
            "Y": f"{value.year % 100:02d}",
            "o": {1: "st", 2: "nd", 3: "rd"}.get(
                value.day % 10 if value.day // 10 != 1 else 0, "th"
            ),
        }
        if lang == "fr" and value.day == 1 and "n" in (form or self.dates):
            made["d"] = "1er"
        if lang in ("es", "pt") and "n" in (form or self.dates):
            made["y"] = f"de {value.year}"
        return "".join(made.get(c, c) for c in form or self.dates)

    def unit(self, unit: str) -> str:
        """A unit's word, the same through the document."""
        key = f"unit {unit}"
        if key not in self.labels:
            self.labels[key] = unit_word(self.chance, unit, self.lang)
        return self.labels[key]

    def vat_number(self, number: str) -> str:
        """A VAT number as printed."""
        digits = number[2:]
        if number.startswith("BE"):
            return self.vat_form.format(digits[:4], digits[4:7], digits[7:])
        if number.startswith("CHE"):
            tail = {"fr": "TVA", "de": "MWST"}.get(self.lang, "VAT")
            return f"CHE-{number[3:6]}.{number[6:9]}.{number[9:]} {tail}"
        if " " in self.vat_form:
            return f"{number[:2]} {digits}"
        return number

    def enterprise_number(self, number: str) -> str:
        """A Belgian enterprise number as printed."""
        return f"{number[:4]}.{number[4:7]}.{number[7:]}"

    def iban(self, number: str) -> str:
        """An IBAN, in groups of four or in one."""
        groups = [number[k : k + 4] for k in range(0, len(number), 4)]
        return self.iban_gap.join(groups)

    def _draw(self, concept: str) -> str:
        drawn = self._word(self.lang, concept)
        if self.second and len(drawn) < 40 and "{" not in drawn:
            other = self._word(self.second, concept)
            if other and other != drawn:
                drawn = f"{drawn}{self.chance.pick((' / ', '/', ' - '))}{other}"
        if self.upper and "{" not in drawn and len(drawn) < 30:
            drawn = drawn.upper()
        return drawn

    def _word(self, lang: str, concept: str) -> str:
        words = wordings(lang, concept, self.side)
        fitting = [w for w in words if not any(part in w for part in self.avoid)]
        return self.chance.earlier(fitting or words) if words else ""


def dress_for(chance: Chance, *, country: str, lang: str, side: Side, currency: str) -> Dress:
    """Draw the manner of an issuer of this country who writes this language."""
    thousands, mark = chance.weighed(FIGURES.get(country, {(".", ","): 90, ("", ","): 10}))
    signs = {
        "before": 30,
        "after": 22,
        "none": 14,
        "code": 8,
        "tight": 14,
        "code_after": 7,
        "glued": 5,
    }
    if country in ("GB", "IE", "US"):
        signs = {"tight": 75, "before": 8, "code": 9, "none": 8}
    elif country in ("FR", "DE", "LU", "PL", "AT"):
        signs = {"after": 55, "none": 15, "code_after": 12, "before": 10, "code": 8}
    dates = DATES["us"] if country == "US" else DATES.get(lang, DATES["other"])
    colons = {":": 60, "": 22, " :": 30 if lang == "fr" else 9, ".:": 1}
    vats = {
        "BE {}.{}.{}": 40,
        "BE{}{}{}": 28,
        "BE {} {} {}": 12,
        "BE{}.{}.{}": 12,
        "BE-{}.{}.{}": 3,
        "{}.{}.{}": 5,
    }
    second = ""
    if country == "BE" and lang in ("nl", "fr") and chance.happens(0.09):
        second = "fr" if lang == "nl" else "nl"
    return Dress(
        chance=chance,
        country=country,
        lang=lang,
        side=side,
        currency=currency,
        second=second,
        thousands=thousands,
        decimal=mark,
        sign=chance.weighed(signs),
        sign_in_lines=chance.happens(0.35),
        negative=chance.weighed({"minus": 72, "space": 8, "after": 12, "brackets": 4, "cr": 4}),
        minus_first=chance.happens(0.45),
        dates=chance.weighed(dates),
        colon=chance.weighed(colons),
        vat_form=chance.weighed(vats),
        iban_gap=chance.weighed({" ": 72, "": 24, "-": 2, NBSP: 2}),
        rate_form=chance.weighed({"{} %": 35, "{}%": 42, "{}": 10, "{}00 %": 7, "{}00": 6}),
        upper=chance.happens(0.07),
        avoid=AVOIDED.get(country, ()),
    )
