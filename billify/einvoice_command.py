"""`billify einvoice read|check`: e-invoices to exact fields or broken rules, without a database."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from billify.domain.refusal import Refusal
from billify.integrations import documents

Answer = dict[str, Any]  # Any: JSON
Asked = Callable[[documents.EInvoice], Answer]


def read_files(paths: Sequence[Path], *, as_json: bool) -> int:
    """Print every field of each e-invoice; 0 when all were read, 1 when some failed."""
    failed = 0
    for path in paths:
        answer = _answer(path, _fields)
        failed += "error" in answer
        _show(answer, _readable_fields, as_json=as_json)
    return 1 if failed else 0


def check_files(paths: Sequence[Path], *, as_json: bool) -> int:
    """Print the rules that each e-invoice breaks, with their place; 1 when any is broken."""
    failed = 0
    for path in paths:
        answer = _answer(path, _violations)
        failed += "error" in answer or not answer["ok"]
        _show(answer, _readable_violations, as_json=as_json)
    return 1 if failed else 0


def _answer(path: Path, asked: Asked) -> Answer:
    try:
        documents.check_size(path.stat().st_size)
        found = documents.open_einvoice(path.read_bytes())
    except Refusal as refusal:
        return {"file": str(path), "error": str(refusal), **_place(refusal)}
    except OSError as error:
        return {"file": str(path), "error": f"{error.strerror or error}."}
    return {"file": str(path), "syntax": found.syntax, **asked(found)}


def _place(refusal: Refusal) -> Answer:
    """Where in the file, when it is known."""
    return {key: refusal.params[key] for key in ("line", "column", "path") if key in refusal.params}


def _fields(found: documents.EInvoice) -> Answer:
    return {"fields": found.fields}


def _violations(found: documents.EInvoice) -> Answer:
    return {"ok": not found.violations, "violations": list(found.violations)}


def _show(answer: Answer, readable: Callable[[Answer], Iterator[str]], *, as_json: bool) -> None:
    if as_json:
        _print(json.dumps(answer, ensure_ascii=False))
        if "error" in answer:
            print(f"{answer['file']}: {answer['error']}", file=sys.stderr)  # noqa: T201
        return
    _print(answer["file"])
    if "error" in answer:
        _print(f"  {answer['error']}")
        return
    for line in readable(answer):
        _print(f"  {line}")


def _readable_fields(answer: Answer) -> Iterator[str]:
    for name, value in answer["fields"].items():
        if isinstance(value, list):
            yield from (f"{name}: {json.dumps(row, ensure_ascii=False)}" for row in value)
        else:
            yield f"{name}: {value}"


def _readable_violations(answer: Answer) -> Iterator[str]:
    if answer["ok"]:
        yield "No rule is broken."
    for one in answer["violations"]:
        yield f"{one['rule']}  {one['place']}  {one['message']}"


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (the answer itself)
