"""Parts of Billify that can be switched off for a company."""

from enum import StrEnum


class Feature(StrEnum):
    """A part, on unless it is switched off."""

    ACCOUNTING = "accounting"
    SCENARIOS = "scenarios"
    BANK_MEETING = "bank_meeting"
    TRACK_RECORD = "track_record"
