"""Parts of Billify that can be switched off for a company."""

from collections.abc import Collection
from enum import StrEnum

from billify.domain.connections import Partner


class Feature(StrEnum):
    """A part, on unless it is switched off."""

    ACCOUNTING = "accounting"
    SCENARIOS = "scenarios"
    BANK_MEETING = "bank_meeting"
    TRACK_RECORD = "track_record"


ACCOUNTING_PARTNERS = frozenset({Partner.YUKI})
"""Partners that are not asked where accounting is off."""


def switched(*, on: Collection[Feature]) -> list[str]:
    """What is kept of a company whose parts are these: those that it does without, by name. A
    part that comes later is on by itself."""
    return [one.value for one in Feature if one not in on]
