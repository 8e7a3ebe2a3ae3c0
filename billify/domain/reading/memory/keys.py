"""Short texts by which a document finds the memories that may fit it, before any is tried."""

from collections.abc import Sequence

from billify.domain.reading import codes
from billify.domain.reading.layout import folded, laid_out
from billify.domain.reading.memory import identity
from billify.domain.reading.memory.recall import Memory
from billify.domain.reading.memory.scene import is_lettering
from billify.domain.reading.reading import OwnCompany, Reading
from billify.domain.reading.words import Page

_LONG = 7
_MOST_WORDS = 12
_MOST_ASKED = 300


def keys_of_memory(*, memory: Memory) -> frozenset[str]:
    """The supplier's numbers and names, and the longest words of the form itself."""
    found: set[str] = set()
    for lesson in memory.lessons:
        one = lesson.identity
        found |= {f"vat:{vat}" for vat in (*([one.vat] if one.vat else []), *one.vats)}
        found |= {f"iban:{iban}" for iban in one.ibans}
        found |= {f"name:{name}" for name in one.names}
        found |= {f"site:{domain}" for domain in one.domains}
    name = memory.usual("supplier_name")
    found |= {f"name:{folded(name)}"} if name else set()
    words = sorted(memory.words.items(), key=lambda pair: (-pair[1], -len(pair[0]), pair[0]))
    long = [token for token, _ in words if _is_long(token)]
    return frozenset(found | {f"word:{token[:40]}" for token in long[:_MOST_WORDS]})


def keys_of_pages(
    *, pages: Sequence[Page], reading: Reading, us: OwnCompany | None = None
) -> frozenset[str]:
    """All keys under which a memory of this document may be kept; cheap, as each one is asked."""
    sheets = laid_out(pages)
    shown = identity.of_codes(
        codes.codes(sheets), (cell.text for sheet in sheets for cell in sheet.cells), us
    )
    found = {f"vat:{vat}" for vat in (*shown.vats, *shown.doubtful)}
    found |= {f"iban:{iban}" for iban in shown.ibans}
    found |= {f"site:{domain}" for domain in shown.domains}
    found |= {f"name:{folded(name)}" for name in (reading.text("supplier_name"),) if name}
    tokens = {folded(word.text) for page in pages for word in page.words if len(word.text) >= _LONG}
    long = sorted(one for one in tokens if _is_long(one))
    return frozenset(found | {f"word:{token[:40]}" for token in long[:_MOST_ASKED]})


def _is_long(token: str) -> bool:
    return len(token) >= _LONG and " " not in token and is_lettering(token)
