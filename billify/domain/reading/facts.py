"""All that is found on the pages before anything is chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from billify.domain.reading import amounts, clues, codes, dates, languages
from billify.domain.reading.amounts import Amount
from billify.domain.reading.clues import Clue, Placed
from billify.domain.reading.codes import Code
from billify.domain.reading.dates import Day
from billify.domain.reading.layout import Line, Sheet, laid_out
from billify.domain.reading.words import Box, Page

_NORTH_AMERICAN = ("USD", "CAD")

Value = TypeVar("Value", bound=Placed)
Linked = dict[str, dict[int, tuple[float, Clue]]]
"""Name of a label → identity of a value → how strongly the label of that name points at it."""


@dataclass(slots=True, eq=False)
class Facts:
    """Lines, labels and typed values of one document."""

    sheets: list[Sheet]
    clues: list[Clue]
    amounts: list[Amount]
    days: list[Day]
    codes: list[Code]
    language: str
    comma_is_decimal: bool | None
    clues_of_line: dict[int, list[Clue]] = field(default_factory=dict)
    table_lines: set[int] = field(default_factory=set)
    """Identities of the lines inside tables of goods: their heads and rows are no totals."""
    _typical: float = 0.0

    @property
    def lines(self) -> list[Line]:
        """Every line of every page."""
        return [line for sheet in self.sheets for line in sheet.lines]

    @property
    def typical_size(self) -> float:
        """The type size in the middle of all, in points."""
        if not self._typical:
            sizes = sorted(cell.size for sheet in self.sheets for cell in sheet.cells)
            self._typical = sizes[len(sizes) // 2] if sizes else 10.0
        return self._typical

    @property
    def is_slip(self) -> bool:
        """The first page has the shape of a till's paper."""
        return self.sheets[0].is_slip or self.sheets[0].height > 1.75 * self.sheets[0].width

    def sheet(self, number: int) -> Sheet:
        """The page of that number."""
        return next(sheet for sheet in self.sheets if sheet.page == number)

    def fractions(self, box: Box | None, page: int | None) -> Box | None:
        """A box in points as fractions of its page; None where there is no box or no page."""
        if box is None or page is None:
            return None
        sheet = self.sheet(page)
        return (
            box[0] / sheet.width,
            box[1] / sheet.height,
            box[2] / sheet.width,
            box[3] / sheet.height,
        )

    def clues_for(self, *names: str) -> list[Clue]:
        """Labels that may mean one of the names."""
        return [clue for clue in self.clues if any(name in clue.names for name in names)]

    def linked(
        self,
        name: str,
        values: Sequence[Value],
        *,
        accept: Callable[[Clue], bool] = lambda _: True,
        adjust: Callable[[Clue, Value, float], float] = lambda _clue, _value, strength: strength,
    ) -> dict[int, tuple[float, Clue]]:
        """Identity of a value → (strength, label): the best label of that name for each value.

        A label speaks fully for the value it points at most strongly and half for others.
        """
        best: dict[int, tuple[float, Clue]] = {}
        for clue in self.clues_for(name):
            if not accept(clue):
                continue
            others = self.clues_of_line[id(clue.line)]
            near = [
                (adjust(clue, value, clues.pointing(clue, value, others)), value)
                for value in values
                if value.line.page == clue.line.page and -20 < value.line.y1 - clue.line.y0 < 110
            ]
            top = max((strength for strength, _ in near), default=0.0)
            for strength, value in near:
                if strength <= 0:
                    continue
                score = strength * clue.names[name] * (1.0 if strength >= top - 1e-9 else 0.5)
                if score > best.get(id(value), (0.0, clue))[0]:
                    best[id(value)] = (score, clue)
        return best


def gathered(pages: Sequence[Page]) -> Facts:
    """Everything that can be found before choosing."""
    sheets = laid_out(pages)
    language = languages.spoken(word for page in pages for word in page.words)
    comma = amounts.decimal_comma(sheets)
    found = clues.clues(sheets)
    numbers = amounts.amounts(sheets, comma_is_decimal=comma)
    signs = [amount.currency for amount in numbers if amount.currency and amount.decimals == 2]
    dollars = sum(sign in _NORTH_AMERICAN for sign in signs)
    american = 2 * dollars > len(signs) and comma is not True
    month_first = dates.month_comes_first(sheets, prefers=american and language in ("en", ""))
    return Facts(
        sheets=sheets,
        clues=found,
        amounts=numbers,
        days=dates.days(sheets, month_first=month_first),
        codes=codes.codes(sheets),
        language=language,
        comma_is_decimal=comma,
        clues_of_line=clues.by_line(found),
    )
