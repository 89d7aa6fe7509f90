"""A place in the line that is kept without waiting: rung in its turn among callers, an agent first, never twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.phone.simulator.network import Phone
from helpdesk.db import db
from helpdesk.models.callbacks import CallbackPromise
from helpdesk.models.calls import Call
from helpdesk.models.tickets import Ticket
from helpdesk.services import callbacks, dialling, presence, slots
from helpdesk.services.calls import line
from helpdesk.vocabulary import PromiseOrigin
from tests.builders import a_citizen, a_ticket, an_account, an_administrator
from tests.services.telephone import CITIZEN, DESKS, Town, a_town, the_call

OTHER, THIRD = "+306944000001", "+306944000002"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def town(client, session, monkeypatch) -> Iterator[Town]:
    with a_town(client, monkeypatch) as opened:
        an_account(is_default=True)
        yield opened


def passes(town: Town, seconds: int) -> None:
    """Time passes; callers are offered and promised calls dialled as by the clock."""
    for _ in range(seconds):
        town.wait(1)
        dialling.tick(town.now)


def press(town: Town, line, keys: str) -> None:
    with town.face.lock:
        town.network.press(line, keys)


def keeps_place(town: Town, phone: str = CITIZEN):
    """Rings, waits a little, and asks to be called back on the number they ring from."""
    town.network.phones[phone] = Phone(answers=2)
    line = town.rings(phone)
    passes(town, 3)
    press(town, line, "1")
    press(town, line, "1")
    passes(town, 2)
    return line


def promises() -> list[CallbackPromise]:
    db.session.expire_all()
    return list(db.session.scalars(select(CallbackPromise).order_by(CallbackPromise.id)))


def rung(town: Town, phone: str) -> bool:
    """Whether we rang that telephone."""
    return any(one.called == phone for one in town.network.lines.values())


def test_who_keeps_their_place_is_rung_before_who_began_to_wait_later(town):
    keeps_place(town)
    waiting = town.rings(OTHER)
    passes(town, 5)
    [promise] = promises()
    assert promise.place_since < the_call(waiting).queued_at
    assert line.place(the_call(waiting), town.now) == 2
    town.agent()
    passes(town, 12)
    assert rung(town, CITIZEN) and the_call(waiting).state == "queued"
    assert promises()[0].first_dialled_at is not None


def test_who_began_to_wait_earlier_is_answered_before_who_keeps_their_place(town):
    waiting = town.rings(OTHER)
    passes(town, 3)
    keeps_place(town)
    town.agent()
    passes(town, 12)
    assert the_call(waiting).state == "talking"
    assert not rung(town, CITIZEN) and promises()[0].state == "scheduled"
    with town.face.lock:
        town.network.hang_up(waiting)
    passes(town, 140)
    assert rung(town, CITIZEN)


def test_those_who_keep_places_are_rung_in_the_order_in_which_they_came(town):
    for phone in (OTHER, THIRD, CITIZEN):
        keeps_place(town, phone)
    town.agent()
    passes(town, 12)
    assert [rung(town, phone) for phone in (OTHER, THIRD, CITIZEN)] == [True, False, False]


def test_the_place_is_since_they_began_to_wait_not_since_they_pressed_the_key(town):
    first = town.rings(CITIZEN)
    passes(town, 20)
    second = town.rings(OTHER)
    passes(town, 5)
    since = the_call(first).queued_at
    press(town, first, "1")
    press(town, first, "1")
    passes(town, 1)
    [promise] = promises()
    assert promise.place_since == since < the_call(second).queued_at


def test_an_agent_who_does_not_press_1_leaves_the_place_where_it_was(town):
    keeps_place(town)
    town.agent(Phone(answers=3, presses=""))
    passes(town, 40)
    [promise] = promises()
    assert not rung(town, CITIZEN) and promise.state == "scheduled"
    late = town.rings(OTHER)
    passes(town, 2)
    town.agent()
    passes(town, 45)
    assert rung(town, CITIZEN)
    assert the_call(late).queued_at > promise.place_since


def test_a_place_that_may_not_be_dialled_holds_up_nobody_behind_it(town):
    keeps_place(town)
    slots.save_brakes(an_administrator(), dialling=False, at=town.now)
    waiting = town.rings(OTHER)
    passes(town, 2)
    town.agent()
    passes(town, 12)
    assert the_call(waiting).state == "talking" and not rung(town, CITIZEN)


def test_who_is_promised_a_call_and_asks_for_another_gets_no_second_one(town):
    a_citizen(phone=CITIZEN)
    keeps_place(town)
    again = keeps_place(town)
    [promise] = promises()
    assert the_call(again).ticket_id == promise.ticket_id
    assert the_call(again).result == "call_back"
    assert len(list(db.session.scalars(select(Ticket)))) == 1


def test_a_number_that_the_body_does_not_ring_is_asked_for_another(town):
    abroad = town.rings("+35722123456")
    passes(town, 3)
    press(town, abroad, "1")
    assert the_call(abroad).entered == ""
    slots.save_brakes(an_administrator(), countries=("GR", "CY"), at=town.now)
    other = town.rings("+35722123457")
    passes(town, 3)
    press(town, other, "1")
    assert the_call(other).entered == "+35722123457"


def test_a_country_that_the_body_lets_in_is_dialled_and_one_it_shuts_out_stays_on_the_list(town):
    abroad = "+35722123456"
    town.network.phones[abroad] = Phone(answers=2)
    ticket = a_ticket(department_id=town.department.id, requester=a_citizen(phone=abroad), received_at=town.now)
    town.agent()
    callbacks.promise(town.members[0], ticket.id, town.now, town.now + 30 * MINUTE, at=town.now)
    passes(town, 6)
    assert not rung(town, abroad) and promises()[0].state == "scheduled"
    slots.save_brakes(an_administrator(), countries=("GR", "CY"), at=town.now)
    passes(town, 12)
    assert rung(town, abroad)


def test_a_place_of_a_chat_is_kept_in_the_same_line(town):
    waiting = town.rings(OTHER)
    passes(town, 2)
    ticket = a_ticket(department_id=town.department.id, requester=a_citizen(), received_at=town.now)
    since = the_call(waiting).queued_at - 5 * MINUTE
    town.network.phones[CITIZEN] = Phone(answers=2)
    callbacks.keep_place(ticket.id, town.department.id, CITIZEN, since, PromiseOrigin.CHAT, at=town.now)
    assert line.place(the_call(waiting), town.now) == 2
    town.agent()
    passes(town, 12)
    assert rung(town, CITIZEN) and the_call(waiting).state == "queued"


def test_when_nobody_is_there_the_line_goes_on_once_somebody_is(town):
    keeps_place(town)
    member = town.agent(there=False)
    town.members.clear()
    passes(town, 10)
    assert not rung(town, DESKS[0])
    town.members.append(member)
    presence.seen(member.id, town.now)
    passes(town, 12)
    assert rung(town, CITIZEN) and len(list(db.session.scalars(select(Call).where(Call.direction == "outbound")))) == 1
