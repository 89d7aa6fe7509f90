"""Registration on its faces: complaints, splitting, people handled with care, categories, receipts, priorities."""

import pytest

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.catalogue import Category
from helpdesk.models.tickets import Ticket
from helpdesk.services import catalogue, intake, rulebook
from helpdesk.services.people import Contact
from tests.builders import (
    NOON,
    a_category,
    a_citizen,
    a_message,
    a_service,
    a_supervisor,
    a_ticket,
    an_account,
    an_administrator,
    an_agent,
)
from tests.web.citizen import fill_in
from tests.web.machine import Machine
from tests.web.staff_browser import StaffBrowser, visible


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)
    an_account(kind="webform", address="form")


@pytest.fixture
def people(department):
    """Who is complained of, a colleague, a supervisor and an administrator who are complained of too."""
    found = (
        an_agent(department, name="Μίλτος Ωμός"),
        an_agent(department, name="Μαρία"),
        a_supervisor(department, name="Σοφία"),
        an_administrator(name="Ελένη"),
    )
    catalogue.changed(NOON)
    return found


@pytest.fixture
def complaint(department, people):
    rude, _, lead, chief = people
    ticket = a_ticket(
        type="complaint", department_id=department.id, complained_of=[rude.id, lead.id, chief.id], status="open",
        subject="Με έβρισαν στο γκισέ",
    )  # fmt: skip
    ground.commit()
    return ticket


PLACES = (
    "/desk?view={view}", "/desk?q={number}", "/desk?q=γκισέ", "/supervise", "/supervise/board", "/supervise/post",
    "/supervise/waiting", "/supervise/figures/backlog", "/supervise/figures/received",
)  # fmt: skip


def test_no_page_of_the_desk_or_of_supervision_shows_it_to_whom_it_is_about(app, people, complaint):
    rude, colleague, lead, chief = people
    for actor in (rude, lead, chief):
        browser = StaffBrowser(app, actor)
        browser.page(f"/desk/tickets/{complaint.id}", 404)
        browser.page(f"/desk/tickets/{complaint.id}/ledger", 404)
        browser.page(f"/desk/tickets/{complaint.id}/receipt", 404)
        for place in PLACES:
            if "supervise" in place and actor is rude:
                continue
            for view in ("all", "any", "departments", "unassigned"):
                answer = browser.get(place.format(number=complaint.id, view=view))
                assert answer.status_code in (200, 302, 404), place
                assert "Με έβρισαν" not in answer.text, place
    assert "Με έβρισαν" in StaffBrowser(app, colleague).page("/desk?view=all")


def test_no_answer_of_the_api_has_it_for_whom_it_is_about(client, people, complaint):
    rude, colleague, lead, chief = people
    for actor in (rude, lead, chief):
        machine = Machine(client, actor)
        for path in ("", "/messages", "/events", "/clocks", "/ledger"):
            assert machine.get(f"/tickets/{complaint.id}{path}").status_code == 404, path
        assert machine.get("/tickets").json["items"] == []
        assert machine.get("/tickets?type=complaint").json["items"] == []
        assert machine.patch(f"/tickets/{complaint.id}", {"version": 1, "subject": "Τίποτα"}).status_code == 404
        assert machine.post(f"/tickets/{complaint.id}/actions/take", {}).status_code == 404
        assert machine.post(f"/tickets/{complaint.id}/actions/split", {"text": "Α"}).status_code == 404
    seen = Machine(client, colleague).get(f"/tickets/{complaint.id}").json
    assert seen["complained_of"] == [rude.id, lead.id, chief.id]
    refused = Machine(client, colleague).post(f"/tickets/{complaint.id}/actions/assign", {"assignee_id": rude.id})
    assert refused.status_code == 422
    assert "assignee_id" in refused.json["fields"]


def test_a_complaint_is_named_by_the_desk_and_its_people_are_offered_no_more(app, people, department):
    rude, colleague, *_ = people
    ticket = a_ticket(type="complaint", department_id=department.id)
    ground.commit()
    browser = StaffBrowser(app, colleague)
    path = f"/desk/tickets/{ticket.id}"
    assert "Complaint about colleagues" in browser.page(path)
    answer = browser.send(f"{path}/complain-of", at=path, people=str(rude.id))
    assert answer.status_code == 303
    page = browser.page(path)
    offered = page.partition('id="assign-assignee_id"')[2].partition("</select>")[0]
    assert "Μαρία" in offered
    assert "Μίλτος" not in offered
    assert "said that it is about Μίλτος Ωμός" in visible(page)
    StaffBrowser(app, rude).page(path, 404)


def test_who_takes_down_a_complaint_about_themselves_is_led_to_the_queue(app, people, department):
    rude, *_ = people
    given = {"channel": "counter", "name": "Άννα", "subject": "Για εμένα", "text": "Με έβρισε", "language": "el"}
    browser = StaffBrowser(app, rude)
    answer = browser.send("/desk/new", **given, department=department.key, complained_of=str(rude.id))
    assert answer.location.endswith("/desk")
    assert db.session.query(Ticket).filter_by(subject="Για εμένα").one().type == "complaint"


def test_a_contact_is_split_by_the_desk_and_by_the_api(app, client, people, department):
    _, colleague, *_ = people
    ticket = a_ticket(department_id=department.id, subject="Φως και κάδος")
    second = a_message(ticket, text="Και ο κάδος έσπασε.", author_id=ticket.requester_id)
    ground.commit()
    browser, path = StaffBrowser(app, colleague), f"/desk/tickets/{ticket.id}"
    assert "Και ο κάδος έσπασε." in browser.page(path).partition("act-split")[2]
    answer = browser.send(f"{path}/split", at=path, messages=str(second.id), subject="Κάδος", words="")
    assert answer.status_code == 303
    made = db.session.query(Ticket).filter_by(subject="Κάδος").one()
    assert (made.requester_id, made.received_at) == (ticket.requester_id, second.at)
    refused = browser.send(f"{path}/split", at=path, words="")
    assert refused.status_code == 422
    assert "split-messages-error" in refused.text
    answer = Machine(client, colleague).post(
        f"/tickets/{ticket.id}/actions/split", {"text": "Και το παγκάκι", "subject": "Παγκάκι"}
    )
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(answer.json["number"])
    assert {"kind": "split", "number": str(ticket.id)} in answer.json["links"]
    assert Machine(client, colleague).post(f"/tickets/{ticket.id}/actions/split", {}).status_code == 422


def test_somebody_asks_for_somebody_else_by_desk_and_api(app, client, people, department):
    _, colleague, *_ = people
    given = {"channel": "phone", "name": "Άννα", "subject": "Για τη γιαγιά", "text": "Α", "language": "el"}
    browser = StaffBrowser(app, colleague)
    refused = browser.send("/desk/new", **given, behalf_email="no address")
    assert refused.status_code == 422
    answer = browser.send("/desk/new", **given, department=department.key, behalf_name="Ελένη Γιαγιά")
    assert "for Ελένη Γιαγιά" in visible(browser.page(answer.location))
    new = {"subject": "Α", "text": "Β", "on_behalf_of": {"name": "Γιώργος", "email": "g@example.org"}}
    made = Machine(client, colleague).post("/tickets", new).json
    assert made["on_behalf_of"]["name"] == "Γιώργος"


def test_care_is_said_by_who_leads_seen_by_staff_and_never_by_the_citizen(app, client, people, department):
    _, colleague, *_ = people
    lead, person = a_supervisor(department), a_citizen()
    catalogue.changed(NOON)
    ticket = a_ticket(department_id=department.id, requester=person)
    ground.commit()
    path = f"/desk/tickets/{ticket.id}"
    assert 'id="act-care"' not in StaffBrowser(app, colleague).page(path)
    browser = StaffBrowser(app, lead)
    refused = browser.send(f"{path}/care", at=path, care="vulnerable", reason="")
    assert refused.status_code == 422
    assert browser.send(f"{path}/care", at=path, care="vulnerable", reason="Δεν βλέπει").status_code == 303
    assert "Vulnerable person. Δεν βλέπει" in visible(StaffBrowser(app, colleague).page(path))
    assert Machine(client, colleague).get(f"/people/{person.id}").json["care"] == "vulnerable"
    assert Machine(client, colleague).patch(f"/people/{person.id}", {"care": None}).status_code == 403
    assert Machine(client, lead).patch(f"/people/{person.id}", {"care": "vip"}).status_code == 422
    cleared = Machine(client, lead).patch(f"/people/{person.id}", {"care": None})
    assert (cleared.status_code, cleared.json["care"]) == (200, None)


def test_the_tree_is_seen_and_ordered_by_administrators_and_read_by_machines(app, client, people):
    root = an_administrator()
    top, other = a_category(names={"en": "Streets", "el": "Δρόμοι"}), a_category(names={"en": "Water"}, position=1)
    below = a_category(names={"en": "Lamps", "el": "Λάμπες"}, parent_id=top.id, examples={"en": "It blinks"})
    catalogue.changed(NOON)
    ground.commit()
    browser = StaffBrowser(app, root)
    page = visible(browser.page("/admin/categories"))
    assert page.index("Streets") < page.index("Lamps") < page.index("Water")
    assert "It blinks" in page
    moved = browser.send(f"/admin/categories/{other.id}/move", at="/admin/categories", to="up")
    assert moved.status_code == 303
    page = visible(browser.page("/admin/categories"))
    assert page.index("Water") < page.index("Streets")
    assert f'value="{top.id}" selected' in browser.page(f"/admin/categories/new?parent={top.id}")
    listed = Machine(client, root).get("/categories").json["items"]
    assert [item["key"] for item in listed] == [other.key, top.key, below.key]
    assert listed[2]["path"]["el"] == "Δρόμοι › Λάμπες"
    form = browser.page(f"/admin/categories/{top.id}")
    assert f'value="{below.id}"' not in form.partition('id="parent_id"')[2].partition("</select>")[0]
    assert db.session.query(Category).count() == 3


def test_an_agent_chooses_a_category_by_its_path_and_reads_the_one_it_opened_with(app, people, department):
    _, colleague, *_ = people
    top = a_category(names={"en": "Streets"})
    below = a_category(names={"en": "Lamps"}, parent_id=top.id)
    ticket = a_ticket(department_id=department.id, category_id=below.id, opening_category_id=top.id)
    catalogue.changed(NOON)
    ground.commit()
    page = StaffBrowser(app, colleague).page(f"/desk/tickets/{ticket.id}")
    assert "Streets › Lamps opened as Streets" in visible(page)


def test_an_application_is_received_with_its_number_and_a_receipt_that_prints(app, client, people):
    _, colleague, *_ = people
    service = a_service(application=True)
    catalogue.changed(NOON)
    ground.commit()
    sent = fill_in(
        client, f"/el/ask/{service.key}", subject="Πιστοποιητικό", description="Για σχολείο", name="Άννα Ιωάννου"
    )
    received = client.get(sent.location).text
    ticket = db.session.query(Ticket).filter_by(subject="Πιστοποιητικό").one()
    assert ticket.protocol_number in received
    page = client.get(f"/el/requests/{ticket.id}").text
    assert f"/el/requests/{ticket.id}/receipt" in page
    receipt = client.get(f"/el/requests/{ticket.id}/receipt")
    assert receipt.status_code == 200
    for told in (ticket.protocol_number, "Άννα Ιωάννου", str(ticket.id), "Απόδειξη"):
        assert told in receipt.text
    desk = StaffBrowser(app, colleague)
    assert f"/desk/tickets/{ticket.id}/receipt" in desk.page(f"/desk/tickets/{ticket.id}")
    assert ticket.protocol_number in desk.page(f"/desk/tickets/{ticket.id}/receipt")
    for document in (
        client.get(f"/el/requests/{ticket.id}/receipt.pdf"),
        desk.get(f"/desk/tickets/{ticket.id}/receipt.pdf"),
    ):
        assert (document.status_code, document.mimetype) == (200, "application/pdf")
        assert document.data.startswith(b"%PDF-")
    assert Machine(client, colleague).get(f"/tickets/{ticket.id}").json["protocol_number"] == ticket.protocol_number


def test_a_retired_service_leads_citizens_to_its_successor(client, people):
    new = a_service()
    old, gone = a_service(phase="retired", successor_id=new.id), a_service(phase="retired")
    catalogue.changed(NOON)
    ground.commit()
    assert client.get(f"/el/ask/{old.key}").location.endswith(f"/el/ask/{new.key}")
    assert client.get(f"/el/ask/{gone.key}").status_code == 404


def test_agents_read_the_matrices_and_why_a_ticket_has_its_priority(app, people, department):
    _, colleague, *_ = people
    wish = intake.Wish(department_id=department.id, impact="high", urgency="high")
    [taken] = intake.take_in([intake.Arrival("email", NOON, Contact("a@example.org"), "Α", "Β", wish=wish)], NOON)
    ground.commit()
    browser = StaffBrowser(app, colleague)
    page = visible(browser.page(f"/desk/tickets/{taken.ticket_id}"))
    assert "Impact “High” and urgency “High” give “Critical”. Matrix: The usual one, version 1." in page
    assert "Danger to people" in page
    assert "One person asks for something usual." in visible(browser.page("/desk/priorities"))
    greek = StaffBrowser(app, colleague, "el")
    assert "Ένα άτομο ζητά κάτι συνηθισμένο." in visible(greek.page("/desk/priorities"))
