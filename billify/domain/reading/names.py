"""What a line of print looks like: a name, a street, a place, a web address."""

import re

from rapidfuzz import fuzz

from billify.domain.reading import columns, labels
from billify.domain.reading.layout import Cell, folded

_FORMS = """
bv; nv; bvba; sprl; srl; sa; cv; cvba; vof; vzw; asbl; snc; scs; comm v; commv; gcv; ebvba;
scrl; sarl; sas; sasu; eurl; ei; gmbh; mbh; ag; kg; ohg; ug; gbr; e k; ek; ev; e v; kgaa; se;
ltd; limited; llc; inc; plc; llp; corp; corporation; company; co; pty; spa; s p a; s r l; srls; snc;
sl; slu; s l; lda; unipessoal; s r o; sro; a s; spol; sp z o o; oy; oyj; ab; aps; as; asa;
sdn bhd; bhd;
pvt ltd; pte ltd; b v; n v; s a; s a r l; s a s; s p r l; ou; kft; zrt; d o o; association;
stichting; vereniging; holding; group; partners; enterprise; enterprises; trading; restaurant
"""
FORMS = frozenset(" ".join(form.split()) for form in _FORMS.split(";") if form.strip())
_STRONG_FORMS = frozenset(
    [
        "gmbh",
        "ag",
        "bv",
        "nv",
        "bvba",
        "srl",
        "sprl",
        "sarl",
        "sa",
        "ltd",
        "inc",
        "llc",
        "vzw",
        "asbl",
    ]
)
_TITLE_LIST = """
invoice; tax invoice; facture; factuur; rechnung; fattura; factura; fatura; faktura; receipt; bill;
credit note; creditnota; note de credit; gutschrift; avoir; warenrechnung; statement; ticket;
kassabon; quittung; kopie factuur; simplified tax invoice; kassenbon; beleg; original; copy; kopie;
duplicate; duplicata; specimen; page; pagina; seite; welcome; thank you; logo; bedankt; merci;
danke; vielen dank; cash bill; cash; official receipt; tax invoice receipt; simplified invoice;
handelsrechnung; kundenbeleg; kunden beleg; mietrechnung; pro forma; proforma; proforma invoice;
bon de livraison; delivery note; order; quote; quotation; offerte; devis; angebot; datum; date;
total; totaal; description; item; table; tel; fax; email; your logo; reprint; customer copy;
invoice receipt; sales invoice; facture acquittee; debet factuur; verkoopfactuur; aankoopfactuur
"""
_TITLES = frozenset(" ".join(title.split()) for title in _TITLE_LIST.split(";"))
_STREET_WORDS = re.compile(
    r"(?:straat|laan|weg|plein|steenweg|dreef|kaai|baan|lei|str|strasse|strase|platz|allee|gasse|"
    r"ring|damm|ufer|gracht|kade|singel|street|road|avenue|lane|drive|boulevard|square|jalan|"
    r"way|parkway|pkway|highway|floor|suite|lorong)$|^(?:st|ave|rd|dr|blvd|ln|rue|via)$"
)
_STREET_STARTS = re.compile(
    r"^(?:rue|avenue|av|bd|boulevard|chaussee|place|quai|chemin|route|impasse|allee|via|calle|rua|"
    r"plaza|po box|postbus|postfach|boite|bp|no|lot|jalan|jln|unit|level|suite|floor|c o|z a|zi)\b"
)
_NUMBERED = re.compile(r"\b\d{1,5}\s?[a-zA-Z]?(?:[/-]\d{1,4})?$|^\d{1,5}[a-zA-Z]?,\s*\D")
_PLACE = re.compile(
    r"^(?:[A-Z]{1,3}[\s-])?\d{4,6}(?:\s?[A-Z]{2}\b)?,?\s+\D{2,}|"
    r"\b\d{4}\s?[A-Z]{2}\b|\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?$|\b[A-Z]{1,2}\d[\dA-Z]?\s?\d[A-Z]{2}\b|"
    r"^(?:\d{3}\s\d{2}|\d{2}\s\d{3})\s+\D{2,}"
)
_DOMAIN = re.compile(
    r"(?:@|www\.|https?://(?:www\.)?)((?:[\w-]+\.)*[\w-]+)\.(?:[a-z]{2,12})(?![\w.])",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+|\(0|\b0)\d[\d\s()./-]{6,}\d|\b\d{3}[-.]\d{3}[-.]\d{4}\b")
_ADDRESSING = re.compile(
    r"^(?:t\.?a\.?v\.?|attn\.?:?|z\.\s?hd\.|herrn?|frau|firma|mevr\.|dhr\.|mevrouw|mme|monsieur|"
    r"madame|mr\.|mrs\.|sr\.)\s+",
    re.IGNORECASE,
)
_TABLE_WORDS = columns.TOKENS | labels.TOTAL_TOKENS
_CODE_LIKE = re.compile(r"^(?=.*[A-Za-z])\S*\d\S*$")
_NO_NAME_LIST = """
herrn; herr; frau; firma; monsieur; madame; mr; mrs; ms; de heer; mevrouw; aan; an; to; dhr; sr;
sra; amt; cashier; kasse; kassier; back; eur; usd; gbp; trade name; nom commercial; handelsnaam;
payee name; tax rep; documentgegevens; klantgegevens; factuurgegevens; betalingsgegevens;
gegevens; invoice details; payment details; details; rechnungsdaten; vos references;
nos references; informations
"""
_SALUTATIONS = frozenset(" ".join(word.split()) for word in _NO_NAME_LIST.split(";"))
_BANK = re.compile(
    r"\b(?:bank|banque|banca|banco|sparkasse|postbank|volksbank|kreditinstitut|kbc|belfius|bnp|"
    r"crelan|argenta|raiffeisen|barclays|rabobank|savings)",
    re.IGNORECASE,
)
_FREE_MAIL = frozenset(
    ["gmail", "hotmail", "outlook", "yahoo", "telenet", "skynet", "live", "icloud", "gmx", "web"]
)
_COUNTRY_LIST = """
belgium; belgie; belgique; belgien; nederland; netherlands; the netherlands; france; deutschland;
germany; luxembourg; luxemburg; united kingdom; uk; usa; united states; schweiz; suisse;
switzerland; osterreich; austria; espana; spain; italia; italy; portugal; ceska republika; nl; be;
fr; de
"""
_COUNTRIES = frozenset(" ".join(name.split()) for name in _COUNTRY_LIST.split(";"))


def has_legal_form(text: str) -> bool:
    """Ltd, B.V., GmbH & Co. KG … stand among the words."""
    tokens = folded(text).split()
    for count in (1, 2, 3, 4):
        for at in range(1, len(tokens) - count + 1):
            if " ".join(tokens[at : at + count]) in FORMS:
                return True
    return False


def up_to_form(text: str) -> str:
    """Nanotest GmbH Volmerstr. 9 → Nanotest GmbH: a firm's line goes on with its address."""
    words = text.split()
    if not any(map(str.isdigit, text)):
        return text
    for at in range(1, len(words) - 1):
        if folded(words[at]) in _STRONG_FORMS:
            return " ".join(words[: at + 1]).strip(" ,;")
    return text


def is_form_only(text: str) -> bool:
    """Nothing but a legal form, as on the second line of a wrapped name."""
    return folded(text) in FORMS


def is_title(text: str) -> bool:
    """The kind of the document, not a name."""
    return folded(text) in _TITLES


def is_street(text: str) -> bool:
    """Looks like a street with a number, or a post box."""
    bare = folded(text)
    if _STREET_STARTS.match(bare):
        return True
    words = [re.sub(r"\d+", "", word) for word in bare.split()]
    if any(_STREET_WORDS.search(word) for word in words) and re.search(r"\d", text):
        return True
    return bool(_NUMBERED.search(text.strip())) and len(words) <= 6 and not has_legal_form(text)


def is_registration(text: str) -> bool:
    """A number in brackets or a label for one, as stands under a firm's name."""
    return bool(
        re.match(r"^\(?\s?[\w-]*\d{4,}[\w-]*\s?[)}]?$|^(?:co|company|gst|roc)\b.*\d", text.lower())
    )


def is_place(text: str) -> bool:
    """Looks like a postcode with a town."""
    return bool(_PLACE.search(text.strip()))


def is_country(text: str) -> bool:
    """The name of a country, alone."""
    return folded(text) in _COUNTRIES


def is_bank(text: str) -> bool:
    """Names a bank, which rarely is a party of the invoice."""
    return bool(_BANK.search(text))


def is_contact(text: str) -> bool:
    """A telephone number, e-mail or web address."""
    return bool(_DOMAIN.search(text) or "@" in text or _PHONE.search(text))


def domains(text: str) -> list[str]:
    """The names in web and e-mail addresses, without www and ending, free mail left out."""
    found = []
    for match in _DOMAIN.finditer(text):
        name = match[1].split(".")[-1].lower()
        if name not in _FREE_MAIL and len(name) > 2:
            found.append(name)
    return found


def is_like_domain(text: str, domain: str) -> bool:
    """The name and the web address are one firm's."""
    packed = folded(text).replace(" ", "")
    bare = re.sub(r"[\W_]", "", domain)
    tokens = [token for token in folded(text).split() if len(token) >= 4 and token not in FORMS]
    if any(token in bare for token in tokens):
        return True
    return len(packed) >= 4 and len(bare) >= 4 and fuzz.partial_ratio(packed, bare) >= 90


def could_be_name(text: str) -> bool:
    """Not a number, date, address, web address, label, sentence or title."""
    bare = folded(text)
    if bare in labels.PHRASES or bare in columns.PHRASES or bare in _SALUTATIONS:
        return False
    if " " not in bare and _CODE_LIKE.match(text.strip()):
        return False
    if set(bare.split()) <= _TABLE_WORDS or text.startswith("("):
        return False
    stripped = text.strip(" :.,-–•*|#")
    letters = sum(map(str.isalpha, stripped))
    if not 3 <= len(stripped) <= 70 or letters < 3 or letters < 0.55 * len(stripped):
        return False
    if len(stripped.split()) > 9 or is_title(stripped) or is_contact(stripped):
        return False
    return not (is_country(stripped) or is_place(stripped))


def cut(text: str) -> str:
    """The name alone: up to the first dot, bar or comma that starts an address."""
    text = _ADDRESSING.sub("", text)
    name = re.split(r"\s[•·|∙●–—]\s?|\s{2,}|\s-\s(?=\S+\s\d)|;|\s\((?=.*\d)", text)[0]
    head, comma, tail = name.partition(",")
    if comma and (re.search(r"\d", tail) or is_street(tail)) and len(head) > 2:
        name = head
    return name.strip(" :,-–•·*|#»«\"'_")


def first_line_of(cell: Cell) -> str:
    """The cell's text as a name."""
    return cut(cell.text)
