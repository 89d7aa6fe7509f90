"""Versions of the classifier: trained, put in force, reviewed at night, put back; read once a process."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Row, delete, func, insert, select, text, update

from helpdesk import clock
from helpdesk.background import wake_now
from helpdesk.db import db, table, unit
from helpdesk.errors import Forbidden, Invalid, NotFound, Stale
from helpdesk.models.learning import Proposal, RoutingModel
from helpdesk.permissions import SYSTEM, Actor, may
from helpdesk.services import epoch
from helpdesk.services.learning import examples, terms
from helpdesk.services.learning.evaluation import Measured, measured, settled
from helpdesk.services.learning.thresholds import thresholds
from helpdesk.vocabulary import VersionState
from routing import InvalidModel, TextClassifier

log = logging.getLogger(__name__)
KEPT = 10
"""Versions that can be put back."""
CORRECTIONS = 25
"""New corrections after which it is trained before its night."""
A_DAY = timedelta(hours=23)

_ROWS, _PROPOSALS = table(RoutingModel), table(Proposal)
_NARROW = [column for column in _ROWS.c if column.name != "data"]


@dataclass(frozen=True)
class InForce:
    """The model that is asked, its number, and from which confidence each department may be sent to."""

    number: int
    classifier: TextClassifier
    thresholds: Mapping[str, float]


def in_force() -> InForce | None:
    """The version in force; its bytes are read once a process. None before the first training, and where another
    version of this programme wrote it: requests are taken in without a proposal until the next training."""
    found = epoch.current().model
    if found is None:
        return None
    id_, number, thresholds = found
    classifier = _classifier(id_)
    return InForce(number, classifier, thresholds) if classifier is not None else None


def _classifier(id_: int) -> TextClassifier | None:
    kept: tuple[int, TextClassifier | None] | None = current_app.extensions.get("routing_model")
    if kept is None or kept[0] != id_:
        kept = current_app.extensions["routing_model"] = (id_, _read(id_))
    return kept[1]


def _read(id_: int) -> TextClassifier | None:
    data = db.session.execute(select(_ROWS.c.data).where(_ROWS.c.id == id_)).scalar_one()
    try:
        return TextClassifier.from_bytes(data)
    except InvalidModel as why:
        log.warning("the classifier in force cannot be read", extra={"why": str(why)})
        return None


def versions() -> Sequence[Row[Any]]:
    """All that are kept, the newest first, without their bytes."""
    return db.session.execute(select(*_NARROW).order_by(_ROWS.c.number.desc())).all()


@unit()
def train(actor: Actor = SYSTEM, why: str = "by hand", *, at: datetime | None = None) -> int:
    """Learns from what was resolved and from descriptions, and puts the new version in force; its number.

    Raises Forbidden; Invalid when there are not two departments to tell apart.
    """
    if not may(actor, "administer"):
        raise Forbidden("Training is for administrators.")
    moment = at or clock.now()
    db.session.execute(text("select pg_advisory_xact_lock(hashtext('routing model'))"))
    learned = [*examples.described(), *examples.resolved()]
    if len({one.label for one in learned}) < 2:
        raise Invalid("There are not two departments with texts to learn from.", code="nothing-to-learn")
    classifier = TextClassifier().fit(
        [one.text for one in learned], [one.label for one in learned], [one.weight for one in learned]
    )
    number = 1 + int(db.session.execute(select(func.max(_ROWS.c.number))).scalar() or 0)
    row = {
        "number": number,
        "state": VersionState.DRAFT,
        "data": classifier.to_bytes(),
        "why": why,
        "examples": len(learned),
        "thresholds": _earned(),
        "figures": {"labels": dict(Counter(one.label for one in learned))},
        "trained_at": moment,
        "trained_by_id": actor.id,
    }
    db.session.execute(insert(_ROWS).values(row))
    _put_in_force(number, moment)
    _forget_old()
    return number


@unit()
def put_back(actor: Actor, number: int, *, at: datetime | None = None) -> None:
    """Lets an earlier version be asked again. Raises Forbidden, NotFound; Stale when it is in force already."""
    if not may(actor, "administer"):
        raise Forbidden("Models are for administrators.")
    db.session.execute(text("select pg_advisory_xact_lock(hashtext('routing model'))"))
    state = db.session.execute(select(_ROWS.c.state).where(_ROWS.c.number == number)).scalar_one_or_none()
    if state is None:
        raise NotFound("There is no such version of the classifier.")
    if state == VersionState.IN_FORCE:
        raise Stale("This version is in force already.", code="in-force")
    _put_in_force(number, at or clock.now())


def _earned() -> dict[str, float]:
    """From which confidence each department is sent to without a human, by what people made of the proposals."""
    asked = terms.demands()
    return dict(thresholds(settled(), asked.precision / 100, asked.proven))


@unit()
def demand(actor: Actor, asked: terms.Demands, *, at: datetime | None = None) -> None:
    """Asks more or less of the classifier before it may send alone; takes effect at once. Raises Forbidden, Invalid."""
    if not may(actor, "administer"):
        raise Forbidden("What the classifier may do is for administrators to say.")
    terms.keep(actor, asked, at or clock.now())
    held = _ROWS.c.state == VersionState.IN_FORCE
    db.session.execute(update(_ROWS).where(held).values(thresholds=_earned()))
    epoch.changed()


def _put_in_force(number: int, at: datetime) -> None:
    held = _ROWS.c.state == VersionState.IN_FORCE
    db.session.execute(update(_ROWS).where(held).values(state=VersionState.RETIRED, retired_at=at))
    now = {"state": VersionState.IN_FORCE, "in_force_at": at, "retired_at": None}
    db.session.execute(update(_ROWS).where(_ROWS.c.number == number).values(now))
    epoch.changed()


def _forget_old() -> None:
    newest = select(_ROWS.c.id).order_by(_ROWS.c.number.desc()).limit(KEPT)
    gone = (_ROWS.c.id.not_in(newest), _ROWS.c.state != VersionState.IN_FORCE)
    db.session.execute(delete(_ROWS).where(*gone))


def nudge(at: datetime) -> None:
    """Wakes the worker for heavy jobs when it is time to train."""
    if due(at):
        wake_now("learning.train", on="bulk")


def due(at: datetime) -> str:
    """Why it is time to train: its night, or enough new corrections; empty when it is not."""
    last = db.session.execute(select(func.max(_ROWS.c.trained_at))).scalar()
    if last is None or at - last >= A_DAY:
        return "nightly"
    corrected = (_PROPOSALS.c.settled_at > last, _PROPOSALS.c.settled_how == "corrected")
    count = db.session.execute(select(func.count()).select_from(_PROPOSALS).where(*corrected)).scalar() or 0
    return "corrections" if count >= CORRECTIONS else ""


@unit()
def review(at: datetime) -> Measured:
    """Measures the proposals by what people made of them, and chooses the thresholds of the version in force anew."""
    found, held = measured(at), _ROWS.c.state == VersionState.IN_FORCE
    figures = db.session.execute(select(_ROWS.c.figures).where(held)).scalar_one_or_none() or {}
    values = {"thresholds": _earned(), "figures": figures | {"measured": asdict(found)}}
    db.session.execute(update(_ROWS).where(held).values(values))
    epoch.changed()
    return found
