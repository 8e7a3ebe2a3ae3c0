"""A server that plays Ponto: see docs/adr/0013-ponto-client-and-stand-in.md."""

from billify.stand_ins.faults import Fault, Faults
from billify.stand_ins.ponto.server import PontoServer
from billify.stand_ins.ponto.world import Account, Transaction, World

__all__ = ["Account", "Fault", "Faults", "PontoServer", "Transaction", "World"]
