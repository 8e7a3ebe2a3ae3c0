"""The form of a contact."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import Optional as MayBeEmpty
from wtforms.validators import Regexp, StopValidation

from billify.application import contacts
from billify.application.contacts import KnownNumber, OtherNumber, Particulars
from billify.domain import identity, references, terms
from billify.domain.refusal import Refusal
from billify.web import filters, languages
from billify.web.forms import ChoiceField, Form, OptionalText, at_most, chosen, required

if TYPE_CHECKING:
    from billify.data.models import Contact

OTHER = "other"
LONGEST_TERMS = 365
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English"), ("de", "Deutsch")]
NEAR = ("BE", "NL", "FR", "DE", "LU", "GB", "IE")
"""These countries come first."""
_EMAIL = r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+"
_FIELD_OF = {KnownNumber: "vat_number", OtherNumber: "enterprise_number"}


class Checked(OptionalText):
    """A number with check digits: normalised when it is right, as typed when it is wrong."""

    def __init__(self, label: Any, normalise: Callable[[str], str], **more: Any) -> None:
        super().__init__(label, [at_most(40)], **more)
        self.normalise = normalise

    def pre_validate(self, _form: Any) -> None:
        """Put the one stored form in the place of what was typed."""
        if not self.data:
            return
        try:
            self.data = self.normalise(self.data)
        except Refusal as refusal:
            raise StopValidation(languages.sentence(refusal)) from None


class ContactForm(Form):
    """A customer, a supplier, or both."""

    version = IntegerField(validators=[MayBeEmpty()], widget=HiddenField.widget)
    name = OptionalText(_l("Name"), [required(), at_most(200)])
    is_customer = BooleanField(_l("Customer"))
    is_supplier = BooleanField(_l("Supplier"))
    vat_number = Checked(_l("VAT number"), references.normalise_vat)
    enterprise_number = Checked(_l("Enterprise number"), references.normalise_enterprise)
    iban = Checked(_l("IBAN"), references.normalise_iban)
    email = OptionalText(
        _l("E-mail"),
        [
            MayBeEmpty(),
            at_most(254),
            Regexp(f"^{_EMAIL}$", message=_l("Check the e-mail address.")),
        ],
    )
    phone = OptionalText(_l("Phone"), [at_most(40)])
    street = OptionalText(_l("Street and number"), [at_most(200)])
    postcode = OptionalText(_l("Postcode"), [at_most(20)])
    city = OptionalText(_l("City"), [at_most(100)])
    country = ChoiceField(_l("Country"), [chosen()], default="BE")
    language = ChoiceField(_l("Language of letters"), [chosen()], choices=LANGUAGES, default="nl")
    payment_terms = ChoiceField(_l("Payment terms"), [chosen()], default=str(terms.LEGAL))
    own_days = OptionalText(_l("Other number of days"), [at_most(3)])

    def __init__(self, contact: "Contact | None" = None) -> None:
        kept = contacts.particulars_of(contact) if contact else {}
        super().__init__(data={**kept, "version": contact.version} if contact else None)
        self.country.choices = _countries(self.country.data)
        self.payment_terms.choices = _terms(kept.get("payment_terms"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and what only fits together."""
        is_fine = bool(super().validate(extra_validators))
        if self.name.data and not identity.search_key(self.name.data):
            self.name.errors = [*self.name.errors, _("A name has letters or figures.")]
            is_fine = False
        days = self.own_days.data or ""
        if self.payment_terms.data == OTHER and not (
            days.isascii() and days.isdigit() and int(days) <= LONGEST_TERMS
        ):
            self.own_days.errors = [
                *self.own_days.errors,
                _("Give a number of days from 0 to %(most)s.", most=LONGEST_TERMS),
            ]
            is_fine = False
        return is_fine

    def particulars(self) -> Particulars:
        """What the form says, once it has been checked."""
        chosen = self.own_days.data if self.payment_terms.data == OTHER else self.payment_terms.data
        values = {name: self[name].data for name in Particulars.__dataclass_fields__}
        return Particulars(**{**values, "payment_terms": terms.parse(chosen or "")})

    def refused(self, refusal: Refusal) -> None:
        """Show a rule's sentence at the field it is about."""
        self.refuse(refusal, _FIELD_OF.get(type(refusal)))

    def differences(self, contact: "Contact") -> list[tuple[str, str]]:
        """Where the stored contact differs from what was typed: label and stored value."""
        kept = contacts.particulars_of(contact)
        typed = self.particulars() if not self.errors else None
        if typed is None:
            return []
        return [
            (self[name].label.text, _shown(name, value))
            for name, value in kept.items()
            if str(getattr(typed, name) or "") != str(value or "")
        ]


def terms_in_words(stored: str) -> str:
    """Payment terms as people say them."""
    message, params = terms.label(terms.parse(stored))
    return languages.phrase(message, dict(params))


def country_name(code: str) -> str:
    """A country in the person's language; an unknown code as it is."""
    return _territories().get(code, code)


def _shown(name: str, value: object) -> str:
    if isinstance(value, bool):
        said: str = _("yes") if value else _("no")
        return said
    if name == "payment_terms":
        return terms_in_words(str(value))
    if name == "iban":
        return filters.iban(str(value or ""))
    return str(value or "–")


def _terms(kept: str | None) -> list[tuple[str, str]]:
    usual = [str(one) for one in terms.USUAL]
    choices = [*usual, kept] if kept and kept not in usual else usual
    return [*[(one, terms_in_words(one)) for one in choices], (OTHER, _("Other number of days"))]


def _countries(current: str | None) -> list[tuple[str, str]]:
    """Every country, those near by first."""
    names = _territories()
    real = {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}
    others = sorted((code for code in real if code not in NEAR), key=lambda code: real[code])
    if current and current not in real and current.isalpha() and len(current) == 2:
        others.append(current)
    return [(code, real.get(code, code)) for code in (*NEAR, *others)]


def _territories() -> dict[str, str]:
    locale = get_locale() or Locale("en")
    return {str(code): str(name) for code, name in locale.territories.items()}
