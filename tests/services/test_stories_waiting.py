"""Stories that wait and escalate: told as it was, then under our rules."""

from helpdesk.db import db
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue, journal
from tests.builders import NOON, an_administrator
from tests.services.test_stories import AGENT, _play, _story, agent

__all__ = ["agent"]


def test_it_waits_as_long_as_it_did_without_an_end_and_without_reminders(agent):
    opened, *_ = _story()["story"]
    waits = {"at": "2026-11-24T11:00:00Z", "do": "wait", "by": AGENT, "reason": "needs_information"}
    number = _play(
        _story(story=[opened | {"at": "2026-06-01T10:00:00Z"}, waits | {"at": "2026-06-02T10:00:00Z"}])
    ).number
    db.session.expire_all()
    assert db.session.get_one(Ticket, number).status == "waiting_requester"
    assert "waiting_reminded" not in [fact.type for fact in journal.of(number)]


def test_it_is_escalated_to_whom_it_was(agent):
    root = an_administrator(email="root@city.example")
    team = catalogue.save(
        root, "team", key="pumps", names={"el": "Αντλίες"}, department_id=next(iter(agent.departments))
    )
    catalogue.changed(NOON)
    opened, *_ = _story()["story"]
    steps = [
        {"at": "2026-11-24T11:00:00Z", "do": "escalate", "by": AGENT, "reason": "Ειδικοί", "team": "pumps"},
        {"at": "2026-11-24T12:00:00Z", "do": "escalate", "by": AGENT, "reason": "Απόφαση", "to": "root@city.example"},
    ]
    number = _play(_story(story=[opened, *steps])).number
    db.session.expire_all()
    ticket = db.session.get_one(Ticket, number)
    assert (ticket.team_id, ticket.assignee_id, ticket.escalation_level) == (team, root.id, 2)
