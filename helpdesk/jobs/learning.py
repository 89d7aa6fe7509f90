"""Learning: the classifier is trained in a fork of its own, for that takes seconds and a large library."""

import logging

from helpdesk import clock
from helpdesk.background import awake
from helpdesk.db import db
from helpdesk.errors import Invalid
from helpdesk.permissions import SYSTEM
from helpdesk.services import learning

log = logging.getLogger(__name__)


def train() -> None:
    """Trains when it is time, then measures what people made of the proposals."""
    awake("learning.train")
    try:
        if why := learning.due(clock.now()):
            _train(why)
    finally:
        db.session.remove()


def _train(why: str) -> None:
    try:
        number = learning.train(SYSTEM, why)
    except Invalid as nothing:
        log.info("nothing to learn from", extra={"why": nothing.code})
        return
    found = learning.review(clock.now())
    log.info("the classifier was trained", extra={"model": number, "why": why, "settled": found.settled})
    if found.drift:
        log.warning("the classifier's proposals became worse", extra={"right": found.right, "before": found.before})
