"""Trains the classifier's two halves and how sure their sum may be. With `meaning_training` the only module that
imports scikit-learn.

One half is a linear support vector machine over words, pairs of words and pieces of words. The other leaves function
words out and scales every feature by how much it tells a label from the rest (naive Bayes, Wang & Manning 2012), which
is stronger where examples are few. How much each half counts, and how sure the sum may be, is learned from scores
of texts that were held out. A label with fewer examples than folds is then at times unknown to those who score it:
such a text counts as wrong, as it would be.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from routing.features import BEGINS, FUNCTION, PAIR, PIECE, WORD, count, hear, read
from routing.meaning import Sense
from routing.meaning_training import FEW, Felt, meant
from routing.model import Meant, Model, probabilities
from routing.sureness import sureness_line
from routing.weighing import KINDS, Counts, Floats, Places, Scale, kinds_of, scale_of

Scores = NDArray[np.float64]

_PLAIN = {PAIR: 0.7, PIECE: 1.0, FUNCTION: 1.0, BEGINS: 0.0, WORD: 1.0}
_TELLING = {PAIR: 0.0, PIECE: 1.0, FUNCTION: 0.0, BEGINS: 0.5, WORD: 1.0}
"""How much each kind of feature counts in the two halves."""
PRIOR, FLOOR = 0.3, 0.25
"""Of the naive Bayes ratio: what a feature is given before it was seen, and what is kept of one that tells little."""
ABSENT = -1.0
"""The score of a label that training did not meet: what a support vector machine gives to what is not."""
OUT_OF_PLACE = 0.02
"""Share of held-out texts of ours that may seem to be none of ours."""
MANY, MORE, TURNS = 1_500, 4_000, 10
"""Texts are held out in so many turns; of many texts one turn is enough to learn four numbers from. Of more three are:
one would leave too few wrong answers to learn from how often they come."""
USUAL, CAUTION = 4.0, 2.0
"""What two machines' scores are usually multiplied by to become likelihoods, and how many examples that weighs."""


@dataclass(frozen=True, slots=True)
class Examples:
    """The training texts as counted features, and their labels as numbers."""

    table: csr_matrix
    kinds: Places
    labels: NDArray[np.intp]
    weights: Floats
    number: int

    def of(self, rows: Places) -> "Examples":
        """Some of them."""
        return Examples(self.table[rows], self.kinds, self.labels[rows], self.weights[rows], self.number)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What both halves say of texts they did not see, and what is true."""

    one: Scores
    other: Scores
    labels: NDArray[np.intp]

    def sums(self, say: tuple[float, float]) -> Scores:
        """Both together, each with its say."""
        return self.one * say[0] + self.other * say[1]


@dataclass(frozen=True, slots=True)
class Halves:
    """Both halves' coefficients and intercepts, under one scale of features."""

    scale: Scale
    coefficients: tuple[Scores, Scores]
    intercepts: tuple[Scores, Scores]

    def scores(self, table: csr_matrix) -> tuple[Scores, Scores]:
        """What each half says of texts: a number for each label."""
        weighed = _weighed(table, self.scale)
        one, other = (
            np.asarray(weighed @ part + intercept)
            for part, intercept in zip(self.coefficients, self.intercepts, strict=True)
        )
        return one, other


def train(texts: Sequence[str], labels: Sequence[str], weights: Sequence[float], sense: Sense | None = None) -> Model:
    """The model of these examples; the same for the same examples in the same order.

    ``sense`` is what knows the texts' meaning; it is asked where examples are few.
    """
    heard, english = hear(texts)
    found = [count(read(text, heard, english.__contains__)) for text in texts]
    names, known = sorted({name for one in found for name in one}), sorted(set(labels))
    place = {name: at for at, name in enumerate(names)}
    ends = np.cumsum([0, *map(len, found)])
    indices = np.array([place[name] for one in found for name in one], dtype=np.int32)
    times = np.array([times for one in found for times in one.values()], dtype=np.float32)
    number = {label: at for at, label in enumerate(known)}
    examples = Examples(
        csr_matrix((times, indices, ends), shape=(len(texts), len(names))),
        kinds_of(names),
        np.array([number[label] for label in labels], dtype=np.intp),
        np.asarray(weights, dtype=np.float32),
        len(known),
    )
    rows = sense(texts) if sense is not None and len(texts) <= FEW else None
    return _modelled(examples, names, known, heard, rows)


def _modelled(
    examples: Examples, names: list[str], known: list[str], heard: dict[str, str], rows: Floats | None
) -> Model:
    held_out = _held_out(examples)
    say = _balance(held_out)
    sums = held_out.sums(say)
    halves = _halves(examples)
    kept = np.flatnonzero(halves.scale.rarity)
    coefficients = sum(part[kept] * one for part, one in zip(halves.coefficients, say, strict=True))
    intercepts = sum(part * one for part, one in zip(halves.intercepts, say, strict=True))
    return Model(
        labels=tuple(known),
        names=[names[place] for place in kept],
        rarity=halves.scale.rarity[kept],
        rarest=halves.scale.rarest,
        coefficients=np.asarray(coefficients).astype(np.float16),
        intercepts=np.asarray(intercepts).astype(np.float32),
        sure=sureness_line(probabilities(sums), held_out.labels),
        strange=float(np.quantile(sums.max(axis=1), OUT_OF_PLACE)),
        heard=heard,
        meant=_meant(examples, rows, sums) if rows is not None else None,
    )


def _meant(examples: Examples, rows: Floats, sums: Scores) -> Meant | None:
    felt = Felt(rows, examples.labels, examples.weights, examples.number)
    return meant(felt, _folds(examples.labels), sums, OUT_OF_PLACE)


def _folds(labels: NDArray[np.intp]) -> list[Places]:
    """Rows to hold out in turn, each label's spread over all turns as evenly as can be."""
    seen: dict[int, int] = defaultdict(int)
    turn = np.empty(len(labels), dtype=np.intp)
    for row, label in enumerate(labels.tolist()):
        turn[row] = (seen[label] + label) % TURNS
        seen[label] += 1
    taken = range(TURNS if len(labels) <= MANY else 1 if len(labels) <= MORE else 3)
    return [held for one in taken if len(held := np.flatnonzero(turn == one))]


def _held_out(examples: Examples) -> HeldOut:
    """Texts with their scores by halves that did not see them."""
    everybody, folds = np.arange(len(examples.labels)), _folds(examples.labels)
    told = [_halves(examples.of(np.setdiff1d(everybody, rows))).scores(examples.table[rows]) for rows in folds]
    one, other = (np.concatenate(part) for part in zip(*told, strict=True))
    return HeldOut(one, other, examples.labels[np.concatenate(folds)])


def _halves(examples: Examples) -> Halves:
    scale = scale_of(_counts(examples.table), len(examples.labels), examples.kinds)
    weighed = _weighed(examples.table, scale)
    parts = [_half(weighed, examples, shares) for shares in (_PLAIN, _TELLING)]
    return Halves(scale, (parts[0][0], parts[1][0]), (parts[0][1], parts[1][1]))


def _half(weighed: csr_matrix, examples: Examples, shares: dict[str, float]) -> tuple[Scores, Scores]:
    """One half's coefficients, over the features it looks at."""
    by_kind = np.array([shares[kind] for kind in KINDS], dtype=np.float32)[examples.kinds]
    used = np.flatnonzero((by_kind > 0) & (np.bincount(weighed.indices, minlength=len(by_kind)) > 0))
    table = csr_matrix(weighed[:, used].multiply(by_kind[used]))
    found, intercepts = _fitted(table, examples, telling=shares is _TELLING)
    coefficients = np.zeros((len(by_kind), examples.number))
    coefficients[used] = found * by_kind[used][:, None]
    return coefficients, intercepts


def _counts(table: csr_matrix) -> Counts:
    rows = np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))
    return Counts(rows, table.indices.astype(np.intp), table.data)


def _weighed(table: csr_matrix, scale: Scale) -> csr_matrix:
    weights = scale.weigh(_counts(table), table.shape[0])
    found = csr_matrix((weights, table.indices, table.indptr), shape=table.shape)
    found.eliminate_zeros()
    return found


def _fitted(table: csr_matrix, examples: Examples, telling: bool) -> tuple[Scores, Scores]:
    """A support vector machine for each label against all others."""
    coefficients = np.zeros((table.shape[1], examples.number))
    intercepts = np.full(examples.number, ABSENT)
    total = _sums(table, examples.weights)
    for label in range(examples.number):
        ours = examples.labels == label
        if not ours.any() or ours.all():
            continue
        by = _ratio(table[ours], examples.weights[ours], total) if telling else None
        scaled = table if by is None else csr_matrix((table.data * by[table.indices], table.indices, table.indptr))
        scaled.resize(table.shape)
        machine = LinearSVC(C=1.0, random_state=0, max_iter=3_000).fit(scaled, ours, sample_weight=examples.weights)
        coefficients[:, label] = machine.coef_[0] if by is None else machine.coef_[0] * by
        intercepts[label] = machine.intercept_[0]
    return coefficients, intercepts


def _sums(table: csr_matrix, weights: Floats) -> Scores:
    return np.asarray(table.T @ weights, dtype=np.float64)


def _ratio(ours: csr_matrix, weights: Floats, total: Scores) -> Scores:
    """How much each feature tells this label from the others, by the logarithm of its odds."""
    here = _sums(ours, weights)
    inside, outside = PRIOR + here, PRIOR + np.maximum(total - here, 0)
    odds = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    found: Scores = FLOOR + (1 - FLOOR) * np.abs(odds)
    return found


def _balance(held_out: HeldOut) -> tuple[float, float]:
    """How much each half counts: what makes the held-out labels likeliest."""
    rows = np.arange(len(held_out.labels))

    def surprise(exponents: NDArray[np.float64]) -> float:
        one, other = np.exp(exponents)
        likely = probabilities(held_out.sums((float(one), float(other))))[rows, held_out.labels]
        apart = np.log((one + other) / USUAL)
        return float((CAUTION * apart**2 - np.log(likely + 1e-12).sum()) / len(rows))

    best = minimize(surprise, np.log([2.0, 2.0]), method="Nelder-Mead", options={"xatol": 0.02, "fatol": 1e-5})
    one, other = np.exp(best.x)
    return float(one), float(other)
