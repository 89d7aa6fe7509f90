"""Promised calls dialled by the system: a colleague first, then the citizen; never twice, whatever gets lost."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from channels.phone.simulator.faults import Faults
from channels.phone.simulator.network import Phone
from helpdesk.db import db
from helpdesk.models.callbacks import CallbackAttempt, CallbackPromise
from helpdesk.models.calls import Call
from helpdesk.services import callbacks, dialling, slots, tickets
from tests.builders import a_citizen, a_ticket, an_account, an_administrator
from tests.services.telephone import CITIZEN, DESKS, Town, a_town

MINUTE = timedelta(minutes=1)
PROMISES = int(os.environ.get("HELPDESK_FAULTY_PROMISES", "24"))
SEED = int(os.environ.get("HELPDESK_FAULTS_SEED", "7"))
"""Promised calls that are dialled while much is lost, and by which chance; a hundred and another chance by command."""


@pytest.fixture
def town(client, session, monkeypatch) -> Iterator[Town]:
    with a_town(client, monkeypatch) as opened:
        an_account(is_default=True)
        yield opened


def promised(town: Town, phone: str = CITIZEN, answers: float | None = 2, **given) -> CallbackPromise:
    """A citizen who is to be rung from now on; their telephone answers after so many seconds, or never."""
    town.network.phones[phone] = Phone(answers=answers, **given)
    ticket = a_ticket(department_id=town.department.id, requester=a_citizen(phone=phone), received_at=town.now)
    callbacks.promise(town.members[0], ticket.id, town.now, town.now + 30 * MINUTE, at=town.now)
    return db.session.scalars(select(CallbackPromise).where(CallbackPromise.ticket_id == ticket.id)).one()


def passes(town: Town, seconds: float, step: float = 1.0) -> None:
    """Time passes; the clock dials what is due."""
    for _ in range(int(seconds / step)):
        dialling.tick(town.now)
        town.wait(step, step)


def attempts() -> list[CallbackAttempt]:
    db.session.expire_all()
    return list(db.session.scalars(select(CallbackAttempt).order_by(CallbackAttempt.id)))


def rings(town: Town, phone: str = CITIZEN) -> list:
    """The lines to that telephone that the carrier ever saw."""
    return [line for line in town.network.lines.values() if line.called == phone]


def test_the_agent_is_rung_first_and_the_citizen_once_they_press_1(town):
    agent = town.agent()
    promise = promised(town)
    passes(town, 2)
    assert town.line_to(DESKS[0]) is not None and rings(town) == []
    passes(town, 20)
    assert len(rings(town)) == 1
    db.session.refresh(promise)
    assert promise.first_dialled_at is not None and promise.state == "ringing"
    [attempt] = attempts()
    assert (attempt.agent_id, attempt.by_hand, attempt.state) == (agent.id, False, "connected")
    town.network.hang_up(rings(town)[0])
    passes(town, 10)
    db.session.refresh(promise)
    assert (promise.state, promise.ended) == ("fulfilled", "reached")
    assert [one.outcome for one in attempts()] == ["reached"]


def test_a_request_that_is_resolved_while_a_colleague_is_rung_rings_no_citizen(town):
    agent = town.agent(Phone(answers=10, presses="1"))
    promise = promised(town)
    passes(town, 4)
    assert town.line_to(DESKS[0]) is not None
    tickets.resolve(agent, promise.ticket_id, "solved", "Το βρήκαμε.", at=town.now)
    passes(town, 40)
    assert rings(town) == []
    db.session.expire_all()
    assert [(call.cause, call.bridged_at) for call in db.session.scalars(select(Call))] == [("canceled", None)]


def test_an_agent_who_does_not_press_1_costs_the_citizen_no_attempt_and_the_next_one_is_rung(town):
    town.agent(Phone(answers=3, presses=""))
    second = town.agent()
    promise = promised(town)
    passes(town, 150)
    assert len(rings(town)) == 1
    found = attempts()
    assert found[0].dialled_at is None and found[-1].agent_id == second.id
    db.session.refresh(promise)
    assert promise.first_dialled_at <= promise.ends_at


def test_a_citizen_who_does_not_answer_is_rung_again_by_rule(town):
    town.agent()
    promise = promised(town, answers=None)
    passes(town, 120)
    db.session.refresh(promise)
    assert promise.state == "retry_wait" and len(rings(town)) == 1
    assert attempts()[-1].outcome in {"no_answer", "busy"}
    assert promise.due_at > town.now


def test_the_kill_switch_stops_all_dialling(town):
    town.agent()
    promised(town)
    slots.save_brakes(an_administrator(), dialling=False, at=town.now)
    passes(town, 30)
    assert town.network.lines == {} and attempts() == []


@pytest.mark.parametrize("brake", ["calls_a_day", "minutes_a_day"])
def test_when_the_day_s_money_is_spent_nobody_is_dialled(town, brake):
    town.agent()
    promised(town)
    slots.save_brakes(an_administrator(), **{brake: 0}, at=town.now)
    passes(town, 30)
    assert town.network.lines == {}


def test_nobody_at_their_telephone_leaves_the_call_on_the_list(town):
    town.agent()
    promise = promised(town)
    slots.save_brakes(an_administrator(), calls_to_one=1, at=town.now)
    db.session.add(CallbackAttempt(promise_id=promise.id, number=99, key="k", state="done", begun_at=town.now,
                                   changed_at=town.now, dialled_at=town.now, ended_at=town.now))  # fmt: skip
    db.session.flush()
    passes(town, 20)
    assert rings(town) == []


def test_however_much_is_lost_no_promise_rings_twice_and_every_attempt_ends(town):
    """Answers, reports and their order are lost, doubled and late; the carrier's own lines are counted."""
    chance = Random(SEED)
    for _ in range(6 if PROMISES < 100 else 24):
        town.agent(Phone(answers=2, presses="1"))
    slots.save_brakes(an_administrator(), calls_a_day=100_000, minutes_a_day=1_000_000, at=town.now)
    town.network.courier.faults = Faults(lost=0.25, doubled=0.25, latest=20, replies_lost=0.25, random=chance)
    phones = [f"+3069441{number:05}" for number in range(PROMISES)]
    for phone in phones:
        promised(town, phone, answers=chance.choice([None, 1, 5]))
    for _ in range(max(300, 3 * PROMISES)):
        passes(town, 5, step=5)
        for line in list(town.network.lines.values()):
            if line.called in phones and line.status == "in-progress" and chance.random() < 0.3:
                town.network.hang_up(line)
    town.network.courier.faults = Faults()
    for line in list(town.network.lines.values()):
        if line.status == "in-progress":
            town.network.hang_up(line)
    passes(town, 600, step=5)
    rung = Counter(line.called for line in town.network.lines.values() if line.called in phones)
    dialled = dict(
        db.session.execute(
            select(CallbackPromise.phone, func.count())
            .join(CallbackAttempt, CallbackAttempt.promise_id == CallbackPromise.id)
            .where(CallbackAttempt.dialled_at.is_not(None))
            .group_by(CallbackPromise.phone)
        ).all()
    )
    assert all(rung[phone] <= dialled.get(phone, 0) for phone in phones), "a citizen was rung more than once an attempt"
    keys = db.session.scalars(select(Call.errand).where(Call.errand.is_not(None))).all()
    assert len(keys) == len(set(keys)) == len(attempts())
    assert all(one.ended_at is not None for one in attempts())
    print(f"{sum(dialled.values())} times dialled in {len(attempts())} attempts, {sum(rung.values())} rings")
    assert sum(dialled.values()) >= PROMISES
