"""`billify read`: documents to fields on stdout, without database, queue or web."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from billify.config import HERE
from billify.domain.reading import Reading
from billify.domain.refusal import Refusal
from billify.integrations import documents


def read_files(paths: Sequence[Path], *, as_json: bool) -> int:
    """Read each file and print its fields; 0 when all were read, 1 when some failed.

    Raises CannotStart of `billify.embedded` when there is no Tesseract.
    """
    program = tesseract_of(os.environ)
    failed = 0
    for path in paths:
        answer = _answer(path, program)
        failed += "error" in answer
        for line in _shown(answer, as_json=as_json):
            print(line, flush=True)  # noqa: T201 (the answer itself)
        if "error" in answer and as_json:
            print(f"{path}: {answer['error']}", file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


def tesseract_of(environ: Mapping[str, str]) -> documents.Tesseract:
    """The Tesseract that the environment names, else the embedded one. Raises CannotStart."""
    if not environ.get("TESSERACT_CMD"):
        # Only here, since the embedded servers bring their clients along.
        from billify.embedded import tesseract

        environ = tesseract.ensure(Path(environ.get("BILLIFY_VAR") or HERE / "var"))
    return documents.Tesseract(environ["TESSERACT_CMD"], environ.get("TESSDATA_PREFIX", ""))


def _answer(path: Path, program: documents.Tesseract) -> dict[str, Any]:  # Any: JSON
    try:
        content = path.read_bytes()
        opened = documents.open_document(content, name=path.name, tesseract=program)
    except Refusal as refusal:
        return {"file": str(path), "error": str(refusal)}
    except OSError as error:
        return {"file": str(path), "error": f"{error.strerror or error}."}
    reading = opened.read()
    return {"file": str(path), "fields": reading.values(), "confidence": _confidence(reading)}


def _confidence(reading: Reading) -> dict[str, float]:
    return {name: field.confidence for name, field in reading.fields.items()}


def _shown(answer: dict[str, Any], *, as_json: bool) -> Iterator[str]:  # Any: JSON
    if as_json:
        yield json.dumps(answer, ensure_ascii=False)
        return
    yield answer["file"]
    if "error" in answer:
        yield f"  {answer['error']}"
        return
    for name, value in answer["fields"].items():
        if isinstance(value, str):
            yield f"  {name}: {value} ({answer['confidence'][name]:.2f})"
        else:
            yield from (f"  {name}: {json.dumps(row, ensure_ascii=False)}" for row in value)
