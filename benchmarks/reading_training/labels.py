"""Learning what a label looks like, from the reader's list of labels and from documents."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.reading_training.dataset import FIELDS, Paper, facts_of, truth_of
from billify.domain.reading import header, labels, soft_labels
from billify.domain.reading.candidates import candidates
from billify.domain.reading.contexts import Context, context

_CLASS_OF = {
    "issue_date": "issue_date",
    "due_date": "due_date",
    "delivery_date": "delivery_date",
    "invoice_number": "invoice_number",
    "order_reference": "order_reference",
    "payment_reference": "payment_reference",
    "net_amount": "net",
    "vat_amount": "vat",
    "gross_amount": "gross",
}
_NEAR = 260.0

Example = tuple[str, str | None, float]
"""(text, class or None, weight)."""


def of_list() -> Iterator[Example]:
    """The reader's own list, a phrase for each class it may be."""
    for phrase, names in labels.PHRASES.items():
        known = {name: weight for name, weight in names.items() if name in soft_labels.CLASSES}
        for name, weight in known.items():
            yield phrase, name, weight
        if not known:
            yield phrase, None, 0.5


def of_paper(paper: Paper, same: Callable[..., bool]) -> Iterator[Example]:
    """Texts before and above values, by the field that the value truly is."""
    facts = facts_of(paper)
    values: list[tuple[str, str, Any]] = [
        ("dates", day.value.isoformat(), day) for day in facts.days
    ]
    values += [("numbers", token.text, token) for token in header.tokens_of(facts)]
    values += [
        ("amounts", format(one.value, "f"), amount)
        for one in candidates(facts)
        for amount in one.amounts
    ]
    for kind, value, one in values:
        if id(one.line) in facts.table_lines:
            continue
        around = context(facts, one.words, one.line, one.cell)
        fields = [name for name in FIELDS[kind] if truth_of(paper, name, value, same) == 1]
        unknown = any(name not in paper.ask for name in FIELDS[kind])
        text = _label(around)
        if not text or "0" in text or (unknown and not fields):
            continue
        if len(fields) == 1:
            yield text, _CLASS_OF[fields[0]], 0.6
        elif not fields:
            yield text, None, 0.3


def _label(around: Context) -> str:
    if around.left and around.left_gap < _NEAR and "0" not in around.left:
        return around.left
    return around.head


def learned(examples: Sequence[Example]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(weights, bias) of `soft_labels`: one logistic regression per class."""
    merged: dict[str, dict[str | None, float]] = defaultdict(lambda: defaultdict(float))
    for text, name, weight in examples:
        merged[text][name] += weight
    texts = list(merged)
    features = np.zeros((len(texts), soft_labels.BUCKETS), dtype=np.float32)
    for at, text in enumerate(texts):
        buckets = soft_labels.grams(text)
        features[at, buckets] = 1 / max(len(buckets), 1) ** 0.5
    import scipy.sparse

    sparse = scipy.sparse.csr_matrix(features)
    matrix = np.zeros((soft_labels.BUCKETS, len(soft_labels.CLASSES)), dtype=np.float32)
    bias = np.zeros(len(soft_labels.CLASSES), dtype=np.float32)
    for at, name in enumerate(soft_labels.CLASSES):
        share = np.array([merged[t].get(name, 0.0) / sum(merged[t].values()) for t in texts])
        size = np.array([min(sum(merged[t].values()), 5.0) ** 0.5 for t in texts])
        stacked = scipy.sparse.vstack([sparse, sparse])
        truth = np.concatenate([np.ones(len(texts)), np.zeros(len(texts))])
        weight = np.concatenate([share * size, (1 - share) * size])
        kept = weight > 0
        model = LogisticRegression(C=20.0, max_iter=300, solver="liblinear")
        model.fit(stacked[kept], truth[kept], sample_weight=weight[kept])
        matrix[:, at], bias[at] = model.coef_[0], model.intercept_[0]
    return matrix, bias
