"""`python -m billify.translations extract | check`: collect the texts, or prove they are whole.

English is the language of the source: its catalogue is empty and stands for itself. Compiling is
a rule of the Makefile.
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent
LANGUAGES = ("nl", "fr", "de")
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
]
KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
BEGUN = datetime(2026, 11, 21, tzinfo=UTC)
"""A fixed date, so that collecting the same texts again changes nothing."""
PLACE = re.compile(r"%\((\w+)\)[a-z]|%%")


def main(arguments: list[str]) -> int:
    """Run one of the two."""
    if arguments == ["extract"]:
        for language in LANGUAGES:
            _write(language, updated(language))
        return 0
    if arguments == ["check"]:
        wrongs = [wrong for language in LANGUAGES for wrong in problems(language)]
        sys.stdout.writelines(f"{wrong}\n" for wrong in wrongs)
        return 1 if wrongs else 0
    sys.stderr.write(f"{__doc__}\n")
    return 2


@cache
def source() -> Catalog:
    """Every text that the source marks."""
    catalogue = Catalog(charset="utf-8")
    options = {"**/templates/**.html": {"trimmed": "true"}}
    found = extract_from_dir(
        str(PACKAGE),
        method_map=METHODS,
        options_map=options,
        keywords=KEYWORDS,
        strip_comment_tags=True,
    )
    for file, line, text, _comments, context in found:
        catalogue.add(text, None, [(file, line)], context=context)
    return catalogue


def updated(language: str) -> Catalog:
    """The catalogue of a language with the texts of today: new ones empty, old ones gone."""
    fresh = Catalog(
        locale=language,
        charset="utf-8",
        fuzzy=False,
        project="Billify",
        version="1",
        header_comment=f"# The texts of Billify in {language}.",
        creation_date=BEGUN,
        revision_date=BEGUN,
        last_translator="Billify",
        language_team=language,
        msgid_bugs_address="-",
    )
    known = kept(language)
    for message in sorted(_texts(source()), key=_key):
        old = known.get(message.id)
        fresh.add(message.id, old.string if old is not None else None)
    return fresh


def kept(language: str) -> Catalog:
    """The catalogue of a language as it stands in the tree."""
    file = _file(language)
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def problems(language: str) -> Iterator[str]:
    """What is missing, stale or broken in a language, each with its text."""
    wanted = {_key(message): message for message in _texts(source())}
    there = {_key(message): message for message in _texts(kept(language))}
    for key in sorted(wanted.keys() - there.keys()):
        yield f"{language}: not in the catalogue: {key}"
    for key in sorted(there.keys() - wanted.keys()):
        yield f"{language}: no longer used: {key}"
    for key in sorted(wanted.keys() & there.keys()):
        yield from _problems_of(language, there[key])


def _problems_of(language: str, message: Message) -> Iterator[str]:
    said = [message.string] if isinstance(message.string, str) else list(message.string or ())
    asked = [message.id] if isinstance(message.id, str) else list(message.id)
    if not said or not all(said) or message.fuzzy:
        yield f"{language}: not translated: {_key(message)}"
        return
    places = {place for text in asked for place in PLACE.findall(text)}
    for text in said:
        if not set(PLACE.findall(text)) <= places or places - set(PLACE.findall(text)) - {
            "num",
            "",
        }:
            yield f"{language}: other places than in English: {_key(message)}"


def _texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _file(language: str) -> Path:
    return HERE / language / "LC_MESSAGES" / "messages.po"


def _write(language: str, catalogue: Catalog) -> None:
    file = _file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        write_po(opened, catalogue, width=0, omit_header=False, no_location=True, sort_output=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
