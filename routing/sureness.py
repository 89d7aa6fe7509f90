"""Learns how a probability becomes a confidence."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from routing.model import sureness

TRUST = 10.0
"""How many examples the assumption weighs that probabilities are right as they are: a handful of held-out texts must
not make anybody certain."""


def sureness_line(likely: NDArray[np.float64], labels: NDArray[np.intp]) -> tuple[float, float]:
    """How a probability becomes a confidence: a logistic line through how often held-out texts were right."""
    right = np.where(likely.argmax(axis=1) == labels, 1.0, -1.0)
    told = likely.max(axis=1)

    def surprise(line: NDArray[np.float64]) -> float:
        sure = np.clip(sureness(told, (line[0], line[1])), 1e-9, 1 - 1e-9)
        wrong = -np.log(np.where(right > 0, sure, 1 - sure)).sum()
        return float(wrong + TRUST * ((line[0] - 1) ** 2 + line[1] ** 2))

    best = minimize(surprise, np.array([1.0, 0.0]), method="Nelder-Mead", options={"xatol": 0.005, "fatol": 1e-4})
    return float(max(best.x[0], 0.05)), float(best.x[1])
