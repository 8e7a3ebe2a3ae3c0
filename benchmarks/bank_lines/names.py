"""Names of companies and people, and what an account holder's name makes of them."""

import random
import unicodedata

FIRST = {
    "nl": [
        "Bouw",
        "Elektro",
        "Drukkerij",
        "Slagerij",
        "Garage",
        "Tuinen",
        "Advocaten",
        "Apotheek",
        "Brouwerij",
        "Schilderwerken",
        "Dakwerken",
        "Studio",
        "Groep",
        "Transport",
        "Tandarts",
    ],
    "fr": [
        "Boulangerie",
        "Imprimerie",
        "Toitures",
        "Menuiserie",
        "Pharmacie",
        "Garage",
        "Cabinet",
        "Maison",
        "Atelier",
        "Transports",
        "Chauffage",
        "Librairie",
        "Brasserie",
        "Établissements",
    ],
    "de": ["Bäckerei", "Autohaus", "Tischlerei", "Gasthof", "Baustoffe", "Praxis", "Metallbau"],
    "en": ["Northern", "Blue Harbour", "Summit", "Global", "Bright", "Oak", "Atlas", "Riverside"],
}
LAST = {
    "nl": [
        "Peeters",
        "Janssens",
        "Maes",
        "Jacobs",
        "Willems",
        "Claes",
        "Goossens",
        "Wouters",
        "De Smet",
        "Van den Broeck",
        "D'Hondt",
        "Verhaeghe",
        "Vermeulen",
        "Desmedt",
        "Aerts",
        "Van Damme",
        "De Backer",
        "Michiels",
        "Hermans",
        "Claeys",
        "Bogaert",
        "Nijs",
    ],
    "fr": [
        "Dubois",
        "Lambert",
        "Lefèvre",
        "Dupont",
        "Martin",
        "Noël",
        "Simon",
        "Laurent",
        "Leclercq",
        "Gérard",
        "Renard",
        "Mathieu",
        "Lejeune",
        "Collignon",
        "Delvaux",
        "Thiry",
    ],
    "de": ["Müller", "Schmitz", "Weber", "Jansen", "Köhler", "Groß", "Huppertz", "Schröder"],
    "en": ["Solutions", "Consulting", "Trading", "Partners", "Logistics", "Foods", "Systems"],
}
GIVEN = [
    "Jan",
    "Marie",
    "Luc",
    "An",
    "Pierre",
    "Sofie",
    "Thomas",
    "Julie",
    "Karel",
    "Nathalie",
    "Dirk",
    "Céline",
    "Wim",
    "Isabelle",
    "Koen",
    "Petra",
    "Olivier",
    "Lien",
    "Marc",
    "Hilde",
]
FORMS = {
    "nl": ["BV", "NV", "BVBA", "VOF", "CV", "vzw", "CommV"],
    "fr": ["SRL", "SA", "ASBL", "SPRL"],
    "de": ["GmbH", "AG", "GmbH & Co. KG"],
    "en": ["Ltd", "BV", "LLC", "Inc"],
}
TOWNS = ["Gent", "Leuven", "Namur", "Liège", "Brugge", "Eupen", "Aalst", "Mons", "Hasselt", "Waver"]
PUBLIC = {
    "nl": ["Stad {t}", "Gemeente {t}", "UZ {t}", "Basisschool {t}", "Woonzorgcentrum {t}"],
    "fr": ["Ville de {t}", "Commune de {t}", "CHU {t}", "École {t}", "Province de {t}"],
    "de": ["Stadt {t}", "Gemeinde {t}"],
    "en": ["{t} University", "{t} International School"],
}


def company(chance: random.Random, language: str) -> str:
    """A company's name with its legal form, as its invoices carry it."""
    shape = chance.random()
    last = chance.choice(LAST[language])
    form = chance.choice(FORMS[language])
    if shape < 0.55:
        return f"{chance.choice(FIRST[language])} {last} {form}"
    if shape < 0.7:
        return f"{last} & {chance.choice(['Zonen', 'Fils', 'Co', 'Partners'])} {form}"
    if shape < 0.85:
        return f"{last}-{chance.choice(LAST[language])} {form}"
    letters = "".join(chance.choice("ABCDEFGIKLMNOPRSTV") for _ in range(3))
    return f"{letters} {chance.choice(FIRST[language])} {form}"


def sister(chance: random.Random, name: str, language: str) -> str:
    """Another company of the same group: the same family name, another trade."""
    words = name.split()
    core = words[1] if len(words) > 2 else words[0]
    return f"{chance.choice(FIRST[language])} {core} {chance.choice(FORMS[language])}"


def person(chance: random.Random, language: str) -> str:
    """A private customer."""
    last = chance.choice(LAST["nl" if language == "en" else language])
    if chance.random() < 0.15:
        return f"{last} - {chance.choice(LAST['nl'])}"
    return f"{chance.choice(GIVEN)} {last}"


def public(chance: random.Random, language: str) -> str:
    """A town, school or hospital."""
    return chance.choice(PUBLIC[language]).format(t=chance.choice(TOWNS))


def plain(text: str) -> str:
    """Without accents, as older bank systems print."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(one for one in apart if unicodedata.category(one) != "Mn").replace("ß", "ss")


def holder(chance: random.Random, name: str) -> str:
    """The name the bank knows an account by: mostly the same, never quite."""
    words = name.split()
    shape = chance.random()
    if shape < 0.3:
        found = name
    elif shape < 0.5:
        found = plain(name).upper()
    elif shape < 0.62:
        found = " ".join(words[:-1]) or name
    elif shape < 0.72:
        found = f"{words[-1]} {' '.join(words[:-1])}"
    elif shape < 0.8:
        found = plain(name).upper().replace("&", chance.choice(["EN", "ET", "+", ""]))
    elif shape < 0.86:
        found = f"{' '.join(words[1:])} {words[0]}"
    elif shape < 0.92:
        found = plain(name).upper()[: chance.choice([18, 24, 27])]
    elif shape < 0.96 and len(name) > 8:
        at = chance.randrange(2, len(name) - 2)
        found = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    else:
        found = f"{chance.choice(['De Heer', 'M. OU MME', 'ETS', 'Firma'])} {name}"
    return found[: chance.choice([35, 35, 70])].strip()
