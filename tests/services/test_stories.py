"""Stories from a file: read strictly, lived again by the services of live work, once."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from helpdesk.db import commit, table
from helpdesk.errors import Invalid
from helpdesk.models.catalogue import Department
from helpdesk.models.clocks import TicketClock
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, intake, journal, replies, rulebook, stories, tickets, timers
from helpdesk.services.hindsight import Hindsight
from helpdesk.services.intake import NewTicket
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, an_account, an_agent

NOW = datetime(2026, 12, 20, 9, 0, tzinfo=UTC)
AGENT = "agent@city.example"


@pytest.fixture
def agent(session: scoped_session[Session]) -> Actor:
    """An agent of the department water, on a body with rules and an address."""
    rulebook.ensure_defaults(NOON)
    department: Department = a_department(key="water")
    an_account(is_default=True)
    found = an_agent(department, email=AGENT, name="Άννα")
    current_app.extensions.pop("catalogue", None)  # an earlier test's, rolled back since
    catalogue.changed(NOON)
    commit()
    return found


def _story(**given: Any) -> dict[str, Any]:
    return {
        "key": "one",
        "ticket": {
            "subject": "Διαρροή",
            "text": "Τρέχει νερό στον δρόμο.",
            "channel": "api",
            "requester": {"name": "Ελένη", "email": "eleni@example.org"},
            "department": "water",
        },
        "story": [
            {"at": "2026-11-24T10:00:00Z", "do": "open", "by": AGENT},
            {"at": "2026-11-24T11:00:00Z", "do": "take", "by": AGENT},
            {"at": "2026-11-24T11:20:00Z", "do": "reply", "by": AGENT, "text": "Ερχόμαστε."},
            {
                "at": "2026-11-24T11:25:00Z", "do": "wait", "by": AGENT, "reason": "needs_information",
                "until": "2026-11-26T11:25:00Z",
            },
            {"at": "2026-11-27T08:00:00Z", "do": "resolve", "by": AGENT, "code": "solved", "text": "Έτοιμο."},
        ],
    } | given  # fmt: skip


def _play(story: dict[str, Any]) -> stories.Played:
    return stories.play(stories.read(json.dumps(story)), NOW)


def _facts(number: int) -> list[tuple[str, datetime, str, int | None]]:
    return [(fact.type, fact.at, fact.actor_kind, fact.actor_id) for fact in journal.of(number)]


def _clocks(session: scoped_session[Session], number: int) -> list[dict[str, Any]]:
    rows = table(TicketClock)
    found = session.execute(select(rows).where(rows.c.ticket_id == number).order_by(rows.c.name)).mappings()
    return [{name: value for name, value in row.items() if name not in ("id", "ticket_id")} for row in found]


def _live(agent: Actor) -> int:
    """The same life by hand, each verb and each act of the clock at its moment."""

    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=UTC)

    asked = NewTicket("Διαρροή", "Τρέχει νερό στον δρόμο.", "Ελένη", "eleni@example.org", department="water")
    number = intake.open_ticket(agent, asked, at=at(24, 10)).number
    clock = Hindsight(number)
    clock.run(at(24, 10), at(24, 11))
    tickets.take(agent, number, at=at(24, 11))
    clock.run(at(24, 11), at(24, 11, 20))
    replies.reply(agent, number, "Ερχόμαστε.", at=at(24, 11, 20))
    clock.run(at(24, 11, 20), at(24, 11, 25))
    tickets.wait(agent, number, "needs_information", at(26, 11, 25), at=at(24, 11, 25))
    clock.run(at(24, 11, 25), at(27, 8))
    tickets.resolve(agent, number, "solved", "Έτοιμο.", at=at(27, 8))
    clock.run(at(27, 8), NOW)
    return number


def test_leaves_the_journal_and_the_clocks_of_live_work(session: scoped_session[Session], agent: Actor) -> None:
    played, live = _play(_story()).number, _live(agent)
    assert _facts(played) == _facts(live)
    assert _clocks(session, played) == _clocks(session, live)
    kinds = [kind for kind, *_ in _facts(played)]
    assert "status_changed" in kinds
    assert kinds[-1] == "ticket_closed", "silence has closed it meanwhile"
    assert list(timers.verify(NOW)) == []


def test_sends_nothing_of_the_past(session: scoped_session[Session], agent: Actor) -> None:
    _play(_story())
    states = session.execute(select(table(Outbound).c.state)).scalars().all()
    assert states
    assert set(states) == {"sent"}


def test_a_story_that_is_here_is_left_alone(session: scoped_session[Session], agent: Actor) -> None:
    first, second = _play(_story()), _play(_story())
    assert (first.number, first.new, second.new) == (second.number, True, False)
    assert session.execute(select(func.count()).select_from(table(Ticket))).scalar_one() == 1


def test_its_own_policy_and_calendar_hold_for_it_alone(session: scoped_session[Session], agent: Actor) -> None:
    policy = {"targets": [{"clock": "resolution", "seconds": 3600, "steps": [{"at": 0, "do": "breach"}]}]}
    number = _play(_story(policy=policy, calendar={"tz": "UTC", "hours": {"tue": [["10:00", "24:00"]]}})).number
    [clock] = _clocks(session, number)
    assert (clock["name"], clock["target_seconds"]) == ("resolution", 3600)
    assert clock["due_at"] == clock["breached_at"] == datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    assert set(rulebook.all_in_force(RulebookKind.POLICY)) == {"default", "major-incident"}
    assert list(timers.verify(NOW)) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"ticket": {"subject": "x"}}, "ticket.text"),
        ({"colour": "red"}, "line.colour"),
        ({"story": []}, "story"),
        ({"story": [{"at": "2026-11-24T10:00:00Z", "do": "take", "by": AGENT}]}, "story[0].do"),
        ({"story": [{"at": "2026-11-24T10:00:00", "do": "open"}]}, "story[0].at"),
        ({"story": [{"at": "2126-11-24T10:00:00Z", "do": "open"}]}, "story[0].at"),
        ({"policy": {"targets": [{"clock": "resolution", "seconds": 0}]}}, "policy"),
        ({"calendar": {"tz": "Nowhere/Else"}}, "calendar"),
    ],
)
def test_says_which_member_is_wrong(agent: Actor, change: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refused:
        _play(_story(**change))
    assert path in refused.value.fields


def test_a_step_that_is_refused_takes_the_whole_story_back(session: scoped_session[Session], agent: Actor) -> None:
    story = _story()
    story["story"][1] = {"at": "2026-11-24T11:00:00Z", "do": "close", "by": AGENT}
    with pytest.raises(Invalid, match=r"story\[1\]\.do"):
        _play(story)
    assert session.execute(select(func.count()).select_from(table(Ticket))).scalar_one() == 0
