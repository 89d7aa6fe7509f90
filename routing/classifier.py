"""Learns from labelled texts where a text belongs, says how sure it is and which of its words counted.

>>> from routing import TextClassifier
>>> texts = ["Λακκούβα στον δρόμο", "Pothole in the road", "Κομμένο νερό από χθες", "No water since yesterday"]
>>> learned = TextClassifier().fit(texts, ["roads", "roads", "water", "water"])
>>> found = learned.predict("ΔΕΝ ΕΧΟΥΜΕ ΝΕΡΟ")
>>> found.label, found.reasons[0].word
('water', 'ΝΕΡΟ')
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Self

import numpy as np
from numpy.typing import NDArray

from routing.features import WORD, read
from routing.marks import Marks, marks
from routing.meaning import Sense, installed
from routing.model import Model, from_bytes, probabilities, sureness

Scores = NDArray[np.float64]

NONE_OF_OURS = "none-of-ours"
"""The label of training texts that belong to nobody here; a text found to be one of them is not `known`."""
ALTERNATIVES = 4
REASONS = 6


@dataclass(frozen=True, slots=True)
class Counted:
    """A word as it stands in the text, and how much it spoke for the label."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """Where a text belongs. `confidence` is how often such a prediction is right; `known` is false for what is new."""

    label: str
    confidence: float
    known: bool
    alternatives: list[tuple[str, float]]
    reasons: list[Counted]


class NotTrained(RuntimeError):
    """A classifier was asked before it learned anything."""


class TextClassifier:
    """Greek, English and Greeklish in one model; `fit` needs scikit-learn, everything else only arrays."""

    def __init__(self, sense: Sense | None = None) -> None:
        """``sense`` is what knows the meaning of texts; where none is given that of the extra, if it is installed."""
        self._model: Model | None = None
        self._sense = sense or installed()

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can answer."""
        return self._trained.labels

    def fit(self, texts: Iterable[str], labels: Iterable[str], weights: Iterable[float] | None = None) -> Self:
        """Learns from examples, those with more weight the more; the same examples give the same model."""
        given, named = list(texts), list(map(str, labels))
        weighed = [1.0] * len(given) if weights is None else list(map(float, weights))
        if not given or not len(given) == len(named) == len(weighed):
            raise ValueError("texts, labels and weights must be as many as each other, and some")
        if not all(0 < weight < float("inf") for weight in weighed):
            raise ValueError("a weight must be a number above nought")
        # By name, so that processes which only predict never load the library that trains.
        self._model = import_module("routing.training").train(given, named, weighed, self._sense)
        return self

    def predict(self, text: str) -> Prediction:
        """Where this text belongs."""
        model = self._trained
        seen = marks(read(text, model.heard, lambda stem: WORD + stem in model.index), model.memo)
        weights = model.scale.weigh(seen.counts, 1, seen.unknown)
        rows = model.coefficients[seen.counts.places].astype(np.float32)
        scores = np.einsum("i,ij->j", weights, rows) + model.intercepts
        scores, sure, strange = self._with_meaning(text, scores)
        likely = probabilities(scores)
        order = np.argsort(-likely, kind="stable")
        best = int(order[0])
        label = model.labels[best]
        return Prediction(
            label=label,
            confidence=_confidence(sure, likely, best),
            known=label != NONE_OF_OURS and float(scores[best]) >= strange and seen.telling,
            alternatives=_alternatives(model.labels, sure, likely, order),
            reasons=_reasons(seen, weights * (rows[:, best] - rows.mean(axis=1))),
        )

    def _with_meaning(self, text: str, scores: Scores) -> tuple[Scores, tuple[float, float], float]:
        """The scores with what the text means, where that helps and can be asked; how sure they may be; what is new."""
        model = self._trained
        if model.meant is None or self._sense is None:
            return scores, model.sure, model.strange
        felt = self._sense([text])[0] @ model.meant.coefficients.astype(np.float32) + model.meant.intercepts
        return scores * model.meant.share + felt, model.meant.sure, model.meant.strange

    def predict_many(self, texts: Iterable[str]) -> list[Prediction]:
        """Where each of these texts belongs."""
        return [self.predict(text) for text in texts]

    def to_bytes(self) -> bytes:
        """The model as bytes."""
        return self._trained.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes, sense: Sense | None = None) -> Self:
        """A classifier from such bytes; raises InvalidModel (a ValueError). Never runs anything in them."""
        made = cls(sense)
        made._model = from_bytes(data)
        return made

    @property
    def _trained(self) -> Model:
        if self._model is None:
            raise NotTrained("fit a classifier, or read one from bytes, before asking it")
        return self._model


def _confidence(sure: tuple[float, float], likely: Scores, best: int) -> float:
    return float(sureness(likely[best], sure))


def _alternatives(
    labels: Sequence[str], line: tuple[float, float], likely: Scores, order: NDArray[np.intp]
) -> list[tuple[str, float]]:
    """The next best, sharing what the best leaves, none surer than it."""
    best = int(order[0])
    sure = _confidence(line, likely, best)
    rest = max(1e-12, 1 - float(likely[best]))
    return [
        (labels[int(one)], min(sure, float(likely[int(one)]) * (1 - sure) / rest))
        for one in order[1 : 1 + ALTERNATIVES]
    ]


def _reasons(seen: Marks, spoke: NDArray[np.float32]) -> list[Counted]:
    """The words that spoke most for the label, each with all that came from it."""
    totals = seen.shares(spoke.astype(np.float64))
    most = np.argsort(-totals, kind="stable")[:REASONS]
    return [Counted(seen.words[one].spelled, round(float(totals[one]), 4)) for one in most if totals[one] > 0]
