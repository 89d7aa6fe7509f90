"""Routing by machine: a text and past requests tried, surges decided, the classifier's standing, what was misrouted."""

import pytest
from sqlalchemy import insert

from helpdesk import db as ground
from helpdesk.db import db, table
from helpdesk.models.learning import RoutingModel
from helpdesk.services import catalogue, rulebook, surges, trials
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, a_service, a_supervisor, a_ticket, an_administrator, an_agent
from tests.services.test_routing_report import a_way
from tests.services.test_surges import flood
from tests.web.machine import Machine

LAMP = {"key": "lamp", "title": "Lamps", "when": {"words": {"any": ["λάμπα"]}}}


@pytest.fixture
def stage(session, client):
    """Rules that send lamps to the wrong department, a draft that sends them to the right one, and both rooms."""
    rulebook.ensure_defaults(NOON)
    right, wrong = a_department(), a_department()
    catalogue.changed(NOON)
    admin = an_administrator()
    rulebook.enact(RulebookKind.RULESET, "default", ruleset(wrong), title="Now", at=NOON)
    rulebook.make_draft(admin, RulebookKind.RULESET, "default", ruleset(right), at=NOON)
    ground.commit()
    return Machine(client, admin), right, wrong


def ruleset(place):
    return {"rules": [LAMP | {"then": {"department": place.key}}]}


def newest():
    return max(row.number for row in rulebook.versions(RulebookKind.RULESET, "default"))


def test_a_text_is_tried_on_a_version_that_does_not_hold(stage):
    machine, right, wrong = stage
    tried = machine.post("/rulesets/default/try-text", {"number": newest(), "text": "Η λάμπα δεν ανάβει"})
    assert tried.status_code == 200
    told = tried.json
    assert (told["now"]["department"], told["then"]["department"]) == (wrong.key, right.key)
    assert told["then"]["reasons"][0]["rule"] == "lamp"


def test_past_requests_are_tried_by_a_worker_and_told_when_it_is_done(stage):
    machine, right, wrong = stage
    a_ticket(department_id=right.id, status="closed", resolved_at=NOON, text="Η λάμπα δεν ανάβει")
    day = NOON.date().isoformat()
    begun = machine.post("/rulesets/default/trials", {"number": newest(), "first": day, "last": day})
    assert (begun.status_code, begun.json["state"]) == (201, "waiting")
    trials.work(begun.json["id"])
    found = machine.get(f"/routing-trials/{begun.json['id']}").json
    assert (found["state"], found["known"], found["right_now"], found["right_then"]) == ("done", 1, 0, 1)
    assert found["moves"] == [{"now": wrong.key, "then": right.key, "count": 1}]


def test_trials_are_for_administrators_and_a_period_does_not_end_before_it_begins(stage, client):
    machine, right, _ = stage
    wanted = {"number": newest(), "first": "2026-11-02", "last": "2026-11-01"}
    assert machine.post("/rulesets/default/trials", wanted).status_code == 422
    other = Machine(client, a_supervisor(right))
    ground.commit()
    assert other.post("/rulesets/default/try-text", {"number": newest()}).status_code == 403
    assert other.get("/routing-trials/1").status_code == 403


def test_surges_are_listed_and_decided_once(stage, client):
    _, place, _ = stage
    ids = flood(place, a_service(department_id=place.id))
    surges.look(NOON)
    machine = Machine(client, a_supervisor(place))
    ground.commit()
    (found,) = machine.get("/surges").json["items"]
    assert [one["number"] for one in found["tickets"]] == [str(id_) for id_ in ids] and found["words"]
    gathered = machine.post(f"/surges/{found['id']}/gather", {})
    assert (gathered.status_code, gathered.json["ticket"]) == (200, str(min(ids)))
    assert machine.post(f"/surges/{found['id']}/dismiss", {}).status_code == 409
    assert machine.get("/surges").json["items"] == []


def test_surges_are_for_supervisors(stage, client):
    agent = Machine(client, an_agent(stage[1]))
    ground.commit()
    assert agent.get("/surges").status_code == 403
    assert agent.post("/surges/1/propose-major", {}).status_code == 403


def a_version(number, state):
    row = {"number": number, "state": state, "data": b"x", "why": "by hand", "examples": 30, "trained_at": NOON,
           "thresholds": {"d": 0.9}, "figures": {}}  # fmt: skip
    db.session.execute(insert(table(RoutingModel)).values(row))


def test_the_classifiers_standing_is_told_and_an_earlier_version_put_back(stage):
    machine, _, _ = stage
    a_version(1, "retired")
    a_version(2, "in_force")
    ground.commit()
    told = machine.get("/classifier").json
    assert (told["precision"], told["missing"], told["settled"]) == (95, 200, 0)
    assert [(one["number"], one["in_force"]) for one in told["versions"]] == [(2, True), (1, False)]
    back = machine.post("/classifier/put-back", {"number": 1}).json
    assert [(one["number"], one["in_force"]) for one in back["versions"]] == [(2, False), (1, True)]
    assert machine.post("/classifier/put-back", {"number": 1}).status_code == 409
    asked = machine.ask("PUT", "/classifier/demands", {"precision": 99, "proven": 300})
    assert (asked.status_code, asked.json["precision"], asked.json["missing"]) == (200, 99, 300)


def test_the_classifier_is_no_concern_of_agents(stage, client):
    agent = Machine(client, an_agent(stage[1]))
    ground.commit()
    assert agent.get("/classifier").status_code == 403
    assert agent.post("/classifier/put-back", {"number": 1}).status_code == 403


def test_a_request_in_triage_is_given_to_the_department_that_is_chosen(stage, client):
    _, place, _ = stage
    waiting = a_ticket(department_id=None)
    machine = Machine(client, an_administrator())
    ground.commit()
    given = machine.post(f"/tickets/{waiting.id}/actions/choose-department", {"department": place.key})
    assert (given.status_code, given.json["department"]) == (200, place.key)
    assert given.json["routing"]["proposal"] is None
    unknown = machine.post(f"/tickets/{waiting.id}/actions/choose-department", {"department": "nowhere"})
    assert unknown.status_code == 422


def test_what_was_misrouted_is_counted_by_department_and_by_rule(stage):
    machine, right, wrong = stage
    a_way(wrong, right)
    a_way(wrong)
    ground.commit()
    day = NOON.date().isoformat()
    found = machine.get(f"/reports/routing?from={day}&to={day}").json
    once = {"n": 2, "handed_on": 1, "came_back": 0, "lost_median": 3600.0, "lost_p90": 3600.0}
    assert found["whole"] == once
    assert found["departments"] == [once | {"department": wrong.key}]
    assert found["means"] == [once | {"by": "rule", "title": "Leaks"}]
