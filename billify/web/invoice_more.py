"""What an invoice may say beside its head: order, delivery, period, early payment, credit."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from billify.domain.invoices import InvoiceKind
from billify.web.forms import DayField, Form, MoneyField, OptionalText, at_most

MORE = (
    "order_reference",
    "delivery_date",
    "period_start",
    "period_end",
    "discount_percent",
    "discount_until",
)
"""Fields that most invoices leave empty."""

MORE_READ_AS = {name: name for name in MORE} | {"credited_number": "credited_invoice_number"}
"""Which field of a reading fills which of them."""


class MoreForm(Form):
    """The part of the form of an invoice that is folded away while it is empty."""

    order_reference = OptionalText(_l("Order"), [at_most(60)])
    delivery_date = DayField(_l("Delivery date"))
    period_start = DayField(_l("Period from"))
    period_end = DayField(_l("Period until"))
    discount_percent = MoneyField(_l("Per cent less"))
    discount_until = DayField(_l("When paid until"))
    credited_number = OptionalText(_l("Credits invoice"), [at_most(60)])

    def more_names(self) -> list[str]:
        """Their names, with the credited invoice where there can be one."""
        credit = self.kind.data == InvoiceKind.CREDIT_NOTE or self.credited_number.data
        return [*MORE, *(["credited_number"] if credit else [])]

    def has_more(self) -> bool:
        """Something stands in one of them."""
        return any(self[name].data or self[name].errors for name in self.more_names())

    def check_more(self) -> bool:
        """A period runs forward, and a discount is a share of the total."""
        start, end = self.period_start.data, self.period_end.data
        if start and end and end < start:
            self.period_end.errors = [_("The last day is before the first.")]
        share = self.discount_percent.data
        if share is not None and not 0 <= share < 100:
            self.discount_percent.errors = [_("Fill in a share from 0 to 100.")]
        return not (self.period_end.errors or self.discount_percent.errors)
