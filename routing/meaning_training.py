"""Trains what the classifier makes of meanings, and says whether that helps beside the words.

A multinomial logistic regression over the language model's numbers. Its sum with the scores of the words is used only
where it makes held-out labels likelier: few examples show few words, and meanings reach further than words do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from routing.model import Meant, probabilities
from routing.sureness import sureness_line
from routing.weighing import Floats, Places

Scores = NDArray[np.float64]

FEW = 1_000
"""Up to so many examples meanings are asked at all: of more, words tell as much and cost a fiftieth of the time."""
FIRMNESS = 10.0
"""How closely the regression follows its examples, at lengths of one."""
UNMET = -9.0
"""The score of a label that training did not meet."""
CAUTION = 2.0
"""How many examples the assumption weighs that both count as they are."""
HELPS = 0.01
"""By so much, in nats a text, held-out labels must become likelier."""


@dataclass(frozen=True, slots=True)
class Felt:
    """The training texts as numbers, with their labels and weights."""

    rows: Floats
    labels: NDArray[np.intp]
    weights: Floats
    number: int


def meant(felt: Felt, folds: Sequence[Places], words: Scores, strange: float) -> Meant | None:
    """What meanings add to the words' scores of the folds' texts, in their order; None where that does not help.

    ``strange`` is the share of texts of ours that may seem to be none of ours.
    """
    truth = felt.labels[np.concatenate(folds)]
    everybody = np.arange(len(felt.labels))
    told = [_told(felt.rows[held], *_learned(felt, np.setdiff1d(everybody, held))) for held in folds]
    meanings = np.concatenate(told)
    share, say = _balance(words, meanings, truth)
    sums = words * share + meanings * say
    if _surprise(words, truth) - _surprise(sums, truth) < HELPS:
        return None
    coefficients, intercepts = _learned(felt, everybody)
    return Meant(
        share=share,
        coefficients=(coefficients * say).astype(np.float16),
        intercepts=(intercepts * say).astype(np.float32),
        sure=sureness_line(probabilities(sums), truth),
        strange=float(np.quantile(sums.max(axis=1), strange)),
    )


def _learned(felt: Felt, rows: Places) -> tuple[Scores, Scores]:
    """Coefficients and intercepts for the numbers as they come: shift and length are worked into them."""
    here = felt.rows[rows].astype(np.float64)
    centre = here.mean(axis=0)
    length = float(np.sqrt(((here - centre) ** 2).sum(axis=1).mean())) or 1.0
    coefficients, intercepts = np.zeros((here.shape[1], felt.number)), np.full(felt.number, UNMET)
    met = np.unique(felt.labels[rows])
    if len(met) > 1:
        machine = LogisticRegression(C=FIRMNESS, max_iter=300, random_state=0)
        machine.fit((here - centre) / length, felt.labels[rows], sample_weight=felt.weights[rows])
        own, first = machine.coef_, machine.intercept_
        if len(met) == 2:  # it tells the second from the first by one line
            own, first = np.vstack([-own, own]) / 2, np.concatenate([-first, first]) / 2
        coefficients[:, met], intercepts[met] = own.T / length, first
    else:
        intercepts[met] = 0.0
    return coefficients, intercepts - np.where(intercepts == UNMET, 0.0, centre @ coefficients)


def _told(rows: Floats, coefficients: Scores, intercepts: Scores) -> Scores:
    return np.asarray(rows @ coefficients + intercepts)


def _surprise(scores: Scores, truth: NDArray[np.intp]) -> float:
    return float(-np.log(probabilities(scores)[np.arange(len(truth)), truth] + 1e-12).mean())


def _balance(words: Scores, meanings: Scores, truth: NDArray[np.intp]) -> tuple[float, float]:
    """How much the words and how much the meanings count: what makes the held-out labels likeliest."""

    def surprise(exponents: NDArray[np.float64]) -> float:
        share, say = np.exp(exponents)
        return _surprise(words * share + meanings * say, truth) + CAUTION * float(exponents @ exponents) / len(truth)

    best = minimize(surprise, np.array([-0.5, -0.5]), method="Nelder-Mead", options={"xatol": 0.02, "fatol": 1e-5})
    share, say = np.exp(best.x)
    return float(share), float(say)
