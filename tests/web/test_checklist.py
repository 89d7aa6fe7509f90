"""A model's checklist on the ticket's page, scripts, approvals, the model's form, and the same by machine."""

import re

import pytest

from helpdesk import clock
from helpdesk.db import commit
from helpdesk.services import procedures, rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import (
    a_department,
    a_service,
    a_supervisor,
    a_ticket,
    an_administrator,
    an_agent,
)
from tests.procedures import QUESTIONS, enact, model, step
from tests.web.browsers import Browser
from tests.web.machine import Machine

pytestmark = pytest.mark.usefixtures("body")


SIGN = step("sign", "approve", approval={})


def opened(department, *steps):
    enact(*steps)
    ticket = a_ticket(department_id=department.id, type="request")
    commit()
    return ticket


def states(ticket):
    return {one.step.key: one.state.value for one in procedures.of(ticket).steps}


def test_the_page_shows_the_steps_and_their_forms_do_them(app, agent, department):
    ticket = opened(department, step("look"), step("who", "verify"), step("write", mandatory=False))
    browser, page = Browser(app, agent), f"/desk/tickets/{ticket.id}"
    shown = browser.open(page).text
    assert 'id="checklist"' in shown and "0/3" in shown and 'aria-current="step"' in shown
    assert browser.send(f"{page}/do-step", step="look", note="Seen").status_code == 303
    assert browser.send(f"{page}/do-step", step="who", outcome="verified").status_code == 303
    assert browser.send(f"{page}/skip-step", step="write", reason="").status_code == 422
    assert browser.send(f"{page}/skip-step", step="write", reason="No need").status_code == 303
    assert states(ticket) == {"look": "done", "who": "done", "write": "skipped"}
    shown = browser.open(page).text
    assert "3/3" in shown and "did the step “Look”" in shown and "left out the step “Write”" in shown


def test_a_reader_of_another_department_sees_the_steps_and_gets_no_buttons(app, department):
    ticket = opened(department, step("look"))
    shown = Browser(app, an_agent(a_department())).open(f"/desk/tickets/{ticket.id}").text
    assert 'id="checklist"' in shown and "do-step" not in shown


def test_a_ticket_without_a_model_has_no_checklist(app, agent, department):
    ticket = a_ticket(department_id=department.id)
    assert 'id="checklist"' not in Browser(app, agent).open(f"/desk/tickets/{ticket.id}").text


def test_a_script_goes_question_by_question_and_ends_in_a_note(app, agent, department):
    ticket = opened(department, step("ask", "ask", questions=QUESTIONS))
    browser, place = Browser(app, agent), f"/desk/tickets/{ticket.id}/script/ask"
    first = browser.open(place).text
    assert "Is any lamp lit?" in first and "Did it rain?" not in first
    second = browser.open(f"{place}?path=1").text
    assert "Did it rain?" in second and "Keep the answers" not in second
    last = browser.open(f"{place}?path=1.0").text
    assert "Reset the switch." in last and "Keep the answers" in last
    assert browser.open(f"{place}?path=9").status_code == 404
    sent = browser.send(f"/desk/tickets/{ticket.id}/do-step", step="ask", path="1.0", note="In a hurry")
    assert sent.status_code == 303
    shown = browser.open(f"/desk/tickets/{ticket.id}").text
    assert "«Did it rain?» «It rained»" in shown and "In a hurry" in shown


def test_approvals_have_their_page_and_nobody_decides_on_their_own(app, agent, boss, department):
    ticket = opened(department, SIGN)
    mine, theirs, page = Browser(app, boss), Browser(app, a_supervisor(department)), f"/desk/tickets/{ticket.id}"
    assert mine.send(f"{page}/ask-approval", step="sign", note="900 €").status_code == 303
    assert f'href="/desk/tickets/{ticket.id}"' not in mine.open("/desk/approvals").text
    for address, form in ((f"/desk/approvals/{ticket.id}", {"act": "approve"}), (f"{page}/approve-step", {})):
        refused = mine.send(address, step="sign", **form)
        assert refused.status_code == 403 and "Nobody approves what they asked for themselves." in refused.text
    assert "900 €" in theirs.open("/desk/approvals").text
    refused = theirs.send(f"/desk/approvals/{ticket.id}", step="sign", act="refuse")
    assert refused.status_code == 422 and "Give the reason in a few words." in refused.text
    assert theirs.send(f"/desk/approvals/{ticket.id}", step="sign", act="approve").status_code == 303
    assert theirs.send(f"/desk/approvals/{ticket.id}", step="sign", act="approve").status_code == 409
    assert states(ticket) == {"sign": "approved"}


def test_resolving_by_form_names_what_is_open(app, agent, department):
    ticket = opened(department, step("look"))
    browser, page = Browser(app, agent), f"/desk/tickets/{ticket.id}"
    refused = browser.send(f"{page}/resolve", code="fulfilled", text="Done")
    assert refused.status_code == 422 and "still open" in refused.text and "Look" in refused.text
    assert browser.send(f"{page}/resolve", code="rejected", text="No").status_code == 303


def test_a_machine_does_steps_and_approves_but_not_what_it_asked_for(client, agent, boss, department):
    another = a_supervisor(department)
    ticket = opened(department, step("look"), SIGN, step("ask", "ask", questions=QUESTIONS))
    machine, place = Machine(client, agent), f"/tickets/{ticket.id}"
    found = machine.get(f"{place}/procedure").json
    assert (found["model"], found["missing"]) == ("a-model@1", ["look", "sign", "ask"])
    assert machine.post(f"{place}/steps/look/do", {}).json["steps"][0]["state"] == "done"
    assert machine.post(f"{place}/steps/look/do", {}).status_code == 409
    assert machine.post(f"{place}/steps/ask/do", {"answers": [0]}).json["code"] == "too-early"
    asked = Machine(client, boss)
    assert asked.post(f"{place}/steps/sign/ask", {"note": "900"}).status_code == 200
    refused = asked.post(f"{place}/steps/sign/approve", {})
    assert (refused.status_code, refused.json["code"]) == (403, "self-approval")
    other = Machine(client, another)
    assert asked.get("/approvals").json["items"] == []
    assert [one["step"] for one in other.get("/approvals").json["items"]] == ["sign"]
    assert other.post(f"{place}/steps/sign/refuse", {"reason": "Too much"}).json["steps"][1]["state"] == "refused"
    assert machine.get(place).json["waiting"] is None
    refused = machine.post(f"{place}/actions/resolve", {"code": "fulfilled", "text": "Done"})
    assert (refused.status_code, refused.json["code"]) == (422, "steps-open")
    assert set(refused.json["fields"]) == {"steps.sign", "steps.ask"}
    bare = a_ticket(department_id=department.id)
    assert machine.get(f"/tickets/{bare.id}/procedure").status_code == 404


def test_an_administrator_writes_a_model_in_a_form_and_puts_it_in_force(app, department):
    service, chief = a_service(department_id=department.id), an_administrator(email="chief@city.example")
    browser = Browser(app, chief)
    page = "/admin/rulebook/new/model"
    begun = browser.open(page).text
    assert begun.count('class="model-step"') == 1
    form = {
        "title": "Bins", "kind": "request", "owner": "chief@city.example", "names-en": "Bins", "service": service.key,
        "count": "2", "step-0-kind": "task", "step-0-texts-en": "Look at it", "step-0-mandatory": "yes",
        "step-1-kind": "ask", "step-1-texts-en": "Ask",
        "step-1-script": "? lit: Φως; | Light?\n- Ναι | Yes => Πάμε | Go",
    }  # fmt: skip
    more = browser.send(page, page=page, **form, act="add").text
    assert more.count('class="model-step"') == 3 and "Look at it" in more
    wrong = browser.send(page, page=page, **form | {"step-1-script": "Light?"})
    assert wrong.status_code == 422 and "Line 1 is neither a question" in wrong.text
    made = browser.send(page, page=page, **form)
    assert made.status_code == 303, re.findall(r'class="error"[^>]*>.*?</span>', made.text)
    shown = browser.open(made.headers["Location"]).text
    assert "Look at it" in shown and "Light?" in shown
    row = rulebook.versions(RulebookKind.MODEL)[0]
    assert [one["key"] for one in row.data["steps"]] == ["look-at-it", "ask"]
    rulebook.start(chief, row.id, why="It recurs", at=clock.now())
    ticket = a_ticket(department_id=department.id, service_id=service.id, type="request")
    commit()
    assert procedures.of(ticket).version.key == "bins"
    again = browser.open(f"/admin/rulebook/{row.id}/edit").text
    assert "? lit: Φως; | Light?" in again and "- Ναι | Yes =&gt; Πάμε | Go" in again


def test_models_go_by_the_api_as_other_rules_do(client):
    chief = an_administrator(email="chief@city.example")
    machine = Machine(client, chief)
    made = machine.ask(
        "PUT", "/models/bins", {"title": "Bins", "data": model(step("look"), owner="chief@city.example")}
    )
    assert made.status_code == 201
    assert machine.post("/models/bins/put-in-force", {"number": 1, "why": "It recurs"}).json["state"] == "in_force"
    wrong = machine.ask("PUT", "/models/bins", {"title": "Bins", "data": model(step("look", "juggle"))})
    assert (wrong.status_code, set(wrong.json["fields"])) == (422, {"steps[0].kind"})


def test_supervisors_see_how_models_were_followed(app, client, agent, boss, department):
    ticket = opened(department, step("look"))
    procedures.do(agent, ticket.id, "look")
    shown = Browser(app, boss).open("/supervise/models?from=2026-11-24&to=2026-11-24").text
    assert "100% of 1 tickets received have a model." in shown and "A model" in shown
    found = Machine(client, boss).get("/reports/models?from=2026-11-24&to=2026-11-24").json
    assert [(one["model"], one["n"]) for one in found["models"]] == [("a-model", 1)]
