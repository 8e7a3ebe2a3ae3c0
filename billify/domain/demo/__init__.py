"""The demo company: made data that is believable, complete and the same for the same seed."""

from datetime import date

from billify.domain.demo.bakery import ANNA, ANNA_RECEIVES
from billify.domain.demo.chocolaterie import CHLOE, CHLOE_RECEIVES
from billify.domain.demo.play import play
from billify.domain.demo.shapes import (
    DemoAccount,
    DemoAllocation,
    DemoBudget,
    DemoCompany,
    DemoContact,
    DemoIncoming,
    DemoInvoice,
    DemoLine,
    DemoMovement,
    DemoPlanned,
)

__all__ = [
    "DemoAccount",
    "DemoAllocation",
    "DemoBudget",
    "DemoCompany",
    "DemoContact",
    "DemoIncoming",
    "DemoInvoice",
    "DemoLine",
    "DemoMovement",
    "DemoPlanned",
    "build",
    "build_second",
]

USUAL_SEED = 9
USUAL_SIZE = 400


def build(*, seed: int = USUAL_SEED, today: date, size: int = USUAL_SIZE) -> DemoCompany:
    """Bakkerij Anna BV in Ghent: a year up to today with about `size` invoices."""
    return play(ANNA, deliveries=ANNA_RECEIVES, seed=seed, today=today, size=size)


def build_second(*, seed: int = USUAL_SEED, today: date) -> DemoCompany:
    """Chocolaterie Chloé SRL in Namur: a smaller company, so that there is one to switch to."""
    return play(CHLOE, deliveries=CHLOE_RECEIVES, seed=seed + 1, today=today, size=USUAL_SIZE)
