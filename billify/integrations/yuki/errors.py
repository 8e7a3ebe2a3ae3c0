"""What can go wrong with Yuki, by what is to be done about it.

Messages hold no names, amounts or keys: they are logged.
"""


class YukiError(Exception):
    """Something went wrong on the way to Yuki or there."""


class Unreachable(YukiError):
    """No answer, a part of one, or one that says the service is away: try again later."""


class Unreadable(YukiError):
    """An answer that is not what was agreed: try again later."""


class SessionEnded(YukiError):
    """The session opens nothing any more: log in once more."""


class LimitReached(YukiError):
    """No calls are left today: wait for the next day in Brussels."""


class ActionNeeded(YukiError):
    """The access key or its rights are refused: a person has to act."""


class NotARead(YukiError):
    """An operation that is not on the list of those that read; it was not sent."""


#: Words of a fault, any case, in the languages Yuki speaks, by what is to be done. Yuki publishes
#: the kinds of fault, not their texts; the first kind that fits is taken.
_SIGNS: tuple[tuple[type[YukiError], tuple[str, ...]], ...] = (
    (LimitReached, ("limit", "limiet", "maximum aantal", "nombre maximal")),
    (SessionEnded, ("session", "sessie")),
    (
        ActionNeeded,
        (
            "access key",
            "accesskey",
            "toegangssleutel",
            "clé d'accès",
            "rights",
            "rechten",
            "droits",
            "inactive",
            "inactief",
            "inactif",
            "bundle",
            "bundel",
        ),
    ),
)


def of_fault(text: str) -> YukiError:
    """The error that a fault's text means; without a known word it may pass by itself."""
    said = text.casefold()
    for kind, signs in _SIGNS:
        if any(sign in said for sign in signs):
            return kind(kind.__name__)
    return Unreachable("a fault of the service")
