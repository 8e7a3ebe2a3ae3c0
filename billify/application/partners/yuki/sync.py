"""One look at the accounting: what is open, which invoices that is, and once a day the rest."""

from billify.application.partners.protocol import Run
from billify.domain.connections import Trouble


def work(*, run: Run) -> Trouble | None:
    """Read both lists and write what they tell."""
    raise NotImplementedError
