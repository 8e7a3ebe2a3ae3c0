"""`billify read`: documents to fields on stdout, without database, queue or web."""

from collections.abc import Sequence
from pathlib import Path


def read_files(paths: Sequence[Path], *, as_json: bool) -> int:
    """Read each file and print its fields; 0 when all were read, 1 when some failed."""
    del paths, as_json
    return 1
