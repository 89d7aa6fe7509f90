"""Major incidents by machine: proposed, declared, told, linked, resolved, reviewed, closed, announced."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.help import Outage
from helpdesk.models.majors import MajorProposal
from helpdesk.models.tickets import Ticket
from helpdesk.services import majors, upkeep
from tests.builders import a_department, a_service, a_supervisor, a_ticket, an_agent
from tests.web.machine import Machine
from tests.web.test_api_tickets import refused

pytestmark = pytest.mark.usefixtures("body")

TITLE = {"el": "Χωρίς νερό στην Άνω Πόλη", "en": "No water in the Upper Town"}
SUMMARY = {"el": "Έσπασε κεντρικός αγωγός.", "en": "A water main is broken."}
NEWS = {"el": "Το συνεργείο σκάβει.", "en": "The crew is digging."}
END = {"code": "solved", "text": {"el": "Το νερό επανήλθε.", "en": "The water is back."}}
LEARNED = {"cause": "Παλιός αγωγός.", "went_well": "Γρήγορη βλάβη.", "went_badly": "Αργή ενημέρωση."}


@pytest.fixture
def service(department):
    return a_service(department_id=department.id, type="incident", names={"el": "Ύδρευση", "en": "Water supply"})


@pytest.fixture
def boss(client, department):
    return Machine(client, a_supervisor(department))


def incident(service, **given) -> Ticket:
    made = a_ticket(department_id=service.department_id, service_id=service.id, **given)
    ground.commit()
    return made


def told(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json


def at(ticket) -> str:
    return f"/tickets/{ticket.id}/major-incident"


def act(machine, ticket, verb, given=None, **headers):
    return machine.post(f"/tickets/{ticket.id}/actions/{verb}", given or {}, **headers)


@pytest.fixture
def declared(machine, agent, service):
    """A ticket that was declared with all that can be said."""
    ticket = incident(service)
    given = {"coordinator_id": agent.id, "title": TITLE, "summary": SUMMARY, "services": [service.key]}
    told(act(machine, ticket, "declare-major", given))
    return ticket


@pytest.fixture
def over(machine, declared):
    """One that is resolved and not reviewed."""
    told(act(machine, declared, "resolve-major", END))
    return declared


def test_it_is_declared_with_all_that_can_be_said(machine, agent, service, declared):
    assert told(machine.get(f"/tickets/{declared.id}"))["major"] is True
    found = told(machine.get(at(declared)))
    assert (found["number"], found["title"], found["summary"]) == (str(declared.id), TITLE, SUMMARY)
    assert (found["coordinator_id"], found["services"], found["criterion"]) == (agent.id, [service.id], "by_hand")
    assert (found["ended_at"], found["updates"], found["children"], found["reviewed"]) == (None, [], [], False)


def test_a_coordinator_and_one_line_are_enough(machine, agent, service):
    ticket = incident(service)
    told(act(machine, ticket, "declare-major", {"coordinator": agent.id, "title": "Χωρίς νερό"}))
    found = told(machine.get(at(ticket)))
    assert found["title"] == {"el": "Χωρίς νερό", "en": "Χωρίς νερό"}
    assert found["summary"]["en"].startswith("We know about it") and found["summary"]["el"].startswith("Το γνωρίζουμε")


def test_without_a_title_citizens_read_the_service_and_never_what_somebody_wrote(machine, agent, service):
    ticket, bare = (
        incident(service, subject="Η Μαρία Παππά δεν έχει νερό"),
        a_ticket(department_id=service.department_id),
    )
    ground.commit()
    for one in (ticket, bare):
        told(act(machine, one, "declare-major", {"coordinator": agent.id}))
    named = [told(machine.get(at(one)))["title"] for one in (ticket, bare)]
    assert named == [
        {"el": "Βλάβη ή διακοπή: Ύδρευση", "en": "Disruption: Water supply"},
        {"el": "Σοβαρή βλάβη ή διακοπή", "en": "Major disruption"},
    ]


def test_a_declaration_without_coordinator_or_with_half_a_text_is_refused_and_leaves_it_as_it_was(
    machine, agent, service
):
    ticket = incident(service)
    for given, field in (
        ({"title": TITLE}, "coordinator_id"),
        ({"coordinator": agent.id, "title": {"el": "Μόνο"}}, "title_en"),
        ({"coordinator": agent.id, "summary": {"en": "Only"}}, "summary_el"),
        ({"coordinator": agent.id, "services": ["no-such"]}, "services"),
        ({"coordinator": agent.id, "update_minutes": 1}, "update_minutes"),
    ):
        refused(act(machine, ticket, "declare-major", given), 422, None, field)
    assert told(machine.get(f"/tickets/{ticket.id}"))["major"] is False
    refused(machine.get(at(ticket)), 404)


def test_declaring_twice_or_from_elsewhere_is_refused(machine, client, agent, declared):
    given = {"coordinator": agent.id, "title": "Πάλι"}
    refused(act(machine, declared, "declare-major", given), 409, "already-major")
    stranger = Machine(client, an_agent(a_department()))
    assert act(stranger, declared, "declare-major", given).status_code in (403, 404)


def test_a_declaration_sent_again_with_its_key_is_the_same_one(machine, agent, service):
    ticket = incident(service)
    given = {"coordinator": agent.id, "title": TITLE}
    answers = [act(machine, ticket, "declare-major", given, Idempotency_Key="once") for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert db.session.query(Outage).count() == 1


def test_a_supervisor_takes_a_declaration_back_and_others_do_not(machine, boss, declared):
    refused(act(machine, declared, "revoke-major", {"reason": "Λάθος."}), 403)
    refused(act(boss, declared, "revoke-major"), 422, None, "reason")
    assert told(act(boss, declared, "revoke-major", {"reason": "Μία οικοδομή."}))["major"] is False
    assert told(boss.get(at(declared)))["revoked_at"] is not None
    refused(act(boss, declared, "revoke-major", {"reason": "Ξανά."}), 409, "not-major")


def test_an_update_is_listed_promises_the_next_and_reaches_the_letters(machine, declared):
    found = told(machine.post(f"{at(declared)}/updates", {"text": NEWS, "next_minutes": 30}))
    [said] = found["updates"]
    assert said["text"] == NEWS and said["next_at"] == found["next_update_at"]
    found = told(machine.post(f"{at(declared)}/updates", {"text": "Σε μία ώρα."}, Idempotency_Key="u1"))
    again = told(machine.post(f"{at(declared)}/updates", {"text": "Σε μία ώρα."}, Idempotency_Key="u1"))
    assert found == again and len(found["updates"]) == 2
    assert found["updates"][0]["text"] == {"el": "Σε μία ώρα.", "en": "Σε μία ώρα."}
    refused(machine.post(f"{at(declared)}/updates", {"text": {"el": "Μόνο"}}), 422, None, "text_en")
    refused(machine.post(f"{at(declared)}/updates", {}), 422, None, "text")


def test_tickets_are_linked_by_number_and_let_go_again(machine, service, declared):
    first, second = incident(service), incident(service)
    found = told(machine.post(f"{at(declared)}/children", {"tickets": [str(first.id), second.id]}))
    assert [one["number"] for one in found["children"]] == [str(first.id), str(second.id)]
    refused(machine.post(f"{at(declared)}/children", {"tickets": [declared.id]}), 422, None, "tickets")
    found = told(machine.post(f"{at(declared)}/releases", {"tickets": [first.id]}))
    assert found["children"] == [{"number": str(second.id), "state": "linked"}]
    refused(machine.post(f"{at(first)}/children", {"tickets": [second.id]}), 409, "not-major")


def test_whoever_is_to_know_is_kept_informed(machine, agent, declared):
    found = told(machine.post(f"{at(declared)}/stakeholders", {"email": "dimarchos@example.org", "name": "Δήμαρχος"}))
    assert ("Δήμαρχος", "dimarchos@example.org") in [(one["name"], one["email"]) for one in found["stakeholders"]]
    refused(machine.post(f"{at(declared)}/stakeholders", {}), 422)
    before = len(found["stakeholders"])
    assert len(told(machine.post(f"{at(declared)}/stakeholders", {"person_id": agent.id}))["stakeholders"]) > before


def test_resolving_it_resolves_what_is_linked_but_for_what_is_set_aside(machine, service, declared):
    same, apart = incident(service), incident(service)
    told(machine.post(f"{at(declared)}/children", {"tickets": [same.id, apart.id]}))
    answer = told(act(machine, declared, "resolve-major", END | {"exclude": [str(apart.id)]}))
    assert answer["status"] == "resolved" and answer["resolution"]["code"] == "solved"
    ground.commit()
    majors.settle(declared.id)
    ground.commit()
    states = [told(machine.get(f"/tickets/{one.id}"))["status"] for one in (same, apart)]
    assert states == ["resolved", "new"]
    assert told(machine.get(at(declared)))["ended_at"] is not None


def test_an_ordinary_ticket_is_not_resolved_as_a_major_incident(machine, service):
    refused(act(machine, incident(service), "resolve-major", END), 409, "not-major")


def test_the_review_begins_with_the_course_and_is_kept_as_a_draft_or_finished(machine, agent, over):
    begun = told(machine.get(f"{at(over)}/review"))
    assert (begun["number"], begun["finished"]) == (0, False) and begun["timeline"]
    draft = told(machine.ask("PUT", f"{at(over)}/review", {"cause": "Ίσως παλιός αγωγός.", "finished": False}))
    assert (draft["number"], draft["finished"], draft["timeline"]) == (1, False, begun["timeline"])
    refused(
        machine.ask("PUT", f"{at(over)}/review", {"cause": "Μόνο"}), 422, "missing-field", "went_well", "went_badly"
    )
    action = {"text": "Νέα βάνα", "owner_id": agent.id, "due_on": "2027-01-31"}
    whole = told(machine.ask("PUT", f"{at(over)}/review", LEARNED | {"actions": [action]}))
    assert (whole["finished"], whole["timeline"]) == (True, begun["timeline"])
    assert whole["actions"] == [action | {"problem_id": None}]
    assert told(machine.get(at(over)))["reviewed"] is True


def test_a_problem_is_opened_for_an_action_of_the_review_once_and_stays_when_it_is_amended(machine, agent, over):
    action = {"text": "Νέα βάνα", "owner_id": agent.id, "due_on": "2027-01-31"}
    path = f"{at(over)}/review/problems"
    refused(machine.post(path, {"action": 1}), 409, "review-missing")
    told(machine.ask("PUT", f"{at(over)}/review", LEARNED | {"actions": [action]}))
    [kept] = told(machine.post(path, {"action": 1}))["actions"]
    problem = told(machine.get(f"/problems/{kept['problem_id']}"))
    assert (problem["titles"], problem["causes"]) == ({"el": "Νέα βάνα"}, {"el": LEARNED["cause"]})
    refused(machine.post(path, {"action": 1}), 409, "problem-open")
    refused(machine.post(path, {"action": 2}), 404)
    told(machine.ask("PUT", f"{at(over)}/review", LEARNED | {"actions": [action | {"due_on": "2027-03-01"}]}))
    assert told(machine.get(f"{at(over)}/review"))["actions"][0]["problem_id"] == kept["problem_id"]


def test_a_review_looks_back_so_it_waits_for_the_end(machine, declared):
    refused(machine.ask("PUT", f"{at(declared)}/review", LEARNED), 409, "not-resolved")


def test_no_door_closes_it_before_the_review(client, machine, department, over):
    for verb in ("close", "confirm"):
        refused(act(machine, over, verb), 409, "review-missing")
    assert upkeep.close_silent(clock.now() + timedelta(days=60)) == 0
    ground.commit()
    assert told(machine.get(f"/tickets/{over.id}"))["status"] == "resolved"
    told(machine.ask("PUT", f"{at(over)}/review", LEARNED))
    assert told(act(machine, over, "close"))["status"] == "closed"


def test_a_proposal_waits_for_a_supervisor_who_says_no_once(machine, boss, service):
    ticket, other = incident(service), incident(service)
    told(act(machine, ticket, "propose-major", {"reason": "Όλη η γειτονιά.", "similar": [str(other.id)]}))
    [waiting] = told(boss.get("/major-proposals"))["items"]
    assert (waiting["ticket"], waiting["state"], waiting["similar"]) == (str(ticket.id), "open", 2)
    path, why = f"/major-proposals/{waiting['id']}/dismiss", {"reason": "Μία οικοδομή μόνο."}
    refused(machine.post(path, why), 403)
    refused(boss.post(path, {}), 422, None, "reason")
    first = boss.post(path, why, Idempotency_Key="no-1")
    assert told(first) == waiting | {"state": "dismissed"}
    again = boss.post(path, why, Idempotency_Key="no-1")
    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")
    refused(boss.post(path, why), 409, "decided")
    refused(boss.post("/major-proposals/999999/dismiss", why), 404)
    assert told(boss.get("/major-proposals"))["items"] == []
    assert db.session.query(MajorProposal).one().state == "dismissed"


def test_proposals_come_in_pages(machine, boss, department):
    tickets = [incident(a_service(department_id=department.id, type="incident")) for _ in range(3)]
    for ticket in tickets:
        told(act(machine, ticket, "propose-major"))
    first = told(boss.get("/major-proposals?limit=2"))
    rest = told(boss.get(f"/major-proposals?limit=2&cursor={first['next']}"))
    assert [one["ticket"] for one in first["items"] + rest["items"]] == [str(one.id) for one in tickets]


def test_announcements_say_what_lasts_in_the_wished_language_and_nothing_else(machine, declared):
    told(machine.post(f"{at(declared)}/updates", {"text": NEWS}))
    [said] = told(machine.get("/announcements?language=en"))["items"]
    assert (said["title"], said["text"], said["services"]) == (TITLE["en"], NEWS["en"], ["Water supply"])
    assert said["spoken"] == "No water in the Upper Town. The crew is digging."
    assert str(declared.id) not in str(said)
    assert told(machine.get("/announcements"))["items"][0]["title"] == TITLE["el"]
    refused(machine.get("/announcements?language=de"), 422, "bad-query", "language")
    told(act(machine, declared, "resolve-major", END))
    assert told(machine.get("/announcements"))["items"] == []
