"""E-mail addresses: as much of RFC 5321 as keeps out what can't be one."""

import re

from billify.domain.refusal import N_, Refusal

LONGEST = 200
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")


def normalised(*, text: str) -> str:
    """The address in small letters, as it is kept. Refuses what can't be an address."""
    found = text.strip().lower()
    local = found.partition("@")[0]
    if len(found) > LONGEST or not _ADDRESS.fullmatch(found) or ".." in found or local[-1] == ".":
        raise Refusal(N_("This is not an e-mail address."))
    return found
