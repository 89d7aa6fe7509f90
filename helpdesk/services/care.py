"""People whose requests want more care than others': who says so, why, and what follows, which is data of the body.

They never read it. What follows: their requests, those that are open too, have at least an urgency, and never close by
themselves.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from helpdesk import clock, events
from helpdesk.db import db, unit
from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.models.people import Person
from helpdesk.permissions import Actor, may
from helpdesk.services import caring, catalogue, house
from helpdesk.services.catalogue.reading import CARE
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import Care, Level

USUAL: Mapping[str, str | None] = {Care.VULNERABLE: Level.HIGH, Care.VIP: None}
"""What holds where the body has decided nothing."""

LONGEST = 300


def floors(known: Mapping[int, str], kept: Mapping[str, str | None]) -> dict[int, Level]:
    """The urgency that requests of each of these people have at least."""
    wanted = {**USUAL, **kept}
    found = {id_: wanted.get(kind) for id_, kind in known.items()}
    return {id_: Level(level) for id_, level in found.items() if level is not None}


def at_least(urgency: str, wanted: Collection[Level]) -> str:
    """The most pressing of them."""
    order = list(Level)
    return min((Level(urgency), *wanted), key=order.index).value


def rule() -> dict[str, str | None]:
    """The body's rule as it stands."""
    return {**USUAL, **catalogue.current().care_rule}


@unit()
def mark(actor: Actor, person_id: int, kind: str | None, reason: str = "", *, at: datetime | None = None) -> None:
    """Says that somebody is to be handled with care and why, or that they are not any more; kept in the log.

    For those who lead. Raises Forbidden, NotFound, Invalid that names the field.
    """
    if not may(actor, "mark-care"):
        raise Forbidden("Who is to be handled with care is said by supervisors and administrators.")
    row = db.session.get(Person, person_id)
    if row is None or row.erased_at is not None:
        raise NotFound("There is no such person.")
    _check(kind, reason)
    given: dict[str, Any] = {"care": kind or None, "care_reason": reason.strip() if kind else ""}
    different = house.changes(row, given, ("care_reason",))
    row.care, row.care_reason = given["care"], given["care_reason"]
    if different:
        moment = at or clock.now()
        catalogue.changed(moment)
        house.record(actor, "changed", "person", person_id, moment, different)
        if wanted := floors({person_id: kind or ""}, rule()).get(person_id):
            caring.press(person_id, wanted, moment)


def _check(kind: str | None, reason: str) -> None:
    wrong: dict[str, str] = {}
    if kind and kind not in set(Care):
        wrong["care"] = "Choose one of the list."
    if kind and not 1 <= len(reason.strip()) <= LONGEST:
        wrong["reason"] = "Say why, in at most 300 characters."
    if wrong:
        raise Invalid("This cannot be kept like this.", fields=wrong)


@unit()
def decide(actor: Actor, wanted: Mapping[str, str | None], *, at: datetime | None = None) -> None:
    """The body says what follows for such people. Raises Forbidden, Invalid that names the field."""
    if not may(actor, "administer"):
        raise Forbidden("The house is set up by administrators.")
    wrong = {
        kind: "Choose one of the list."
        for kind, level in wanted.items()
        if kind not in set(Care) or (level is not None and level not in set(Level))
    }
    if wrong:
        raise Invalid("The settings cannot be saved like this.", fields=wrong)
    before, moment = rule(), at or clock.now()
    different = {kind: [before.get(kind), level] for kind, level in wanted.items() if before.get(kind) != level}
    if different:
        house.keep(CARE, {**before, **wanted}, moment)
        catalogue.changed(moment)
        house.record(actor, "changed", "care", None, moment, different)


def concerned(facts: Sequence[Recorded]) -> None:
    """The reaction to somebody else's being concerned: what asks for them is as urgent as it is to be at least."""
    cared, kept = catalogue.current().cared_for, rule()
    for fact in facts:
        assert isinstance(fact.event, events.ConcernedChanged)
        person_id = fact.event.person_id or 0
        if level := floors({person_id: cared.get(person_id, "")}, kept).get(person_id):
            caring.press(person_id, level, fact.at)
