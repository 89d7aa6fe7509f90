"""What is said by machine: replies, notes, files, the journal; the catalogue and people; POSTs told once."""

import base64
import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import text

from helpdesk import storage
from helpdesk.db import db
from helpdesk.models.post import Outbound
from helpdesk.models.tickets import Attachment, Ticket
from helpdesk.services import idempotency
from tests.builders import NOON, a_citizen, a_department, a_message, a_service, a_ticket, an_agent
from tests.web.machine import Machine
from tests.web.test_api_tickets import NEW, refused

pytestmark = pytest.mark.usefixtures("body")

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


def _file(data, name="light.png", kind="image/png"):
    return {"name": name, "content_type": kind, "content": base64.b64encode(data).decode()}


def test_a_reply_is_sent_counts_as_a_humans_and_takes_the_ticket(machine, agent, ticket):
    said = machine.post(f"/tickets/{ticket.id}/messages", {"text": "Έρχεται συνεργείο."})
    assert said.status_code == 201, said.json
    assert said.json["direction"] == "outbound" and said.json["audience"] == "public" and not said.json["automatic"]
    assert said.json["author"]["id"] == agent.id and said.json["delivery"]["state"] == "waiting"
    assert said.json["reply_text"] == said.json["text"] == "Έρχεται συνεργείο." and said.json["html"] is None
    shown = machine.get(f"/tickets/{ticket.id}").json
    assert shown["first_response_at"] and shown["assignee"]["id"] == agent.id
    assert db.session.query(Outbound).filter_by(message_id=said.json["id"]).count() == 1


def test_an_automatic_reply_is_no_humans_answer(machine, ticket):
    said = machine.post(f"/tickets/{ticket.id}/messages", {"text": "Ελήφθη.", "automatic": True}).json
    assert said["automatic"]
    shown = machine.get(f"/tickets/{ticket.id}").json
    assert shown["first_response_at"] is None and shown["assignee"] is None


def test_a_note_is_internal_and_goes_to_nobody(machine, ticket):
    note = {"text": "Ρώτησα τον εργολάβο.", "audience": "internal"}
    said = machine.post(f"/tickets/{ticket.id}/messages", note).json
    assert said["audience"] == "internal" and said["delivery"] is None
    refused(machine.post(f"/tickets/{ticket.id}/messages", note | {"automatic": True}), 422, None, "automatic")


def test_messages_come_oldest_first_by_cursor(machine, ticket):
    for number in range(4):
        a_message(ticket, text=f"μήνυμα {number}")
    first = machine.get(f"/tickets/{ticket.id}/messages?limit=4").json
    rest = machine.get(f"/tickets/{ticket.id}/messages?limit=4&cursor={first['next']}").json
    asked, acknowledged, *said = [item["text"] for item in first["items"] + rest["items"]]
    assert asked == "Το φως στη γωνία δεν ανάβει." and "Λάβαμε" in acknowledged
    assert said == ["μήνυμα 0", "μήνυμα 1", "μήνυμα 2", "μήνυμα 3"] and rest["next"] is None


def test_a_file_comes_back_as_it_was_sent_and_runs_in_no_browser(machine, ticket):
    given = {"text": "Δείτε.", "attachments": [_file(PNG), _file(b"<script>alert(1)</script>", "α.html", "text/html")]}
    said = machine.post(f"/tickets/{ticket.id}/messages", given).json
    image, page = said["attachments"]
    assert image["sha256"] == hashlib.sha256(PNG).hexdigest() and image["size"] == len(PNG)
    answer = machine.get(f"/attachments/{image['id']}")
    assert answer.data == PNG and answer.mimetype == "image/png"
    answer = machine.get(f"/attachments/{page['id']}")
    assert answer.data.startswith(b"<script>") and answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"


def test_files_come_with_a_new_ticket_too(machine):
    made = machine.post("/tickets", NEW | {"attachments": [_file(b"hello", "a.txt", "text/plain")]}).json
    [first] = machine.get(f"/tickets/{made['number']}/messages").json["items"][:1]
    assert [file["name"] for file in first["attachments"]] == ["a.txt"]


def test_a_file_of_a_ticket_that_one_may_not_read_does_not_exist(machine):
    hidden = a_ticket(department_id=a_department().id, restricted=True)
    kept = Attachment(
        message_id=a_message(hidden).id, name="a", content_type="text/plain", size=1, sha256=storage.keep(b"a")
    )
    db.session.add(kept)
    db.session.flush()
    refused(machine.get(f"/attachments/{kept.id}"), 404)
    refused(machine.get("/attachments/999999"), 404)


def test_a_file_that_is_too_large_is_refused(machine, ticket):
    given = {"text": "Μεγάλο.", "attachments": [_file(b"a" * (10 * 1024 * 1024 + 1))]}
    refused(machine.post(f"/tickets/{ticket.id}/messages", given), 422, None, "attachments.0.content")
    given["attachments"] = [_file(b"a" * (9 * 1024 * 1024))] * 3
    refused(machine.post(f"/tickets/{ticket.id}/messages", given), 413)


def test_the_journal_comes_in_order_by_cursor(machine, agent, ticket):
    machine.post(f"/tickets/{ticket.id}/actions/take")
    whole = machine.get(f"/tickets/{ticket.id}/events").json
    assert whole["next"] is None and {"id", "type", "at", "actor", "data"} == set(whole["items"][0])
    assert whole["items"][0]["type"] == "ticket_opened"
    assert whole["items"][-1]["actor"] == {"kind": "staff", "id": agent.id}
    first = machine.get(f"/tickets/{ticket.id}/events?limit=2").json
    rest = machine.get(f"/tickets/{ticket.id}/events?limit=200&cursor={first['next']}").json
    assert first["items"] + rest["items"] == whole["items"]


def test_clocks_come_in_parts_too(machine, ticket):
    whole = machine.get(f"/tickets/{ticket.id}/clocks").json["items"]
    first = machine.get(f"/tickets/{ticket.id}/clocks?limit=1").json
    rest = machine.get(f"/tickets/{ticket.id}/clocks?limit=1&cursor={first['next']}").json
    assert [item["name"] for item in first["items"] + rest["items"]] == [item["name"] for item in whole]
    assert len(whole) == 2


def test_departments_and_services_come_with_their_names(machine, department):
    service = a_service(department_id=department.id, fields=[{"name": "place", "kind": "text"}])
    a_service(department_id=department.id, phase="retired")
    page = machine.get("/departments?limit=200").json
    assert {item["key"]: item["names"] for item in page["items"]}[department.key] == department.names
    [found] = machine.get("/services?limit=200").json["items"]
    assert (found["key"], found["department"], found["phase"]) == (service.key, department.key, "live")
    assert found["fields"] == [{"name": "place", "kind": "text"}]
    first = machine.get("/departments?limit=1").json
    assert first["items"] == page["items"][:1]


def test_a_person_is_read_by_staff_until_erased(machine):
    citizen = a_citizen(phone="+302101234567")
    shown = machine.get(f"/people/{citizen.id}").json
    assert shown == {
        "id": citizen.id, "name": citizen.name, "email": citizen.email, "phone": citizen.phone, "language": "el",
        "care": None, "care_reason": "",
    }  # fmt: skip
    citizen.erased_at = NOON
    db.session.flush()
    refused(machine.get(f"/people/{citizen.id}"), 404)


def test_the_same_key_gives_the_same_answer_and_does_nothing_twice(machine):
    first = machine.post("/tickets", NEW, Idempotency_Key="form-1")
    again = machine.post("/tickets", NEW, Idempotency_Key="form-1")
    assert again.status_code == 201 and again.data == first.data
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first.headers
    assert db.session.query(Ticket).count() == 1


def test_the_same_key_with_another_body_or_path_is_refused(machine, ticket):
    machine.post("/tickets", NEW, Idempotency_Key="form-1")
    refused(machine.post("/tickets", NEW | {"text": "άλλο"}, Idempotency_Key="form-1"), 422, "key-reused")
    refused(machine.post(f"/tickets/{ticket.id}/actions/take", Idempotency_Key="form-1"), 422, "key-reused")


def test_two_people_may_choose_the_same_key(machine, client, department):
    one = machine.post("/tickets", NEW, Idempotency_Key="form-1").json["number"]
    other = Machine(client, an_agent(department)).post("/tickets", NEW, Idempotency_Key="form-1").json["number"]
    assert one != other


def test_what_was_refused_may_be_mended_and_sent_with_the_same_key(machine, ticket):
    refused(machine.post(f"/tickets/{ticket.id}/actions/resume", Idempotency_Key="move"), 409)
    assert machine.post(f"/tickets/{ticket.id}/actions/take", Idempotency_Key="move").status_code == 200


@pytest.mark.parametrize("key", ["", "a b", "α", "x" * 201])
def test_a_key_that_cannot_be_one_is_refused(machine, key):
    refused(machine.post("/tickets", NEW, Idempotency_Key=key.encode().decode("latin-1")), 422, "bad-key")


def test_a_key_is_forgotten_after_a_day(machine, agent):
    machine.post("/tickets", NEW, Idempotency_Key="form-1")
    db.session.execute(text("update idempotency_key set created_at = created_at - interval '24 hours 1 second'"))
    assert machine.post("/tickets", NEW, Idempotency_Key="form-1").status_code == 201
    assert db.session.query(Ticket).count() == 2
    assert idempotency.forget(NOON + timedelta(days=9_999)) == 1


def test_while_the_first_is_under_way_the_second_is_told_so(machine, agent, app):
    name = hashlib.sha256(f"{agent.id}:form-1".encode()).digest()
    lock = int.from_bytes(name[:8], "big", signed=True)
    engine = app.extensions["sqlalchemy"].engines[None].engine
    with engine.connect() as elsewhere:
        elsewhere.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": lock})
        refused(machine.post("/tickets", NEW, Idempotency_Key="form-1"), 409, "in-flight")
    assert machine.post("/tickets", NEW, Idempotency_Key="form-1").status_code == 201
