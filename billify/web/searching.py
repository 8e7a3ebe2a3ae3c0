"""The words that somebody types to search a list."""

from collections.abc import Mapping

LONGEST_SEARCH = 100


def words(given: Mapping[str, str], name: str = "q") -> str:
    """What was typed, with single spaces, without what a database can't hold, at a length."""
    return " ".join(given.get(name, "").replace("\x00", "").split())[:LONGEST_SEARCH]
