"""What people and companies may be called in the mails that go out in their name."""

from billify.domain.refusal import N_, Refusal

_SIGNS = ("://", "www.")
"""Mail programs make a link of what has one of these in it."""


class NameLeadsAway(Refusal):
    """A name that is an address on the web: in a mail of ours it would be somebody's bait."""

    def __init__(self) -> None:
        super().__init__(N_("A name can't be an address on the web."))


def check(*names: str) -> None:
    """Refuses names that lead away."""
    if any(sign in name.lower() for name in names for sign in _SIGNS):
        raise NameLeadsAway
