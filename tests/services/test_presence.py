"""Who is there: kept alive by the desk, chosen by hand, ended by itself."""

from datetime import timedelta

import pytest

from helpdesk.errors import Forbidden, Invalid
from helpdesk.permissions import SYSTEM
from helpdesk.services import presence
from helpdesk.services.presence import FORGOTTEN, FRESH
from helpdesk.vocabulary import PresenceState, WorkKind
from tests.builders import NOON, an_agent

pytestmark = pytest.mark.usefixtures("session")
MINUTE = timedelta(minutes=1)


def state(person_id, at):
    return presence.of(person_id, at).state


def test_who_opens_the_desk_is_available_until_the_desk_is_silent():
    agent = an_agent()
    assert state(agent.id, NOON) is PresenceState.OFFLINE
    presence.seen(agent.id, NOON)
    assert state(agent.id, NOON + FRESH) is PresenceState.AVAILABLE
    assert state(agent.id, NOON + FRESH + MINUTE) is PresenceState.OFFLINE


def test_a_sign_of_life_leaves_a_choice_as_it_is():
    agent = an_agent()
    presence.choose(agent, "away", at=NOON)
    presence.seen(agent.id, NOON + MINUTE)
    assert state(agent.id, NOON + 2 * MINUTE) is PresenceState.AWAY


def test_a_choice_for_some_minutes_ends_by_itself():
    agent = an_agent()
    chosen = presence.choose(agent, "busy", minutes=2, at=NOON)
    assert (chosen.state, chosen.until) == (PresenceState.BUSY, NOON + 2 * MINUTE)
    assert state(agent.id, NOON + MINUTE) is PresenceState.BUSY
    assert state(agent.id, NOON + 2 * MINUTE) is PresenceState.AVAILABLE


def test_who_comes_back_the_next_day_is_available_whatever_they_chose_before():
    agent = an_agent()
    presence.choose(agent, "away", at=NOON)
    presence.seen(agent.id, NOON + FORGOTTEN + MINUTE)
    assert state(agent.id, NOON + FORGOTTEN + MINUTE) is PresenceState.AVAILABLE


def test_kinds_of_work_can_be_left_out_and_stay_so():
    agent = an_agent()
    presence.choose(agent, "available", kinds=["ticket", "chat"], at=NOON)
    presence.choose(agent, "available", at=NOON + MINUTE)
    found = presence.of(agent.id, NOON + MINUTE)
    assert found.takes(WorkKind.TICKET) and not found.takes(WorkKind.CALL)


def test_who_signs_out_is_offline_at_once():
    agent = an_agent()
    presence.seen(agent.id, NOON)
    presence.leave(agent.id, NOON + MINUTE)
    assert state(agent.id, NOON + MINUTE) is PresenceState.OFFLINE


def test_wrapping_up_ends_by_itself_and_does_not_call_back_who_is_away():
    agent, away = an_agent(), an_agent()
    presence.seen(agent.id, NOON)
    presence.choose(away, "away", at=NOON)
    for one in (agent, away):
        presence.wrap_up(one.id, NOON + 2 * MINUTE, NOON)
    assert [state(one.id, NOON + MINUTE) for one in (agent, away)] == [PresenceState.BUSY, PresenceState.AWAY]
    assert state(agent.id, NOON + 2 * MINUTE) is PresenceState.AVAILABLE
    presence.seen(away.id, NOON + 2 * MINUTE)
    assert state(away.id, NOON + 2 * MINUTE) is PresenceState.AWAY


def test_who_lets_it_ring_is_away_until_they_say_otherwise():
    agent = an_agent()
    presence.seen(agent.id, NOON)
    presence.missed(agent.id, NOON)
    assert state(agent.id, NOON + MINUTE) is PresenceState.AWAY
    presence.choose(agent, "available", at=NOON + MINUTE)
    assert state(agent.id, NOON + MINUTE) is PresenceState.AVAILABLE


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"state": "offline"}, "state"),
        ({"state": "asleep"}, "state"),
        ({"state": "away", "minutes": 0}, "minutes"),
        ({"state": "away", "minutes": 721}, "minutes"),
        ({"state": "available", "kinds": ["fax"]}, "kinds"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(given, field):
    with pytest.raises(Invalid) as refused:
        presence.choose(an_agent(), **given, at=NOON)
    assert list(refused.value.fields) == [field]


def test_only_people_are_present():
    with pytest.raises(Forbidden):
        presence.choose(SYSTEM, "available", at=NOON)


def test_a_beat_writes_at_most_once_however_many_tabs_are_open(session):
    agent = an_agent()
    presence.seen(agent.id, NOON)
    presence.seen(agent.id, NOON + timedelta(seconds=10))
    assert presence.of(agent.id, NOON + FRESH + timedelta(seconds=5)).state is PresenceState.OFFLINE
    presence.seen(agent.id, NOON + timedelta(seconds=50))
    assert presence.of(agent.id, NOON + FRESH + timedelta(seconds=5)).state is PresenceState.AVAILABLE
