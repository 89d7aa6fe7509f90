"""Tickets by machine: opened, listed, read, changed, moved; refused without a trace."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from helpdesk import clock
from helpdesk.db import db
from helpdesk.models.catalogue import Category
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Ticket
from helpdesk.services import journal, tickets
from helpdesk.services.tokens import SCOPES
from tests.builders import (
    NOON,
    a_citizen,
    a_department,
    a_service,
    a_ticket,
    an_administrator,
)
from tests.web.machine import Machine

pytestmark = pytest.mark.usefixtures("body")

SOON = (clock.now() + timedelta(days=20)).isoformat()
"""A moment until which anything may wait."""

TICKET = {
    "number", "protocol_number", "type", "status", "status_category", "waiting", "channel", "subject", "requester",
    "on_behalf_of", "customer", "department", "service", "category", "owner", "assignee", "impact", "urgency",
    "priority", "priority_reason", "routing", "escalation_level", "major", "language", "received_at",
    "acknowledged_at", "first_response_at", "resolved_at", "confirmed_at", "closed_at", "resolution", "clocks",
    "tags", "links", "version",
}  # fmt: skip
CLOCK = {
    "name", "cycle", "state", "started_at", "due_at", "stopped_at", "target_seconds", "elapsed_seconds",
    "paused_seconds", "breached_at", "late_seconds", "policy", "calendar",
}  # fmt: skip
NEW = {"subject": "Δεν ανάβει το φως", "text": "Στη γωνία, από χθες."}


def refused(answer, status, code=None, *fields):
    """It is a problem document of that status that names those fields."""
    assert answer.status_code == status, answer.json
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status and answer.json["title"] and "detail" in answer.json
    assert code is None or answer.json["code"] == code
    assert set(fields) <= set(answer.json.get("fields", {})), answer.json
    return answer.json


def test_a_new_ticket_is_routed_timed_acknowledged_and_answered_whole(machine, agent):
    service = a_service()
    answer = machine.post("/tickets", NEW | {"service": service.key, "requester": {"email": "niki@example.org"}})
    made = answer.json
    assert answer.status_code == 201 and answer.headers["Location"] == f"/api/v1/tickets/{made['number']}"
    assert set(made) >= TICKET
    assert made["channel"] == "api" and made["status"] == made["status_category"] == "new"
    assert made["service"] == service.key and made["department"] and made["routing"]["by"]
    assert made["requester"]["email"] == "niki@example.org"
    assert {clock["name"] for clock in made["clocks"]} == {"first_response", "resolution"}
    assert all(set(clock) == CLOCK and clock["state"] == "running" for clock in made["clocks"])
    assert all("@" in clock["policy"] and "@" in clock["calendar"] for clock in made["clocks"])
    sent = db.session.scalars(select(Outbound).where(Outbound.ticket_id == int(made["number"]))).one()
    assert sent.payload["to_address"] == "niki@example.org"
    assert machine.get(f"/tickets/{made['number']}").json == made


def test_without_a_requester_the_tokens_person_asks(machine, agent):
    assert machine.post("/tickets", NEW).json["requester"]["id"] == agent.id
    assert machine.post("/tickets", NEW | {"requester": {}}).json["requester"] is None


def test_whoever_opens_a_ticket_is_told_it_even_where_they_may_not_read_it_again(machine):
    other = a_department()
    made = machine.post("/tickets", NEW | {"department": other.key, "restricted": True})
    assert made.status_code == 201 and made.json["department"] == other.key
    refused(machine.get(f"/tickets/{made.json['number']}"), 404, "notfound")


def test_times_are_utc_with_a_z(machine):
    made = machine.post("/tickets", NEW | {"received_at": "2026-11-20T09:00:00+02:00"}).json
    assert made["received_at"] == "2026-11-20T07:00:00Z"
    assert all(re.search(r"\dZ$", clock["started_at"]) for clock in made["clocks"])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "a\nb"}, "subject"),
        ({"text": " "}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": None}, "text"),
        ({"subject": 5}, "subject"),
        ({"priority": "high"}, "priority"),
        ({"channel": "email"}, "channel"),
        ({"service": "unknown"}, "service"),
        ({"department": "unknown"}, "department"),
        ({"requester": {"email": "nobody"}}, "requester.email"),
        ({"requester": {"mail": "a@b.gr"}}, "requester.mail"),
        ({"received_at": "2026-11-20T09:00:00"}, "received_at"),
        ({"received_at": 1764000000}, "received_at"),
        ({"restricted": "yes"}, "restricted"),
        ({"attachments": [{"name": "a", "content": "§"}]}, "attachments.0.content"),
    ],
)
def test_input_is_strict_and_the_wrong_field_is_named(machine, wrong, field):
    before = db.session.query(Ticket).count()
    refused(machine.post("/tickets", NEW | wrong), 422, None, field)
    assert db.session.query(Ticket).count() == before


def test_what_is_not_json_is_told_so(machine, client):
    token = {"Authorization": f"Bearer {machine.token}"}
    refused(client.post("/api/v1/tickets", data="subject=a", headers=token), 415, "unsupported-media-type")
    refused(client.post("/api/v1/tickets", data="{", content_type="application/json", headers=token), 422, None, "body")


def test_a_list_goes_on_by_cursor_and_holds_each_ticket_once(machine, department):
    numbers = [str(a_ticket(department_id=department.id).id) for _ in range(5)]
    for order, expected in (("oldest", numbers), ("newest", numbers[::-1])):
        found, more = [], ""
        while more is not None:
            page = machine.get(
                f"/tickets?limit=2&order={order}&department={department.key}{more and f'&cursor={more}'}"
            )
            found += [item["number"] for item in page.json["items"]]
            more = page.json["next"]
        assert found == expected


def test_the_list_by_due_holds_open_tickets_next_due_first(machine, department):
    due = {days: a_ticket(department_id=department.id) for days in (3, 1, 2)}
    for days, ticket in due.items():
        ticket.next_due_at = NOON + timedelta(days=days)
    a_ticket(department_id=department.id, status="closed")
    first = machine.get(f"/tickets?order=due&limit=2&department={department.key}").json
    rest = machine.get(f"/tickets?order=due&limit=2&department={department.key}&cursor={first['next']}").json
    found = [int(item["number"]) for item in first["items"] + rest["items"]]
    assert found == [due[1].id, due[2].id, due[3].id]


def test_filters_narrow_the_list(machine, agent, department):
    service, asks = a_service(department_id=department.id), a_citizen(email="kostas@example.org")
    wanted = a_ticket(
        department_id=department.id, service_id=service.id, requester=asks, assignee_id=agent.id, status="open",
        type="complaint", priority="high", channel="phone", received_at=NOON + timedelta(days=1),
    )  # fmt: skip
    a_ticket(department_id=department.id)
    for query in (
        "status=open", f"service={service.key}", "requester=Kostas@example.org", f"assignee={agent.id}",
        "type=complaint", "priority=high", "channel=phone", "received_from=2026-11-25T00:00:00Z",
        "updated_since=2026-11-25T00:00:00Z",
    ):  # fmt: skip
        found = machine.get(f"/tickets?department={department.key}&{query}").json["items"]
        assert [item["number"] for item in found] == [str(wanted.id)], query
    assert not machine.get(f"/tickets?department={department.key}&received_to=2026-11-24T00:00:00Z").json["items"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"), ("limit=201", "limit"), ("limit=1_0", "limit"), ("limit=+5", "limit"), ("page=2", "page"),
        ("status=odd", "status"), ("status=open&status=new", "status"), ("cursor=a%20b", "cursor"),
        ("cursor=WzFd&order=due", "cursor"), ("cursor=WyJhIl0", "cursor"), ("cursor=W10", "cursor"),
        ("department=%00", "department"), ("requester=a%00@b.gr", "requester"),
        ("updated_since=yesterday", "updated_since"), ("updated_since=0.5", "updated_since"),
        ("received_from=0001-01-01T00:00:00Z", "received_from"),
    ],
)  # fmt: skip
def test_a_query_parameter_that_is_unknown_twice_or_wrong_is_named(machine, query, field):
    refused(machine.get(f"/tickets?{query}"), 422, None, field)


def test_a_restricted_ticket_of_another_department_does_not_exist(machine, department):
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    shown = a_ticket(department_id=department.id)
    tickets.link(an_administrator(), shown.id, hidden.id)
    refused(machine.get(f"/tickets/{hidden.id}"), 404)
    for rest in ("/messages", "/events", "/clocks"):
        refused(machine.get(f"/tickets/{hidden.id}{rest}"), 404)
    refused(machine.post(f"/tickets/{hidden.id}/actions/take"), 404)
    refused(machine.patch(f"/tickets/{hidden.id}", {"version": hidden.version, "subject": "α"}), 404)
    assert str(hidden.id) not in machine.get("/tickets?limit=200").text
    assert machine.get(f"/tickets/{shown.id}").json["links"] == []
    tickets.restrict(an_administrator(), hidden.id, False)
    assert machine.get(f"/tickets/{shown.id}").json["links"] == [{"kind": "related", "number": str(hidden.id)}]


def test_a_change_needs_the_version_that_was_read(machine, department):
    ticket = a_ticket(department_id=department.id)
    changed = machine.patch(f"/tickets/{ticket.id}", {"version": ticket.version, "subject": "Άλλο", "tags": ["φως"]})
    refused(changed, 422, None, "tags.0")
    changed = machine.patch(f"/tickets/{ticket.id}", {"version": ticket.version, "subject": "Άλλο", "tags": ["light"]})
    assert changed.json["subject"] == "Άλλο" and changed.json["tags"] == ["light"]
    assert changed.json["version"] > 1
    refused(machine.patch(f"/tickets/{ticket.id}", {"version": 1, "subject": "Τρίτο"}), 409, "stale-version", "version")
    refused(machine.patch(f"/tickets/{ticket.id}", {"subject": "Τρίτο"}), 422, None, "version")
    assert machine.get(f"/tickets/{ticket.id}").json == changed.json


def test_a_change_sets_classes_by_their_keys(machine, department):
    ticket, service = a_ticket(department_id=department.id), a_service()
    category = Category(key="lights", names={"el": "Φώτα"})
    db.session.add(category)
    given = {
        "version": ticket.version,
        "service": service.key,
        "category": "lights",
        "impact": "high",
        "urgency": "high",
    }
    changed = machine.patch(f"/tickets/{ticket.id}", given).json
    assert (changed["service"], changed["category"], changed["priority"]) == (service.key, "lights", "critical")
    version = changed["version"]
    refused(machine.patch(f"/tickets/{ticket.id}", {"version": version, "priority": "low"}), 422, None, "reason")
    lowered = machine.patch(f"/tickets/{ticket.id}", {"version": version, "priority": "low", "reason": "μικρό"}).json
    assert (lowered["priority"], lowered["priority_reason"]) == ("low", "overridden")


MOVES = [
    ("take", {}, "open"),
    ("assign", {"assignee_id": None}, "new"),
    (
        "wait",
        {"reason": "needs_information", "until": SOON, "note": "Ρωτήσαμε."},
        "waiting_requester",
    ),
    ("escalate", {"reason": "Καίγεται ο πίνακας."}, "new"),
    ("resolve", {"code": "solved", "text": "Άλλαξε η λάμπα."}, "resolved"),
    ("cancel", {"reason": "Διπλό."}, "cancelled"),
]


@pytest.mark.parametrize(("verb", "given", "status"), MOVES)
def test_a_move_answers_with_the_ticket_as_it_stands_then(machine, department, verb, given, status):
    ticket = a_ticket(department_id=department.id)
    moved = machine.post(f"/tickets/{ticket.id}/actions/{verb}", given | {"version": ticket.version})
    assert moved.status_code == 200, moved.json
    assert moved.json["status"] == status
    assert machine.get(f"/tickets/{ticket.id}").json == moved.json


def test_resolved_is_confirmed_rejected_reopened_or_closed(machine, department):
    def resolved():
        ticket = a_ticket(department_id=department.id)
        machine.post(f"/tickets/{ticket.id}/actions/resolve", {"code": "solved", "text": "Έγινε."})
        return ticket.id

    assert machine.post(f"/tickets/{resolved()}/actions/confirm").json["confirmed_at"]
    assert machine.post(f"/tickets/{resolved()}/actions/reject", {"text": "Όχι."}).json["status"] == "open"
    assert machine.post(f"/tickets/{resolved()}/actions/reopen", {"reason": "Ξανά."}).json["resolution"] is None
    closed = machine.post(f"/tickets/{resolved()}/actions/close").json
    assert closed["status"] == "closed" and closed["closed_at"] and closed["resolution"]["code"] == "solved"


def test_waiting_ends_by_resume(machine, department):
    ticket = a_ticket(department_id=department.id, status="open")
    waiting = machine.post(f"/tickets/{ticket.id}/actions/wait", {"reason": "supplier_works"}).json["waiting"]
    assert waiting["reason"] == "supplier_works" and waiting["until"] is not None
    assert machine.post(f"/tickets/{ticket.id}/actions/resume").json["waiting"] is None


def test_a_transfer_out_of_sight_still_answers(machine, department):
    ticket, other = a_ticket(department_id=department.id, restricted=True), a_department()
    moved = machine.post(
        f"/tickets/{ticket.id}/actions/transfer", {"department": other.key, "reason": "Δικό τους"}, Idempotency_Key="k1"
    )
    assert moved.status_code == 200 and moved.json["department"] == other.key
    refused(machine.get(f"/tickets/{ticket.id}"), 404)


@pytest.mark.parametrize("verb", ["resume", "confirm", "reject", "close", "reopen"])
def test_a_move_that_the_state_does_not_allow_is_409_and_changes_nothing(machine, department, verb):
    ticket = a_ticket(department_id=department.id)
    before, facts = machine.get(f"/tickets/{ticket.id}").json, [fact.type for fact in journal.of(ticket.id)]
    given = {"reason": "Γιατί έτσι"} if verb == "reopen" else {}
    refused(machine.post(f"/tickets/{ticket.id}/actions/{verb}", given), 409, "illegal-move")
    refused(machine.post(f"/tickets/{ticket.id}/actions/take", {"version": 77}), 409, "stale-version", "version")
    assert machine.get(f"/tickets/{ticket.id}").json == before
    assert [fact.type for fact in journal.of(ticket.id)] == [*facts, "move_refused", "move_refused"]


@pytest.mark.parametrize(
    ("verb", "field"),
    [
        ("assign", "assignee_id"), ("transfer", "department"), ("transfer", "reason"), ("wait", "reason"),
        ("escalate", "reason"), ("resolve", "code"), ("resolve", "text"), ("reopen", "reason"), ("cancel", "reason"),
    ],
)  # fmt: skip
def test_a_move_that_lacks_a_field_is_422_and_names_it(machine, department, verb, field):
    ticket = a_ticket(department_id=department.id)
    facts = [fact.type for fact in journal.of(ticket.id)]
    refused(machine.post(f"/tickets/{ticket.id}/actions/{verb}"), 422, None, field)
    assert [fact.type for fact in journal.of(ticket.id)] == [*facts, "move_refused"]


def test_an_unknown_verb_path_or_method_is_a_problem_document(machine, department):
    ticket = a_ticket(department_id=department.id)
    refused(machine.post(f"/tickets/{ticket.id}/actions/explode"), 404)
    refused(machine.get("/nothing"), 404)
    refused(machine.get("/tickets/0"), 422, "bad-path")
    refused(machine.get(f"/tickets/{2**63}"), 422, "bad-path")
    refused(machine.ask("DELETE", f"/tickets/{ticket.id}"), 405)


def test_an_agent_may_not_work_on_another_departments_ticket(machine):
    ticket = a_ticket(department_id=a_department().id)
    assert machine.get(f"/tickets/{ticket.id}").status_code == 200
    refused(machine.post(f"/tickets/{ticket.id}/actions/take"), 403)
    refused(machine.patch(f"/tickets/{ticket.id}", {"version": ticket.version, "subject": "α"}), 403)


def test_a_token_is_needed_in_force_and_of_the_scope(client, agent, department):
    ticket = a_ticket(department_id=department.id)
    for headers in (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer"},
    ):
        answer = client.get("/api/v1/tickets", headers=headers)
        refused(answer, 401, "unauthorised")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    reader = Machine(client, agent, scopes=("read",))
    assert reader.get(f"/tickets/{ticket.id}").status_code == 200
    refused(reader.post(f"/tickets/{ticket.id}/actions/take"), 403, "scope")
    refused(Machine(client, agent, scopes=("write",)).get("/tickets"), 403, "scope")
    assert set(SCOPES) >= {"read", "write"}


class Counted:
    """How many statements the database was sent."""

    def __init__(self):
        self.statements = []

    def __enter__(self):
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_):
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, connection, cursor, statement, *_):
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            self.statements.append(" ".join(statement.split())[:90])


def test_reading_a_ticket_takes_three_statements_and_a_list_no_more(machine, department):
    numbers, key = [a_ticket(department_id=department.id).id for _ in range(3)], department.key
    machine.get(f"/tickets/{numbers[0]}")
    with Counted() as statements:
        machine.get(f"/tickets/{numbers[0]}")
    assert len(statements) == 3, statements
    with Counted() as statements:
        assert len(machine.get(f"/tickets?department={key}").json["items"]) == 3
    assert len(statements) == 3, statements


def test_creating_a_ticket_with_all_that_follows_takes_14_statements_at_most(machine):
    machine.post("/tickets", NEW)
    with Counted() as statements:
        machine.post("/tickets", NEW | {"requester": {"email": "a@example.org"}}, Idempotency_Key="once")
    assert len(statements) <= 14, "\n".join(statements)
