"""The tree of an XML file: parsed without entities, DTD and network, asked by plain names.

A value that cannot be what it should be is refused with its line and path.
"""

import re
from datetime import date
from decimal import Decimal
from typing import NoReturn

from lxml import etree

from billify.domain.einvoice import prolog
from billify.domain.refusal import N_, Refusal

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")
_DAY = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T[0-9:.]+|[0-9]{4,6})?(?:Z|[+-][0-9:]{5})?"
)
_LONGEST_SHOWN = 60
MOST_ALIKE = 20_000
"""Lines, notes or whatever else may come in any number; each takes memory and time."""


class Malformed(Refusal):
    """The file is no sound XML, or a value in it cannot be what its element says."""


def parsed(content: bytes) -> "Node":
    """The first element of the file, or of the e-invoice in an envelope.

    Refuses what is not well-formed, with line and reason.
    """
    prolog.root_of(content)  # refuses a document type before the parser sees it
    try:
        tree = _tree(content, huge=False)
    except etree.XMLSyntaxError as error:
        if error.code != etree.ErrorTypes.ERR_RESOURCE_LIMIT and "huge" not in str(error).lower():
            raise _broken(error) from error
        tree = _huge_tree(content)
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise prolog.declared()
    root = Node(tree.getroot())
    if root.name != prolog.ENVELOPE.name:
        return root
    return root.first("Invoice|CreditNote|CrossIndustryInvoice|CrossIndustryDocument") or root


def _tree(content: bytes, *, huge: bool) -> "etree._ElementTree[etree._Element]":
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
    )
    root = etree.fromstring(content, parser)
    return root.getroottree()


def _huge_tree(content: bytes) -> "etree._ElementTree[etree._Element]":
    """Once more for a text of more than 10 MB: an attached PDF in one element.

    That lifts the parser's bounds on entities too, so only after the prolog was found free of
    declarations in an encoding that both parsers read alike.
    """
    head = content[:200].lower()
    is_plain = head.lstrip(b"\xef\xbb\xbf").startswith(b"<") and (
        b"encoding" not in head or b"utf-8" in head
    )
    if not is_plain or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Malformed(N_("This XML file is nested or packed beyond what an invoice needs."))
    try:
        return _tree(content, huge=True)
    except etree.XMLSyntaxError as error:
        raise _broken(error) from error


def _broken(error: etree.XMLSyntaxError) -> Malformed:
    line, column = error.position
    reason = re.sub(r", line \d+, column \d+.*$", "", error.msg or "").strip()
    return Malformed(
        prolog.DAMAGED,
        line=line,
        column=column,
        reason=reason[:120] or "?",
    )


class Node:
    """One element, asked for what is below it by names without prefixes.

    A path is names with slashes between; a name may offer others, as in `ApplicablePercent|
    RateApplicablePercent`.
    """

    __slots__ = ("_children", "element")

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self._children: dict[str, list[Node]] | None = None

    @property
    def name(self) -> str:
        """The name without prefix."""
        return _bare(self.element)

    @property
    def children(self) -> dict[str, list["Node"]]:
        """What is below, by name."""
        if self._children is None:
            self._children = {}
            for child in self.element:
                if isinstance(child.tag, str):
                    self._children.setdefault(_bare(child), []).append(Node(child))
        return self._children

    def all(self, path: str) -> list["Node"]:
        """Every element at the path."""
        found = [self]
        for names in path.split("/"):
            found = [
                child
                for node in found
                for name in names.split("|")
                for child in node.children.get(name, ())
            ]
        if len(found) > MOST_ALIKE:
            raise Malformed(
                N_("This e-invoice has %(count)s × %(name)s. The limit is %(limit)s."),
                count=len(found),
                name=found[0].name,
                limit=MOST_ALIKE,
            )
        return found

    def first(self, path: str) -> "Node | None":
        """The first element at the path."""
        found = self.all(path)
        return found[0] if found else None

    def part(self, path: str) -> "Node":
        """The first element at the path, or one without content where there is none."""
        found = self.first(path)
        return found if found is not None else Node(etree.Element("missing"))

    def text(self, path: str = "") -> str:
        """The text there, trimmed; empty when there is none."""
        node = self.first(path) if path else self
        return "" if node is None else (node.element.text or "").strip()

    def texts(self, path: str) -> tuple[str, ...]:
        """Every text that is not empty."""
        return tuple(text for node in self.all(path) if (text := node.text()))

    def attribute(self, name: str, path: str = "") -> str:
        """The attribute of the element at the path; empty when there is none."""
        node = self.first(path) if path else self
        return "" if node is None else str(node.element.get(name) or "").strip()

    def number(self, path: str = "") -> Decimal | None:
        """The number there; None when the element is missing or empty. Refuses anything else."""
        node = self.first(path) if path else self
        text = node.text() if node is not None else ""
        if node is None or not text:
            return None
        if not _NUMBER.fullmatch(text):
            node.refuse(N_("Line %(line)s, %(path)s: “%(text)s” is not a number."))
        return Decimal(text)

    def day(self, path: str = "") -> date | None:
        """The day there; None when the element is missing or empty. Refuses anything else."""
        node = self.first(path) if path else self
        text = node.text() if node is not None else ""
        if node is None or not text:
            return None
        found = _DAY.fullmatch(text)
        try:
            return date(int(found[1]), int(found[2]), int(found[3])) if found else node._no_day()
        except ValueError:
            return node._no_day()

    def refuse(self, sentence: str) -> NoReturn:
        """Refuse the value of this element: the sentence takes line, path and text."""
        text = self.text()[:_LONGEST_SHOWN]
        raise Malformed(sentence, line=self.element.sourceline, path=self.path, text=text)

    @property
    def place(self) -> str:
        """Line and path, as `line 12, /Invoice/LegalMonetaryTotal/PayableAmount`."""
        return f"line {self.element.sourceline}, {self.path}"

    @property
    def path(self) -> str:
        """The names from the first element to this one, as `/Invoice/InvoiceLine[2]/ID`."""
        steps = [_step(self.element), *map(_step, self.element.iterancestors())]
        return f"/{'/'.join(reversed(steps))}"

    def place_as(self, number: int) -> str:
        """The place of one among many, whose number is known: counting them again is slow."""
        above = [_bare(one) for one in self.element.iterancestors()]
        path = "/".join(reversed(above))
        return f"line {self.element.sourceline}, /{path}/{self.name}[{number}]"

    def _no_day(self) -> NoReturn:
        self.refuse(N_("Line %(line)s, %(path)s: “%(text)s” is not a date."))


def _bare(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _step(element: etree._Element) -> str:
    """The name, with its number among its equals when there are several."""
    name, parent = _bare(element), element.getparent()
    if parent is None:
        return name
    same = [child for child in parent if isinstance(child.tag, str) and _bare(child) == name]
    return name if len(same) == 1 else f"{name}[{same.index(element) + 1}]"
