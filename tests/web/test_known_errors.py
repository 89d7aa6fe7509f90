"""Known errors on the ticket's page, on pages of their own, for citizens, and by machine."""

import pytest

from helpdesk import clock
from helpdesk.db import db
from helpdesk.models.problems import Problem
from helpdesk.services import problems
from tests.builders import a_department, a_service, a_supervisor, a_ticket, an_agent
from tests.web.browsers import Browser
from tests.web.machine import Machine

pytestmark = pytest.mark.usefixtures("body")

TITLES = {"el": "Η πληρωμή με κάρτα κόβεται", "en": "Card payments fail"}
WAY = {"el": "Δοκιμάστε με το IRIS.", "en": "Pay by IRIS."}


@pytest.fixture
def service(department):
    return a_service(department_id=department.id, key="card-payment", names={"el": "Πληρωμές", "en": "Payments"})


@pytest.fixture
def ticket(department, service):
    return a_ticket(department_id=department.id, service_id=service.id, subject="Κάρτα", text="Σφάλμα πληρωμής")


def known(actor, **given):
    opened = problems.open_(actor, at=clock.now(), titles=TITLES, workarounds=WAY, **given)
    return problems.declare(actor, opened.id, at=clock.now())


def test_the_ticket_shows_what_may_help_and_puts_it_into_the_reply_by_one_click(app, agent, ticket, service):
    declared = known(agent, service_id=service.id)
    browser = Browser(app, agent)
    shown = browser.open(f"/desk/tickets/{ticket.id}").text
    assert "Card payments fail" in shown and "Pay by IRIS." in shown and "Put into the reply" in shown
    filled = browser.open(f"/desk/tickets/{ticket.id}?workaround={declared.id}").text
    assert "Δοκιμάστε με το IRIS.</textarea>" in filled, "in the citizen's language, not the reader's"


def test_it_helped_is_one_form_and_told_in_the_timeline(app, agent, ticket, service):
    declared = known(agent, service_id=service.id)
    browser = Browser(app, agent)
    sent = browser.send(f"/desk/tickets/{ticket.id}/use-workaround", problem=str(declared.id))
    assert sent.status_code == 303
    shown = browser.open(f"/desk/tickets/{ticket.id}").text
    assert "Its workaround helped here" in shown
    assert f"noted that the workaround of problem {declared.id} helped" in shown


def test_a_reader_of_another_department_sees_it_and_gets_no_buttons(app, agent, ticket, service):
    known(agent, service_id=service.id)
    shown = Browser(app, an_agent(a_department())).open(f"/desk/tickets/{ticket.id}").text
    assert "Card payments fail" in shown
    assert "use-workaround" not in shown and "Put into the reply" not in shown


def test_a_problem_is_opened_from_a_ticket_and_declared(app, agent, ticket, service):
    browser = Browser(app, agent)
    form = browser.open(f"/desk/problems/new?ticket={ticket.id}").text
    assert f'value="{ticket.subject}"' in form and f'name="ticket" value="{ticket.id}"' in form
    sent = browser.send(
        "/desk/problems/new", page=f"/desk/problems/new?ticket={ticket.id}", ticket=str(ticket.id),
        **{"titles-el": "Κάρτες", "service_id": str(service.id), "owner_id": str(agent.id), "audience": "internal"},
    )  # fmt: skip
    assert sent.status_code == 303
    place = sent.headers["Location"]
    assert str(ticket.id) in browser.open(place).text
    refused = browser.send(f"{place}/declare", page=place)
    assert refused.status_code == 422 and "says that there is none yet" in refused.text
    assert browser.send(f"{place}/declare", page=place, none_yet="yes").status_code == 303
    assert "No way round it yet" in browser.open("/desk/problems").text


def test_wrong_fields_stand_beside_what_was_typed(app, agent):
    browser = Browser(app, agent)
    sent = browser.send("/desk/problems/new", **{"causes-en": "A cable", "owner_id": str(agent.id), "audience": "x"})
    assert sent.status_code == 422
    assert "Give a title." in sent.text and "A cable" in sent.text and 'id="audience-error"' in sent.text


def test_only_who_keeps_it_gets_the_form(app, agent, department):
    declared = known(agent)
    other = Browser(app, an_agent(department)).open(f"/desk/problems/{declared.id}").text
    assert "Pay by IRIS." in other and "<textarea" not in other
    kept = Browser(app, a_supervisor(department))
    page = kept.open(f"/desk/problems/{declared.id}").text
    assert "<textarea" in page
    fields = {f"titles-{code}": told for code, told in TITLES.items()}
    fields |= {f"workarounds-{code}": told for code, told in WAY.items()}
    fields |= {"audience": "public", "owner_id": str(agent.id), "active": "yes", "version": str(declared.version)}
    assert kept.send(f"/desk/problems/{declared.id}", **fields).status_code == 303
    assert db.session.get(Problem, declared.id).audience == "public"
    assert kept.send(f"/desk/problems/{declared.id}", **fields).status_code == 409, "the version is an old one"


@pytest.mark.parametrize("path", ["/en/ask?q=card+payment", "/en/help?q=card+payment", "/en/ask/card-payment"])
def test_citizens_read_public_ones_and_no_other(app, client, agent, service, path):
    known(agent, service_id=service.id, causes={"en": "A secret cable"})
    assert "Card payments fail" not in client.get(path).text
    known(agent, service_id=service.id, causes={"en": "A secret cable"}, audience="public")
    shown = client.get(path).text
    assert "Card payments fail" in shown and "Pay by IRIS." in shown and "secret" not in shown


def test_a_machine_keeps_matches_and_uses_them(client, agent, ticket, service):
    machine = Machine(client, agent)
    made = machine.post("/problems", {"titles": TITLES, "service": service.key, "ticket": str(ticket.id)})
    assert made.status_code == 201 and made.json["tickets"] == 1
    place = f"/problems/{made.json['id']}"
    assert machine.post(f"{place}/actions/declare", {}).status_code == 422
    declared = machine.post(f"{place}/actions/declare", {"workarounds": WAY})
    assert declared.json["state"] == "known_error" and declared.json["review_on"]
    found = machine.get(f"/tickets/{ticket.id}/known-errors").json["known_errors"]
    assert [(one["id"], one["linked"]) for one in found] == [(made.json["id"], True)]
    used = machine.post(f"/tickets/{ticket.id}/known-errors/{made.json['id']}/use", {})
    assert used.json["known_errors"][0]["used_at"]
    assert machine.get("/problems").json["items"][0]["uses"] == 1
    changed = {"version": declared.json["version"], "audience": "public"}
    assert machine.patch(place, changed).json["audience"] == "public"
    assert machine.patch(place, changed).status_code == 409
    assert machine.post(f"{place}/actions/resolve", {}).json["state"] == "resolved"
    assert machine.get("/problems").json["items"] == []
