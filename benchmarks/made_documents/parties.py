"""Companies and people that do not exist, with addresses and numbers that could."""

import re
import unicodedata
from dataclasses import dataclass

from benchmarks.made_documents import numbers
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.words import listed, table

FORMS = {
    "BE_nl": ("BV", "NV", "BVBA", "bv", "nv", "VOF", "CV", "Comm.V", "VZW", "B.V."),
    "BE_fr": ("SRL", "SA", "SPRL", "srl", "s.a.", "SNC", "SC", "ASBL", "S.R.L."),
    "BE_de": ("GmbH", "AG", "PGmbH", "VoG"),
    "BE_en": ("BV", "NV", "SRL"),
    "NL_nl": ("B.V.", "BV", "V.O.F.", "N.V.", "B.V."),
    "FR_fr": ("SARL", "SAS", "SASU", "S.A.R.L.", "EURL", "SA"),
    "DE_de": ("GmbH", "GmbH & Co. KG", "AG", "UG (haftungsbeschränkt)", "e.K.", "KG", "GbR", "SE"),
    "LU_fr": ("S.à r.l.", "SA", "Sàrl", "S.A."),
    "LU_de": ("S.à r.l.", "GmbH"),
    "GB_en": ("Ltd", "Limited", "PLC", "LLP", "Ltd."),
    "IE_en": ("Ltd", "Limited", "DAC", "Unlimited Company"),
    "US_en": ("Inc.", "LLC", "Corp.", "Inc", "Co."),
    "IT_it": ("S.r.l.", "S.p.A.", "SRL", "S.n.c. di {family} & C."),
    "ES_es": ("S.L.", "S.A.", "SL", "S.L.U."),
    "PT_pt": ("Lda.", "S.A.", "Unipessoal Lda"),
    "PL_pl": ("Sp. z o.o.", "S.A.", "sp. j."),
    "AT_de": ("GmbH", "AG", "e.U."),
    "CH_de": ("AG", "GmbH"),
    "CH_fr": ("SA", "Sàrl"),
}
CALLING = {
    "BE": "32",
    "NL": "31",
    "FR": "33",
    "DE": "49",
    "LU": "352",
    "GB": "44",
    "IE": "353",
    "US": "1",
    "IT": "39",
    "ES": "34",
    "PT": "351",
    "PL": "48",
    "AT": "43",
    "CH": "41",
}
DOMAINS = {
    "BE": "be",
    "NL": "nl",
    "FR": "fr",
    "DE": "de",
    "LU": "lu",
    "GB": "co.uk",
    "IE": "ie",
    "US": "com",
    "IT": "it",
    "ES": "es",
    "PT": "pt",
    "PL": "pl",
    "AT": "at",
    "CH": "ch",
}


OWN_LANGUAGE = {
    "NL": "nl", "FR": "fr", "DE": "de", "LU": "fr", "IT": "it", "ES": "es", "PT": "pt", "PL": "pl",
    "AT": "de", "CH": "de",
}  # fmt: skip


def tongue(country: str, lang: str) -> str:
    """The language of a company's names: that of its papers where the country speaks it."""
    return lang if f"{country}_{lang}" in FORMS else OWN_LANGUAGE.get(country, "en")


@dataclass(frozen=True)
class Party:
    """A seller or a buyer. Numbers are compact; how they are written is the dress's matter."""

    name: str
    brand: str
    person: str
    trade: str
    street: str
    postcode: str
    city: str
    country: str
    lang: str
    vat: str
    enterprise: str
    register: str
    phone: str
    fax: str
    email: str
    web: str
    accounts: tuple[tuple[str, str], ...]

    @property
    def iban(self) -> str:
        """The first bank account."""
        return self.accounts[0][0] if self.accounts else ""

    @property
    def bic(self) -> str:
        """The BIC of the first bank account."""
        return self.accounts[0][1] if self.accounts else ""

    @property
    def post_line(self) -> str:
        """Postcode and city, in the order of the country."""
        if self.country == "US":
            state, code = self.postcode.split()
            return f"{self.city}, {state} {code}"
        if self.country in ("GB", "IE"):
            return (
                f"{self.city}, {self.postcode}"
                if self.country == "IE"
                else f"{self.city} {self.postcode}"
            )
        return f"{self.postcode} {self.city}"


def company(chance: Chance, country: str, lang: str, trade: str) -> Party:
    """A seller: a company or a self-employed person of this country, trade and language."""
    given = chance.pick(table("people")[f"given_{lang}"])
    family = chance.pick(table("people")[f"family_{lang}"])
    postcode, city = _place(chance, country, lang)
    brand = _brand(chance, lang, trade, family, given, city)
    form = chance.earlier(FORMS[f"{country}_{lang}"]).format(family=family)
    name = _legal(chance, brand, form, given, family)
    vat = numbers.vat_number(chance, country)
    own, register = _register(chance, country, vat, city)
    slug = _slug(brand)
    ending = DOMAINS[country] if chance.happens(0.8) else "com"
    domain = f"{slug}.{ending}"
    mailbox = chance.pick(("info", "facturatie", "compta", "contact", "admin", "sales", "office"))
    count = chance.weighed({1: 0.72, 2: 0.22, 3: 0.06})
    banks = tuple(a for a in (numbers.account(chance, country) for _ in range(count)) if a[0])
    if country == "US" and chance.happens(0.2):
        banks = ()
    return Party(
        name,
        brand,
        f"{given} {family}",
        trade,
        _street(chance, lang, country),
        postcode,
        city,
        country,
        lang,
        vat,
        own,
        register,
        _phone(chance, country),
        _phone(chance, country),
        f"{mailbox}@{domain}",
        f"www.{domain}",
        banks,
    )


def buyer(chance: Chance, country: str, lang: str) -> Party:
    """A customer: any trade, now and then a private person."""
    trades = [t for t in table("firms") if t not in ("brand", "energy", "telecom")]
    return company(chance, country, lang, chance.pick(trades))


def country_name(code: str, lang: str) -> str:
    """The country's name in a language (English where it is not listed)."""
    for names in (listed("countries")[lang], listed("countries")["en"]):
        for row in names:
            if row.startswith(code):
                return row[3:]
    return code


def _brand(chance: Chance, lang: str, trade: str, family: str, given: str, city: str) -> str:
    at = {"nl": 0, "fr": 1, "de": 2}.get(lang, 3)
    word = chance.pick(table("firms")[trade][at].split(","))
    made = chance.pick(table("firms")["brand"][0].split(","))
    sons = {"nl": "& Zonen", "fr": "& Fils", "de": "& Söhne", "en": "& Sons"}.get(lang, "& Co")
    initials = ".".join(chance.pick("ABCDEGHJKLMPRSVW") for _ in range(2)) + "."
    shapes = {
        f"{word} {family}": 4,
        f"{family} {word}": 3,
        f"{made} {word}": 4,
        made: 2,
        f"{family} {sons}": 1.5,
        f"{given} {family}": 2.5,
        f"{word} {city}": 1.2,
        f"{made}-{word}": 0.8,
        f"{initials} {word}": 0.8,
        f"De {made}" if lang == "nl" else f"{made} Group": 0.6,
        f"{family}, {chance.pick(table('people')[f'family_{lang}'])} & Partners": 0.6,
        f"{word} {given} {family} {sons} - {city}": 0.5,
        f"{made}{chance.whole(2, 99)}": 0.4,
    }
    return chance.weighed(shapes)


def _legal(chance: Chance, brand: str, form: str, given: str, family: str) -> str:
    if brand == f"{given} {family}" and chance.happens(0.75):
        return brand
    if chance.happens(0.06):
        return brand
    name = f"{form} {brand}" if chance.happens(0.08) and "&" not in form else f"{brand} {form}"
    return name.upper() if chance.happens(0.12) else name


def _place(chance: Chance, country: str, lang: str) -> tuple[str, str]:
    place = chance.pick(listed("places")[f"{country}_{lang}"])
    parts = place.split(" ")
    codes = 2 if country in ("NL", "GB", "IE", "US") else 1
    return " ".join(parts[:codes]), " ".join(parts[codes:])


def _street(chance: Chance, lang: str, country: str) -> str:
    if lang == "en" and country == "BE":
        lang = chance.pick(("nl", "fr"))
    street = chance.pick(listed("places")[f"streets_{lang}"])
    number = str(chance.whole(1, 480))
    if chance.happens(0.2):
        boxes = {"nl": ("A", "B", " bus 3", "/2", "-12", " b4"), "fr": ("A", "B", " bte 2", "/3")}
        number += chance.pick(boxes.get(lang, ("A", "b", "-3")))
    if country in ("FR", "LU", "GB", "IE", "US") or (lang == "fr" and chance.happens(0.1)):
        return f"{number}{',' if country in ('FR', 'LU') else ''} {street}"
    return f"{street}{',' if lang in ('fr', 'it', 'es', 'pt') else ''} {number}"


def _register(chance: Chance, country: str, vat: str, city: str) -> tuple[str, str]:
    """The company register number (compact) and how that register is usually written."""
    if country == "BE":
        return vat[2:], city
    if country == "NL":
        number = chance.digits(8)
        return number, f"KvK {number}"
    if country == "FR":
        siren, branch = vat[4:], f"{chance.whole(1, 60):05d}"
        forms = (
            f"SIRET {siren[:3]} {siren[3:6]} {siren[6:]} {branch}",
            f"RCS {city} {siren[:3]} {siren[3:6]} {siren[6:]}",
            f"SIREN {siren}",
        )
        return siren, chance.pick(forms)
    if country in ("DE", "AT"):
        number = (
            f"HRB {chance.whole(1000, 99999)}"
            if country == "DE"
            else f"FN {chance.digits(6)}{chance.pick('abdfk')}"
        )
        return number, chance.pick((f"Amtsgericht {city} {number}", f"{number} {city}", number))
    if country == "LU":
        number = f"B{chance.whole(20000, 260000)}"
        return number, chance.pick((f"RCS Luxembourg {number}", f"R.C.S. {number}"))
    if country in ("GB", "IE"):
        number = chance.digits(8 if country == "GB" else 6)
        return number, chance.pick(
            (
                f"Company No. {number}",
                f"Registered in England No. {number}"
                if country == "GB"
                else f"Registered in Ireland {number}",
            )
        )
    if country == "US":
        number = chance.number("99-9999999")
        return number, chance.pick((f"EIN {number}", f"Tax ID: {number}"))
    return "", ""


def _phone(chance: Chance, country: str) -> str:
    code = CALLING[country]
    patterns = {
        "BE": (
            "09 999 99 99",
            "0499 99 99 99",
            "+32 9 999 99 99",
            "+32 (0)2 999 99 99",
            "04/999.99.99",
            "050/99.99.99",
            "+32 499 99 99 99",
            "0499/99.99.99",
        ),
        "FR": ("01 99 99 99 99", "+33 (0)3 99 99 99 99", "06.99.99.99.99"),
        "DE": ("0241 / 99 99 99", "+49 221 999999-0", "+49 (0)30 9999 999"),
        "US": ("(999) 999-9999", "+1 999-999-9999"),
    }.get(country, (f"+{code} 99 999 99 99", f"+{code} 999 999 999", f"00{code} 99 99 99 99"))
    pattern = chance.pick(patterns)
    # The calling code keeps its own nines and zeros.
    head, tail = pattern[:4], pattern[4:]
    return (head if head.startswith(("+", "00")) else chance.number(head)) + chance.number(tail)


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l"))
    slug = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower())
    return slug.strip("-")[:24].strip("-") or "firma"
