"""List what is above the sizes of STYLE section 2, to look at twice; it never fails."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION_LINES, COMPLEXITY, PARAMETERS = 40, 8, 5
FILE_LINES = {"py": 400, "html": 150, "js": 80}
ALL_JS_LINES = 800
BRANCHES = (
    ast.If, ast.For, ast.While, ast.ExceptHandler, ast.IfExp, ast.comprehension, ast.BoolOp,
    ast.match_case,
)  # fmt: skip


def main() -> None:
    for line in sorted(line for file in files() for line in remarks(file)):
        print(line)
    scripts = sum(count(file) for file in files() if file.suffix == ".js")
    print(f"all JavaScript: {scripts} lines (look twice at {ALL_JS_LINES})")


def files() -> list[Path]:
    found = (ROOT / "billify").rglob("*")
    return [f for f in found if f.suffix[1:] in FILE_LINES and "vendor" not in f.parts]


def remarks(file: Path) -> Iterator[str]:
    name = file.relative_to(ROOT)
    limit = FILE_LINES[file.suffix[1:]]
    if count(file) > limit:
        yield f"{name}: {count(file)} lines (look twice at {limit})"
    if file.suffix == ".py":
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                yield from (f"{name}:{node.lineno} {node.name}: {what}" for what in above(node))


def above(function: ast.FunctionDef) -> Iterator[str]:
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if lines > FUNCTION_LINES:
        yield f"{lines} lines"
    complexity = 1 + sum(isinstance(node, BRANCHES) for node in ast.walk(function))
    if complexity > COMPLEXITY:
        yield f"complexity {complexity}"
    given = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    parameters = len([argument for argument in given if argument.arg not in ("self", "cls")])
    if parameters > PARAMETERS:
        yield f"{parameters} parameters"


def count(file: Path) -> int:
    return len(file.read_text().splitlines())


if __name__ == "__main__":
    main()
