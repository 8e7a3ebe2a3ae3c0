"""Amounts of money: read what people type, round, share out, show. Decimal only."""

import re
from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from billify.domain.refusal import N_, Refusal

CENT = Decimal("0.01")
LARGEST = Decimal("999999999999.99")
"""What a column numeric(14,2) holds."""

_GROUPING_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\u2019", " ") | {"'": " "})
_CURRENCY = re.compile(r"^(€|EUR)\s*|\s*(€|EUR)$", re.IGNORECASE)
_SHAPE = re.compile(
    r"""(?P<whole> [1-9][0-9]{0,2} (?P<group>[ .,]) [0-9]{3} (?:(?P=group)[0-9]{3})* | [0-9]* )
        (?: (?P<mark>[.,]) (?P<decimals>[0-9]+) )?""",
    re.VERBOSE,
)


def parse(text: str) -> Decimal:
    """The amount a person typed, in cents: `1.234,56`, `1234.56`, `1 234,56`, `-12`, `€ 5`.

    A point before three digits groups thousands, as Billify itself writes them. Refuses what
    is no amount, has more than two decimals, or reads in two ways (`1,234`).
    """
    return _parse(text, places=2).quantize(CENT)


def parse_number(text: str, *, places: int) -> Decimal:
    """A typed quantity, price or rate with at most so many decimals, read as `parse` does."""
    return _parse(text, places=places)


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents, half away from zero: a half cent counts up, as invoices have it."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def allocate(amount: Decimal, *, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Share an amount in proportion to weights so that the parts sum to it exactly.

    Cents left over by rounding go to the parts that lost most, the first one first.
    """
    whole = sum(weights, Decimal(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must be at least zero and sum to more")
    exact = [amount * weight / whole for weight in weights]
    parts = [share.quantize(CENT, rounding=ROUND_DOWN) for share in exact]
    left = int((amount - sum(parts)) / CENT)
    lost = sorted(range(len(parts)), key=lambda at: -abs(exact[at] - parts[at]))
    for at in lost[: abs(left)]:
        parts[at] += CENT if left > 0 else -CENT
    return tuple(parts)


def show(amount: Decimal, *, places: int = 2) -> str:
    """The amount as it is written in every language of Billify: `1.234,56`, `-12,00`."""
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)
    return f"{rounded:,f}".translate(str.maketrans(",.", ".,"))


def _parse(text: str, *, places: int) -> Decimal:
    bare, minus = _without_sign(text)
    match = _SHAPE.fullmatch(bare)
    if match is None or not bare or (match["mark"] and match["mark"] == match["group"]):
        raise _unreadable(text)
    whole, decimals = _digits(match, text, places)
    if len(decimals) > places:
        raise Refusal(
            N_("“%(text)s” has too many decimals. Write at most %(places)s."),
            text=text.strip()[:40],
            places=places,
        )
    number = Decimal(f"{whole or 0}.{decimals or 0}")
    if number > LARGEST:
        raise Refusal(N_("“%(text)s” is too large an amount."), text=text.strip()[:40])
    return -number if minus and number else number


def _without_sign(text: str) -> tuple[str, bool]:
    """The digits and marks of a text, and whether a minus stood before or after them."""
    bare = _CURRENCY.sub("", text.translate(_GROUPING_SPACES).replace("−", "-").strip())
    minus = bare.startswith("-")
    bare = _CURRENCY.sub("", bare.removeprefix("-").strip()) if minus else bare
    if re.search(r"[0-9][.,]-$", bare):  # "12,-" is twelve euros and no cents
        return bare[:-2], minus
    if not minus and bare.endswith("-"):
        return bare[:-1].strip(), True
    return bare, minus


def _digits(match: re.Match[str], text: str, places: int) -> tuple[str, str]:
    whole, decimals = match["whole"], match["decimals"] or ""
    if match["group"] == "," and whole.count(",") == 1 and not match["mark"]:
        if places < 3:
            raise Refusal(
                N_("“%(text)s” can be read in two ways. Write it like 1.234,56."),
                text=text.strip()[:40],
            )
        whole, decimals = whole.split(",")
    return re.sub(r"[ .,]", "", whole), decimals


def _unreadable(text: str) -> Refusal:
    return Refusal(
        N_("“%(text)s” is not an amount. Write it like 1.234,56."), text=text.strip()[:40]
    )
