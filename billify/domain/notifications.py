"""What a person is told, and by which way."""

from enum import StrEnum


class NotificationKind(StrEnum):
    """What happened."""

    TO_APPROVE = "to_approve"
    READ_FAILED = "read_failed"
    CONSENT_ENDING = "consent_ending"
    SYNC_FAILING = "sync_failing"
    BELOW_FLOOR = "below_floor"
    CUSTOMER_SLOWER = "customer_slower"
    PAYMENT_RECEIVED = "payment_received"
    EXPORT_READY = "export_ready"
    ANNOUNCEMENT = "announcement"
    SUPPORT_ASKS = "support_asks"


class MailWish(StrEnum):
    """Does a person want a mail of it, at once or gathered once a day?"""

    NONE = "none"
    INSTANT = "instant"
    DIGEST = "digest"
