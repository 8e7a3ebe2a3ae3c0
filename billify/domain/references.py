"""Numbers with check digits: payment references, IBAN, VAT and enterprise numbers.

Each `normalise_…` returns the one stored form (no spaces, no marks) or refuses; a value of
these types has been checked and isn't doubted again.
"""

import re
from typing import NewType

from stdnum import iban as _iban
from stdnum import iso11649 as _rf
from stdnum.be import ogm_vcs as _ogm
from stdnum.be import vat as _be_vat
from stdnum.eu import vat as _eu_vat
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from billify.domain.refusal import N_, Refusal

StructuredReference = NewType("StructuredReference", str)
"""Belgian structured communication (OGM-VCS), twelve digits."""
CreditorReference = NewType("CreditorReference", str)
"""ISO 11649 reference: RF, two check digits, up to 21 letters and digits."""
Iban = NewType("Iban", str)
VatNumber = NewType("VatNumber", str)
"""With its country: BE0123456749."""
EnterpriseNumber = NewType("EnterpriseNumber", str)
"""Number of the Belgian Crossroads Bank for Enterprises (KBO-BCE), ten digits."""

_MARKS = re.compile(r"[+*/\s.\-]+")
_VAT_LABEL = re.compile(r"^(BTW|TVA|VAT|MWST|UST|UID)[\s.:\-]*(NR|NO|N°)?[\s.:]*", re.IGNORECASE)


def make_structured(number: int) -> StructuredReference:
    """The structured communication of a number of at most ten digits.

    The last two of its twelve digits are the rest of a division by 97, or 97 for no rest
    (Febelfin, rules for the structured communication).
    """
    if not 0 < number < 10**10:
        raise ValueError("a structured communication holds a number from 1 to ten digits")
    digits = f"{number:010d}"
    return StructuredReference(digits + _ogm.calc_check_digits(digits))


def structured(text: str) -> StructuredReference | None:
    """The structured communication a text consists of, or None: +++ and *** are both read."""
    bare = _MARKS.sub("", text)
    return StructuredReference(bare) if _ogm.is_valid(bare) else None


def show_structured(reference: str) -> str:
    """The written form, `+++090/9337/55493+++`."""
    return f"+++{reference[:3]}/{reference[3:7]}/{reference[7:]}+++"


def make_creditor(text: str) -> CreditorReference:
    """The RF creditor reference of up to 21 letters and digits (ISO 11649)."""
    body = re.sub(r"[^0-9A-Z]", "", text.upper())
    if not 0 < len(body) <= 21:
        raise ValueError("a creditor reference holds 1 to 21 letters and digits")
    check = mod_97_10.calc_check_digits(body + "RF")
    return CreditorReference(f"RF{check}{body}")


def creditor(text: str) -> CreditorReference | None:
    """The RF creditor reference a text consists of, or None."""
    return CreditorReference(_rf.compact(text)) if _rf.is_valid(text) else None


def payment_reference(text: str) -> str:
    """A reference in its stored form: structured or RF when valid, else the text trimmed."""
    return structured(text) or creditor(text) or " ".join(text.split())


def show_payment_reference(reference: str) -> str:
    """A stored reference as people write it."""
    if len(reference) == 12 and structured(reference):
        return show_structured(reference)
    if creditor(reference):
        return str(_rf.format(reference))
    return reference


def normalise_iban(text: str) -> Iban:
    """An IBAN without spaces; refused when its check digits or length are wrong.

    The bank tables of single countries are not asked: they refuse numbers banks do use.
    """
    try:
        return Iban(_iban.validate(text, check_country=False))
    except ValidationError:
        raise Refusal(
            N_("“%(text)s” is not a valid IBAN. Check the digits."), text=text.strip()[:40]
        ) from None


def show_iban(iban: str) -> str:
    """An IBAN in groups of four."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


def normalise_enterprise(text: str) -> EnterpriseNumber:
    """A Belgian enterprise number, ten digits; its last two are 97 less the rest by 97."""
    number = _belgian(text)
    if number is None:
        raise Refusal(
            N_("“%(text)s” is not a valid enterprise number. It looks like 0123.456.749."),
            text=text.strip()[:40],
        )
    return EnterpriseNumber(number)


def show_enterprise(number: str) -> str:
    """An enterprise number as Belgian letterheads write it, `0123.456.749`."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"


def normalise_vat(text: str) -> VatNumber:
    """A VAT number with its country; ten bare digits are taken as Belgian.

    Numbers of EU countries are checked by that country's rule. From elsewhere (GB, CH, NO…)
    any number with a country and 5 to 13 letters and digits is taken.
    """
    bare = re.sub(r"[^0-9A-Za-z+*]", "", _VAT_LABEL.sub("", text.strip())).upper()
    if bare[:1].isdigit() or bare.startswith("BE"):
        belgian = _belgian(bare)
        if belgian:
            return VatNumber(f"BE{belgian}")
    elif bare[:2].lower() in _eu_countries() and _eu_vat.is_valid(bare):
        return VatNumber(_eu_vat.compact(bare))
    elif bare[:2].lower() not in _eu_countries() and re.fullmatch(
        r"[A-Z]{2,3}[0-9A-Z]{5,13}", bare
    ):
        return VatNumber(bare)
    raise Refusal(
        N_("“%(text)s” is not a valid VAT number. Check the digits."), text=text.strip()[:40]
    )


def country_of(vat: str) -> str:
    """The ISO country of a VAT number: Greece's begin with EL, Northern Ireland's with XI (Council
    Directive 2006/112/EC, article 215)."""
    return {"EL": "GR", "XI": "GB"}.get(vat[:2], vat[:2])


def enterprise_of(vat: str) -> EnterpriseNumber | None:
    """The enterprise number inside a Belgian VAT number: the same ten digits."""
    return EnterpriseNumber(vat[2:]) if vat.startswith("BE") and len(vat) == 12 else None


def vat_of(enterprise: str) -> VatNumber:
    """The VAT number a Belgian enterprise has once it is registered for VAT."""
    return VatNumber(f"BE{enterprise}")


def _belgian(text: str) -> str | None:
    bare = _VAT_LABEL.sub("", text.strip())
    return str(_be_vat.validate(bare)) if _be_vat.is_valid(bare) else None


def _eu_countries() -> frozenset[str]:
    """EU prefixes of VAT numbers: Greece writes EL, Northern Ireland XI."""
    return frozenset(_eu_vat.MEMBER_STATES) - {"gr"} | {"el"}
