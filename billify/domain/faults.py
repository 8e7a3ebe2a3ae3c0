"""A fault of our own, as it may be kept: its kind and its place, and nothing of what it was about.

The message of an exception quotes rows, addresses and amounts, so it is never kept; the code
that stood there is our own, and may be.
"""

import hashlib
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

OURS = Path(__file__).resolve().parent.parent
_LONGEST_STACK = 40
_LONGEST_CHAIN = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """What is kept of an exception. Two with the same fingerprint are one fault."""

    fingerprint: str
    kind: str
    place: str
    stack: str


def of(error: BaseException) -> Fault:
    """What may be kept of an exception: alike are those of one kind from one line of our code.

    The line is told by its text and not by its number, which moves with every release.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = next((frame for frame in reversed(frames) if _is_ours(frame)), None)
    inner = own or (frames[-1] if frames else None)
    kind = kind_of(error)
    place = _place(inner) if inner else "?"
    known = f"{kind}\0{_file(inner)}\0{inner.name}\0{inner.line}" if inner else kind
    fingerprint = hashlib.sha256(known.encode()).hexdigest()[:32]
    return Fault(fingerprint, kind, place, stack_of(error))


def kind_of(error: BaseException) -> str:
    """The kind of an exception, with its module unless that is Python's own."""
    kind = type(error)
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"


def said_by(error: BaseException) -> str:
    """What a job's row may say of an exception: the message of a sentence of our own, else the
    kind alone, since another's message may quote what belongs to a company."""
    is_own = type(error).__module__.partition(".")[0] == __name__.partition(".")[0]
    kind = type(error).__name__
    return f"{kind}: {error}" if is_own else kind


def stack_of(error: BaseException) -> str:
    """The frames of an exception and of those it came from, outermost first, without messages."""
    chain: list[BaseException] = [error]
    while len(chain) < _LONGEST_CHAIN and (before := _before(chain[-1])) is not None:
        chain.append(before)
    return "\n\n".join(_told(one.__traceback__, kind_of(one)) for one in reversed(chain))


def _before(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(trace: TracebackType | None, kind: str) -> str:
    frames = traceback.extract_tb(trace)[-_LONGEST_STACK:]
    return "\n".join([*(f"{_place(frame)}\n    {frame.line}" for frame in frames), kind])


def _place(frame: traceback.FrameSummary) -> str:
    return f"{_file(frame)}:{frame.lineno} in {frame.name}"


def _file(frame: traceback.FrameSummary) -> str:
    """From our own root or that of the packages, so that a machine's folders are not told."""
    path = Path(frame.filename)
    for root in (
        OURS.parent,
        *(parent for parent in path.parents if parent.name.endswith("-packages")),
    ):
        if path.is_relative_to(root) and "-packages" not in str(path.relative_to(root)):
            return path.relative_to(root).as_posix()
    return path.name


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(OURS)
