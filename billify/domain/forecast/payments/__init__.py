"""When an open invoice is paid: learned from how each contact paid before.

One model for customers and one for how we pay suppliers: learn twice. The method stands in
docs/forecast.md. Imports numpy, so the web process must not import this.
"""

from billify.domain.forecast.payments.expecting import expect
from billify.domain.forecast.payments.habits import Habits, Slower
from billify.domain.forecast.payments.learning import learn
from billify.domain.forecast.payments.values import NEVER, STEPS, Expectation, Open, Settled

__all__ = [
    "NEVER",
    "STEPS",
    "Expectation",
    "Habits",
    "Open",
    "Settled",
    "Slower",
    "expect",
    "learn",
]
