"""Who answers and where escalations go, set up in the browser; the report of escalations; giving back on the desk."""

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.permissions import SYSTEM
from helpdesk.services import catalogue, duties, tickets
from helpdesk.services.duties import Duties
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_administrator
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("house_in_order")


@pytest.fixture
def place():
    return a_department(names={"el": "Έργα", "en": "Works"})


@pytest.fixture
def root(app, place, anna):
    actor = an_administrator(name="Ρόη")
    catalogue.changed(NOON)
    return StaffBrowser(app, actor)


@pytest.fixture
def crews(place, anna):
    return [
        catalogue.save(SYSTEM, "team", at=NOON, key=key, names={"el": key, "en": key}, department_id=place.id)
        for key in ("alpha", "beta")
    ]


def test_levels_owner_days_and_leads_are_kept_and_shown(root, place, anna, crews):
    alpha, beta = crews
    path = f"/admin/escalation/{place.id}"
    sent = {
        "default_owner_id": str(anna.id), "silent_days": "3", "level-2": str(beta), "level-4": str(alpha),
        f"lead-{alpha}": str(anna.id),
    }  # fmt: skip
    root.send_fields(path, sent)
    kept = duties.of(place.id)
    assert (kept.default_owner_id, kept.silent_days, list(kept.levels)) == (anna.id, 3, [beta, alpha])
    assert kept.leads == {alpha: anna.id, beta: None}
    page = visible(root.page("/admin/escalation"))
    assert "Works Άννα 3 working days 1. beta → 2. alpha" in page
    assert "Levels of teams" in visible(root.page("/admin/log?kind=department"))


def test_what_is_wrong_stands_at_its_field(root, place, crews):
    path = f"/admin/escalation/{place.id}"
    page = root.send_fields(path, {"level-1": str(crews[0]), "level-2": str(crews[0])}, status=422).text
    assert "A team stands on one level only." in visible(page)
    assert 'href="#level-1"' in page
    page = root.send_fields(path, {"silent_days": "99"}, status=422).text
    assert "Give a number from 0 to 60." in visible(page)


def test_the_process_manager_is_named_and_can_be_taken_back(root, anna):
    root.send_fields("/admin/escalation", {"person_id": str(anna.id)})
    assert catalogue.current().process_manager == anna.id
    assert f'<option value="{anna.id}" selected>' in root.page("/admin/escalation")
    root.send_fields("/admin/escalation", {"person_id": ""})
    assert catalogue.current().process_manager is None


def test_it_is_for_administrators(app, place, anna):
    for actor in (anna, a_supervisor(place)):
        StaffBrowser(app, actor).page("/admin/escalation", 403)
    assert StaffBrowser(app, an_administrator()).get("/admin/escalation/99999").status_code == 404


def test_an_agent_escalates_to_the_next_level_and_gives_it_back(app, place, anna, root, crews):
    duties.change(SYSTEM, place.id, Duties(levels=crews), at=NOON)
    ticket = a_ticket(department_id=place.id, owner_id=anna.id, assignee_id=anna.id, status="open")
    ground.commit()
    browser, path = StaffBrowser(app, anna), f"/desk/tickets/{ticket.id}"
    page = browser.page(path)
    assert "Next level: alpha" in visible(page)
    assert "Take the escalation back" not in visible(page)
    browser.send_fields(f"{path}/escalate", {"to": "next:team", "reason": "Needs the crew."}, at=path)
    page = visible(browser.page(path))
    assert "escalated it to the team alpha, level 1" in page and "Next level: beta" in page
    browser.send_fields(f"{path}/de-escalate", {"reason": "They said how."}, at=path)
    assert "took the escalation back" in visible(browser.page(path))


def test_the_report_counts_what_was_escalated(app, place, anna, root):
    boss = a_supervisor(place, name="Ρένα")
    catalogue.changed(NOON)
    at = clock.now()
    ticket = a_ticket(department_id=place.id, owner_id=anna.id, received_at=at)
    tickets.escalate(anna, ticket.id, "πιο πάνω", at=at)
    ground.commit()
    browser = StaffBrowser(app, boss)
    page = visible(browser.page("/supervise/escalation-report"))
    assert "Works 1 1 0% 100%" in page
    assert "How escalation went" in visible(browser.page("/supervise"))
    StaffBrowser(app, anna).page("/supervise/escalation-report", 403)


def test_my_duties_show_what_i_answer_for(app, place, anna, root):
    mine = a_ticket(department_id=place.id, owner_id=anna.id, subject="Δική μου υπόθεση", status="open")
    a_ticket(department_id=place.id, subject="Άλλου", status="open")
    ground.commit()
    page = StaffBrowser(app, anna).page("/desk?view=duties")
    assert str(mine.id) in page and "Άλλου" not in page
    assert "My duties" in visible(page)
