"""How well a document was read, told by what a person left alone and what was corrected."""

from collections.abc import Mapping
from dataclasses import dataclass

from billify.domain.reading.memory.lesson import same
from billify.domain.reading.reading import How, Reading

COUNTED = (
    "document_type",
    "supplier_name",
    "supplier_vat",
    "invoice_number",
    "issue_date",
    "due_date",
    "delivery_date",
    "currency",
    "net_amount",
    "vat_amount",
    "gross_amount",
    "payment_reference",
    "iban",
)
"""The fields of a form that count, in the order people check them."""
_FILLED_BY_ITSELF = frozenset(["supplier_vat", "due_date", "currency"])
"""What a form fills in when nothing was read, so that filling it is no correction."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One field: left as it was read or not, and whether memory had read it."""

    is_kept: bool
    is_memory: bool


def judgement(*, reading: Reading, values: Mapping[str, str | None]) -> dict[str, Judged]:
    """Each field that was read or should have been; one that is empty on both sides is left out."""
    found = {}
    for name in COUNTED:
        if name not in values:
            continue
        read, true = reading.fields.get(name), values[name]
        if read is None and (not true or name in _FILLED_BY_ITSELF):
            continue
        kept = read is not None and same(name, read.value, true)
        found[name] = Judged(kept, read is not None and read.how is How.MEMORY)
    return found
