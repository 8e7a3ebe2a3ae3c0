"""What each page of a document says of where an invoice begins and ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from billify.domain.reading import papers
from billify.domain.reading.clues import Clue
from billify.domain.reading.codes import bare
from billify.domain.reading.facts import Facts
from billify.domain.reading.labels import phrases_of
from billify.domain.reading.layout import Cell, Line, Sheet, folded
from billify.domain.reading.papers import OtherKind, Verdict

_PAGE = r"(?:page|pagina|pag|seite|blz|bladzijde|blad|blatt|feuille|folio|p|strana)"
_OF = r"(?:/|of|van|de|sur|von|aus|di|op|z)"
_NUMBERED = re.compile(
    rf"(?:^|\s)(?:{_PAGE}\s?(?:nr|n|no)?\.?\s?:?\s?)(\d{{1,3}})(?:\s?{_OF}\s?(\d{{1,3}}))?(?=$|[\s.)\]])",
    re.IGNORECASE,
)
_BARE = re.compile(r"^[-–(]?\s?(\d{1,3})\s?/\s?(\d{1,3})\s?[-–)]?$")
_CARRIED_OUT = tuple(
    phrases_of("""
    over te dragen; overdracht; transport; te transporteren; a reporter; report; carried forward;
    carry forward; total carried forward; ubertrag; zwischensumme ubertrag; subtotaal pagina; sous
    total page; continued; continued on next page; vervolg op volgende pagina; zie volgende
    pagina; suite page suivante; voir page suivante; fortsetzung; fortsetzung auf seite; suite au
    verso; suite
    """)
)
_CARRIED_IN = tuple(
    phrases_of("""
    overgedragen; overgebracht; transport; reeds overgedragen; report; reporte; brought forward;
    ubertrag; vortrag; vervolg; suite; continued; fortsetzung; vorige pagina; page precedente
    """)
)
_TITLED = re.compile(
    r"(?:rechnung|faktur|factuur|factur|invoice|gutschrift|credit|avoir|nota|fattura|bill|korrektur)"
    r"\S*\s(?:.{0,32}\s)?(?:nr|no|n|n°|nº|num|number|nummer|numero|numéro|#)\s?[.:°#]*\s?"
    r"((?=\S*\d)[A-Z0-9][A-Z0-9/_.–-]*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^(?=.*\d)[A-Za-z0-9][A-Za-z0-9/_.\-–]*$")


@dataclass(frozen=True, slots=True)
class Numbering:
    """Page `at` of `of`, as printed; `of` is None where only the page's own number stands."""

    at: int
    of: int | None


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """One page alone: what it calls itself, whose it is, what it sums up."""

    page: int
    verdict: Verdict
    numbering: Numbering | None
    invoice_numbers: frozenset[str]
    """As its labels name them, letters and digits only."""
    title: float
    """How loudly it calls itself an invoice, credit note or receipt."""
    has_total: bool
    carries_out: bool
    carries_in: bool
    parties: frozenset[str]
    """VAT numbers and accounts on it."""
    dates: frozenset[str]
    """Issue dates as its labels name them."""
    words: int
    has_table: bool
    is_slip: bool
    other_title: OtherKind | None = field(default=None)

    @property
    def looks_first(self) -> bool:
        """A title or a number of its own, as first pages have."""
        return self.title >= 0.8 or bool(self.invoice_numbers)


def evidence(facts: Facts) -> list[PageEvidence]:
    """The evidence of each page in turn; wants the tables already noted in the facts."""
    numbered = _numberings(facts.sheets)
    return [_of_page(facts, sheet, numbered.get(sheet.page)) for sheet in facts.sheets]


def _of_page(facts: Facts, sheet: Sheet, numbering: Numbering | None) -> PageEvidence:
    titles = papers.titles_of(sheet)
    others = {kind: weight for kind, weight in titles.items() if kind is not None}
    loudest = max(others, key=lambda kind: others[kind], default=None)
    lines = sheet.lines
    return PageEvidence(
        page=sheet.page,
        verdict=papers.verdict(facts, pages=[sheet.page]),
        numbering=numbering,
        invoice_numbers=frozenset(_invoice_numbers(facts, sheet)),
        title=titles.get(None, 0.0),
        has_total=papers.has_total(facts, {sheet.page}),
        carries_out=any(_says(line, _CARRIED_OUT) for line in lines[-6:]),
        carries_in=any(_says(line, _CARRIED_IN) for line in _body_top(facts, sheet)),
        parties=frozenset(
            bare(code.value)
            for code in facts.codes
            if code.line.page == sheet.page and code.kind in ("vat", "iban") and code.is_valid
        ),
        dates=frozenset(_issue_dates(facts, sheet)),
        words=sum(len(line.words) for line in lines),
        has_table=any(id(line) in facts.table_lines for line in lines),
        is_slip=sheet.is_slip or sheet.height > 1.75 * sheet.width,
        other_title=loudest if loudest is not None and others[loudest] >= 0.9 else None,
    )


def _body_top(facts: Facts, sheet: Sheet) -> list[Line]:
    """The lines among which a carried sum stands: above the rows of a table that goes on."""
    at = next((n for n, line in enumerate(sheet.lines) if id(line) in facts.table_lines), 12)
    return sheet.lines[max(at - 3, 0) : at + 3]


def _says(line: Line, phrases: Sequence[str]) -> bool:
    for cell in line.cells:
        text = folded(cell.text)
        if len(text.split()) <= 7 and any(
            text == phrase or text.startswith(f"{phrase} ") for phrase in phrases
        ):
            return True
    return False


def _numberings(sheets: Sequence[Sheet]) -> dict[int, Numbering]:
    found: dict[int, Numbering] = {}
    for sheet in sheets:
        numbering = _numbering(sheet)
        if numbering is not None:
            found[sheet.page] = numbering
    return found


def _numbering(sheet: Sheet) -> Numbering | None:
    """The page's number: a labelled one anywhere, a bare 1/2 only in the margins."""
    best: Numbering | None = None
    for line in sheet.lines:
        for cell in line.cells:
            at_edge = cell.y0 < 0.16 * sheet.height or cell.y1 > 0.86 * sheet.height
            if len(cell.words) > 12 and not at_edge:
                continue
            seen = _plausible(_NUMBERED.search(cell.text))
            if seen is None and at_edge and len(cell.words) <= 3:
                seen = _plausible(_BARE.match(cell.text.strip()))
            if seen is not None and (best is None or (best.of is None and seen.of is not None)):
                best = seen
    return best


def _plausible(found: re.Match[str] | None) -> Numbering | None:
    if found is None:
        return None
    at, of = int(found[1]), int(found[2]) if found[2] else None
    if not 1 <= at <= 200 or (of is not None and not at <= of <= 200):
        return None
    return Numbering(at, of)


def _invoice_numbers(facts: Facts, sheet: Sheet) -> list[str]:
    """What stands right behind or under a label that can only mean the invoice's number."""
    found = []
    for clue in facts.clues_for("invoice_number"):
        if clue.line.page != sheet.page or clue.names["invoice_number"] < 1:
            continue
        if id(clue.line) in facts.table_lines or not (clue.starts_cell or clue.has_colon):
            continue
        if "other_number" in clue.names or _is_reference(clue):
            continue
        number = _beside(clue) or _under(clue, sheet)
        if number is not None:
            found.append(bare(number))
    if not found:
        found += [bare(seen[1]) for cell in sheet.cells if (seen := _titled(sheet, cell))]
    return [number for number in found if number]


def _titled(sheet: Sheet, cell: Cell) -> re.Match[str] | None:
    """Rent invoice no. 123 of 1 May, in one line of its own in the upper half."""
    if cell.y0 > 0.5 * sheet.height or len(cell.words) > 12:
        return None
    return _TITLED.search(cell.text)


def _is_reference(clue: Clue) -> bool:
    """A longer sentence names another invoice: "concerns invoice number …"."""
    before = [word for word in clue.cell.words if word.x1 <= clue.words[0].x0 + 1]
    return bool(before)


def _beside(clue: Clue) -> str | None:
    right = clue.words[-1].x1
    behind = [word for word in clue.line.words if word.x0 >= right - 1][:2]
    for word in behind:
        text = word.text.strip(":.,;#()")
        if _NUMBER.match(text) and word.x0 - right < 260:
            return text
        if text and not (text.isupper() and len(text) <= 4):
            return None
    return None


def _under(clue: Clue, sheet: Sheet) -> str | None:
    for cell in sheet.below(clue.cell, rows=2.2)[:1]:
        for word in cell.words[:2]:
            text = word.text.strip(":.,;#()")
            if _NUMBER.match(text):
                return text
    return None


def _issue_dates(facts: Facts, sheet: Sheet) -> list[str]:
    days = [
        day
        for day in facts.days
        if day.line.page == sheet.page and id(day.line) not in facts.table_lines
    ]
    linked = facts.linked("issue_date", days, accept=lambda clue: clue.names["issue_date"] >= 1)
    return [day.value.isoformat() for day in days if linked.get(id(day), (0.0,))[0] > 0.7]
