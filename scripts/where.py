"""List the files of one feature word, room by room: python scripts/where.py purchases"""

import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOMES = ("billify", "tests", "docs", "benchmarks")
LEFT_OUT = {"vendor", "__pycache__"}


def main(words: list[str]) -> int:
    if len(words) != 1 or not words[0]:
        print("Name one feature word, as in `make where word=purchases`.", file=sys.stderr)
        return 2
    found = sorted(file for home in HOMES for file in files(home) if is_about(file, words[0]))
    for room, its_files in groupby(found, key=lambda file: "/".join(file.parts[:2])):
        print(room)
        for file in its_files:
            print(f"  {file}")
    if not found:
        print(f"No file is named after {words[0]}.", file=sys.stderr)
    return 0 if found else 1


def files(home: str) -> list[Path]:
    found = (ROOT / home).rglob("*")
    return [file.relative_to(ROOT) for file in found if file.is_file()]


def is_about(file: Path, word: str) -> bool:
    """The word is the name of the file or of a folder above it, alone or as a part of it."""
    if LEFT_OUT & set(file.parts):
        return False
    plain = word.replace("-", "_").lower()
    names = [part.partition(".")[0].replace("-", "_").lower() for part in file.parts[1:]]
    return any(plain == name or f"_{plain}_" in f"_{name}_" for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
