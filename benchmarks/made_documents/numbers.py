"""Numbers with true check digits: VAT, enterprise, bank accounts, payment references."""

from collections.abc import Callable

import stdnum.at.uid
import stdnum.ch.uid
import stdnum.de.vat
import stdnum.es.cif
import stdnum.fr.siren
import stdnum.gb.vat
import stdnum.ie.vat
import stdnum.it.iva
import stdnum.lu.tva
import stdnum.nl.btw
import stdnum.pl.nip
import stdnum.pt.nif
from stdnum import iban, iso11649
from stdnum.iso7064 import mod_97_10

from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.words import listed

BELGIAN_BANKS = {
    "001": "GEBABEBB",
    "035": "GEBABEBB",
    "210": "GEBABEBB",
    "310": "BBRUBEBB",
    "363": "BBRUBEBB",
    "393": "BBRUBEBB",
    "731": "KREDBEBB",
    "736": "KREDBEBB",
    "412": "KREDBEBB",
    "063": "GKCCBEBB",
    "068": "GKCCBEBB",
    "078": "GKCCBEBB",
    "979": "ARSPBE22",
    "890": "VDSPBE91",
    "523": "TRIOBEBB",
    "103": "NICABEBB",
    "860": "NICABEBB",
    "967": "TRWIBEB1",
    "143": "FINTBEB1",
    "645": "JVBABE22",
}
BANK_NAMES = {
    "GEBABEBB": "BNP Paribas Fortis",
    "BBRUBEBB": "ING",
    "KREDBEBB": "KBC",
    "GKCCBEBB": "Belfius",
    "ARSPBE22": "Argenta",
    "VDSPBE91": "vdk bank",
    "TRIOBEBB": "Triodos",
    "NICABEBB": "Crelan",
    "TRWIBEB1": "Wise",
    "FINTBEB1": "Fintro",
    "JVBABE22": "Bank J. Van Breda & C°",
}


def until(chance: Chance, pattern: str, valid: Callable[[str], bool]) -> str:
    """Draw the pattern until its check digits agree (one try in 11 to 100 does)."""
    while not valid(drawn := chance.number(pattern)):
        pass
    return drawn


def enterprise(chance: Chance) -> str:
    """A Belgian enterprise number, ten digits (mod 97)."""
    front = ("0" if chance.happens(0.85) else "1") + chance.pick("4567") + chance.digits(6)
    if front[0] == "1":
        front = "10" + front[2:]
    return f"{front}{97 - int(front) % 97:02d}"


def vat_number(chance: Chance, country: str) -> str:
    """A VAT number with its country letters, empty where the country has none (US)."""
    if country == "BE":
        return "BE" + enterprise(chance)
    if country == "FR":
        siren = until(chance, "999999999", stdnum.fr.siren.is_valid)
        return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
    patterns: dict[str, tuple[str, Callable[[str], bool]]] = {
        "NL": ("999999999B01", stdnum.nl.btw.is_valid),
        "DE": ("999999999", stdnum.de.vat.is_valid),
        "LU": ("99999999", stdnum.lu.tva.is_valid),
        "GB": ("999999999", stdnum.gb.vat.is_valid),
        "IE": ("9999999A", stdnum.ie.vat.is_valid),
        "IT": ("99999990159", stdnum.it.iva.is_valid),
        "ES": ("B99999999", stdnum.es.cif.is_valid),
        "PT": ("509999999", stdnum.pt.nif.is_valid),
        "PL": ("9999999999", stdnum.pl.nip.is_valid),
        "AT": ("U99999999", stdnum.at.uid.is_valid),
        "CH": ("CHE999999999", stdnum.ch.uid.is_valid),
    }
    if country not in patterns:
        return ""
    number = until(chance, *patterns[country])
    return number if country == "CH" else country + number


def account(chance: Chance, country: str) -> tuple[str, str]:
    """An IBAN and the BIC of its bank; empty for countries without IBAN."""
    if country == "BE":
        bank = chance.pick(list(BELGIAN_BANKS))
        front = bank + chance.digits(7)
        return _iban("BE", f"{front}{int(front) % 97 or 97:02d}"), BELGIAN_BANKS[bank]
    if country not in listed("banks"):
        return "", ""
    rest, *banks = listed("banks")[country]
    bank, bic = chance.pick(banks).split("=")
    bban = bank + chance.number(rest)
    if country == "FR":
        bban = bban[:21].ljust(21, "0")
        key = 97 - (89 * int(bban[:5]) + 15 * int(bban[5:10]) + 3 * int(bban[10:])) % 97
        bban += f"{key:02d}"
    elif country == "ES":
        bban = _spanish(bban + "", chance.digits(10))
    elif country == "IT":
        bban = chance.pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ") + bban
    elif country == "PT":
        front = bban[:19]
        bban = f"{front}{98 - int(front) * 100 % 97:02d}"
    return _iban(country, bban), bic


def _iban(country: str, bban: str) -> str:
    return country + mod_97_10.calc_check_digits(bban + country) + bban


def _spanish(front: str, number: str) -> str:
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)

    def digit(text: str) -> str:
        check = 11 - sum(w * int(c) for w, c in zip(weights, text, strict=True)) % 11
        return str({10: 1, 11: 0}.get(check, check))

    return front + digit("00" + front) + digit(number) + number


def structured(chance: Chance) -> str:
    """A Belgian structured communication, twelve digits (mod 97)."""
    front = chance.digits(10)
    return f"{front}{int(front) % 97 or 97:02d}"


def creditor_reference(chance: Chance) -> str:
    """An ISO 11649 reference (RF..)."""
    body = chance.digits(chance.whole(7, 12))
    return "RF" + mod_97_10.calc_check_digits(body + "RF") + body


def valid_reference(reference: str) -> bool:
    """Whether an RF reference's check digits agree."""
    return bool(iso11649.is_valid(reference))


def valid_iban(number: str) -> bool:
    """Whether an IBAN's check digits and length agree."""
    return bool(iban.is_valid(number, check_country=False))
