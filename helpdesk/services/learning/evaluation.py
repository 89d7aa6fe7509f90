"""How good the classifier is: by what people made of its proposals, and on the newest tickets, held out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from helpdesk.db import db, table
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.catalogue import Department
from helpdesk.models.learning import Proposal
from helpdesk.permissions import Actor, may
from helpdesk.services.learning import examples
from helpdesk.services.learning.terms import demands
from helpdesk.services.learning.thresholds import Settled
from routing import TextClassifier

NEWEST = 5_000
PERIOD = timedelta(days=30)
DRIFT = 0.1
"""How far precision may fall from the period before to the last one until somebody is warned."""
FEWEST, BINS, HELD_OUT = 20, 10, 5

_ROWS, _DEPARTMENTS = table(Proposal).c, table(Department).c


@dataclass(frozen=True)
class Measured:
    """What people made of the proposals of a period; shares are None where there was nothing to count."""

    settled: int
    right: float | None
    calibration_error: float | None
    routed: int
    routed_right: float | None
    before: float | None
    drift: bool


@dataclass(frozen=True)
class Held:
    """Figures on the newest resolved tickets by a model that learned from the older ones."""

    learned: int
    told: int
    accuracy: float
    calibration_error: float
    coverage: float
    none_of_ours: float


def require(actor: Actor) -> None:
    """Raises Forbidden for who may not look at the classifier's standing."""
    if not may(actor, "supervise"):
        raise Forbidden("How the classifier stands is for supervisors.")


def settled() -> Sequence[Settled]:
    """The newest settled proposals: department, confidence, whether people agreed."""
    query = (
        select(_DEPARTMENTS.key, _ROWS.confidence, _ROWS.department_id == _ROWS.settled_id)
        .join_from(table(Proposal), table(Department), _DEPARTMENTS.id == _ROWS.department_id)
        .where(_ROWS.settled_at.is_not(None), _ROWS.known)
        .order_by(_ROWS.settled_at.desc())
        .limit(NEWEST)
    )
    return [(str(key), float(confidence), bool(right)) for key, confidence, right in db.session.execute(query)]


def proven() -> int:
    """How many proposals people have settled, as far as it matters."""
    return len(settled())


def measured(at: datetime, period: timedelta = PERIOD) -> Measured:
    """The proposals settled in the period before that moment, beside those of the period before it."""
    rows, earlier = _between(at - period, at), _between(at - 2 * period, at - period)
    right, before = share([one[1] for one in rows]), share([one[1] for one in earlier])
    routed = [one[1] for one in rows if one[2]]
    enough = min(len(rows), len(earlier)) >= FEWEST
    drift = enough and right is not None and before is not None and before - right > DRIFT
    return Measured(
        settled=len(rows),
        right=right,
        calibration_error=calibration_error([(one[0], one[1]) for one in rows]) if rows else None,
        routed=len(routed),
        routed_right=share(routed),
        before=before,
        drift=drift,
    )


def _between(since: datetime, until: datetime) -> list[tuple[float, bool, bool]]:
    query = select(_ROWS.confidence, _ROWS.department_id.is_not_distinct_from(_ROWS.settled_id), _ROWS.routed)
    found = db.session.execute(query.where(_ROWS.settled_at >= since, _ROWS.settled_at < until)).all()
    return [(float(confidence), bool(right), bool(routed)) for confidence, right, routed in found]


def share(right: Sequence[bool]) -> float | None:
    """How many were right; None of none."""
    return sum(right) / len(right) if right else None


def calibration_error(rows: Sequence[tuple[float, bool]]) -> float:
    """How far confidence and truth are apart, over bins of equal width, each by its share."""
    apart = [0.0] * BINS
    for confidence, right in rows:
        apart[min(int(confidence * BINS), BINS - 1)] += confidence - right
    return sum(map(abs, apart)) / len(rows)


def coverage(rows: Sequence[tuple[float, bool]], wanted: float) -> float:
    """The largest share, surest first, that is right so often."""
    best, good = 0, 0
    for count, (_, right) in enumerate(sorted(rows, key=lambda row: -row[0]), 1):
        good += right
        best = count if good / count >= wanted else best
    return best / len(rows)


def evaluate() -> Held:
    """Learns from the older resolved tickets and is asked the newest fifth. Raises Invalid when there are too few."""
    found = examples.resolved()
    cut = len(found) - len(found) // HELD_OUT
    older, newest = [*examples.described(), *found[:cut]], found[cut:]
    if not newest or len({one.label for one in older}) < 2:
        raise Invalid("There are too few resolved tickets to hold some out.", code="too-few")
    weights: list[Any] = [one.weight for one in older]
    learned = TextClassifier().fit([one.text for one in older], [one.label for one in older], weights)
    told = learned.predict_many(one.text for one in newest)
    rows = [(found.confidence, found.label == one.label) for found, one in zip(told, newest, strict=True)]
    return Held(
        len(older),
        len(newest),
        share([right for _, right in rows]) or 0.0,
        calibration_error(rows),
        coverage(rows, demands().precision / 100),
        share([not found.known for found in told]) or 0.0,
    )
