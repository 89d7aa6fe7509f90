"""Administration's pages: for administrators only, each form says what is wrong, and what was done is kept."""

import pytest
from sqlalchemy import select

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.catalogue import Department, Service
from helpdesk.services import catalogue, house
from tests.builders import NOON, a_department, a_service, a_supervisor, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("house_in_order")

PAGES = (
    "/admin", "/admin/departments", "/admin/departments/new", "/admin/teams", "/admin/teams/new", "/admin/services",
    "/admin/services/new", "/admin/categories", "/admin/categories/new", "/admin/people", "/admin/people/new",
    "/admin/customers", "/admin/customers/new", "/admin/suppliers", "/admin/suppliers/new", "/admin/canned-replies",
    "/admin/canned-replies/new", "/admin/articles", "/admin/articles/new", "/admin/outages",
    "/admin/outages/new", "/admin/log",
)  # fmt: skip
WATER = {"names-el": "Ύδρευση", "names-en": "Water", "active": "yes"}


@pytest.fixture
def root(app):
    return StaffBrowser(app, an_administrator())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_for_administrators_in_both_languages_and_for_nobody_else(app, root, path):
    assert "<h1" in root.page(path)
    assert "<h1" in root.page(f"{path}?language=el")
    place = a_department()
    catalogue.changed(NOON)
    for other in (an_agent(place), a_supervisor(place)):
        StaffBrowser(app, other).page(path, 403)
    answer = StaffBrowser(app, None).get(path)
    assert answer.status_code == 302 and "/auth/sign-in" in answer.location


def test_a_department_is_made_changed_and_taken_out_of_use(root):
    made = root.send_fields("/admin/departments/new", WATER)
    row = db.session.execute(select(Department)).scalar_one()
    assert made.location == f"/admin/departments/{row.id}"
    assert (row.key, row.names, row.active) == ("water", {"el": "Ύδρευση", "en": "Water"}, True)
    root.send_fields(made.location, {"names-el": "Νερό", "calendar_key": "default"})
    db.session.refresh(row)
    assert (row.names, row.calendar_key, row.active, row.key) == ({"el": "Νερό"}, "default", False, "water")
    assert "not in use" in visible(root.page("/admin/departments"))


def test_a_greek_name_gives_a_key_in_latin_letters(root):
    root.send_fields("/admin/departments/new", {"names-el": "Τεχνικές Υπηρεσίες", "active": "yes"})
    assert db.session.execute(select(Department.key)).scalar_one() == "technikes-ypiresies"


@pytest.mark.parametrize(("path", "fields", "wrong", "told"), [
    ("departments", {"names-el": " "}, "names", "This is needed."),
    ("departments", WATER | {"key": "taken"}, "key", "Another one has this key."),
    ("departments", WATER | {"key": "Not a key"}, "key", "Use small Latin letters"),
    ("departments", WATER | {"calendar_key": "nobodys"}, "calendar_key", "Choose one of the list."),
    ("departments", WATER | {"names-el": "x" * 200}, "names", "This is too long."),
    ("teams", {"names-el": "Συνεργείο"}, "department_id", "This is needed."),
    ("services", {"names-el": "Διαρροή", "phase": "live", "type": "request", "impact": "medium", "urgency": "low"},
     "department_id", "This is needed."),
    ("services", {"names-el": "Διαρροή", "phase": "dreamt"}, "phase", "Choose one of the list."),
    ("categories", {"names-el": "Νερό", "parent_id": "999"}, "parent_id", "Choose one of the list."),
    ("articles", {"titles-el": "Πώς"}, "bodies", "This is needed."),
    ("canned-replies", {"texts-el": "Καλημέρα"}, "titles", "This is needed."),
    ("outages", {"titles-el": "Βλάβη", "texts-el": "Χωρίς νερό", "begins_at": "2026-11-24T10:00",
                 "ends_at": "2026-11-24T09:00"}, "ends_at", "The end must come after the beginning."),
    ("outages", {"titles-el": "Βλάβη", "texts-el": "Χωρίς νερό", "begins_at": "soon"}, "begins_at", "Give a day"),
])  # fmt: skip
def test_what_is_wrong_stands_in_the_summary_and_beside_its_field(root, path, fields, wrong, told):
    a_department(key="taken")
    catalogue.changed(NOON)
    answer = root.send_fields(f"/admin/{path}/new", fields, status=422)
    assert f'href="#{wrong}"' in answer.text
    assert f'id="{wrong}-error"' in answer.text
    assert told in visible(answer.text)
    for typed in fields.values():
        if typed.strip() and len(typed) < 100 and path == "departments":
            assert typed in answer.text or typed in ("yes", "nobodys"), "what was typed is lost"


def test_a_form_without_its_token_changes_nothing(root):
    answer = root.client.post("/admin/departments/new", data=WATER)
    assert answer.status_code == 400
    assert db.session.execute(select(Department)).first() is None


def test_a_team_keeps_its_members(root):
    place = a_department()
    anna = an_agent(place)
    catalogue.changed(NOON)
    fields = {"names-el": "Συνεργείο", "department_id": str(place.id), "members": [str(anna.id)]}
    made = root.send_fields("/admin/teams/new", fields)
    [team] = catalogue.current().teams.values()
    assert catalogue.current().colleagues[anna.id].teams == (team.id,)
    root.send_fields(made.location, fields | {"members": []})
    assert catalogue.current().colleagues[anna.id].teams == ()


SERVICE = {
    "names-el": "Διαρροή", "names-en": "Leak", "phase": "live", "type": "incident", "impact": "high",
    "urgency": "medium", "icon": "wrench", "featured": "yes",
}  # fmt: skip


def questions(*rows):
    """Rows of the question editor as they are sent."""
    sent = {}
    for at, row in enumerate(rows):
        sent |= {f"fields-{at}-{name}": value for name, value in {"kind": "text", "place": str(at + 1)}.items()}
        sent |= {f"fields-{at}-{name}": value for name, value in row.items()}
    return sent


def test_a_service_is_made_with_the_questions_of_its_form(root):
    place = a_department()
    catalogue.changed(NOON)
    asked = questions(
        {"labels-el": "Πού ακριβώς;", "labels-en": "Where exactly?", "required": "yes", "hints-en": "A street."},
        {"labels-en": "What for?", "kind": "choice", "choices": "Για άλλη υπηρεσία | For another authority\nAbroad"},
        {},
    )
    made = root.send_fields("/admin/services/new", SERVICE | {"department_id": str(place.id)} | asked)
    row = db.session.execute(select(Service)).scalar_one()
    assert (row.key, row.featured, row.icon, row.department_id) == ("leak", True, "wrench", place.id)
    where, use = row.fields
    assert where == {
        "name": "where-exactly", "kind": "text", "required": True, "hints": {"en": "A street."},
        "labels": {"el": "Πού ακριβώς;", "en": "Where exactly?"},
    }  # fmt: skip
    assert [choice["value"] for choice in use["choices"]] == ["for-another-authority", "abroad"]
    page = root.page(made.location)
    assert 'value="Where exactly?"' in page and "Για άλλη υπηρεσία | For another authority" in page


def test_questions_are_put_in_order_taken_out_and_keep_their_names(root):
    choices = [{"value": "a", "labels": {"el": "Ένα"}}, {"value": "b", "labels": {"el": "Δύο"}}]
    row = a_service(fields=[
        {"name": "place", "labels": {"el": "Πού;"}, "kind": "text", "required": True},
        {"name": "use", "labels": {"el": "Γιατί;"}, "kind": "choice", "required": True, "choices": choices},
        {"name": "old", "labels": {"el": "Πότε;"}, "kind": "date", "required": False},
    ])  # fmt: skip
    catalogue.changed(NOON)
    sent = questions(
        {"name": "place", "labels-el": "Σε ποιο σημείο;", "place": "2"},
        {"name": "use", "labels-el": "Γιατί;", "kind": "choice", "place": "1", "choices": "Δύο\nΤρία\nΈνα",
         "value": ["a", "b"], "line": ["Ένα", "Δύο"]},
        {"name": "old", "labels-el": "Πότε;", "kind": "date", "remove": "yes"},
    )  # fmt: skip
    root.send_fields(f"/admin/services/{row.id}", SERVICE | {"department_id": str(row.department_id)} | sent)
    db.session.refresh(row)
    assert [one["name"] for one in row.fields] == ["use", "place"]
    assert [one["value"] for one in row.fields[0]["choices"]] == ["b", "tria", "a"]


def test_a_question_never_takes_the_name_of_a_common_field(root):
    place = a_department()
    catalogue.changed(NOON)
    asked = questions(
        {"labels-en": "Name"}, {"labels-en": "E-mail"}, {"labels-en": "Subject"}, {"labels-en": "Subject"}
    )
    root.send_fields("/admin/services/new", SERVICE | {"department_id": str(place.id)} | asked)
    row = db.session.execute(select(Service)).scalar_one()
    assert [one["name"] for one in row.fields] == ["name-2", "e-mail", "subject-2", "subject-3"]


def test_a_choice_without_choices_is_refused(root):
    place = a_department()
    catalogue.changed(NOON)
    sent = SERVICE | {"department_id": str(place.id)} | questions({"labels-el": "Γιατί;", "kind": "choice"})
    answer = root.send_fields("/admin/services/new", sent, status=422)
    assert "needs at least two of them" in visible(answer.text)
    assert 'value="Γιατί;"' in answer.text


def test_lists_are_searched_without_regard_to_accents(root):
    a_department(names={"el": "Ύδρευση", "en": "Water"})
    a_department(names={"el": "Καθαριότητα", "en": "Cleaning"})
    catalogue.changed(NOON)
    page = visible(root.page("/admin/departments?q=υδρευση"))
    assert "Water" in page and "Cleaning" not in page
    assert "Nothing has these words." in visible(root.page("/admin/departments?q=zzz"))


def test_every_change_is_kept_with_who_and_from_what_to_what(root):
    made = root.send_fields("/admin/departments/new", WATER)
    root.send_fields(made.location, {"names-el": "Νερό", "active": "yes"})
    page = visible(root.page("/admin/log"))
    assert "Department Νερό changed" in page
    assert "Ύδρευση / Water becomes Νερό" in page or "Ύδρευση / Water Νερό" in page
    assert len(house.deeds("department").rows) == 2
    assert house.deeds("team").rows == []


def test_what_was_done_is_paged(root):
    for number in range(4):
        root.send_fields("/admin/departments/new", WATER | {"key": f"water-{number}"})
    first = house.deeds(limit=3)
    second = house.deeds(before=first.next, limit=3)
    assert len(first.rows) == 3 and first.next is not None
    assert second.rows[0].id < first.rows[-1].id and second.next is None


def test_saving_without_a_change_leaves_no_trace(root):
    made = root.send_fields("/admin/departments/new", WATER)
    root.send_fields(made.location, WATER)
    assert len(house.deeds("department").rows) == 1


def test_what_was_done_cannot_be_changed_or_taken_out(session):
    house.record(an_administrator(), "made", "department", 1, NOON)
    for statement in ("update house_event set act = 'x'", "delete from house_event"):
        with pytest.raises(Exception, match="append-only"), db.session.begin_nested():
            db.session.execute(ground.text(statement))


def test_the_overview_turns_green_step_by_step(root):
    assert "1 of 6 steps" in visible(root.page("/admin"))
    a_service()
    catalogue.changed(NOON)
    assert "3 of 6 steps" in visible(root.page("/admin"))


def test_a_thing_that_is_not_there_is_not_found(root):
    for path in ("departments", "teams", "services", "categories", "articles", "canned-replies", "outages", "people"):
        root.page(f"/admin/{path}/999999", 404)
