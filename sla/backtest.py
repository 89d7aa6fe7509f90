"""How well breach risk would have foretold: learned on earlier cycles, judged on later ones, at several ages."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sla.risk import WHOLE, History, Pasts, interval, told

AGES = (0, 25, 50, 75, 90)
"""Percent of the target used up at which later cycles are judged."""

BINS = 10


class Forecast(NamedTuple):
    """What was foretold of cycles alike at one age, and how they ended; the other forecasts beside it."""

    clock: str
    age: int
    risk: float
    base: float
    by_age: float
    met: int
    missed: int


@dataclass
class Score:
    """Brier scores: the mean square of what was foretold minus what came; 0 is perfect, a coin's toss 0.25.

    `base` is the score of always foretelling the clock's usual share, `by_age` of the share of all that are as old.
    """

    n: int = 0
    missed: int = 0
    brier: float = 0.0
    base: float = 0.0
    by_age: float = 0.0

    @property
    def share(self) -> float:
        """Which share of the cycles missed."""
        return self.missed / self.n if self.n else 0.0

    @property
    def skill(self) -> float | None:
        """How much of the usual share's error is saved; 1 is perfect, 0 no better, below it worse."""
        return 1 - self.brier / self.base if self.base else None


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts between two shares: how many, what they said in the mean, and which share then missed."""

    low: float
    high: float
    n: int
    foretold: float
    came: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class BackTest:
    """The whole trial. `unforetold`: cycles at an age for which too few comparable ones were known."""

    learned: int
    judged: int
    unforetold: int
    whole: Score
    ages: dict[int, Score] = field(default_factory=dict)
    clocks: dict[str, Score] = field(default_factory=dict)
    bins: Sequence[Bin] = ()


def back_test(learned: History, judged: Pasts, ages: Sequence[int] = AGES) -> BackTest:
    """Foretells every judged cycle at each of these percents of its target that it reached, by what was learned."""
    forecasts = list(_forecasts(learned, judged, ages))
    asked = sum(past.as_old(_age(age)) for past in judged.values() for age in ages)
    answered = sum(one.met + one.missed for one in forecasts)
    by_age: defaultdict[int, list[Forecast]] = defaultdict(list)
    by_clock: defaultdict[str, list[Forecast]] = defaultdict(list)
    for one in forecasts:
        by_age[one.age].append(one)
        by_clock[one.clock].append(one)
    return BackTest(
        learned.n,
        sum(past.n for past in judged.values()),
        asked - answered,
        _score(forecasts),
        {age: _score(by_age[age]) for age in ages},
        {clock: _score(some) for clock, some in by_clock.items()},
        [one for one in (_bin(at, forecasts) for at in range(BINS)) if one.n],
    )


def _age(percent: int) -> int:
    return percent * WHOLE // 100


def _forecasts(learned: History, judged: Pasts, ages: Sequence[int]) -> Iterator[Forecast]:
    """All cycles alike at one age get one forecast, so that they are counted and not walked through."""
    for clock, traits, past in told(judged):
        for age in ages:
            n = past.as_old(_age(age))
            risk, base, by_age = (
                learned.risk(clock, traits, _age(age)),
                learned.share(clock),
                learned.share(clock, _age(age)),
            )
            if n and risk and base is not None and by_age is not None:
                yield Forecast(clock, age, risk.share, base, by_age, n - past.missed, past.missed)


def _score(forecasts: Sequence[Forecast]) -> Score:
    score = Score(sum(one.met + one.missed for one in forecasts), sum(one.missed for one in forecasts))
    if score.n:
        score.brier = sum(_error(one.risk, one) for one in forecasts) / score.n
        score.base = sum(_error(one.base, one) for one in forecasts) / score.n
        score.by_age = sum(_error(one.by_age, one) for one in forecasts) / score.n
    return score


def _error(foretold: float, one: Forecast) -> float:
    return one.met * foretold**2 + one.missed * (1 - foretold) ** 2


def _bin(at: int, forecasts: Sequence[Forecast]) -> Bin:
    inside = [one for one in forecasts if min(int(one.risk * BINS), BINS - 1) == at]
    n, missed = sum(one.met + one.missed for one in inside), sum(one.missed for one in inside)
    foretold = sum(one.risk * (one.met + one.missed) for one in inside) / n if n else 0.0
    return Bin(at / BINS, (at + 1) / BINS, n, foretold, missed / n if n else 0.0, interval(missed, n))
