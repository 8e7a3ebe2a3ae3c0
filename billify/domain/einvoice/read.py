"""The one public step: from the bytes of a file to the e-invoice it holds."""

from billify.domain.einvoice import cii, prolog, tree, ubl
from billify.domain.einvoice.model import EInvoice
from billify.domain.einvoice.prolog import Syntax
from billify.domain.refusal import N_


def read(content: bytes) -> EInvoice:
    """Every term of an e-invoice, exactly as stated.

    Refuses what is no e-invoice, is damaged, declares a document type, or holds a value that
    cannot be what its element says; the sentence names the place.
    """
    syntax = prolog.syntax_of(content)
    root = tree.parsed(content)
    found = ubl.read(root) if syntax is Syntax.UBL else cii.read(root, syntax)
    totals = (found.net_amount, found.gross_amount, found.payable)
    if not found.number and all(total is None for total in totals):
        raise tree.Malformed(N_("This e-invoice is empty: it has neither a number nor a total."))
    return found
