"""Layouts: which parts stand where. About a third is held back for the blind set."""

from dataclasses import dataclass

from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.words import Side

Row = str | tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Rows of parts from top to bottom; a tuple stands side by side.

    vat_in and bank_in say where the seller's numbers are printed (head, foot, meta, pay), name_in
    whether the legal name is in the logo or only in the details or the small print.
    """

    name: str
    rows: tuple[Row, ...]
    foot: str = "none"
    vat_in: str = "head"
    bank_in: str = "pay"
    name_in: str = "logo"
    side: str = ""
    held: bool = False
    margin: str = "(x: 18mm, top: 16mm, bottom: 22mm)"


def _made(name: str, rows: str, **options: str | bool) -> Layout:
    """Rows as text: one a line, parts side by side joined by +."""
    parsed: list[Row] = []
    for row in rows.split():
        parts = tuple(row.split("+"))
        parsed.append(parts if len(parts) > 1 else parts[0])
    return Layout(name, tuple(parsed), **options)  # type: ignore[arg-type]  # checked by the tests


LAYOUTS = (
    _made(
        "classic",
        "logo+sender_right gap meta_rows+buyer gap title lines totals_right gap pay_rows notes",
    ),
    _made(
        "window",
        "logo+sender_right gap buyer_window gap title meta_grid gap lines totals_right gap pay_sentence notes",
        foot="columns",
        vat_in="foot",
        bank_in="foot",
    ),
    _made(
        "right_window",
        "logo gap empty+buyer gap title_number meta_rows gap lines totals_right gap notes pay_rows",
        foot="ruled",
        vat_in="foot",
        bank_in="foot",
        name_in="foot",
    ),
    _made(
        "held_header_row",
        "sender+title_right gap empty+buyer gap meta_header_row gap lines vat_and_totals gap pay_sentence notes",
        name_in="details",
        foot="centre",
        bank_in="foot",
        held=True,
    ),
    _made(
        "boxes",
        "logo+meta_grid_right gap buyer_box+empty gap title lines vat_table totals_right gap pay_box notes",
        foot="centre",
        vat_in="foot",
    ),
    _made(
        "from_to",
        "title_right gap sender_labelled+buyer_labelled gap meta_inline rule lines totals_right gap pay_grid notes",
        name_in="details",
    ),
    _made(
        "letterhead",
        "letterhead gap buyer_labelled+meta_grid_right gap title lines totals_framed gap pay_rows notes",
    ),
    _made(
        "centred",
        "logo_centre sender_centre rule gap empty+buyer gap place_date gap title_number meta_rows gap lines totals_right gap pay_sentence notes",
    ),
    _made(
        "three_columns",
        "title rule sender+buyer_labelled+meta_rows gap lines totals_full gap pay_rows notes",
        name_in="details",
    ),
    _made(
        "held_sidebar",
        "title gap buyer_labelled+meta_grid gap lines totals_right gap pay_rows notes",
        side="left",
        name_in="details",
        held=True,
    ),
    _made(
        "summary",
        "logo+title_right gap sender+buyer_labelled gap summary_top gap meta_two gap lines totals_right gap pay_grid notes",
    ),
    _made(
        "table_meta",
        "logo+buyer_box gap title meta_boxes gap lines totals_row gap pay_rows notes",
        foot="ruled",
        vat_in="foot",
        bank_in="foot",
    ),
    _made(
        "sentence",
        "sender gap empty+buyer gap place_date gap title_sentence gap lines totals_right gap pay_sentence notes",
        name_in="details",
    ),
    _made(
        "held_slip",
        "logo+sender_right gap buyer+meta_grid_right gap title_band lines totals_right gap notes push pay_slip",
        bank_in="slip",
        held=True,
    ),
    _made(
        "german",
        "logo_right gap buyer_window+meta_grid_right gap title_number gap lines totals_full gap pay_sentence notes",
        foot="columns",
        vat_in="foot",
        bank_in="foot",
    ),
    _made(
        "services",
        "logo+sender_right gap empty+buyer gap place_date gap title_number gap prose rule totals_right gap pay_sentence notes",
    ),
    _made(
        "retail",
        "logo+title_right gap buyer_labelled+ship_to+meta_rows gap lines vat_and_totals gap pay_grid notes",
        foot="centre",
        vat_in="foot",
        bank_in="foot",
    ),
    _made(
        "held_left_totals",
        "logo sender gap meta_rows+buyer gap title lines totals_left gap pay_grid notes",
        held=True,
    ),
    _made(
        "compact",
        "logo+meta_rows_right rule sender+buyer gap title_centre lines totals_boxes gap pay_rows notes",
    ),
    _made(
        "plain",
        "sender gap buyer gap title gap meta_rows gap lines totals_sentence gap pay_rows notes",
        name_in="details",
    ),
    _made(
        "under",
        "logo_right gap title gap meta_under gap sender+buyer_labelled gap lines totals_right gap pay_box notes",
    ),
)


def choose(chance: Chance, side: Side) -> Layout:
    """One of the layouts this side may use."""
    if side is Side.ALL:
        return chance.pick(LAYOUTS)
    return chance.pick([x for x in LAYOUTS if x.held == (side is Side.BLIND)])
