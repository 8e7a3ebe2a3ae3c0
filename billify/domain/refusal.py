"""Refusals: a rule said no, in one sentence that the user may read."""


def N_(message: str) -> str:
    """Mark a sentence for the catalogues; the web room translates it when it is shown."""
    return message


class Refusal(Exception):
    """A rule was broken. `message` is an English sentence with %(name)s places for `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


class NotFound(Refusal):
    """The thing is not there, or belongs to another company: both look the same."""

    def __init__(self, message: str = N_("This page or item does not exist."), **params: object):
        super().__init__(message, **params)


class NotAllowed(Refusal):
    """The person's role does not cover this."""

    def __init__(self, message: str = N_("Your role does not allow this."), **params: object):
        super().__init__(message, **params)


class Closed(NotAllowed):
    """The whole company is closed to its people for now, whatever their role."""


class Stale(Refusal):
    """Somebody changed the thing after this form was opened."""

    def __init__(
        self,
        message: str = N_(
            "Somebody changed this while you had it open. Check the new values and try again."
        ),
        **params: object,
    ) -> None:
        super().__init__(message, **params)
