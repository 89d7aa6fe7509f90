"""Merging, suppliers, competence and steps of the procedure by machine."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.services import catalogue
from tests.builders import NOON, a_citizen, a_customer, a_department, a_supplier, a_ticket, an_agent
from tests.web.machine import Machine

pytestmark = pytest.mark.usefixtures("body")


@pytest.fixture
def machine(client, department):
    return Machine(client, an_agent(department))


def moved(machine, number, verb, given=None, status=200):
    answer = machine.post(f"/tickets/{number}/actions/{verb}", given or {})
    assert answer.status_code == status, answer.json
    return answer.json


def test_two_tickets_become_one_and_two_again(machine, department, ticket):
    other = a_ticket(department_id=department.id, requester=a_citizen(), text="Κι εγώ το είδα.")
    refused = moved(machine, other.id, "merge", {"into": str(ticket.id)}, 422)
    assert list(refused["fields"]) == ["different_people"]
    merged = moved(machine, other.id, "merge", {"into": str(ticket.id), "different_people": True, "note": "Ίδιο"})
    assert (merged["status"], merged["merged_into"]) == ("merged", str(ticket.id))
    assert merged["links"] == [{"kind": "merged", "number": str(ticket.id)}]
    told = machine.get(f"/tickets/{ticket.id}/messages").json["items"]
    assert "Κι εγώ το είδα." in [item["text"] for item in told if item["ticket"] == str(other.id)]
    parted = moved(machine, other.id, "unmerge")
    assert (parted["status"], parted["merged_into"], parted["links"]) == ("new", None, [])


@pytest.mark.parametrize("into", [0, "0", "12a", -1, None, 1.5])
def test_what_is_no_number_of_a_ticket_is_named(machine, ticket, into):
    assert "into" in str(moved(machine, ticket.id, "merge", {"into": into}, 422)["fields"])


def test_merging_into_nothing_is_a_wrong_field(machine, ticket):
    assert "into" in moved(machine, ticket.id, "merge", {"into": 999_999_999}, 422)["fields"]


def test_a_merged_ticket_refuses_moves_and_replies(machine, department, ticket):
    other = a_ticket(department_id=department.id)
    moved(machine, other.id, "merge", {"into": ticket.id, "different_people": True})
    moved(machine, other.id, "take", status=409)
    answer = machine.post(f"/tickets/{other.id}/messages", {"text": "Ερχόμαστε."})
    assert (answer.status_code, answer.json["code"]) == (409, "merged")


def test_a_supplier_is_engaged_by_key_or_id_and_answers(machine, ticket):
    first, second = a_supplier(key="lights"), a_supplier()
    engaged = moved(machine, ticket.id, "engage-supplier", {"supplier": "lights", "text": "Λαμπτήρας"})
    assert (engaged["status"], engaged["waiting"]["reason"], engaged["supplier"]) == (
        "waiting_supplier", "supplier_works", "lights"
    )  # fmt: skip
    assert moved(machine, ticket.id, "engage-supplier", {"supplier": first.id, "text": "x"}, 409)["code"] == "engaged"
    assert moved(machine, ticket.id, "supplier-answered", {"text": "Έγινε"})["supplier"] is None
    assert moved(machine, ticket.id, "engage-supplier", {"supplier": second.id, "text": "x"})["supplier"] == second.key
    moved(machine, ticket.id, "supplier-answered")
    moved(machine, ticket.id, "supplier-answered", status=409)


def test_a_ticket_is_forwarded_to_another_body(machine, ticket):
    moved(machine, ticket.id, "deny-competence", {"reason": "Επαρχιακός δρόμος"})
    given = {"to": "Περιφέρεια Αττικής", "text": "Ανήκει στην Περιφέρεια.", "email": "protocol@region.example"}
    done = moved(machine, ticket.id, "forward", given)
    assert done["forwarded_to"] == {"name": "Περιφέρεια Αττικής", "email": "protocol@region.example", "phone": ""}
    assert done["resolution"] == {"code": "not_competent", "text": "Ανήκει στην Περιφέρεια."}
    types = [item["type"] for item in machine.get(f"/tickets/{ticket.id}/events").json["items"]]
    assert types.count("competence_denied") == 1 and "ticket_forwarded" in types


def test_a_transfer_may_say_that_the_department_is_not_competent(machine, ticket):
    given = {"department": a_department().key, "reason": "αλλού", "not_competent": True}
    catalogue.changed(NOON)
    moved(machine, ticket.id, "transfer", given)
    types = [item["type"] for item in machine.get(f"/tickets/{ticket.id}/events").json["items"]]
    assert types[-2:] == ["competence_denied", "ticket_transferred"]


def test_documents_deadline_answers_and_calls(machine, ticket):
    moved(machine, ticket.id, "no-reply-needed", {"reason": "acknowledgement"})
    marked = moved(machine, ticket.id, "mark-incomplete", {"text": "Λείπει η ταυτότητα."})
    assert marked["incomplete_since"] and marked["waiting"]["reason"] == "needs_document"
    assert moved(machine, ticket.id, "mark-complete")["incomplete_since"] is None
    assert moved(machine, ticket.id, "extend", {"days": 10, "reason": "Πολλές υπηρεσίες"})["extended_days"] == 10
    assert moved(machine, ticket.id, "extend", {"days": 1, "reason": "Ξανά"}, 409)["code"] == "extended"
    soon = clock.now() + timedelta(hours=1)
    window = {"begins_at": soon.isoformat(), "ends_at": (soon + timedelta(hours=2)).isoformat()}
    moved(machine, ticket.id, "promise-call-back", window)
    moved(machine, ticket.id, "promise-call-back", window, 409)
    moved(machine, ticket.id, "dial-call-back", {"outcome": "busy"})
    moved(machine, ticket.id, "cancel-call-back")  # the next try
    assert moved(machine, ticket.id, "cancel-call-back", status=409)["code"] == "no-call-promised"


def test_the_registers_are_listed_by_key(machine):
    a_supplier(key="lights", contact_email="nikou@lights.example")
    a_customer(key="region", active=False)
    [supplier] = machine.get("/suppliers").json["items"]
    assert (supplier["key"], supplier["active"]) == ("lights", True)
    assert "nikou" not in str(supplier)
    [customer] = machine.get("/customers").json["items"]
    assert (customer["key"], customer["active"]) == ("region", False)


def test_the_table_of_moves_is_published(machine):
    lines = {line["verb"]: line for line in machine.get("/transitions?limit=100").json["items"]}
    assert lines["resolve"]["sources"] and lines["resolve"]["targets"] == ["resolved"]
    assert lines["resolve"]["needs"] == ["code", "text"]
    assert "requester" in lines["confirm"]["who"] and "requester" not in lines["resolve"]["who"]
    assert [one["code"] for one in lines["take"]["conditions"]] == ["taken"]


def test_a_ticket_says_at_which_stage_it_is_and_the_list_asks_for_it(machine, ticket):
    assert machine.get(f"/tickets/{ticket.id}").json["stage"] == "classified"
    moved(machine, ticket.id, "take")
    assert [item["number"] for item in machine.get("/tickets?stage=assigned").json["items"]] == [str(ticket.id)]
    assert machine.get("/tickets?stage=classified").json["items"] == []


def test_a_form_that_lacks_something_is_on_record_by_the_names_of_our_fields(machine, ticket):
    moved(machine, ticket.id, "resolve", {"code": "solved", "Κώστας": "τηλέφωνο"}, 422)
    last = machine.get(f"/tickets/{ticket.id}/events").json["items"][-1]
    assert (last["type"], last["data"]) == (
        "move_refused", {"verb": "resolve", "code": "invalid-form", "fields": ["text"]}
    )  # fmt: skip


def test_how_it_ended_is_told_by_machine_and_the_checklist_with_it(machine, ticket):
    resolved = moved(machine, ticket.id, "resolve", {"code": "solved", "text": "Έγινε.", "root_cause": "wear"})
    assert resolved["resolution"] == {"code": "solved", "text": "Έγινε."}
    assert resolved["closure"] == {
        "root_cause": "wear", "workaround": None, "verified_by": None, "missing": ["category", "verified_by"]
    }  # fmt: skip
    refused = moved(machine, ticket.id, "close", {"complete": True}, 422)
    assert set(refused["fields"]) == {"category", "verified_by"}
    me = machine.get(f"/tickets/{ticket.id}").json["assignee"]["id"]
    filled = moved(machine, ticket.id, "record-closure", {"verified_by": me, "workaround": True})
    assert filled["closure"]["missing"] == ["category"]
    assert moved(machine, ticket.id, "close")["status"] == "closed"


def test_an_agents_programme_records_a_citizens_word(machine, ticket):
    moved(machine, ticket.id, "resolve", {"code": "solved", "text": "Έγινε."})
    assert moved(machine, ticket.id, "reject", {"told_by": "phone", "text": "Όχι ακόμη"})["status"] == "open"
    moved(machine, ticket.id, "resolve", {"code": "solved", "text": "Τώρα έγινε."})
    moved(machine, ticket.id, "confirm", {"told_by": "pigeon"}, 422)
    assert moved(machine, ticket.id, "confirm", {"told_by": "counter"})["closed_at"]
