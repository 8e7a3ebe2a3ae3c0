"""Dates as they are printed: in figures or with the month in words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from billify.domain.reading.layout import Cell, Line, Sheet, folded
from billify.domain.reading.words import Box, Word, around

_MONTHS = (
    "januari january janvier januar janner enero gennaio janeiro jan janv ledna "
    "stycznia gener janar ianuarie janvaris sausio tammikuuta tammikuu jaanuar "
    "sijecnja ocak januara januarja",
    "februari february fevrier februar febrero febbraio fevereiro feb fev fevr unora "
    "lutego februarie februaris vasario helmikuuta helmikuu veebruar veljace subat "
    "februara februarja",
    "maart march mars marz maerz marzo marco mar mrt brezna marca marta martie kovo "
    "maaliskuuta maaliskuu marts marec ozujka mart marcius",
    "april avril abril aprile apr avr abr dubna kwietnia aprilie aprila balandzio "
    "huhtikuuta huhtikuu aprill travnja nisan aprilis aprilja",
    "mei may mai mayo maggio maio mag kvetna maja maj majus mayıs mayis geguzes "
    "toukokuuta toukokuu svibnja maijs",
    "juni june juin junio giugno junho jun giu cervna czerwca iunie junij birzelio "
    "kesakuuta kesakuu juuni lipnja haziran junius junijs juna junija",
    "juli july juillet julio luglio julho jul juil lug cervence lipca iulie julij "
    "liepos heinakuuta heinakuu juuli srpnja temmuz julius julijs jula julija",
    "augustus august aout agosto aug ago srpna sierpnia rugpjucio elokuuta elokuu "
    "avgust kolovoza agustos ağustos augusts augusta avgusta",
    "september septembre septiembre settembre setembro sep sept set zari wrzesnia "
    "septembrie septembris rugsejo syyskuuta syyskuu rujna eylul septembra",
    "oktober october octobre octubre ottobre outubro oct okt ott out rijna "
    "pazdziernika octombrie oktobris spalio lokakuuta lokakuu oktoober ekim oktobra",
    "november novembre noviembre novembro nov listopadu listopada noiembrie "
    "novembris lapkricio marraskuuta marraskuu studenoga kasim novembra",
    "december decembre dezember diciembre dicembre dezembro dec dez dic prosince "
    "grudnia decembrie decembris gruodzio joulukuuta joulukuu detsember prosinca "
    "aralik decembra desember",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}

_FIGURES = re.compile(
    r"(?<![\d./,-])(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d|[/.,-]\d)"
)
_BLOTTED = re.compile(
    r"(?<![\d./,-])(\d{2})(?:,(\d{2})[.,]|\.(\d{2}),)(\d{4}|\d{2})(?!\d|[/.,-]\d)"
)
"""Points that a till printed too thick, which OCR takes for commas."""
_PACKED = re.compile(r"(?<![\w/-])(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\w/-])")
_DAY_MONTH = re.compile(
    r"(?<![\d.])(\d{1,2})(?:st|nd|rd|th|er|e|\.|º)?[\s./-]*(?:de\s+)?([^\W\d_]{3,12})\.?[\s.,/'-]*"
    r"(?:de\s+)?(\d{4}|\d{2})(?!\d)"
)
_MONTH_DAY = re.compile(
    r"([^\W\d_]{3,12})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?\s?[,.\s-]+\s?(\d{4}|\d{2})(?![\d:])"
)


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """A date as printed, with its place."""

    value: date
    words: tuple[Word, ...]
    line: Line
    cell: Cell
    is_doubtful: bool = False
    """Day and month could be the other way round."""

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around(self.words)


def month_comes_first(sheets: Iterable[Sheet], *, prefers: bool) -> bool:
    """True for 12/31/2024: by dates that can only be read one way, else as preferred."""
    first = second = 0
    for sheet in sheets:
        for line in sheet.lines:
            for found in _FIGURES.finditer(line.text):
                if found[2] == "." or len(found[1]) > 2:
                    continue
                first += int(found[1]) > 12
                second += int(found[3]) > 12
    if first == second:
        return prefers
    return second > first


def days(sheets: Iterable[Sheet], *, month_first: bool) -> list[Day]:
    """Every date on the pages, from top to bottom; impossible ones like 31/02 are no dates."""
    return [day for sheet in sheets for line in sheet.lines for day in _of_line(line, month_first)]


def parsed(text: str, *, month_first: bool = False) -> date | None:
    """The first date in a text."""
    for _, _, value, _ in _found(text, month_first):
        return value
    return None


def _of_line(line: Line, month_first: bool) -> Iterator[Day]:
    for cell in line.cells:
        text, starts = _with_starts(cell.words)
        for start, end, value, doubtful in _found(text, month_first):
            words = tuple(
                word
                for word, at in zip(cell.words, starts, strict=True)
                if at < end and at + len(word.text) > start
            )
            yield Day(value, words, line, cell, doubtful)


def _with_starts(words: list[Word]) -> tuple[str, list[int]]:
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word.text) + 1
    return " ".join(word.text for word in words), starts


def _found(text: str, month_first: bool) -> Iterator[tuple[int, int, date, bool]]:
    """(start, end, date, doubtful) of each date, none overlapping an earlier one."""
    taken: list[tuple[int, int]] = []
    hits = [*_in_figures(text, month_first), *_in_words(text)]
    for start, end, value, doubtful in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if all(end <= a or start >= b for a, b in taken):
            taken.append((start, end))
            yield start, end, value, doubtful


def _in_figures(text: str, month_first: bool) -> Iterator[tuple[int, int, date, bool]]:
    for found in _FIGURES.finditer(text):
        one, mark, two, three = found[1], found[2], int(found[3]), found[4]
        if len(one) == 4:
            value, doubtful = _date(int(one), two, int(three)), False
        elif len(one) == 3:
            continue
        else:
            value, doubtful = _ordered(int(one), two, _year(three), mark, month_first)
        if value is not None:
            yield found.start(), found.end(), value, doubtful
    for found in _BLOTTED.finditer(text):
        month = int(found[2] or found[3])
        value, doubtful = _ordered(int(found[1]), month, _year(found[4]), ".", month_first)
        if value is not None:
            yield found.start(), found.end(), value, doubtful
    for found in _PACKED.finditer(text):
        value = _date(int(found[1]), int(found[2]), int(found[3]))
        if value is not None:
            yield found.start(), found.end(), value, False


def _ordered(
    one: int, two: int, year: int, mark: str, month_first: bool
) -> tuple[date | None, bool]:
    day_first = _date(year, two, one)
    turned = _date(year, one, two)
    if mark == "." or turned is None:
        return day_first, False
    if day_first is None:
        return turned, False
    return (turned if month_first else day_first), one != two


def _in_words(text: str) -> Iterator[tuple[int, int, date, bool]]:
    for found in _DAY_MONTH.finditer(text):
        month = _MONTH.get(folded(found[2]))
        value = _date(_year(found[3]), month, int(found[1])) if month else None
        if value is not None:
            yield found.start(), found.end(), value, False
    for found in _MONTH_DAY.finditer(text):
        month = _MONTH.get(folded(found[1]))
        value = _date(_year(found[3]), month, int(found[2])) if month else None
        if value is not None:
            yield found.start(), found.end(), value, False


def _year(text: str) -> int:
    year = int(text)
    if year < 100:
        return 2000 + year if year < 70 else 1900 + year
    return year


def _date(year: int, month: int, day: int) -> date | None:
    if not 1950 <= year <= 2100:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
