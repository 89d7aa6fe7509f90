"""The classifier beside a usual pipeline in the same run: how often right, how rightly sure, how fast, how large.

With ``--folder FOLDER`` each folder in it that holds ``train.jsonl`` (rows with ``text`` and ``label``, the first N of
them being the N-example subset) and ``test.jsonl`` or ``dev.jsonl`` is learned and told. Without one only speed is
measured, over drawn words. The peer is scikit-learn: folded, stemmed words and characters by TF-IDF, a linear support
vector machine, one temperature from held-out scores.
"""

import gc
import json
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import KFold
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from benchmarks.routing_rules import ENDINGS, ROOTS
from routing import TextClassifier, fold, words

Row = dict[str, Any]
CURVE = (50, 200, 1_000, 5_000)
MEDIAN_ALLOWED_MS, REFIT_ALLOWED_S = 3.0, 5.0
TICKETS, DEPARTMENTS, CORRECTIONS = 3_000, 12, 25
BINS = 15


def run(folder: Path | None = None) -> list[Row]:
    """Speed over drawn words, then one row for each data set, size and side."""
    rows = list(_speed())
    for train in sorted(folder.glob("*/train.jsonl")) if folder else ():
        told = next(
            (path for path in (train.with_name("test.jsonl"), train.with_name("dev.jsonl")) if path.is_file()), None
        )
        if told is not None:
            rows += _learned(train.parent.name, _read(train), _read(told))
    return rows


def _read(path: Path) -> list[tuple[str, str]]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(row["text"], row["label"]) for row in rows]


def _learned(name: str, train: list[tuple[str, str]], told: list[tuple[str, str]]) -> Iterator[Row]:
    for size in [*(size for size in CURVE if size < len(train)), len(train)]:
        sides = {"ours": _ours, "peer": _peer} if size >= CURVE[1] or size == len(train) else {"ours": _ours}
        for side, learn in sides.items():
            yield {"set": name, "examples": size, "side": side} | _figures(learn, train[:size], told)


Ask = Callable[[str], tuple[str, float]]


def _ours(examples: list[tuple[str, str]]) -> tuple[Ask, int]:
    learned = TextClassifier().fit(*zip(*examples, strict=True))

    def ask(text: str) -> tuple[str, float]:
        found = learned.predict(text)
        return found.label, found.confidence

    return ask, len(learned.to_bytes())


def _peer(examples: list[tuple[str, str]]) -> tuple[Ask, int]:
    texts, labels = [text for text, _ in examples], np.array([label for _, label in examples])
    learned = make_pipeline(
        make_union(
            TfidfVectorizer(
                tokenizer=words, token_pattern=None, lowercase=False, ngram_range=(1, 2), sublinear_tf=True
            ),
            TfidfVectorizer(preprocessor=fold, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
        ),
        LinearSVC(random_state=0),
    ).fit(texts, labels)
    temperature = _temperature(learned, texts, labels)

    def ask(text: str) -> tuple[str, float]:
        likely = _softmax(_wide(learned.decision_function([text])) * temperature)[0]
        return str(learned.classes_[likely.argmax()]), float(likely.max())

    return ask, learned[-1].coef_.nbytes


def _words_and_pairs(text: str) -> list[str]:
    stems = words(text)
    return stems + [f"{one} {other}" for one, other in pairwise(stems)]


def _temperature(learned: Any, texts: list[str], labels: Any) -> float:
    """From scores of texts held out in three turns; rows whose label a turn did not meet are left out."""
    scores, places = [], {label: at for at, label in enumerate(learned.classes_)}
    for rest, held in KFold(3, shuffle=True, random_state=0).split(texts):
        turn = LinearSVC(random_state=0)
        table = learned[0].transform(texts)
        turn.fit(table[rest], labels[rest])
        told = np.full((len(held), len(places)), -1.0)
        told[:, [places[one] for one in turn.classes_]] = _wide(turn.decision_function(table[held]))
        scores.append((told, labels[held]))
    table = np.concatenate([one for one, _ in scores])
    truth = np.array([places[one] for _, held in scores for one in held])

    def surprise(exponent: float) -> float:
        return float(-np.log(_softmax(table * np.exp(exponent))[np.arange(len(truth)), truth] + 1e-12).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-4, 5), method="bounded").x))


def _wide(scores: Any) -> Any:
    return scores if scores.ndim == 2 else np.stack([-scores, scores], axis=1)


def _softmax(scores: Any) -> Any:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def _figures(learn: Callable[[Any], tuple[Ask, int]], train: list[tuple[str, str]], told: list[tuple[str, str]]) -> Row:
    gc.collect()
    start = time.perf_counter()
    ask, size = learn(train)
    fitted = time.perf_counter() - start
    taken, answers = [], []
    for text, _ in told:
        start = time.perf_counter()
        answers.append(ask(text))
        taken.append((time.perf_counter() - start) * 1e3)
    truth = [label for _, label in told]
    right = [answer == label for (answer, _), label in zip(answers, truth, strict=True)]
    sure = [confidence for _, confidence in answers]
    median = statistics.median(taken)
    return {
        "accuracy": float(np.mean(right)),
        "macro_f1": float(f1_score(truth, [answer for answer, _ in answers], average="macro", zero_division=0)),
        "calibration_error": calibration_error(sure, right),
        "coverage_at_95": coverage(sure, right, 0.95),
        "fit_s": fitted,
        "median_ms": median,
        "p95_ms": statistics.quantiles(taken, n=20)[-1],
        "model_mb": size / 1e6,
    }


def calibration_error(sure: Sequence[float], right: Sequence[bool]) -> float:
    """Confidence and truth apart, over bins of equal width, each by its share."""
    place = np.minimum((np.array(sure) * BINS).astype(int), BINS - 1)
    apart = np.array(sure) - np.array(right)
    return float(sum(abs(apart[place == one].sum()) for one in range(BINS)) / len(apart))


def coverage(sure: Sequence[float], right: Sequence[bool], precision: float) -> float:
    """The largest share, surest first, that is right so often."""
    order = np.argsort(-np.array(sure), kind="stable")
    good = np.cumsum(np.array(right)[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(good >= precision)
    return float((enough[-1] + 1) / len(order)) if len(enough) else 0.0


def _speed() -> Iterator[Row]:
    """Learning from a year's tickets, learning again after corrections, asking, and what it keeps in memory."""
    examples = list(_drawn(TICKETS + CORRECTIONS))
    for number in (TICKETS, TICKETS + CORRECTIONS):
        worked = time.process_time()
        taken = _seconds(partial(_ours, examples[:number]))
        worked = time.process_time() - worked
        fast = "met" if worked < REFIT_ALLOWED_S else "missed"
        yield {"what": f"fit {number} tickets", "seconds": taken, "cpu_s": worked, "budget": fast}
    data = TextClassifier().fit(*zip(*examples, strict=True)).to_bytes()
    tracemalloc.start()
    learned = TextClassifier.from_bytes(data)
    learned.predict(examples[0][0])
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    asked = [_seconds(partial(learned.predict, text)) * 1e3 for text, _ in examples[:500]]
    median = statistics.median(asked)
    yield {
        "what": "predict",
        "median_ms": median,
        "p95_ms": statistics.quantiles(asked, n=20)[-1],
        "model_mb": len(data) / 1e6,
        "memory_mb": kept / 1e6,
        "budget": "met" if median < MEDIAN_ALLOWED_MS else "missed",
    }


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _drawn(number: int) -> Iterator[tuple[str, str]]:
    """Texts of thirty words, a third of them of their department's own roots."""
    chance = Random(7)
    for _ in range(number):
        at = chance.randrange(DEPARTMENTS)
        own = ROOTS[at * 2 : at * 2 + 3]
        roots = [chance.choice(own if chance.random() < 0.3 else ROOTS) for _ in range(30)]
        yield " ".join(root + chance.choice(ENDINGS) for root in roots), f"department-{at}"


def main() -> None:
    """Prints the rows of the speed alone."""
    for row in run():
        print(row)


if __name__ == "__main__":
    main()
