"""What can go wrong with Ponto, by what is to be done about it.

Messages hold no names, numbers or tokens: they are logged.
"""


class PontoError(Exception):
    """Something went wrong; `code` is Ponto's own word for it, where it had one."""

    def __init__(self, said: str, *, code: str = "") -> None:
        super().__init__(said)
        self.code = code


class Unreachable(PontoError):
    """No answer, or only a part of one: try again later."""


class Unreadable(PontoError):
    """An answer that is not what was agreed: try again later."""


class ServerFault(PontoError):
    """Ponto itself failed: try again later."""


class Limited(PontoError):
    """Asked too often; `retry_after` seconds, when it was said."""

    def __init__(self, said: str, *, retry_after: float | None = None) -> None:
        super().__init__(said, code="tooManyRequests")
        self.retry_after = retry_after


class TokenEnded(PontoError):
    """The access token opens nothing any more: ask for another one."""


class LoginRefused(PontoError):
    """Keys or refresh token are not taken: a person has to connect again."""


class NotAllowedThere(PontoError):
    """The connection may not do this, or the organisation is blocked."""


class Gone(PontoError):
    """There is no such thing, or it was taken away from us."""


class TooSoon(PontoError):
    """The bank was asked a moment ago: there is nothing newer to fetch, and that is fine."""


class Refused(PontoError):
    """Any other no."""
