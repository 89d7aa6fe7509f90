"""Learns from labelled texts where a text belongs, says how sure it is and which of its words counted.

>>> from routing import TextClassifier
>>> texts = ["Λακκούβα στον δρόμο", "Pothole in the road", "Κομμένο νερό από χθες", "No water since yesterday"]
>>> learned = TextClassifier().fit(texts, ["roads", "roads", "water", "water"])
>>> found = learned.predict("ΔΕΝ ΕΧΟΥΜΕ ΝΕΡΟ")
>>> found.label, found.reasons[0].word
('water', 'ΝΕΡΟ')
"""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Self

import numpy as np
from numpy.typing import NDArray

from routing.features import BEGINS, WORD, Word, count, pairs, read
from routing.model import Model, from_bytes, probabilities, sureness
from routing.weighing import placed

NONE_OF_OURS = "none-of-ours"
"""The label of training texts that belong to nobody here; a text found to be one of them is not `known`."""
_TELLING = (WORD, BEGINS)
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

    def __init__(self) -> None:
        self._model: Model | None = None

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
        self._model = import_module("routing.training").train(given, named, weighed)
        return self

    def predict(self, text: str) -> Prediction:
        """Where this text belongs."""
        model = self._trained
        words = read(text, model.heard, lambda stem: WORD + stem in model.index)
        counts, unknown = placed(count(words), model.index)
        weights = model.scale.weigh(counts, 1, unknown)
        parts = weights[:, None] * model.coefficients[counts.places]
        scores = parts.sum(axis=0) + model.intercepts
        likely = probabilities(scores)
        order = np.argsort(-likely, kind="stable")
        best = int(order[0])
        label = model.labels[best]
        for_it = parts[:, best] - parts.mean(axis=1)
        return Prediction(
            label=label,
            confidence=_confidence(model, likely, best),
            known=label != NONE_OF_OURS and float(scores[best]) >= model.strange and _met(words, model),
            alternatives=_alternatives(model, likely, order),
            reasons=_reasons(words, dict(zip(counts.places.tolist(), for_it.tolist(), strict=True)), model),
        )

    def predict_many(self, texts: Iterable[str]) -> list[Prediction]:
        """Where each of these texts belongs."""
        return [self.predict(text) for text in texts]

    def to_bytes(self) -> bytes:
        """The model as bytes."""
        return self._trained.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """A classifier from such bytes; raises InvalidModel (a ValueError). Never runs anything in them."""
        made = cls()
        made._model = from_bytes(data)
        return made

    @property
    def _trained(self) -> Model:
        if self._model is None:
            raise NotTrained("fit a classifier, or read one from bytes, before asking it")
        return self._model


def _met(words: list[Word], model: Model) -> bool:
    """Whether any word that says something, or one that begins like it, stood in a training text."""
    return any(name in model.index for word in words for name in word.own[:2] if name[0] in _TELLING)


def _confidence(model: Model, likely: NDArray[np.float64], best: int) -> float:
    return float(sureness(likely[best], model.sure))


def _alternatives(model: Model, likely: NDArray[np.float64], order: NDArray[np.intp]) -> list[tuple[str, float]]:
    """The next best, sharing what the best leaves, none surer than it."""
    best = int(order[0])
    sure = _confidence(model, likely, best)
    rest = max(1e-12, 1 - float(likely[best]))
    return [
        (model.labels[int(one)], min(sure, float(likely[int(one)]) * (1 - sure) / rest))
        for one in order[1 : 1 + ALTERNATIVES]
    ]


def _reasons(words: list[Word], spoke: dict[int, float], model: Model) -> list[Counted]:
    """The words that spoke for the label, each with all that came from it: a pair counts half for either word."""
    totals: dict[str, float] = {}
    spelled: dict[str, str] = {}
    halves = [spoke.get(model.index.get(name, -1), 0.0) / 2 for name in pairs(words)]
    for place, word in enumerate(words):
        spelled.setdefault(word.plain, word.spelled)
        around = sum(halves[max(0, place - 1) : place + 1])
        if word.plain in totals:
            totals[word.plain] += around
        else:
            totals[word.plain] = around + sum(spoke.get(model.index.get(name, -1), 0.0) for name in set(word.own))
    found = sorted(totals.items(), key=lambda one: -one[1])[:REASONS]
    return [Counted(spelled[one], round(weight, 4)) for one, weight in found if weight > 0]
