"""Who is it: names in a form that compares and searches, and contacts found again."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from billify.domain import references

ALIKE = 92
"""Names at least this similar (0 to 100) are suggested, never taken without a person."""

#: Letters that Unicode does not take apart into a letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_LEGAL_FORM = re.compile(
    r"\b(b v b a|bvba|s p r l|sprl|b v|bv|s r l|srl|n v|nv|s a|sa|c v b a|cvba|c v|cv|s c|sc|scrl"
    r"|v o f|vof|s n c|snc|comm v|commv|s comm|scomm|v z w|vzw|a s b l|asbl|g m b h|gmbh|a g|ag"
    r"|e k|ek|ltd|limited|inc|s a s|sas|sarl|s a r l|eurl|b v i o|bvio|se|ivzw|aisbl)\b"
)


class Evidence(StrEnum):
    """What a contact was found by, the strongest first."""

    NUMBER = "number"
    IBAN = "iban"
    NAME = "name"
    ALIKE = "alike"


@dataclass(frozen=True, slots=True)
class Known:
    """A contact as far as recognising it needs."""

    id: str
    name: str
    vat_number: str | None = None
    enterprise_number: str | None = None
    ibans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A party as it stands on a document, numbers already normalised."""

    name: str | None = None
    vat_number: str | None = None
    enterprise_number: str | None = None
    iban: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The contact a party is, and by what; `ALIKE` needs a person's yes."""

    id: str
    evidence: Evidence

    @property
    def is_certain(self) -> bool:
        """Whether the contact may be filled in without asking."""
        return self.evidence is not Evidence.ALIKE


def match(read: Read, *, known: Sequence[Known]) -> Match | None:
    """The known contact that a read party is, or None.

    By VAT or enterprise number, then IBAN, then the same name, then a name much alike; each
    only when it points to one contact. Contacts with another VAT number than the one read are
    left out first, since one IBAN (of a factor) or name may serve several companies.
    """
    number = _number(read.vat_number, read.enterprise_number)
    if number:
        same = [contact for contact in known if _number_of(contact) == number]
        if same:
            return Match(same[0].id, Evidence.NUMBER)
    rest = [contact for contact in known if not number or _number_of(contact) is None]
    return (
        _only(rest, Evidence.IBAN, lambda contact: bool(read.iban) and read.iban in contact.ibans)
        or _only(rest, Evidence.NAME, _same_name(read.name))
        or _only(rest, Evidence.ALIKE, _name_alike(read.name))
    )


def search_key(text: str) -> str:
    """Text as it is searched: lower case, no accents, no punctuation, single spaces."""
    # Twice, since a letter such as 𝐀 is a capital only once it is taken apart.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = plain.casefold().translate(_LETTERS)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


def name_key(name: str) -> str:
    """A company name without its legal form, for comparing: BV, SRL and GmbH say nothing."""
    key = search_key(name)
    return " ".join(_LEGAL_FORM.sub(" ", key).split()) or key


def slug(name: str) -> str:
    """The name as it stands in an address, at most 40 letters: `bakkerij-anna`."""
    words = re.findall(r"[a-z0-9]+", name_key(name))
    return "-".join(words)[:40].strip("-") or "company"


def _number(vat: str | None, enterprise: str | None) -> str | None:
    """A Belgian VAT number and enterprise number are the same ten digits."""
    if vat:
        return references.enterprise_of(vat) or vat
    return enterprise or None


def _number_of(contact: Known) -> str | None:
    return _number(contact.vat_number, contact.enterprise_number)


def _same_name(name: str | None) -> Callable[[Known], bool]:
    key = name_key(name or "")
    return lambda contact: bool(key) and name_key(contact.name) == key


def _name_alike(name: str | None) -> Callable[[Known], bool]:
    key = name_key(name or "")
    return lambda contact: len(key) > 4 and fuzz.ratio(key, name_key(contact.name)) >= ALIKE


def _only(
    contacts: Sequence[Known], evidence: Evidence, fits: Callable[[Known], bool]
) -> Match | None:
    found = [contact for contact in contacts if fits(contact)]
    return Match(found[0].id, evidence) if len(found) == 1 else None
