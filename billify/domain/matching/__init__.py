"""Which invoices a bank line settles, on what evidence, and how likely that is right.

Pure: given a company's invoices, contacts and bank lines, `match` walks through the lines in
order of date and answers each with proposals. Nothing is remembered between calls.
"""

from billify.domain.matching.matching import match
from billify.domain.matching.values import (
    Case,
    Contact,
    Evidence,
    Link,
    Match,
    MatchKind,
    Movement,
    OpenInvoice,
    Proposal,
    Settlement,
)

__all__ = [
    "Case",
    "Contact",
    "Evidence",
    "Link",
    "Match",
    "MatchKind",
    "Movement",
    "OpenInvoice",
    "Proposal",
    "Settlement",
    "match",
]
