"""Yuki, the accounting of many Belgian companies: read only, over SOAP (ADR 0018).

`Client` knows the operations that read and refuses all others before the wire, since the access
key of a customer may always write too.
"""

from billify.integrations.yuki.client import Client
from billify.integrations.yuki.errors import (
    ActionNeeded,
    LimitReached,
    NotARead,
    SessionEnded,
    Unreachable,
    Unreadable,
    YukiError,
)
from billify.integrations.yuki.shapes import (
    Administration,
    Contact,
    Document,
    Domain,
    File,
    LedgerBalance,
    LedgerLine,
    OpenItem,
)
from billify.integrations.yuki.wire import Traffic, Wire

__all__ = [
    "ActionNeeded",
    "Administration",
    "Client",
    "Contact",
    "Document",
    "Domain",
    "File",
    "LedgerBalance",
    "LedgerLine",
    "LimitReached",
    "NotARead",
    "OpenItem",
    "SessionEnded",
    "Traffic",
    "Unreachable",
    "Unreadable",
    "Wire",
    "YukiError",
]
