"""Which partners there are: a line each."""

from billify.application.partners.ponto.adapter import PontoAdapter
from billify.application.partners.protocol import Adapter, Description
from billify.application.partners.yuki.adapter import YukiAdapter
from billify.domain.connections import Partner

ADAPTERS: tuple[Adapter, ...] = (PontoAdapter(), YukiAdapter())


def of(partner: Partner) -> Adapter:
    """The adapter of a partner. Raises KeyError for one that has none."""
    for one in ADAPTERS:
        if partner in one.partners:
            return one
    raise KeyError(partner)


def described(partner: Partner) -> Description:
    """A partner as a person meets it."""
    return of(partner).describe(partner=partner)
