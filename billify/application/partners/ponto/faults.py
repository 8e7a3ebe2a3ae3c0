"""What goes wrong at Ponto, by what follows from it."""

from collections.abc import Iterator
from contextlib import contextmanager

from billify.application.partners.protocol import PartnerFailed
from billify.domain.connections import TROUBLES, Trouble
from billify.domain.refusal import N_, Refusal
from billify.integrations import ponto

NAME = "Ponto"
_TROUBLE: tuple[tuple[type[ponto.PontoError], Trouble], ...] = (
    (ponto.Limited, Trouble.LIMITED),
    (ponto.LoginRefused, Trouble.LOGIN_REFUSED),
    (ponto.TokenEnded, Trouble.LOGIN_REFUSED),
    (ponto.NotAllowedThere, Trouble.NOT_ALLOWED),
    (ponto.Unreachable, Trouble.UNREACHABLE),
    (ponto.Unreadable, Trouble.UNREADABLE),
    (ponto.ServerFault, Trouble.PARTNER_FAULT),
)


@contextmanager
def told() -> Iterator[None]:
    """Errors of Ponto as the engine takes them."""
    try:
        yield
    except ponto.PontoError as error:
        wait = error.retry_after if isinstance(error, ponto.Limited) else None
        raise PartnerFailed(trouble_of(error), retry_after=wait, code=error.code) from error


def trouble_of(error: ponto.PontoError) -> Trouble:
    """What a failure means for a person."""
    for kind, trouble in _TROUBLE:
        if isinstance(error, kind):
            return trouble
    return Trouble.PARTNER_FAULT


def as_refusal(error: ponto.PontoError) -> Refusal:
    """What a person is told who has just pressed a button."""
    trouble = trouble_of(error)
    if trouble is Trouble.LOGIN_REFUSED:
        return Refusal(N_("Ponto does not accept this login. Check it and try again."))
    return Refusal(TROUBLES[trouble], partner=NAME)
