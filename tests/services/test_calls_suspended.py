"""A carrier that refuses our account: nobody is rung in vain, what is owed stands on a list to be rung by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.phone.simulator.network import Phone
from helpdesk.db import db
from helpdesk.errors import Forbidden, Stale
from helpdesk.models.callbacks import CallbackAttempt, CallbackPromise
from helpdesk.models.calls import Call
from helpdesk.services import callbacks, calls, dialling
from helpdesk.services import dial_brake as brake
from helpdesk.services.callbacks import supervising
from tests.builders import a_citizen, a_supervisor, a_ticket, an_account, an_administrator
from tests.services.telephone import CITIZEN, DESKS, a_town
from tests.web.browsers import Browser

MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(client, session, monkeypatch):
    with a_town(client, monkeypatch) as town:
        an_account(is_default=True)
        yield town


def promised(town) -> CallbackPromise:
    """A citizen who is to be rung within two hours from now on."""
    town.network.phones[CITIZEN] = Phone(answers=2)
    ticket = a_ticket(department_id=town.department.id, requester=a_citizen(phone=CITIZEN), received_at=town.now)
    callbacks.promise(town.members[0], ticket.id, town.now, town.now + 120 * MINUTE, at=town.now)
    return db.session.scalars(select(CallbackPromise).where(CallbackPromise.ticket_id == ticket.id)).one()


def passes(town, seconds: float, step: float = 5) -> None:
    for _ in range(int(seconds / step)):
        dialling.tick(town.now)
        town.wait(step, step)


def attempts() -> list[CallbackAttempt]:
    db.session.expire_all()
    return list(db.session.scalars(select(CallbackAttempt).order_by(CallbackAttempt.id)))


def refuse(town) -> None:
    """The account is suspended, which the first call shows."""
    town.network.faults.refused = True
    calls.call(town.members[0], CITIZEN, at=town.now)
    town.wait(3)


def test_the_first_refusal_trips_the_brake_and_nobody_stays_busy(town):
    agent = town.agent()
    refuse(town)
    assert brake.tripped().reason.startswith("403 20005")
    assert calls.running(agent.id) is None
    with pytest.raises(Stale) as refused:
        calls.call(agent, CITIZEN, at=town.now)
    assert refused.value.code == "carrier-refuses"


def test_promised_calls_are_not_tried_again_and_again_but_stand_at_risk_at_once_to_be_rung_by_hand(town):
    boss = a_supervisor(town.department)
    town.agent()
    refuse(town)
    promise = promised(town)
    assert [row.at_risk for row in supervising.owed(boss, town.now)] == [True]
    passes(town, 120)
    assert attempts() == [] and town.line_to(DESKS[0]) is None
    page = Browser(town.client.application, boss).open("/supervise/calls").text
    assert f'href="tel:{CITIZEN}"' in page and "refused our account" in page
    db.session.refresh(promise)
    assert promise.state == "scheduled"


def test_after_five_minutes_one_call_sees_whether_it_goes_again_and_then_all_go(town):
    town.agent()
    refuse(town)
    promised(town)
    passes(town, 310)
    assert len(attempts()) == 1 and brake.tripped() is not None
    town.network.faults.refused = False
    passes(town, 330)
    assert brake.tripped() is None
    assert town.line_to(CITIZEN) is not None
    assert [row.at_risk for row in supervising.owed(a_supervisor(town.department), town.now)] in ([], [False])


def test_an_administrator_who_has_settled_it_lets_calls_go_at_once(town):
    agent = town.agent()
    refuse(town)
    town.network.faults.refused = False
    with pytest.raises(Forbidden):
        brake.reset(agent, at=town.now)
    browser = Browser(town.client.application, an_administrator())
    assert "nothing is dialled" in browser.open("/admin").text
    assert "Account not active" in browser.open("/admin/telephone").text
    assert browser.send("/admin/telephone/again", page="/admin/telephone").status_code == 303
    assert browser.send("/admin/telephone/again", page="/admin/telephone").status_code == 409
    call_id = calls.call(agent, CITIZEN, at=town.now)
    town.wait(10)
    assert db.session.get_one(Call, call_id).state in {"ringing_citizen", "talking"}


def test_a_number_that_the_carrier_does_not_ring_trips_nothing(town):
    agent = town.agent()
    town.network.phones[DESKS[0]] = Phone(fails=True)
    calls.call(agent, CITIZEN, at=town.now)
    town.wait(5)
    assert brake.tripped() is None
