"""Several documents of each issuer: one seller, one buyer, one manner, other sales each time.

python -m benchmarks.made_documents.series --seed 1 --series 40 --each 4 --out DIR

Made to try what is remembered of a supplier. The records are those of the package, with the name
of the series besides.
"""

import argparse
import copy
import json
import random
import re
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.made_documents import (
    collection,
    paper,
    parts_parties,
    parts_pay,
    selling,
    story,
    typeset,
)
from benchmarks.made_documents.chance import Chance
from benchmarks.made_documents.dress import Dress, dress_for
from benchmarks.made_documents.facts import Story
from benchmarks.made_documents.layouts import Layout, choose
from benchmarks.made_documents.sheet import Look, Sheet, look_for
from benchmarks.made_documents.words import Side


class Habit(Chance):
    """Draws the same at the same place of the code for every document of an issuer.

    How often other places drew before makes no difference, so that a longer sale does not change
    the letters of the page.
    """

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self._seed = seed
        self._times: dict[str, int] = {}

    def __getattribute__(self, name: str) -> Any:
        if name != "_random":
            return super().__getattribute__(name)
        site = sys._getframe(2)
        place = f"{Path(site.f_code.co_filename).name}:{site.f_lineno}"
        times = super().__getattribute__("_times")
        times[place] = times.get(place, 0) + 1
        seed = super().__getattribute__("_seed") if "_seed" in self.__dict__ else ""
        return random.Random(f"{seed} {place} {times[place]}")


def main() -> int:
    """Write the documents and say how many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--series", type=int, required=True)
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", default="", help="languages, for example nl,fr")
    parser.add_argument("--side", choices=list(Side), default=Side.ALL, type=Side)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    langs = tuple(args.lang.split(",")) if args.lang else ()
    wish = collection.Wish(langs=langs, side=args.side)
    for at in range(args.series):
        for name, pdf, record in of_issuer(args.seed, at, args.each, wish):
            (args.out / f"{name}.pdf").write_bytes(pdf)
            shown = json.dumps(record, ensure_ascii=False, indent=1)
            (args.out / f"{name}.json").write_text(shown + "\n", encoding="utf-8")
    print(f"{args.series * args.each} documents in {args.out}", file=sys.stderr)
    return 0


def of_issuer(
    seed: int, at: int, each: int, wish: collection.Wish
) -> list[tuple[str, bytes, dict[str, Any]]]:
    """The documents of one issuer: name, PDF and record of each."""
    key = f"series {seed} {at}"
    chance = Chance(key)
    country, lang = collection.issuer(chance, wish)
    first = story.draw(chance, country=country, lang=lang)
    while first.kind == "credit_note":
        first = story.draw(chance, country=country, lang=lang)
    dress = dress_for(chance, country=country, lang=lang, side=wish.side, currency=first.currency)
    layout, look = choose(chance, wish.side), look_for(chance)
    made = []
    for number in range(each):
        told = first if number == 0 else _next(Chance(f"{key} {number}"), first, number, lang)
        sheet, source = _written(told, dress, layout, look, Habit(key))
        pdf, pages = typeset.pdf_of([source])
        name = f"series-{seed}-{at:04d}-{number}"
        page = paper.Paper(source, sheet.ink, told.kind, layout.name, lang, country, sheet)
        record = collection.record_of(name, page, pdf, sum(pages))
        made.append((name, pdf, record | {"series": f"series-{seed}-{at:04d}"}))
    return made


def _written(
    told: Story, dress: Dress, layout: Layout, look: Look, chance: Chance
) -> tuple[Sheet, str]:
    """One document in the issuer's manner; labels drawn for an earlier one stay."""
    sheet = Sheet(told, dress, look, chance)
    sheet.vat_in, sheet.bank_in, sheet.name_in = layout.vat_in, layout.bank_in, layout.name_in
    body, aside = paper.body_of(sheet, layout, layout.rows)
    foot = parts_parties.foot(sheet, layout.foot)
    body.append(parts_pay.last_resort(sheet))
    return sheet, paper.source_of(sheet, layout.side, body, foot, aside)


def _next(chance: Chance, first: Story, at: int, lang: str) -> Story:
    """A later sale of the same issuer to the same buyer, on the same terms."""
    told = _sale(chance, first, lang)
    told.currency, told.kind = first.currency, first.kind
    told.issue = first.issue + timedelta(days=at * chance.whole(9, 40))
    told.number = _counted(first.number, at * chance.whole(1, 60), first.issue, told.issue)
    told.days, told.end_of_month, told.due_shown = first.days, first.end_of_month, first.due_shown
    told.early = first.early if first.early is None or first.early[1] else None
    if first.due is not None:
        told.due = _due(first, told)
    if first.delivery is not None:
        told.delivery = told.issue - timedelta(days=chance.whole(0, 12))
    if first.period is not None:
        moved = told.issue - first.issue
        told.period = (first.period[0] + moved, first.period[1] + moved)
    told.order_ref = _redrawn(chance, first.order_ref)
    kept = ("customer_no", "contact", "contract", "project")
    told.decoys = {
        name: text if name in kept else _redrawn(chance, text)
        for name, text in first.decoys.items()
    }
    _refer(chance, first, told)
    return told


def _sale(chance: Chance, first: Story, lang: str) -> Story:
    for _ in range(40):
        told = selling.sale(
            chance, seller=first.seller, client=first.buyer, lang=lang, regime=first.regime
        )
        if told.incl == first.incl:
            break
    return told


def _due(first: Story, told: Story) -> date:
    due = told.issue + timedelta(days=first.days or 0)
    if first.end_of_month:
        due = (due.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return due


def _refer(chance: Chance, first: Story, told: Story) -> None:
    """A payment reference of the same kind."""
    fresh = copy.copy(told)
    fresh.decoys = {}
    for _ in range(200):
        story._references(chance, fresh)
        if _form(fresh.reference_printed) == _form(first.reference_printed) and bool(
            fresh.reference
        ) == bool(first.reference):
            break
    if first.reference == first.number:
        told.reference = told.reference_printed = told.number
    elif first.reference.endswith(f"/{first.number}"):
        told.reference = f"{first.reference.removesuffix(first.number)}{told.number}"
        told.reference_printed = told.reference
    elif first.reference:
        told.reference, told.reference_printed = fresh.reference, fresh.reference_printed


def _form(text: str) -> str:
    return re.sub(r"\d", "9", text)


def _counted(number: str, more: int, before: date, after: date) -> str:
    """The issuer's next number: its last run of figures counts on, its year follows."""
    runs = list(re.finditer(r"\d+", number))
    year = str(before.year)
    serial = [run for run in runs if run[0] != year] or runs
    last = max(serial, key=lambda run: (len(run[0]), run.start()))
    width = len(last[0])
    counted = str((int(last[0]) + more) % 10**width).zfill(width if last[0][0] == "0" else 0)
    shown = number[: last.start()] + counted + number[last.end() :]
    return shown.replace(year, str(after.year), 1) if year in number else shown


def _redrawn(chance: Chance, text: str) -> str:
    """Other figures in the same form."""
    return re.sub(r"\d", lambda _: chance.digits(1), text)


if __name__ == "__main__":
    sys.exit(main())
