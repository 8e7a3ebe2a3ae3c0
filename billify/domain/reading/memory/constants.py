"""What does not change between a supplier's documents, and the account, which must be watched."""

from dataclasses import replace

from rapidfuzz import fuzz

from billify.domain.reading import codes, misread
from billify.domain.reading.layout import folded
from billify.domain.reading.memory import identity
from billify.domain.reading.memory.lesson import KIND, Told, same
from billify.domain.reading.memory.recall import Memory
from billify.domain.reading.memory.scene import Place, Scene
from billify.domain.reading.memory.spans import CODES
from billify.domain.reading.reading import Alternative, Field, How, OwnCompany
from billify.domain.reading.words import Box, around

_UNSURE = 0.4
_MISREAD = 0.9
_ERRS = 0.16
"""So much of a code may be misread for it to be known: one letter of a BIC, three of an account."""
_CODE = 8


def set_constants(
    fields: dict[str, Field], seen: Scene, memory: Memory, probability: float
) -> None:
    """Name, numbers and currency of the supplier, as remembered."""
    _name(fields, seen, memory, probability)
    _vat(fields, seen, memory, probability)
    _bic(fields, seen, memory)
    _currency(fields, memory)
    _kind(fields, memory)


def set_iban(
    fields: dict[str, Field], seen: Scene, memory: Memory, us: OwnCompany | None
) -> str | None:
    """The account on the page. A new one is kept as printed, unsure and with a warning.

    A bill that asks for payment to a new account is how invoice fraud begins, so the account
    remembered never takes the place of the one printed; it only stands beside it.
    """
    known = {codes.bare(one.value) for one in memory.told("iban") if one.value}
    known |= {codes.bare(memory.fixed["iban"])} if "iban" in memory.fixed else set()
    if not known:
        return None
    printed = identity.printed(seen, us).ibans
    printed |= {iban for iban in known - printed if _runs_over(seen, iban)}
    usual = codes.bare(memory.usual("iban") or "")
    met = usual if usual in printed else next(iter(sorted(known & printed)), None)
    before = {iban for one in memory.lessons for iban in one.identity.ibans}
    strangers = printed - before - known
    if met is None:
        if not strangers and _is_misread(seen, usual):
            # Nobody can pay to what is printed, and only a misreading comes so near to it.
            sure = round(_MISREAD * memory.trust_in("iban"), 3)
            fields["iban"] = Field(usual, sure, how=How.MEMORY)
            return None
        return _changed(fields, usual)
    sure = 0.985 * memory.trust_in("iban")
    found = Field(met, round(sure, 3), how=How.MEMORY)
    fields["iban"] = _at(found, seen, "iban", met)
    if not strangers:
        return None
    fields["iban"] = replace(
        fields["iban"],
        confidence=_UNSURE,
        alternatives=tuple(Alternative(one, 0.3) for one in sorted(strangers)),
    )
    return "iban"


def box_of(seen: Scene, place: Place) -> Box:
    """A place as fractions of the page."""
    sheet = seen.facts.sheet(place.page)
    down = sheet.height / sheet.width
    return (place.u0, place.v0 / down, place.u1, place.v1 / down)


def _is_misread(seen: Scene, code: str) -> bool:
    """Where OCR may err: letters and figures much like these stand somewhere on the page."""
    if not seen.is_noisy or len(code) < _CODE:
        return False
    wanted = code.translate(misread.AS_FIGURE)
    few = 100 * (1 - _ERRS)
    return any(
        fuzz.partial_ratio(wanted, text, score_cutoff=few) > 0
        for line in seen.facts.lines
        for text in (codes.bare(line.text).translate(misread.AS_FIGURE),)
        if len(text) >= len(wanted) - 2
    )


def _runs_over(seen: Scene, iban: str) -> bool:
    """The account stands on the page, broken over two lines."""
    starts = [
        (line, cut)
        for line in seen.facts.lines
        for cut in (_shared(codes.bare(line.text), iban),)
        if cut
    ]
    return any(
        other.page == line.page
        and 0 < other.y0 - line.y0 < 4 * (line.y1 - line.y0)
        and codes.bare(other.text).startswith(iban[cut:])
        for line, cut in starts
        for other in seen.facts.lines
    )


def _shared(text: str, iban: str) -> int:
    """How many letters of the account end a text, from four on."""
    return next((cut for cut in range(len(iban) - 1, 3, -1) if text.endswith(iban[:cut])), 0)


def _changed(fields: dict[str, Field], usual: str) -> str | None:
    own = fields.get("iban")
    if own is None:
        return None
    remembered = Alternative(usual, 0.3)
    fields["iban"] = replace(
        own, confidence=min(own.confidence, _UNSURE), alternatives=(remembered, *own.alternatives)
    )
    return "iban"


def _name(fields: dict[str, Field], seen: Scene, memory: Memory, probability: float) -> None:
    name = memory.usual("supplier_name")
    if not name:
        return
    own = fields.get("supplier_name")
    sure = round(min(0.985, probability) * memory.trust_in("supplier_name"), 3)
    if own is not None and same("supplier_name", own.value, name):
        sure = max(sure, own.confidence)
        fields["supplier_name"] = replace(own, value=name, confidence=sure, how=How.MEMORY)
        return
    fields["supplier_name"] = _printed_name(Field(name, sure, how=How.MEMORY), seen, name)


def _printed_name(field: Field, seen: Scene, name: str) -> Field:
    wanted = folded(name)
    for cell in seen.cells():
        if wanted and wanted in folded(cell.text):
            sheet = seen.facts.sheet(cell.page)
            box = around(cell.words)
            shown = (
                box[0] / sheet.width, box[1] / sheet.height,
                box[2] / sheet.width, box[3] / sheet.height,
            )  # fmt: skip
            return replace(field, page=cell.page, box=shown)
    return field


def _vat(fields: dict[str, Field], seen: Scene, memory: Memory, probability: float) -> None:
    told = memory.told("supplier_vat")
    number = memory.usual("supplier_vat")
    own = fields.get("supplier_vat")
    if number is None:
        wrong = {one.said for one in told if one.said}
        if told and own is not None and own.value in wrong:
            del fields["supplier_vat"]
            fields.pop("supplier_enterprise_number", None)
        return
    printed = any(
        code.kind == "vat" and same("supplier_vat", code.value, number) for code in seen.facts.codes
    )
    was_printed = any(one.identity.vat in one.identity.vats for one in memory.lessons)
    if not printed and was_printed and not seen.is_noisy:
        return
    sure = round((0.985 if printed else 0.9 * probability) * memory.trust_in("supplier_vat"), 3)
    fields["supplier_vat"] = _at(Field(number, sure, how=How.MEMORY), seen, "supplier_vat", number)
    inside = codes.belgian_number(number[2:]) if number.startswith("BE") else None
    enterprise = inside or memory.usual("supplier_enterprise_number")
    if enterprise:
        fields["supplier_enterprise_number"] = replace(fields["supplier_vat"], value=enterprise)


def _bic(fields: dict[str, Field], seen: Scene, memory: Memory) -> None:
    bic = memory.usual("bic")
    own = fields.get("bic")
    if bic is None:
        wrong = {one.said for one in memory.told("bic") if one.said}
        if own is not None and own.value in wrong:
            del fields["bic"]
        return
    if any(bic in codes.bare(line.text) for line in seen.facts.lines):
        sure = round(0.98 * memory.trust_in("bic"), 3)
        fields["bic"] = _at(Field(bic, sure, how=How.MEMORY), seen, "bic", bic)
    elif _is_misread(seen, bic):
        fields["bic"] = Field(bic, round(_MISREAD * memory.trust_in("bic"), 3), how=How.MEMORY)


def _currency(fields: dict[str, Field], memory: Memory) -> None:
    usual, own = memory.usual("currency"), fields.get("currency")
    if usual is None:
        return
    turned = {one.said: one.value for one in memory.told("currency") if one.said != one.value}
    sure = round(0.97 * memory.trust_in("currency"), 3)
    if own is None or own.value in turned or own.value == usual:
        value = usual if own is None or own.value == usual else turned[own.value] or usual
        fields["currency"] = Field(value, sure, how=How.MEMORY)
    elif own.confidence < 0.9:
        other = Alternative(usual, 0.5)
        fields["currency"] = replace(
            own, confidence=min(own.confidence, 0.7), alternatives=(other,)
        )


def _kind(fields: dict[str, Field], memory: Memory) -> None:
    """What was taken for this kind before and was it is sure; what was not is doubted."""
    own = fields.get(KIND)
    told = [one for one in memory.told(KIND) if own is not None and _taken_as(one) == own.value]
    if own is None or not told:
        return
    true = told[0].value or own.value
    if true == own.value:
        sure = max(own.confidence, 0.97 * memory.trust_in(KIND))
        fields[KIND] = replace(own, confidence=round(sure, 3), how=How.MEMORY)
        return
    # One mistaken for the other turns the sign of what is owed: a person decides each time.
    other = Alternative(own.value, 0.3)
    fields[KIND] = Field(true, 0.7, own.page, own.box, How.MEMORY, alternatives=(other,))


def _taken_as(one: Told) -> str | None:
    return one.value if one.was_right else one.said


def _at(field: Field, seen: Scene, name: str, value: str) -> Field:
    """The field with the place where its number is printed."""
    for code in seen.facts.codes:
        if code.kind in CODES[name] and codes.bare(code.value) == codes.bare(value):
            place = seen.place(code.line.page, code.words)
            return replace(field, page=code.line.page, box=box_of(seen, place))
    return field
