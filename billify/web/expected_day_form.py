"""The form that says on which day an open invoice will be paid."""

from datetime import date

from flask_babel import lazy_gettext as _

from billify.web.forms import DayField, Form, required


class ExpectedDayForm(Form):
    """One day."""

    on = DayField(_("Expected on"), [required()])

    @property
    def day(self) -> date:
        """The day; only of a form that is valid."""
        assert self.on.data is not None
        return self.on.data
