"""Form fields in Belgian habits: 1.234,56 and dd/mm/yyyy, with a sentence for each mistake."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation, ValidationError
from wtforms.widgets import TextInput

from billify.domain import money
from billify.domain.refusal import Refusal
from billify.web import filters, languages

_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
EARLIEST, LATEST = date(1970, 1, 1), date(2099, 12, 31)


class Form(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """The base of all forms: CSRF token, and refusals put at the field they concern."""

    def refuse(self, refusal: Refusal, field: str | None = None) -> None:
        """Show a rule's sentence at a field, or above the form."""
        said = languages.sentence(refusal)
        if field and field in self:
            self[field].errors = [*self[field].errors, said]
        else:
            self.form_errors.append(said)


class Filled(InputRequired):  # type: ignore[misc]  # wtforms has no types
    """Something was typed; blanks are nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        """Stop at an empty field."""
        if field.raw_data and isinstance(field.raw_data[0], str) and not field.raw_data[0].strip():
            field.raw_data = []
        super().__call__(form, field)


def required() -> InputRequired:
    """The field can't stay empty."""
    return Filled(lazy_gettext("Fill this in."))


def chosen() -> DataRequired:
    """Something has to be chosen."""
    return DataRequired(lazy_gettext("Choose one."))


def at_most(count: int) -> Length:
    """No more characters than this."""
    return Length(max=count, message=lazy_gettext("At most %(max)d characters."))


class OptionalText(StringField):  # type: ignore[misc]  # wtforms has no types
    """Text without blanks around it; empty is None. NUL can't be stored and is dropped."""

    def process_formdata(self, values: Sequence[str]) -> None:
        """Take the text as it was typed, trimmed."""
        text = values[0].replace("\x00", "").strip() if values else ""
        self.data = text or None

    def _value(self) -> str:
        return self.data or ""


class MoneyField(Field):  # type: ignore[misc]  # wtforms has no types
    """An amount with two decimals, or a quantity or price with up to `places`."""

    widget = TextInput()

    def __init__(self, label: Any = None, validators: Any = None, places: int = 2, **more: Any):
        super().__init__(label, validators, **more)
        self.places = places

    def process_formdata(self, values: Sequence[str]) -> None:
        """Read 1.234,56 and its cousins; a mistake is a sentence at the field."""
        self.data: Decimal | None = None
        if not values or not values[0].strip():
            return
        try:
            self.data = money.parse_number(values[0], places=self.places)
        except Refusal as refusal:
            raise ValueError(languages.sentence(refusal)) from refusal
        if abs(self.data) >= Decimal(10) ** 12:
            self.data = None
            raise ValueError(gettext("This amount is too large."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return money.show(self.data) if self.places == 2 else filters.quantity(self.data)


class WholeField(Field):  # type: ignore[misc]  # wtforms has no types
    """A whole number between two bounds; a percent sign behind it does no harm."""

    widget = TextInput()

    def __init__(
        self, label: Any = None, validators: Any = None, *, least: int, most: int, **kw: Any
    ):
        super().__init__(label, validators, **kw)
        self.least, self.most = least, most

    def process_formdata(self, values: Sequence[str]) -> None:
        """Read the digits; empty is None."""
        self.data: int | None = None
        text = values[0].strip().removesuffix("%").strip() if values else ""
        if not text:
            return
        if not re.fullmatch(r"[0-9]{1,9}", text) or not self.least <= int(text) <= self.most:
            raise ValueError(
                gettext(
                    "Write a whole number from %(least)s to %(most)s.",
                    least=self.least,
                    most=self.most,
                )
            )
        self.data = int(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class DayField(Field):  # type: ignore[misc]  # wtforms has no types
    """A date in whichever way it is typed; a date that does not exist is said so."""

    widget = TextInput()

    def process_formdata(self, values: Sequence[str]) -> None:
        """Read dd/mm/yyyy, or the form dates have in addresses."""
        self.data: date | None = None
        text = values[0].strip() if values else ""
        if text:
            self.data = parse_day(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return filters.day(self.data)


def parse_day(text: str) -> date:
    """A typed date. Raises ValueError with a sentence."""
    day, iso = _DAY.fullmatch(text), _ISO_DAY.fullmatch(text)
    if day is not None:
        numbers = int(day[3]) + (2000 if len(day[3]) == 2 else 0), int(day[2]), int(day[1])
    elif iso is not None:
        numbers = int(iso[1]), int(iso[2]), int(iso[3])
    else:
        pattern = filters.day_pattern()
        raise ValueError(gettext("Write the date as %(pattern)s.", pattern=pattern))
    try:
        found = date(*numbers)
    except ValueError:
        raise ValueError(gettext("The date %(day)s does not exist.", day=text)) from None
    if not EARLIEST <= found <= LATEST:
        raise ValueError(gettext("The year of %(day)s is not likely.", day=text))
    return found


class KeyField(Field):  # type: ignore[misc]  # wtforms has no types
    """The key of a row."""

    widget = TextInput()

    def process_formdata(self, values: Sequence[str]) -> None:
        """Read a UUID; anything else is refused."""
        self.data: UUID | None = None
        if values and values[0]:
            try:
                self.data = UUID(values[0])
            except ValueError:
                raise ValueError(gettext("Choose one from the list.")) from None

    def _value(self) -> str:
        return str(self.data) if self.data else ""


class ChoiceField(SelectField):  # type: ignore[misc]  # wtforms has no types
    """A choice from a list of (value, name); another value gets a sentence."""

    def __init__(self, label: Any = None, validators: Any = None, *, choices: Any = (), **kw: Any):
        options = [SelectChoice(*choice) for choice in choices]
        super().__init__(label, validators, choices=options, **kw)

    @property
    def options(self) -> list[tuple[str, str]]:
        """Each choice as (value, name), for a template."""
        return [(choice.value, choice.label) for choice in self.iter_choices()]

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise StopValidation(gettext("Choose one from the list.")) from None
