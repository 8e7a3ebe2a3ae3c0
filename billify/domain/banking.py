"""What accounts, movements and planned items can be."""

from enum import StrEnum


class AccountKind(StrEnum):
    """What an account is for."""

    CURRENT = "current"
    SAVINGS = "savings"
    CASH = "cash"


class MovementState(StrEnum):
    """Pending lines are replaced when the bank books them."""

    PENDING = "pending"
    BOOKED = "booked"


class ImportState(StrEnum):
    """A bank file is looked at first, then imported, and an import can be taken back."""

    PREVIEW = "preview"
    IMPORTED = "imported"
    UNDONE = "undone"


class PlannedSource(StrEnum):
    """Where a planned item comes from."""

    MANUAL = "manual"
    DETECTED = "detected"
    TAX = "tax"
