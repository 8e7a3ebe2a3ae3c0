"""The contacts of open items: found among those that are here, else made."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from billify.application import audit
from billify.data.models import Contact
from billify.data.queries import accounting_invoices as queries
from billify.data.queries import bulk
from billify.data.queries import contacts as contact_queries
from billify.data.types import uuid7
from billify.domain import identity, references, terms
from billify.domain.invoices import InvoiceDirection
from billify.domain.refusal import Refusal
from billify.domain.terms import Terms

LONGEST_NAME = 200
_SALE, _PURCHASE = InvoiceDirection.SALE, InvoiceDirection.PURCHASE


@dataclass(frozen=True, slots=True)
class Subject:
    """A row that was written beside others, as the audit log names it."""

    __tablename__: str
    id: UUID


@dataclass(slots=True)
class Named:
    """A contact as its name finds it."""

    id: UUID
    has_number: bool
    sides: set[InvoiceDirection] = field(default_factory=set)


@dataclass(slots=True)
class Contacts:
    """Every contact by number and name, read once for a whole reading; new ones are added."""

    by_number: dict[str, UUID] = field(default_factory=dict)
    by_name: dict[str, list[Named]] = field(default_factory=dict)
    """The oldest first."""
    by_key: dict[tuple[str, str], UUID] = field(default_factory=dict)
    """What was found or made for the partner's own key and a name."""
    terms: dict[UUID, Terms] = field(default_factory=dict)
    """Those that are not the usual ones."""
    _made: list[dict[str, object]] = field(default_factory=list)

    @classmethod
    def known(cls) -> "Contacts":
        """Those of the company."""
        found = cls()
        for one in queries.contacts():
            vat, enterprise = one.vat_number or "", one.enterprise_number or ""
            sides = {_SALE} if one.is_customer else set()
            sides |= {_PURCHASE} if one.is_supplier else set()
            found._add(one.id, one.name, _number(vat) or enterprise, sides)
            agreed = terms.parse(one.payment_terms)
            if agreed != terms.LEGAL:
                found.terms[one.id] = agreed
        return found

    def of(
        self, *, name: str, vat_number: str, external_id: str, direction: InvoiceDirection
    ) -> UUID:
        """The contact of an item: by its number; else by its name where that is not another
        number's, of several the one with invoices in this direction, or the oldest; else a new
        one, which further items of the same key and name get too."""
        vat = _vat(vat_number)
        number, key = _number(vat or ""), identity.name_key(name)
        found = self.by_number.get(number) if number else None
        found = found or (self.by_key.get((external_id, key)) if external_id and key else None)
        found = found or self._named(key, is_numbered=bool(number), direction=direction)
        found = found or self._make(name or vat_number, vat, direction)
        if external_id and key:
            self.by_key[external_id, key] = found
        return found

    def _named(self, key: str, *, is_numbered: bool, direction: InvoiceDirection) -> UUID | None:
        named = self.by_name.get(key, ()) if key else ()
        fitting = [one for one in named if not (is_numbered and one.has_number)]
        if not fitting:
            return None
        return next((one.id for one in fitting if direction in one.sides), fitting[0].id)

    def terms_of(self, contact_id: UUID) -> Terms:
        """What was agreed with a contact."""
        return self.terms.get(contact_id, terms.LEGAL)

    def write_made(self) -> int:
        """Write the contacts that were made since the last time, and say so; how many."""
        made, self._made = self._made, []
        bulk.add_at_once(Contact, made)
        for one in made:
            subject = Subject("contact", UUID(str(one["id"])))
            after = {"name": one["name"], "vat_number": one["vat_number"]}
            audit.record("contact.added", subject, by=None, after=after)
        return len(made)

    def _make(self, name: str, vat: str | None, direction: InvoiceDirection) -> UUID:
        shown = " ".join(name.split())[:LONGEST_NAME]
        key = uuid7()
        self._made.append(
            {
                "id": key,
                "name": shown,
                "search_key": identity.search_key(shown),
                "vat_number": vat,
                "enterprise_number": references.enterprise_of(vat) if vat else None,
                "country": references.country_of(vat) if vat else "BE",
                "payment_terms": str(terms.LEGAL),
            }
        )
        self._add(key, shown, _number(vat or ""), {direction})
        return key

    def _add(self, key: UUID, name: str, number: str, sides: set[InvoiceDirection]) -> None:
        if number:
            self.by_number.setdefault(number, key)
        name_key = identity.name_key(name)
        if name_key:
            self.by_name.setdefault(name_key, []).append(Named(key, bool(number), sides))


def fill_numbers(*, told: Iterable[tuple[UUID, str]]) -> int:
    """Give contacts without a VAT number the one that the accounting has; how many got one.

    A number that another contact has stays there: two contacts may be one, which a person sees.
    """
    count = 0
    for contact_id, text in told:
        vat = _vat(text)
        contact = contact_queries.lock(contact_id) if vat else None
        if contact is None or vat is None or contact.vat_number is not None:
            continue
        if contact_queries.with_vat_number(vat, but=contact_id) is not None:
            continue
        before = {"vat_number": None}
        contact.vat_number = vat
        contact.enterprise_number = contact.enterprise_number or references.enterprise_of(vat)
        audit.record("contact.changed", contact, by=None, before=before, after={"vat_number": vat})
        count += 1
    return count


def _vat(text: str) -> str | None:
    try:
        return references.normalise_vat(text) if text else None
    except Refusal:
        return None


def _number(vat: str) -> str:
    """A Belgian VAT number and enterprise number are the same ten digits."""
    return references.enterprise_of(vat) or vat if vat else ""
