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


class MatchState(StrEnum):
    """Where a bank line stands on its way to being explained."""

    NEW = "new"
    UNMATCHED = "unmatched"
    PROPOSED = "proposed"
    MATCHED = "matched"
    TRANSFER = "transfer"
    SET_ASIDE = "set_aside"


#: Lines that are looked at again whenever invoices or lines come in.
WAITING = (MatchState.NEW, MatchState.UNMATCHED, MatchState.PROPOSED)


class Flow(StrEnum):
    """Which lines a rule is for."""

    ANY = "any"
    IN = "in"
    OUT = "out"
