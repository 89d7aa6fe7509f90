"""Pages on which versions are tried, applied to open requests and taken back, and all deadlines proved."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from helpdesk import clock
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, journal, replay, replies, rulebook
from helpdesk.services.replay import kept, running
from helpdesk.vocabulary import RulebookKind
from tests.builders import a_department, a_ticket, an_account, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

TIGHT = {"targets": [{"clock": "first_response", "seconds": 60}, {"clock": "resolution", "seconds": 120}]}


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(clock.now() - timedelta(days=60))
    an_account(is_default=True)


@pytest.fixture
def place():
    found = a_department(names={"el": "Ύδρευση", "en": "Water"})
    catalogue.changed(clock.now())
    return found


@pytest.fixture
def root(app, place):
    return StaffBrowser(app, an_administrator())


@pytest.fixture
def draft():
    return rulebook.make_draft(SYSTEM, RulebookKind.POLICY, "default", TIGHT, title="Strict")


def answered(place, days=20):
    at = clock.now() - timedelta(days=days)
    ticket = a_ticket(department_id=place.id, received_at=at)
    replies.reply(an_administrator(), ticket.id, "Ναι.", at=at + timedelta(hours=30))
    return ticket


def begun(root, version, **given):
    """A run that was asked for and done; its address."""
    path = root.send_fields(f"/admin/rulebook/{version}/try", {"from": "", "to": "", "department": ""} | given).location
    running.work(int(path.rsplit("/", 1)[1]))
    return path


def test_a_draft_is_tried_on_past_requests_and_each_number_leads_to_its_requests(root, place, draft):
    ticket, other = answered(place), answered(place)
    page = root.page(f"/admin/rulebook/{draft}/try")
    assert "Strict" in page
    path = begun(root, draft, on="past")
    said = visible(root.page(path))
    assert "2 requests were looked at" in said
    assert "Water" in said
    assert str(ticket.id) in said
    assert str(other.id) in said
    dated = begun(root, draft, on="past", **{"from": "2026-11-02", "to": "2026-11-03"})
    assert "from 2 November 2026 until 3 November 2026" in visible(root.page(dated))
    assert "until 3 November 2026" in visible(root.page(f"/admin/rulebook/{draft}/try"))
    assert "No requests" not in visible(root.page(f"{path}?change=broken"))
    assert str(ticket.id) not in visible(root.page(f"{path}?change=promised"))
    assert str(ticket.id) in visible(root.page(f"{path}?department={place.id}&priority=normal"))
    assert str(ticket.id) not in visible(root.page(f"{path}?department=triage"))
    lines = root.page(f"{path}/requests.csv?change=broken").splitlines()
    assert lines[0].startswith("ticket_id,clock,cycle,change")
    assert len(lines) > 1
    assert all(",broken," in line for line in lines[1:])


def test_progress_can_be_looked_at_and_stopped(root, place, draft):
    answered(place)
    path = root.send_fields(f"/admin/rulebook/{draft}/try", {"on": "past"}).location
    assert "data-progress" in root.page(path)
    assert "data-progress" in root.page(f"{path}/progress")
    assert "under way" in visible(root.send(f"/admin/rulebook/{draft}/try", on="past").text)
    root.send_fields(f"{path}/stop", {}, at=path)
    assert "data-ended" in root.page(f"{path}/progress")
    assert "Stopped" in visible(root.page(path))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"from": "2026-02-30"}, "Give a day."),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "before the first"),
    ],
)
def test_a_period_that_cannot_be_is_said_beside_its_field(root, draft, given, words):
    answer = root.send(f"/admin/rulebook/{draft}/try", **{"on": "past"} | given)
    assert answer.status_code == 422
    assert words in visible(answer.text)
    assert f'value="{given["from"]}"' in answer.text


def test_what_was_previewed_is_applied_to_open_requests_and_taken_back(root, place, draft):
    ticket = a_ticket(department_id=place.id, received_at=clock.now() - timedelta(days=4))
    version = rulebook.put_in_force(SYSTEM, draft)
    preview = begun(root, draft, on="open")
    said = visible(root.page(preview))
    assert "1 open requests" in said
    assert "Apply to open requests" in said
    refused = root.send(f"{preview}/apply", at=preview, why=" ")
    assert refused.status_code == 422
    assert "Give the reason" in visible(refused.text)

    applied = root.send_fields(f"{preview}/apply", {"why": "Decision 12"}, at=preview).location
    assert "data-progress" in root.page(applied)
    running.apply(int(applied.rsplit("/", 1)[1]))
    said = visible(root.page(applied))
    assert "Decision 12" in said
    assert str(ticket.id) in said
    assert (
        db.session.execute(text("select policy_id from ticket where id = :id"), {"id": ticket.id}).scalar()
        == version.id
    )

    back = root.send_fields(f"{applied}/undo", {"why": "Mistake"}, at=applied).location
    running.apply(int(back.rsplit("/", 1)[1]))
    assert "Mistake" in visible(root.page(back))
    assert "Why it is taken back" not in visible(root.page(applied))
    assert "took back" in visible(root.page("/admin/log"))
    told = [fact.event.application_id for fact in journal.of(ticket.id) if fact.type == "clock_retargeted"]
    assert len(set(told)) == 2


def test_a_draft_that_is_not_in_force_can_be_previewed_and_not_applied(root, place, draft):
    a_ticket(department_id=place.id, received_at=clock.now() - timedelta(days=4))
    preview = begun(root, draft, on="open")
    assert "once the version is in force" in visible(root.page(preview))
    assert root.send(f"{preview}/apply", at=f"/admin/rulebook/{draft}/try", why="now").status_code == 409


def test_rules_of_routing_cannot_be_tried(root):
    assert root.get(f"/admin/rulebook/{rulebook.in_force(RulebookKind.RULESET).id}/try").status_code == 404
    assert root.get("/admin/rulebook/999999/try").status_code == 404
    assert root.get("/admin/rulebook/runs/999999").status_code == 404


def test_every_deadline_is_proved_and_what_differs_is_shown(root, place):
    ticket = a_ticket(department_id=place.id)
    root.send_fields("/admin/verification", {})
    assert "data-progress" in root.page("/admin/verification")
    assert root.send("/admin/verification", at="/admin/rulebook").status_code == 409
    [run] = replay.runs(kept.RunKind.VERIFY)
    running.work(run.id)
    assert "Nothing differs." in visible(root.page("/admin/verification"))
    db.session.execute(text("update ticket_clock set target_seconds = 1 where ticket_id = :id"), {"id": ticket.id})
    root.send_fields("/admin/verification", {})
    running.work(replay.runs(kept.RunKind.VERIFY)[0].id)
    said = visible(root.page("/admin/verification"))
    assert "target_seconds" in said
    assert str(ticket.id) in said


@pytest.mark.parametrize("language", ["el", "en"])
def test_only_administrators_see_any_of_it(app, root, place, draft, language):
    answered(place)
    run = begun(root, draft, on="past")
    for path in (f"/admin/rulebook/{draft}/try", run, f"{run}/requests.csv", "/admin/verification"):
        assert root.get(f"{path}?language={language}").status_code == 200
        assert StaffBrowser(app, an_agent(place)).get(path).status_code == 403
        assert StaffBrowser(app, None).get(path).status_code == 302
