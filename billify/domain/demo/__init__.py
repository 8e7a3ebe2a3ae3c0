"""The demo company: made data that is believable, complete and the same for the same seed."""

from billify.domain.demo.shapes import (
    DemoAccount,
    DemoAllocation,
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
    "DemoCompany",
    "DemoContact",
    "DemoIncoming",
    "DemoInvoice",
    "DemoLine",
    "DemoMovement",
    "DemoPlanned",
]
