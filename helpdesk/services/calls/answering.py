"""Whom we ring answers: an agent takes the call by pressing 1, then the citizen is fetched into the room."""

from datetime import datetime

from channels.turns import Gather, HangUp, Say, Turn
from helpdesk.db import db
from helpdesk.errors import HelpdeskError
from helpdesk.models.assignment import Offer
from helpdesk.models.calls import Call, CallLeg
from helpdesk.services import assignment, catalogue
from helpdesk.services.assignment.people import actor_of
from helpdesk.services.calls import outbound, records
from helpdesk.services.calls.scene import Scene
from helpdesk.services.calls.speaking import bridge, department_name
from helpdesk.vocabulary import CallState, LegRole, OfferState


def answered(scene: Scene) -> Turn:
    """What is said to somebody whom we rang."""
    if scene.call.ended_at is not None and scene.leg.role != LegRole.CITIZEN:
        return Turn((Say("gone", _language(scene)), HangUp()))
    if scene.leg.role == LegRole.CITIZEN:
        return outbound.citizen_answered(scene)
    if scene.step.act == "voice/agent":
        return _screen(scene)
    return _accept(scene)


def _language(scene: Scene) -> str:
    """An agent hears their own house's language."""
    person = catalogue.current().colleagues.get(scene.leg.person_id or 0)
    return next(iter(person.languages), "el") if person and person.languages else "el"


def _screen(scene: Scene) -> Turn:
    """Nobody is connected before they press a key: an answering machine cannot swallow a citizen."""
    if scene.leg.state == "accepted":
        return bridge(scene)
    language = _language(scene)
    words = {
        LegRole.CONSULTED.value: Say("consulted", language),
        LegRole.AGENT.value: Say("screening", language, {"department": department_name(scene, language)}),
    }[scene.leg.role]
    if scene.call.state == CallState.RINGING_AGENT:
        words = Say("screening-outbound", language)
    then = f"voice/accept/{scene.leg.key}"
    return Turn((Gather(then, (words,), seconds=8), Gather(then, (words,), seconds=8), HangUp()))


def _accept(scene: Scene) -> Turn:
    if scene.digits != "1":
        return Turn((HangUp(),))
    if scene.leg.role == LegRole.CONSULTED or scene.call.agent_id == scene.leg.person_id:
        if scene.call.state == CallState.RINGING_AGENT:
            outbound.agent_is_there(scene)
        scene.leg.answered_at = scene.leg.answered_at or scene.at
        return bridge(scene)
    return _take(scene)


def _take(scene: Scene) -> Turn:
    """Exactly one has it; the lease decides."""
    person = catalogue.current().colleagues.get(scene.leg.person_id or 0)
    if person is None or scene.leg.offer_id is None or scene.call.state != CallState.OFFERED:
        return Turn((Say("taken", _language(scene)), HangUp()))
    if not _is_theirs(scene.leg):
        try:
            assignment.accept(actor_of(person), scene.leg.offer_id, at=scene.at)
        except HelpdeskError:
            return Turn((Say("taken", _language(scene)), HangUp()))
    scene.call.state, scene.call.agent_id = CallState.TALKING.value, person.id
    scene.leg.answered_at = scene.at
    return bridge(scene)


def _is_theirs(leg: CallLeg) -> bool:
    """Whether they have said yes on the desk already; the key on the telephone only connects them."""
    offer = db.session.get(Offer, leg.offer_id)
    return bool(offer and offer.person_id == leg.person_id and offer.state == OfferState.ACCEPTED)


def joined(call: Call, at: datetime) -> None:
    """The citizen comes into the room: from now on both sides talk."""
    call.bridged_at = at
    records.recovered(call, at)
