"""Memory of suppliers' layouts: what people set right once is read right the next time.

`learn` makes a memory from a checked document, `apply` reads the next one with it. Pure: pages,
readings and values in, values out; where memories are kept is the application's business.
"""

from billify.domain.reading.memory.applying import SURE_ENOUGH, Applied, apply, closest
from billify.domain.reading.memory.described import (
    CHANGEABLE,
    Item,
    ItemKind,
    checked,
    items,
    shown_value,
)
from billify.domain.reading.memory.judging import COUNTED, Judged, judgement
from billify.domain.reading.memory.keys import keys_of_memory, keys_of_pages
from billify.domain.reading.memory.lesson import CONSTANT, PRINTED, Corrected, Lesson, same
from billify.domain.reading.memory.recall import (
    VERSION,
    Memory,
    fixed,
    forget,
    learn,
    proven,
    without_lesson,
)

__all__ = [
    "CHANGEABLE",
    "CONSTANT",
    "COUNTED",
    "PRINTED",
    "SURE_ENOUGH",
    "VERSION",
    "Applied",
    "Corrected",
    "Item",
    "ItemKind",
    "Judged",
    "Lesson",
    "Memory",
    "apply",
    "checked",
    "closest",
    "fixed",
    "forget",
    "items",
    "judgement",
    "keys_of_memory",
    "keys_of_pages",
    "learn",
    "proven",
    "same",
    "shown_value",
    "without_lesson",
]
