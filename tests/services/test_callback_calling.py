"""Clicking to call on a request that owes a call: it is that call. Merged, split and passed on, one promise stays."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from channels.phone.simulator.faults import Faults
from channels.phone.simulator.network import Phone
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import Stale
from helpdesk.models.callbacks import CallbackAttempt, CallbackPromise, CallbackSlot
from helpdesk.models.calls import CallLeg
from helpdesk.services import callbacks, calling, dialling, invariants, rulebook, slots, splitting, tickets
from helpdesk.services.calls import working
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_ticket,
    an_account,
    an_agent,
    calls_back,
)
from tests.services.telephone import CITIZEN, Town, a_town
from tests.web.browsers import Browser

WORDS = "Το φως στη γωνία"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def town(client, session, monkeypatch) -> Iterator[Town]:
    with a_town(client, monkeypatch) as opened:
        an_account(is_default=True)
        yield opened


def owed(town: Town, begins: timedelta = HOUR, answers: float | None = 2):
    """A request that owes a call; nobody else is there to be rung for it."""
    town.network.phones[CITIZEN] = Phone(answers=answers)
    ticket = a_ticket(department_id=town.department.id, requester=a_citizen(phone=CITIZEN), received_at=town.now)
    begins_at = town.now + begins
    callbacks.promise(town.members[0], ticket.id, begins_at, begins_at + HOUR, at=town.now)
    ground.commit()
    return ticket


def passes(town: Town, seconds: int) -> None:
    for _ in range(seconds):
        dialling.tick(town.now)
        town.wait(1)


def promise(ticket) -> CallbackPromise:
    db.session.expire_all()
    return db.session.scalars(
        select(CallbackPromise).where(CallbackPromise.ticket_id == ticket.id).order_by(CallbackPromise.id.desc())
    ).first()


def attempts() -> list[CallbackAttempt]:
    db.session.expire_all()
    return list(db.session.scalars(select(CallbackAttempt).order_by(CallbackAttempt.id)))


def rings(town: Town) -> int:
    return len([one for one in town.network.lines.values() if one.called == CITIZEN])


def test_a_click_on_a_request_that_owes_a_call_keeps_the_promise(town):
    agent = town.agent()
    ticket = owed(town)
    calling.call(agent, CITIZEN, ticket_id=ticket.id, at=town.now)
    passes(town, 15)
    assert rings(town) == 1
    [attempt] = attempts()
    assert (attempt.agent_id, attempt.by_hand, attempt.state) == (agent.id, False, "connected")
    assert promise(ticket).first_dialled_at is not None
    [line] = [one for one in town.network.lines.values() if one.called == CITIZEN]
    with town.face.lock:
        town.network.hang_up(line)
    passes(town, 5)
    assert (promise(ticket).state, attempts()[0].outcome) == ("fulfilled", "reached")


def test_while_a_colleague_is_connected_by_the_system_a_click_rings_nobody(town):
    agent = town.agent()
    ticket = owed(town, begins=timedelta())
    passes(town, 3)
    other = town.agent()
    with pytest.raises(Stale) as refused:
        calling.call(other, CITIZEN, ticket_id=ticket.id, at=town.now)
    assert refused.value.code == "ringing"
    passes(town, 15)
    assert rings(town) == 1 and [one.agent_id for one in attempts()] == [agent.id]


def test_while_somebody_has_clicked_the_system_dials_nobody(town):
    agent = town.agent()
    town.agent()
    ticket = owed(town, begins=3 * MINUTE)
    town.wait(178)
    calling.call(agent, CITIZEN, ticket_id=ticket.id, at=town.now)
    passes(town, 20)
    assert rings(town) == 1 and len(attempts()) == 1


def test_a_click_that_does_not_reach_them_is_an_attempt_and_they_are_rung_again(town):
    agent = town.agent()
    ticket = owed(town, answers=None)
    calling.call(agent, CITIZEN, ticket_id=ticket.id, at=town.now)
    passes(town, 70)
    assert promise(ticket).state == "retry_wait" and promise(ticket).attempts == 1
    assert attempts()[0].outcome in {"no_answer", "busy"}


def test_ringing_somebody_else_about_the_request_keeps_no_promise(town):
    agent = town.agent()
    ticket = owed(town)
    town.network.phones["+302105550000"] = Phone(answers=2)
    calling.call(agent, "210 555 0000", ticket_id=ticket.id, at=town.now)
    passes(town, 12)
    assert attempts() == [] and promise(ticket).state == "scheduled"


def test_the_button_on_the_request_connects_whoever_has_told_a_telephone(town):
    agent = town.agent()
    ticket = owed(town)
    browser = Browser(town.client.application, agent)
    page = browser.open(f"/desk/tickets/{ticket.id}").text
    assert 'action="/desk/phone/call"' in page
    done = browser.send("/desk/phone/call", page=f"/desk/tickets/{ticket.id}", ticket=ticket.id, number=CITIZEN)
    assert done.status_code == 303
    passes(town, 15)
    assert rings(town) == 1 and promise(ticket).attempts == 1


class Killed(BaseException):
    """The worker's process is gone."""


def test_a_worker_that_dies_between_dialling_and_writing_it_down_rings_nobody_twice(town, monkeypatch):
    agent = town.agent()
    ticket = owed(town)
    kept = working._placed

    def dies(leg_id: int, *rest) -> None:
        if db.session.get_one(CallLeg, leg_id).role == "citizen":
            raise Killed
        kept(leg_id, *rest)

    monkeypatch.setattr(working, "_placed", dies)
    calling.call(agent, CITIZEN, ticket_id=ticket.id, at=town.now)
    with pytest.raises(Killed):
        passes(town, 20)
    db.session.rollback()
    monkeypatch.setattr(working, "_placed", kept)
    passes(town, 150)
    assert rings(town) == 1
    assert promise(ticket).first_dialled_at is not None


def test_a_carrier_s_answer_that_is_lost_rings_nobody_twice(town):
    agent = town.agent()
    ticket = owed(town)
    town.network.courier.faults = Faults(replies_lost=1.0)
    calling.call(agent, CITIZEN, ticket_id=ticket.id, at=town.now)
    passes(town, 20)
    town.network.courier.faults = Faults()
    passes(town, 150)
    assert rings(town) <= 1 and len([one for one in attempts() if one.dialled_at]) <= 1


@pytest.fixture
def department(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    return calls_back(a_department())


def promised(agent, department):
    """A request whose citizen wrote twice, in a window that the department offers."""
    ticket = a_ticket(department_id=department.id, requester=a_citizen(phone=CITIZEN))
    callbacks.promise(agent, ticket.id, slots.offered(department.id, NOON)[2].begins_at, at=NOON)
    ground.commit()
    return ticket


def open_promises() -> list[CallbackPromise]:
    ground.flush_pending()
    db.session.expire_all()
    return [one for one in db.session.scalars(select(CallbackPromise)) if one.ended_at is None]


def faults() -> list[str]:
    ground.flush_pending()
    asked = ("places for calls", "promised calls")
    return [row.what for name in asked for row in db.session.execute(text(invariants.QUESTIONS[name]))]


def stands(agent, ticket, state: str):
    """Brings the promise there; when that is."""
    at = open_promises()[0].begins_at
    if state == "ringing":
        callbacks.ring(agent, ticket.id, at=at)
    elif state == "retry_wait":
        callbacks.dial(agent, ticket.id, "busy", at=at)
    ground.commit()
    assert open_promises()[0].state == state
    return at


@pytest.mark.parametrize("state", ["scheduled", "ringing", "retry_wait"])
def test_a_request_that_owes_a_call_is_not_merged_away_and_takes_others_in(department, state):
    agent = an_agent(department)
    ticket, other = promised(agent, department), a_ticket(department_id=department.id)
    at = stands(agent, ticket, state)
    with pytest.raises(Stale) as refused:
        tickets.merge(agent, ticket.id, other.id, different_people=True, at=at)
    assert refused.value.code == "call-owed"
    tickets.merge(agent, other.id, ticket.id, different_people=True, at=at)
    assert [(one.ticket_id, one.state) for one in open_promises()] == [(ticket.id, state)]
    assert faults() == []


@pytest.mark.parametrize("state", ["scheduled", "ringing", "retry_wait"])
def test_a_request_that_is_split_keeps_its_one_call(department, state):
    agent = an_agent(department)
    ticket = promised(agent, department)
    at = stands(agent, ticket, state)
    part = splitting.split(agent, ticket.id, words=WORDS, subject="Το δεύτερο", at=at)
    assert part.id != ticket.id
    assert [(one.ticket_id, one.state) for one in open_promises()] == [(ticket.id, state)]


@pytest.mark.parametrize("state", ["scheduled", "retry_wait"])
def test_a_request_that_goes_to_another_department_takes_its_call_along_and_frees_the_place(department, state):
    agent, other = an_agent(department), a_department()
    ticket = promised(agent, department)
    at = stands(agent, ticket, state)
    window = open_promises()[0].begins_at, open_promises()[0].ends_at
    tickets.transfer(agent, ticket.id, other.id, "wrong-department", at=at)
    [promise] = open_promises()
    assert (promise.department_id, promise.slot_id) == (other.id, None)
    assert (promise.begins_at, promise.ends_at) == window
    assert [one.booked for one in db.session.scalars(select(CallbackSlot))] == [0]
    assert faults() == []
