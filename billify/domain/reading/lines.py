"""Lines of goods and services with quantity, price and amount, checked against each other."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from billify.domain.reading.amounts import CENT, Amount
from billify.domain.reading.facts import Facts
from billify.domain.reading.reading import LineItem
from billify.domain.reading.tables import Row, Table, quantity_of, receipt_rows
from billify.domain.reading.totals import Totals
from billify.domain.reading.words import around

_SLACK = Decimal("0.02")
_MOST_LINES = 500
_NUMBERED = re.compile(r"^0{0,3}(\d{1,3})[.)]?\s+(?=\S)")


def line_items(
    facts: Facts, found: Sequence[Table], sums: Totals, *, is_receipt: bool
) -> tuple[LineItem, ...]:
    """The lines of the tables, or of a till's list; their sum speaks for their confidence."""
    items = [item for table in found for row in table.rows if (item := _item(row, table))]
    items = _without_numbering(items)
    if not items and is_receipt:
        items = _till_items(facts)
    sure = 0.9 if _is_the_sum(items, sums) else 0.5
    return tuple(_with_confidence(item, sure) for item in items[:_MOST_LINES])


def _without_numbering(items: list[LineItem]) -> list[LineItem]:
    """1 Paper, 2 Pens: running numbers before the words are left out."""
    bare = [
        _NUMBERED.sub("", item.description) if _has_number(item, place) else ""
        for place, item in enumerate(items, 1)
    ]
    if not items or not all(bare):
        return items
    return [replace(item, description=text) for item, text in zip(items, bare, strict=True)]


def _has_number(item: LineItem, place: int) -> bool:
    found = _NUMBERED.match(item.description)
    return found is not None and int(found[1]) == place


def _item(row: Row, table: Table) -> LineItem | None:
    quantity = quantity_of(row)
    price = _price(row)
    amount = _amount(row, quantity, price)
    if amount is None or not row.text:
        return None
    total = amount.value
    if quantity is None or price is None or abs(quantity * price - total) > _SLACK:
        quantity, price, total = _by_product(row, amount) or (quantity, price, total)
    rates = [one for one in row.numbers.get("vat_rate", ()) if _is_rate(one)]
    return LineItem(
        description=row.text[:500],
        net_amount=total.quantize(CENT),
        quantity=quantity,
        unit_price=price,
        vat_rate=rates[0].value if rates else None,
        page=table.page,
        box=around([*row.line.words]),
    )


def _by_product(row: Row, amount: Amount) -> tuple[Decimal, Decimal, Decimal] | None:
    """(quantity, price, amount) where two numbers of the row make a third to their right."""
    numbers = [one for one in row.all_numbers if not one.is_percent]
    totals = [one for one in numbers if one.is_money and one.value]
    totals.sort(key=lambda one: one is not amount)
    for total in totals:
        left = [one for one in numbers if one.words[0].x0 < total.words[0].x0 and one.value]
        for at, quantity in enumerate(left):
            for price in left[at + 1 :]:
                is_price = price.is_money or price.decimals > 0
                if is_price and abs(quantity.value * price.value - total.value) <= _SLACK:
                    return quantity.value, price.value, total.value
    return None


def _is_rate(number: Amount) -> bool:
    """A percentage, or a bare whole figure in a column of rates."""
    return number.is_percent or (number.decimals == 0 and 0 <= number.value <= 30)


def _price(row: Row) -> Decimal | None:
    prices = [one for one in row.numbers.get("unit_price", ()) if not one.is_percent]
    return prices[-1].value if prices else None


def _amount(row: Row, quantity: Decimal | None, price: Decimal | None) -> Amount | None:
    """The line's total: where several columns could be it, the one that is quantity × price."""
    amounts = [one for one in row.numbers.get("net_amount", ()) if not one.is_percent]
    if not amounts:
        amounts = [one for one in row.numbers.get("unit_price", ()) if one.is_money]
    if quantity is not None and price is not None:
        for one in amounts:
            if abs(one.value - quantity * price) <= _SLACK:
                return one
    return amounts[-1] if amounts else None


def _till_items(facts: Facts) -> list[LineItem]:
    return [
        LineItem(
            description=" ".join(word.text for word in words)[:500],
            net_amount=amount.value.quantize(CENT),
            page=line.page,
            box=around(line.words),
        )
        for line, words, amount in receipt_rows(facts)
    ]


def _is_the_sum(items: list[LineItem], sums: Totals) -> bool:
    total = sum((item.net_amount for item in items), Decimal(0))
    wanted = [pick.value for pick in (sums.net, sums.gross) if pick is not None]
    return any(abs(total - value) <= _SLACK for value in wanted)


def _with_confidence(item: LineItem, sure: float) -> LineItem:
    fits = (
        item.quantity is not None
        and item.unit_price is not None
        and abs(item.quantity * item.unit_price - item.net_amount) <= _SLACK
    )
    confidence = min(0.98, sure + (0.08 if fits else 0.0))
    return LineItem(
        item.description,
        item.net_amount,
        item.quantity,
        item.unit_price,
        item.vat_rate,
        confidence,
        item.page,
        item.box,
    )
