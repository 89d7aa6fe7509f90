"""What people were told about a ticket, as page, file and by machine: the same lines, for those who may see it."""

import csv
import io
from datetime import timedelta

import pytest

from helpdesk import db as ground
from helpdesk.services import catalogue, replies, tickets
from tests.builders import NOON, a_department, a_ticket, an_administrator, an_agent
from tests.web.machine import Machine
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("body")


@pytest.fixture
def agent():
    found = an_agent(a_department())
    catalogue.changed(NOON)
    return found


@pytest.fixture
def ticket(agent):
    """Taken, which waits, answered at once, which takes its place, then waiting for the citizen."""
    made = a_ticket(department_id=next(iter(agent.departments)), subject="=1+1")
    tickets.take(agent, made.id, at=NOON)
    replies.reply(agent, made.id, "Ερχόμαστε.", at=NOON + timedelta(seconds=9))
    tickets.wait(agent, made.id, "needs_document", at=NOON + timedelta(hours=1))
    ground.flush_pending()
    ground.commit()
    return made


def test_the_page_tells_every_letter_and_every_change_in_both_languages(app, agent, ticket):
    shown = visible(StaffBrowser(app, agent).page(f"/desk/tickets/{ticket.id}/told"))
    assert "by rule default@1" in shown and "citizen" in shown and "@example.org" in shown
    greek = visible(StaffBrowser(app, agent, "el").page(f"/desk/tickets/{ticket.id}/told"))
    assert "Τι έμαθαν οι ενδιαφερόμενοι" in greek or "default@1" in greek


def test_the_file_has_the_lines_of_the_page_and_no_formula(app, agent, ticket):
    answer = StaffBrowser(app, agent).get(f"/desk/tickets/{ticket.id}/told.csv")
    assert answer.mimetype == "text/csv" and f"told-{ticket.id}.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 4 and {row["rules"] for row in rows} == {"", "default@1"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_another_departments_restricted_ticket_tells_nothing_of_itself(app, client, ticket):
    ticket.restricted = True
    stranger = an_agent(a_department())
    catalogue.changed(NOON)
    ground.commit()
    browser = StaffBrowser(app, stranger)
    for path in ("told", "told.csv"):
        answer = browser.get(f"/desk/tickets/{ticket.id}/{path}")
        assert answer.status_code == 404 and ticket.subject not in answer.text
        assert browser.get(f"/desk/tickets/999999/{path}").status_code == 404
        assert StaffBrowser(app, None).get(f"/desk/tickets/{ticket.id}/{path}").status_code in (302, 401, 403)
    machine = Machine(client, stranger)
    hidden, missing = machine.get(f"/tickets/{ticket.id}/told"), machine.get("/tickets/999999/told")
    assert (hidden.status_code, hidden.json) == (missing.status_code, missing.json) == (404, missing.json)


def test_a_complaint_tells_nothing_to_whom_it_is_about(app, client, agent, ticket):
    ticket.complained_of, ticket.type = [agent.id], "complaint"
    ground.commit()
    assert StaffBrowser(app, agent).get(f"/desk/tickets/{ticket.id}/told").status_code == 404
    assert Machine(client, agent).get(f"/tickets/{ticket.id}/told").status_code == 404


def test_a_machine_reads_who_was_told_what_by_which_rule_or_why_not(client, agent, ticket):
    answer = Machine(client, agent).get(f"/tickets/{ticket.id}/told")
    assert answer.status_code == 200, answer.text
    found = [(line["change"], line["telling"], line["template"], line["state"]) for line in answer.json["items"]]
    assert found == [
        ("needs_citizen", "letter", "progress", "waiting"),
        (None, "letter", "answered", "waiting"),
        ("taken_up", "replaced", "progress", "withdrawn"),
        (None, "letter", "received", "waiting"),
    ]
    newest = answer.json["items"][0]
    assert (newest["reader"], newest["rules"], newest["automatic"]) == ("requester", "default@1", True)
    assert newest["address"].startswith("citizen") and newest["settled_at"] > newest["at"]


def test_a_change_without_a_letter_says_why(client, agent, ticket):
    tickets.take(agent, deaf := a_ticket(department_id=ticket.department_id, automatic="auto-reply").id, at=NOON)
    ground.flush_pending()
    ground.commit()
    [line] = [one for one in Machine(client, agent).get(f"/tickets/{deaf}/told").json["items"] if one["change"]]
    assert (line["change"], line["telling"], line["template"], line["state"]) == ("taken_up", "machine", None, None)


def test_it_wants_a_token_that_may_read(client, ticket):
    writer = Machine(client, an_administrator(), ("write",))
    assert writer.get(f"/tickets/{ticket.id}/told").status_code == 403
    assert client.get(f"/api/v1/tickets/{ticket.id}/told").status_code == 401
