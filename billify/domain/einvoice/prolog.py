"""What an XML file is by its first element, found without parsing the rest.

Only the standard library, and only the first part of the file: the web process asks this of every
upload. A document type declaration is refused here, before anything could expand an entity.
"""

from dataclasses import dataclass
from enum import StrEnum
from pyexpat import ErrorString, ExpatError, ParserCreate

from billify.domain.refusal import N_, Refusal

LONGEST = 262_144
"""How far the first element may be away from the start of the file."""

DAMAGED = N_("This XML file is damaged at line %(line)s, column %(column)s: %(reason)s.")
_STEP = 4_096


class Syntax(StrEnum):
    """The languages an e-invoice is written in."""

    UBL = "ubl"
    CII = "cii"
    ZUGFERD_1 = "zugferd1"


@dataclass(frozen=True, slots=True)
class Root:
    """The first element: its name without prefix, and its namespace."""

    name: str
    namespace: str

    @property
    def syntax(self) -> Syntax | None:
        """The language of the e-invoice that starts so; None when it is something else."""
        return _SYNTAXES.get((self.namespace, self.name))


_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_SYNTAXES = {
    (f"{_UBL}Invoice-2", "Invoice"): Syntax.UBL,
    (f"{_UBL}CreditNote-2", "CreditNote"): Syntax.UBL,
    (
        "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        "CrossIndustryInvoice",
    ): Syntax.CII,
    ("urn:ferd:CrossIndustryDocument:invoice:1p0", "CrossIndustryDocument"): Syntax.ZUGFERD_1,
}


ENVELOPE = Root(
    "StandardBusinessDocument",
    "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader",
)
"""What Peppol sends an e-invoice in: a header with sender and receiver, then the e-invoice."""


class _Enough(Exception):
    """The first element has been seen."""


def root_of(content: bytes) -> Root | None:
    """The first element; None when none is found. Refuses a document type declaration."""
    return _look(content)[0]


def syntax_of(content: bytes) -> Syntax:
    """The language of the e-invoice in these bytes; refuses what is no e-invoice, cheaply."""
    root, error = _look(content)
    if root is None and error is not None:
        raise Refusal(
            DAMAGED, line=error.lineno, column=error.offset + 1, reason=str(ErrorString(error.code))
        )
    if root is None:
        raise Refusal(N_("This XML file is damaged: it has no first element."))
    if root.syntax is None:
        raise Refusal(
            N_("This XML file is no e-invoice that Billify knows. It starts with “%(name)s”."),
            name=root.name[:60],
        )
    return root.syntax


def is_einvoice(content: bytes) -> bool:
    """Whether these bytes start as an e-invoice does."""
    try:
        root = root_of(content)
    except Refusal:
        return False
    return root is not None and root.syntax is not None


def _look(content: bytes) -> tuple[Root | None, ExpatError | None]:
    """The first element (within an envelope that of the e-invoice), or what kept it from us."""
    found: list[Root] = []

    def declare(*_: object) -> None:
        raise declared()

    def start(name: str, _attributes: object) -> None:
        namespace, _, bare = name.rpartition(" ")
        found.append(Root(bare, namespace))
        if found[0] != ENVELOPE or found[-1].syntax is not None:
            raise _Enough

    parser = ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = declare
    parser.StartElementHandler = start
    try:
        for at in range(0, min(len(content), LONGEST), _STEP):
            parser.Parse(content[at : at + _STEP], False)
    except _Enough:
        return found[-1], None
    except ExpatError as error:
        return (found[0], None) if found else (None, error)
    except (LookupError, ValueError) as error:
        raise Refusal(N_("This XML file says it is in an encoding that is not known.")) from error
    return (found[0] if found else None), None


def declared() -> Refusal:
    """What is said of a file with a document type declaration."""
    return Refusal(N_("This XML file declares a document type (DOCTYPE). An e-invoice has none."))
