"""Numbers that describe a candidate: what the learned scorer looks at.

One row per candidate, one column per feature; the names of the columns are fixed by the order in
which `Row.put` is called, the same for every candidate of a kind.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from billify.domain.reading import soft_labels
from billify.domain.reading.contexts import Context
from billify.domain.reading.facts import Facts, Linked
from billify.domain.reading.layout import Cell, Line
from billify.domain.reading.words import Word

Soft = Callable[[str], Sequence[float]]
_FAR = 400.0


class Row:
    """The features of one candidate, put one after another."""

    __slots__ = ("names", "values")

    def __init__(self) -> None:
        self.names: list[str] = []
        self.values: list[float] = []

    def put(self, name: str, value: float) -> None:
        """One more column."""
        self.names.append(name)
        self.values.append(float(value))

    def place(self, facts: Facts, words: Sequence[Word], line: Line, cell: Cell) -> None:
        """Where it stands and in what type."""
        sheet = facts.sheet(line.page)
        self.put("x0", words[0].x0 / sheet.width)
        self.put("x1", words[-1].x1 / sheet.width)
        self.put("y", line.y0 / sheet.height)
        self.put("page", min(line.page, 3))
        self.put("is_last_page", line.page == facts.sheets[-1].page)
        self.put("pages", min(len(facts.sheets), 4))
        self.put("size", min(cell.size / max(facts.typical_size, 1.0), 4.0))
        self.put("words_in_cell", min(len(cell.words), 12))
        self.put("cells_in_line", min(len(line.cells), 8))
        at = line.cells.index(cell) if cell in line.cells else 0
        self.put("is_first_cell", at == 0)
        self.put("is_last_cell", at == len(line.cells) - 1)
        self.put("ends_cell", words[-1] is cell.words[-1])
        self.put("starts_cell", words[0] is cell.words[0])
        self.put("legible", min((word.confidence for word in words), default=1.0))
        self.put("is_slip", facts.is_slip)
        self.put("in_table", id(line) in facts.table_lines)

    def links(self, linked: Linked, value: object) -> None:
        """How strongly each kind of label points at it."""
        for name, found in linked.items():
            strength, clue = found.get(id(value), (0.0, None))
            best = max((one for one, _ in found.values()), default=0.0)
            self.put(f"link_{name}", strength)
            self.put(f"top_{name}", bool(strength) and strength >= best - 1e-9)
            self.put(f"any_{name}", best)
            self.put(f"colon_{name}", clue is not None and clue.has_colon)

    def soft(self, around: Context, classes: Sequence[int], soft: Soft) -> None:
        """What the texts round it look like, by letters."""
        left, above, head = soft(around.left), soft(around.above), soft(around.head)
        start, right, near = soft(around.start), soft(around.right), soft(around.near)
        for at in classes:
            name = soft_labels.CLASSES[at]
            self.put(f"left_{name}", left[at])
            self.put(f"near_{name}", near[at])
            self.put(f"above_{name}", above[at])
            self.put(f"head_{name}", head[at])
            self.put(f"start_{name}", start[at])
            self.put(f"right_{name}", right[at])
        self.put("left_gap", min(around.left_gap, _FAR) if around.left else _FAR)
        self.put("above_gap", around.above_gap)
        self.put("left_is_figure", "0" in around.left)
        self.put("left_length", min(len(around.left), 40))


def classes_of(*names: str) -> tuple[int, ...]:
    """Places of label classes in `soft_labels.CLASSES`."""
    return tuple(soft_labels.CLASSES.index(name) for name in names)


def repeats(values: Sequence[object]) -> dict[object, int]:
    """How often each value stands on the pages."""
    return dict(Counter(values))
