"""Writes Typst: small builders of expressions. Every text goes in as a string, never as markup."""

import json
from collections.abc import Iterable


def string(value: str) -> str:
    """A Typst string literal."""
    return json.dumps(value, ensure_ascii=False)


def text(value: str, **manner: str) -> str:
    """A piece of text; manner as Typst writes it, for example size="9pt" or weight='"bold"'."""
    if not value:
        return "none"
    options = "".join(f"{key}: {given}, " for key, given in manner.items() if given)
    return f"text({options}{string(value)})"


def lines(parts: Iterable[str]) -> str:
    """Parts beneath each other, as lines of one paragraph."""
    kept = [p for p in parts if p not in ("none", "")]
    return "{" + "; linebreak(); ".join(kept) + "}" if kept else "none"


def beside(parts: Iterable[str]) -> str:
    """Parts one after another on a line."""
    kept = [p for p in parts if p not in ("none", "")]
    return "{" + "; ".join(kept) + "}" if kept else "none"


def stacked(parts: Iterable[str], gap: str) -> str:
    """Blocks beneath each other with a gap."""
    kept = [p for p in parts if p not in ("none", "")]
    return f"stack(spacing: {gap}, {', '.join(kept)})" if kept else "none"


def fixed(part: str) -> str:
    """A part that may not be broken over two lines."""
    return f"box({part})"


def aligned(part: str, where: str) -> str:
    """A part moved left, right or to the centre of its room."""
    return f"align({where}, {part})"


def array(items: Iterable[str]) -> str:
    """A Typst array; one item keeps its comma."""
    kept = list(items)
    return f"({', '.join(kept)}{',' if len(kept) == 1 else ''})"


def grid(columns: Iterable[str], cells: Iterable[str], **options: str) -> str:
    """A grid; columns as Typst sizes."""
    given = "".join(
        f"{key.replace('_', '-')}: {value}, " for key, value in options.items() if value
    )
    return f"grid(columns: {array(columns)}, {given}{', '.join(cells)})"


def table(columns: Iterable[str], cells: Iterable[str], **options: str) -> str:
    """A table; columns as Typst sizes."""
    given = "".join(
        f"{key.replace('_', '-')}: {value}, " for key, value in options.items() if value
    )
    return f"table(columns: {array(columns)}, {given}{', '.join(cells)})"


def box(part: str, **options: str) -> str:
    """A block of full width with a frame or ground."""
    given = "".join(f"{key}: {value}, " for key, value in options.items() if value)
    return f"block(width: 100%, {given}{part})"


def rule(colour: str = "black", thickness: str = "0.6pt") -> str:
    """A line across the room."""
    return f"line(length: 100%, stroke: {thickness} + {colour})"
