"""The telephone by machine: where one is rung, the call in hand, and every act that the desk's page has."""

from typing import Any

from helpdesk import clock
from helpdesk.permissions import Actor
from helpdesk.services import calling, calls, catalogue
from helpdesk.services.calls import reading
from helpdesk.services.calls.reading import InHand
from helpdesk.web.api.operations import operation
from helpdesk.web.api.shapes import assignment as plain
from helpdesk.web.api.shapes import calls as shapes


@operation("GET", "/telephone", scope="read", answer=shapes.Telephone)
def read_telephone(actor: Actor) -> shapes.Telephone:
    """Where the token's person is rung, their call in hand, and who waits for which department."""
    return _telephone(actor)


@operation("PUT", "/telephone", scope="write", answer=shapes.Telephone, body=shapes.TelephoneChoice)
def choose_telephone(actor: Actor, given: shapes.TelephoneChoice) -> shapes.Telephone:
    """Says where the token's person is rung; they get calls while their presence is available."""
    calls.sit_at(actor, given.number)
    return _telephone(actor)


@operation("POST", "/calls", scope="write", answer=shapes.CallInHand, body=shapes.NewCall, status=201)
def place_call(actor: Actor, given: shapes.NewCall) -> shapes.CallInHand:
    """Calls somebody: the person's own telephone rings first. 409 while they have a call already."""
    made = calling.call(actor, given.number, ticket_id=given.ticket, person_id=given.person)
    return _mine(actor, made)


@operation("GET", "/calls/{id}", scope="read", answer=shapes.CallInHand)
def read_call(actor: Actor, id: int) -> shapes.CallInHand:
    """A call of the token's person; 404 for anybody else's."""
    return _mine(actor, id)


@operation("POST", "/calls/{id}/hold", scope="write", answer=shapes.CallInHand, body=shapes.Hold)
def hold_call(actor: Actor, id: int, given: shapes.Hold) -> shapes.CallInHand:
    """Puts the citizen on hold, or takes them back. 409 where nobody is on the line."""
    calls.hold(actor, id, on=given.on)
    return _mine(actor, id)


@operation("POST", "/calls/{id}/bring-in", scope="write", answer=shapes.CallInHand, body=shapes.BringIn)
def bring_into_call(actor: Actor, id: int, given: shapes.BringIn) -> shapes.CallInHand:
    """Rings a colleague or a number into the call, to ask them or to pass it on."""
    calls.bring_in(actor, id, colleague_id=given.colleague, number=given.number)
    return _mine(actor, id)


@operation("POST", "/calls/{id}/pass-on", scope="write", answer=shapes.Telephone, body=plain.Answer)
def pass_call_on(actor: Actor, id: int, given: plain.Answer) -> shapes.Telephone:
    """Leaves the citizen with whoever was brought in. 409 where nobody has answered yet."""
    calls.pass_on(actor, id)
    return _telephone(actor)


@operation("POST", "/calls/{id}/hang-up", scope="write", answer=shapes.CallInHand, body=plain.Answer)
def hang_call_up(actor: Actor, id: int, given: plain.Answer) -> shapes.CallInHand:
    """Ends the call; the citizen hears the last words."""
    calls.hang_up(actor, id)
    return _mine(actor, id)


@operation("POST", "/calls/{id}/recording", scope="write", answer=shapes.CallInHand, body=shapes.RecordingPause)
def pause_call_recording(actor: Actor, id: int, given: shapes.RecordingPause) -> shapes.CallInHand:
    """Pauses what is recorded of the call, or goes on with it. 409 where nothing is."""
    calls.pause_recording(actor, id, paused=given.paused)
    return _mine(actor, id)


@operation("POST", "/calls/{id}/who", scope="write", answer=shapes.CallInHand, body=shapes.CallSubject)
def say_who_calls(actor: Actor, id: int, given: shapes.CallSubject) -> shapes.CallInHand:
    """Says who it is, of all who share the number, and which ticket it is about."""
    calls.choose(actor, id, person_id=given.person, ticket_id=given.ticket)
    return _mine(actor, id)


@operation("POST", "/calls/{id}/identity", scope="write", answer=shapes.CallInHand, body=plain.Answer)
def confirm_caller(actor: Actor, id: int, given: plain.Answer) -> shapes.CallInHand:
    """Says that the questions were answered rightly: personal things may be said from now on."""
    calls.confirm_identity(actor, id)
    return _mine(actor, id)


@operation("POST", "/calls/{id}/wrap-up", scope="write", answer=shapes.WrittenUp, body=shapes.CallOutcome)
def wrap_call_up(actor: Actor, id: int, given: shapes.CallOutcome) -> shapes.WrittenUp:
    """Says what came of a talk that is over; the person is free for the next one. 409 while they talk."""
    return shapes.WrittenUp(ticket=calls.wrap_up(actor, id, given.outcome, given.note))


def _telephone(actor: Actor) -> shapes.Telephone:
    panel = reading.panel(actor, clock.now())
    keys = catalogue.current().departments
    return shapes.Telephone(
        number=panel.telephone,
        call=_told(panel.call) if panel.call else None,
        waiting=[
            shapes.Waiting(department=keys[id_].key if id_ in keys else None, count=count, since=since)
            for id_, count, since in panel.waiting
        ],
        lately=[_past(row) for row in panel.lately],
    )


def _mine(actor: Actor, call_id: int) -> shapes.CallInHand:
    return _told(reading.mine(actor, call_id))


def _told(call: InHand) -> shapes.CallInHand:
    people = [
        shapes.Caller(person=one.id, name=one.name, email=one.email, tickets=[row.id for row in one.tickets])
        for one in call.candidates
    ]
    same = {
        name: getattr(call, name)
        for name in ("id", "state", "direction", "language", "since", "checked", "held", "paused")
    }
    return shapes.CallInHand(
        **same, number=call.number, offer=call.offer_id, person=call.person_id, ticket=call.ticket_id,
        recorded=call.recorded, consulted=call.consulted, candidates=people,
    )  # fmt: skip


def _past(row: Any) -> shapes.PastCall:
    return shapes.PastCall(
        id=row.id, direction=row.direction, number=row.other, started_at=row.started_at, result=row.result,
        outcome=row.outcome, ticket=row.ticket_id,
    )  # fmt: skip
