"""Values of a paper by how well they answer to remembered places."""

from collections.abc import Collection, Sequence

from billify.domain.reading.memory import spans
from billify.domain.reading.memory.anchors import Anchor, fit
from billify.domain.reading.memory.scene import Scene, Shift
from billify.domain.reading.memory.spans import Span


def best_spans(
    seen: Scene,
    name: str,
    anchors: Sequence[tuple[Anchor, float]],
    found: Sequence[Span],
    shapes: Sequence[str],
    moved: Shift,
    known: Collection[str] = (),
) -> list[tuple[float, Span]]:
    """The best place of each value by how it fits the anchors, the best value first.

    A party met before (`known`) is more likely than a new one a line further up or down.
    """
    best: dict[str, tuple[float, Span]] = {}
    for span in found:
        form = max((spans.likeness(span.text, shape) for shape in shapes if shape), default=1.0)
        form = form if span.text and name not in spans.NAMES else 1.0
        for one, trust in anchors:
            score = fit(one, span.place, seen, moved) * (0.4 + 0.6 * form) * trust
            score += 0.5 if span.value in known else 0.0
            if score > best.get(span.value, (0.0, span))[0]:
                best[span.value] = (score, span)
    return sorted(best.values(), key=lambda pair: -pair[0])
