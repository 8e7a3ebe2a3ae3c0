"""A server that plays Yuki: see docs/adr/0018-yuki-client-and-stand-in.md."""

from billify.stand_ins.faults import Fault
from billify.stand_ins.yuki import samples
from billify.stand_ins.yuki.server import YukiServer
from billify.stand_ins.yuki.world import Books, Document, Domain, Item, World

__all__ = ["Books", "Document", "Domain", "Fault", "Item", "World", "YukiServer", "samples"]
