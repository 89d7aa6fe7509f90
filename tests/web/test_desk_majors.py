"""Major incidents on the desk: declared, told, resolved and reviewed by forms that work without scripts."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.services import majors, problems, rulebook, tickets
from tests.builders import a_department, a_service, a_supervisor, a_ticket, an_account, an_agent
from tests.services.test_majors import END, NEWS, SUMMARIES, TITLES
from tests.web.staff_browser import StaffBrowser


@pytest.fixture
def place(session):
    rulebook.ensure_defaults(clock.now() - timedelta(days=2))
    an_account(is_default=True)
    return a_department()


@pytest.fixture
def service(place):
    return a_service(department_id=place.id, type="incident")


@pytest.fixture
def boss(place):
    return a_supervisor(place)


@pytest.fixture
def browser(app, boss):
    ground.commit()
    return StaffBrowser(app, boss)


def incident(service, **given):
    at = clock.now() - timedelta(minutes=9)
    found = a_ticket(department_id=service.department_id, service_id=service.id, received_at=at, **given)
    ground.commit()
    return found


def fields(**given) -> dict[str, str]:
    return {f"{name}_{code}": text for name, texts in given.items() for code, text in texts.items()}


def test_a_proposal_leads_from_the_board_to_a_declared_incident_that_everybody_reads(browser, boss, service):
    found = [incident(service) for _ in range(5)]
    assert "Is this a major incident?" in browser.page("/supervise/board")
    place = f"/desk/tickets/{found[4].id}/major"
    assert str(found[0].id) in browser.page(place)
    sent = fields(title=TITLES, summary=SUMMARIES) | {
        "coordinator_id": boss.id, "update_minutes": 30, "link": [one.id for one in found[:4]],
    }  # fmt: skip
    browser.send_fields(f"{place}/declare", sent, at=place)
    page = browser.page(place)
    assert TITLES["en"] in page and "It lasts" in page
    assert "Part of a major incident: <span" in " ".join(browser.page(f"/desk/tickets/{found[0].id}").split())
    for path in ("/supervise/majors", "/supervise/board", "/en/"):
        assert TITLES["en"] in browser.page(path)


def test_a_form_that_lacks_a_language_says_which_and_keeps_what_was_typed(browser, boss, service):
    ticket = incident(service)
    place = f"/desk/tickets/{ticket.id}/major"
    sent = fields(title={"el": "Χωρίς νερό", "en": ""}, summary=SUMMARIES) | {"coordinator_id": boss.id}
    page = browser.send_fields(f"{place}/declare", sent, at=place, status=422).text
    assert 'id="title_en-error"' in page and "Χωρίς νερό" in page


def test_updates_the_end_the_review_and_closing_by_forms(browser, boss, service):
    ticket, child = incident(service), incident(service)
    majors.declare(boss, ticket.id, boss.id, TITLES, SUMMARIES, link=[child.id])
    ground.commit()
    place = f"/desk/tickets/{ticket.id}/major"
    browser.send_fields(f"{place}/publish", fields(text=NEWS) | {"next_minutes": 30}, at=place)
    assert NEWS["en"] in browser.page(place)
    browser.send_fields(f"{place}/resolve", fields(end=END) | {"code": "solved", "exclude": child.id}, at=place)
    assert "its review is missing" in browser.page(place)
    refused = browser.send(f"/desk/tickets/{ticket.id}/close", at=f"/desk/tickets/{ticket.id}")
    assert refused.status_code == 409 and "once its review is saved" in refused.text
    form = browser.page(f"{place}/review")
    assert "The first report arrived." in form
    told = {"line-0-at": "2026-11-24T10:00", "line-0-text": "It broke.", "cause": "Old pipe.", "act": "finish"}
    page = browser.send_fields(f"{place}/review", told, status=422).text
    assert 'id="went_well-error"' in page and "Old pipe." in page
    told |= {"went_well": "Quick.", "went_badly": "Maps.", "action-0-text": "New map", "action-0-owner_id": boss.id}
    browser.send_fields(f"{place}/review", told | {"action-0-due_on": "2027-01-15"})
    assert "Open a problem" in browser.page(f"{place}/review")
    browser.send_fields(f"{place}/review/problem", {"action": "1"}, at=f"{place}/review")
    assert "Open a problem" not in browser.page(f"{place}/review")
    page = browser.page(f"{place}/review")
    assert "15 Jan 2027" in page and "As a PDF" in page
    [problem] = problems.listed("open", clock.now()).rows
    assert "done</span>" not in page
    problems.resolve(boss, problem.id)
    assert "done</span>" in browser.page(f"{place}/review")
    document = browser.get(f"{place}/review.pdf")
    assert document.mimetype == "application/pdf" and document.data.startswith(b"%PDF-")
    assert tickets.close(boss, ticket.id).status == "closed"


def test_who_may_not_work_on_it_reads_and_changes_nothing(app, boss, service):
    ticket = incident(service)
    majors.declare(boss, ticket.id, boss.id, TITLES, SUMMARIES)
    other = an_agent(a_department())
    ground.commit()
    browser = StaffBrowser(app, other)
    place = f"/desk/tickets/{ticket.id}/major"
    assert "Tell everybody" not in browser.page(place)
    browser.send_fields(f"{place}/publish", fields(text=NEWS), at=f"/desk/tickets/{ticket.id}", status=403)
