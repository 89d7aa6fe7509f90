"""Work that nobody does: taken back from who is absent, with a warning first; passed on where nobody takes it."""

from datetime import timedelta

import pytest

from helpdesk.db import db
from helpdesk.errors import Forbidden, Invalid
from helpdesk.models.post import Outbound
from helpdesk.services import absences, assignment, catalogue, journal, presence, tickets
from helpdesk.services.absences import Leave
from tests.builders import NOON, a_department, an_administrator, an_agent
from tests.services.crew import a_member, hands_out, waiting, who_has

pytestmark = pytest.mark.usefixtures("body")

MINUTE = timedelta(minutes=1)


def kinds(ticket):
    return [fact.type for fact in journal.of(ticket.id)]


@pytest.fixture
def left(session):
    """Somebody was given a ticket and went; another is there."""
    place = a_department()
    gone = a_member(place)
    hands_out(place, take_back_minutes=30, warn_minutes=15)
    ticket = waiting(place)
    assignment.tick(NOON)
    return place, gone, ticket


def test_untouched_work_of_who_is_absent_goes_to_others_after_a_warning(left):
    place, gone, ticket = left
    assignment.look_after(NOON + 20 * MINUTE)
    assert "absence_noticed" not in kinds(ticket)
    assignment.look_after(NOON + 30 * MINUTE)
    assert "absence_noticed" in kinds(ticket) and who_has(ticket) == gone.id
    (letter,) = db.session.query(Outbound).filter_by(template="untouched").all()
    assert str(ticket.id) in letter.payload["text"]
    assignment.look_after(NOON + 40 * MINUTE)
    assert who_has(ticket) == gone.id and kinds(ticket).count("absence_noticed") == 1
    other = a_member(place, at=NOON + 45 * MINUTE)
    catalogue.changed(NOON)
    assignment.look_after(NOON + 45 * MINUTE)
    assert who_has(ticket) is None and ticket.owner_id not in (None, gone.id)
    assignment.tick(NOON + 45 * MINUTE)
    assert who_has(ticket) == other.id == ticket.owner_id


def test_who_is_back_in_time_keeps_it_and_is_warned_anew_when_gone_again(left):
    _, gone, ticket = left
    assignment.look_after(NOON + 30 * MINUTE)
    presence.seen(gone.id, NOON + 40 * MINUTE)
    assignment.look_after(NOON + 41 * MINUTE)
    assignment.look_after(NOON + 60 * MINUTE)
    assert who_has(ticket) == gone.id and kinds(ticket).count("absence_noticed") == 1
    assignment.look_after(NOON + 70 * MINUTE)
    assert kinds(ticket).count("absence_noticed") == 2 and who_has(ticket) == gone.id


def test_what_somebody_began_with_stays_theirs(left):
    _, gone, ticket = left
    tickets.tag(gone, ticket.id, ["seen"], at=NOON + MINUTE)
    assignment.look_after(NOON + 120 * MINUTE)
    assert who_has(ticket) == gone.id and "absence_noticed" not in kinds(ticket)


def test_what_they_took_themselves_stays_theirs():
    place = a_department()
    gone = a_member(place)
    hands_out(place, take_back_minutes=30)
    ticket = waiting(place)
    tickets.take(gone, ticket.id, at=NOON)
    assignment.look_after(NOON + 120 * MINUTE)
    assert "absence_noticed" not in kinds(ticket)


def test_the_night_is_no_absence(left):
    _, gone, ticket = left
    evening, morning = NOON.replace(hour=22), NOON.replace(hour=4) + timedelta(days=1)
    presence.seen(gone.id, NOON.replace(hour=16))
    for at in (evening, morning):
        assignment.look_after(at)
    assert "absence_noticed" not in kinds(ticket)


def test_what_nobody_takes_is_asked_of_another_department_once():
    place, other = a_department(), a_department()
    catalogue.changed(NOON)
    assignment.save_department(
        an_administrator(), place.id, overflow_minutes=60, overflow_department_id=other.id, at=NOON
    )
    assignment.save_department(
        an_administrator(), other.id, overflow_minutes=60, overflow_department_id=place.id, at=NOON
    )
    ticket, taken = waiting(place), waiting(place)
    tickets.take(an_agent(place), taken.id, at=NOON)
    assignment.look_after(NOON + 59 * MINUTE)
    assert ticket.department_id == place.id
    assignment.look_after(NOON + 60 * MINUTE)
    db.session.refresh(ticket)
    assert (ticket.department_id, taken.department_id) == (other.id, place.id)
    assert kinds(ticket)[-2:] == ["work_overflowed", "ticket_transferred"]
    assignment.look_after(NOON + 240 * MINUTE)
    db.session.refresh(ticket)
    assert ticket.department_id == other.id, "it does not go round"


def test_overflow_may_ask_a_team_of_the_same_department():
    place = a_department()
    mate = a_member(place)
    catalogue.changed(NOON)
    admin = an_administrator()
    team = catalogue.save_team(admin, None, [mate.id], names={"en": "Reserve"}, department_id=place.id, at=NOON)
    assignment.save_department(admin, place.id, overflow_minutes=5, overflow_team_id=team, at=NOON)
    ticket = waiting(place)
    assignment.look_after(NOON + 5 * MINUTE)
    db.session.refresh(ticket)
    assert (ticket.team_id, ticket.department_id) == (team, place.id)
    assert "ticket_transferred" not in kinds(ticket)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"mode": "force"}, "mode"),
        ({"turn": "dice"}, "turn"),
        ({"offer_minutes": 0}, "offer_minutes"),
        ({"take_back_minutes": -1}, "take_back_minutes"),
        ({"overflow_minutes": 5}, "overflow_department_id"),
        ({"overflow_department_id": 10**9}, "overflow_department_id"),
        ({"overflow_team_id": 10**9}, "overflow_team_id"),
        ({"skills": {10**9: ["a"]}}, "skills"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(given, field):
    place = a_department()
    catalogue.changed(NOON)
    with pytest.raises(Invalid) as refused:
        assignment.save_department(an_administrator(), place.id, at=NOON, **given)
    assert list(refused.value.fields) == [field]


def test_only_administrators_say_how_work_is_handed_out():
    place = a_department()
    catalogue.changed(NOON)
    agent = an_agent(place)
    with pytest.raises(Forbidden):
        assignment.save_department(agent, place.id, mode="push", at=NOON)
    with pytest.raises(Forbidden):
        assignment.save_weights(agent, {"email": 2}, 0, at=NOON)


def test_who_goes_on_leave_is_warned_at_once(left):
    _, gone, ticket = left
    absences.enter(gone, Leave(gone.id, NOON + MINUTE, NOON + 600 * MINUTE), at=NOON)
    assignment.look_after(NOON + 2 * MINUTE)
    assert "absence_noticed" in kinds(ticket)
    assignment.look_after(NOON + 17 * MINUTE)
    assert who_has(ticket) is None
