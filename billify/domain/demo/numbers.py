"""Made numbers that pass every check: enterprise and VAT numbers, IBANs, phone numbers.

Enterprise numbers start with 09, where we know of no company. Same seed, same numbers.
"""

import random

from stdnum.iso7064 import mod_97_10
from stdnum.nl import btw as nl_btw

from billify.domain import references

#: Codes that Belgian banks start their account numbers with, and their BIC.
BANKS = (
    ("737", "KREDBEBB"),
    ("068", "GKCCBEBB"),
    ("363", "BBRUBEBB"),
    ("001", "GEBABEBB"),
    ("979", "ARSPBE22"),
    ("103", "NICABEBB"),
)
POST = ("679", "PCHQBEBB")


def dice(seed: int, what: str) -> random.Random:
    """Random choices of one part, so that a change in one part leaves the others as they were."""
    return random.Random(f"billify-{seed}-{what}")  # noqa: S311 (made data, no secret)


class Numbers:
    """A source of made numbers; each is given out once."""

    def __init__(self, seed: int) -> None:
        self._dice = dice(seed, "numbers")
        self._given: set[str] = set()

    def enterprise(self) -> str:
        """A Belgian enterprise number with right check digits."""
        while True:
            body = f"09{self._dice.randrange(10**6):06d}"
            number = f"{body}{97 - int(body) % 97:02d}"
            if self._is_new(number):
                return number

    def vat(self, country: str) -> str:
        """A VAT number of Belgium, the Netherlands or Germany with right check digits."""
        if country == "NL":
            return self._dutch_vat()
        if country == "DE":
            return self._german_vat()
        return references.vat_of(self.enterprise())

    def iban(self, country: str = "BE", *, bank: tuple[str, str] | None = None) -> tuple[str, str]:
        """An IBAN with right check digits, national ones too, and its bank's BIC."""
        if country == "NL":
            return self._iban("NL", f"INGB{self._dice.randrange(10**9):010d}"), "INGBNL2A"
        if country == "DE":
            return self._iban("DE", f"37040044{self._dice.randrange(10**9):010d}"), "COBADEFF"
        code, bic = bank or self._dice.choice(BANKS)
        body = f"{code}{self._dice.randrange(10**7):07d}"
        return self._iban("BE", f"{body}{int(body) % 97 or 97:02d}"), bic

    def phone(self, postcode: str) -> str:
        """A Belgian number in its zone; the digits 00 after it are not given to anyone."""
        zones = {"9": "9", "8": "50", "1": "2", "2": "3", "3": "16", "4": "4", "5": "81", "7": "69"}
        zone = zones.get(postcode[:1], "71")
        rest = f"{self._dice.randrange(10**4):04d}"
        return f"+32 {zone} 00{'0' if len(zone) == 1 else ''} {rest[:2]} {rest[2:]}"

    def _iban(self, country: str, account: str) -> str:
        return f"{country}{mod_97_10.calc_check_digits(account + country)}{account}"

    def _dutch_vat(self) -> str:
        while True:
            number = f"{self._dice.randrange(8 * 10**8, 9 * 10**8):09d}B01"
            if nl_btw.is_valid(number) and self._is_new(number):
                return f"NL{number}"

    def _german_vat(self) -> str:
        """Eight digits and a check digit by ISO 7064, mod 11, 10."""
        from stdnum.iso7064 import mod_11_10

        body = f"{self._dice.randrange(3 * 10**7, 4 * 10**7)}"
        return f"DE{body}{mod_11_10.calc_check_digit(body)}"

    def _is_new(self, number: str) -> bool:
        is_new = number not in self._given
        self._given.add(number)
        return is_new
