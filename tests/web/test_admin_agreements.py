"""Agreements on their pages: listed, read as contracts, edited row by row without a script, kept as drafts."""

import re
from datetime import timedelta

import pytest
from flask import current_app
from werkzeug.datastructures import MultiDict

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.catalogue import Team
from helpdesk.models.parties import CustomerBody, Supplier
from helpdesk.services import catalogue, rulebook
from helpdesk.vocabulary import RulebookKind
from helpdesk.web.admin.agreements import form, reading
from tests.builders import NOON, a_department, a_service, a_supervisor, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

POLICY = RulebookKind.POLICY
OWNER = "owner@city.example"
NAMES = {"el": "Νερό", "en": "Water"}


@pytest.fixture(autouse=True)
def house_in_order(session):
    current_app.extensions.pop("rulebook_versions", None)
    rulebook.ensure_defaults(NOON)
    water = a_department(key="water", names=NAMES)
    a_service(key="leak", names={"en": "Leak"}, department_id=water.id)
    db.session.add(Team(department_id=water.id, key="crew", names={"en": "Crew"}))
    db.session.add(Supplier(key="lamps", names={"en": "Lamps Ltd"}))
    db.session.add(CustomerBody(key="school", names={"en": "School 7"}))
    an_agent(water, email=OWNER, name="Olga Owner")
    catalogue.changed(NOON)
    yield
    current_app.extensions.pop("rulebook_versions", None)
    current_app.extensions.pop("catalogue", None)


@pytest.fixture
def actor():
    found = an_administrator(email="root@city.example", name="Rita Root")
    catalogue.changed(NOON)
    ground.commit()
    return found


@pytest.fixture
def root(app, actor):
    return StaffBrowser(app, actor)


def agreed(hours=4, key="water", **more):
    """An agreement with the department of water, in force."""
    data = {
        "targets": [{"clock": "ola", "seconds": hours * 3600, "steps": [
            {"at": "80%", "do": "escalate-to-group", "to": "crew"}, {"at": -1800, "do": "warn", "urgent": True},
        ]}],
        "when": {"department": ["water"]},
        "agreement": {"kind": "ola", "department": "water", "owner": OWNER, "terms": "Όπως συμφωνήθηκε"} | more,
    }  # fmt: skip
    return rulebook.enact(POLICY, key, data, title="With Water", at=NOON)


def typed(**more):
    """The fields of a form for an agreement with a department."""
    fields = {
        "title": "With Water", "key": "", "why": "Agreed in May", "kind": "ola", "department": "water",
        "owner": OWNER, "valid_from": "2026-05-01", "valid_until": "", "review_on": "2027-05-01", "terms": "",
        "order": "100", "reopen": "continue",
        "p-0-clock": "ola", "p-0-unit": "hours", "p-0-calendar": "", "p-0-critical": "2",
        "p-0-high": "", "p-0-normal": "", "p-0-low": "", "p-0-every": "8:30",
        "p-0-s-0-at": "80", "p-0-s-0-unit": "percent", "p-0-s-0-do": "escalate-to-group", "p-0-s-0-to": "crew",
        "p-0-s-1-at": "1:30", "p-0-s-1-unit": "before", "p-0-s-1-do": "notify-team", "p-0-s-1-to": "",
        "p-0-s-1-urgent": "yes", "pause-ola": ["waiting_requester"],
    }  # fmt: skip
    return {name: value for name, value in (fields | more).items() if value is not None}


NEW = "/admin/rulebook/new/policy?kind=ola"


def test_the_list_tells_parties_owner_validity_and_who_made_the_version_hold(root):
    agreed(valid_until="2099-12-31")
    told = visible(root.page("/admin/agreements"))
    assert "With Water version 1, 24 Nov 2026, The system Water Olga Owner all requests until 31 Dec 2099" in told
    assert "With customers (SLA)" in told and "Everybody" in told


def test_the_list_is_for_administrators(app, root):
    StaffBrowser(app, a_supervisor(a_department())).page("/admin/agreements", 403)
    assert "Συμφωνίες" in visible(root.page("/admin/agreements?language=el"))


def test_overdue_agreements_stand_first_and_are_counted_on_the_overview(root):
    assert "overdue" not in visible(root.page("/admin")).lower()
    agreed(review_on="2026-01-31")
    assert "1 agreement is overdue With Water : to be looked at again: 31 Jan 2026" in visible(
        root.page("/admin/agreements")
    )
    assert "1 agreement is overdue" in visible(root.page("/admin"))
    assert "It should have been looked at again by 31 Jan 2026." in visible(root.page(at("water")))


def at(key):
    return f"/admin/rulebook/{rulebook.in_force(POLICY, key).id}"


def test_an_agreement_has_an_address_that_stays(root):
    first = agreed()
    assert root.get("/admin/agreements/water").location == f"/admin/rulebook/{first.id}"
    second = agreed(hours=3)
    assert root.get("/admin/agreements/water").location == f"/admin/rulebook/{second.id}"
    root.page("/admin/agreements/moon", 404)


@pytest.mark.parametrize(("query", "shown"), [
    ("q=olga", True), ("q=water", True), ("q=nothing-like-it", False), ("show=overdue", False),
    ("show=in-force", True), ("show=coming", False), ("show=nonsense", True),
])  # fmt: skip
def test_the_list_can_be_searched_and_narrowed(root, query, shown):
    agreed()
    assert ("With Water" in visible(root.page(f"/admin/agreements?{query}"))) is shown


def test_a_contract_is_told_in_words(root):
    agreed()
    told = visible(root.page(at("water")))
    for words in (
        "Agreement with a department (OLA)", "Department Water", "Olga Owner",
        "Department (OLA) 4 hours the department&#39;s hours",
        "at 80% of the time: escalate to a team: Crew", "30 minutes before it is due: warn on the desk urgent",
        "Όπως συμφωνήθηκε",
    ):  # fmt: skip
        assert words in told, words
    assert "<svg" in root.page(at("water"))


def test_a_department_that_may_take_longer_than_promised_is_warned_of_and_never_refused(root):
    assert "warning" not in visible(root.page("/admin/agreements"))
    agreed(hours=100)
    assert "4 warnings" in visible(root.page("/admin/agreements"))
    for key in ("water", "default"):
        told = visible(root.page(at(key)))
        assert "With Water (Critical): up to" in told and "longer than the resolution promised by The usual one" in told


def test_saving_keeps_a_draft_that_warns_and_changes_nothing_in_force(root, actor):
    answer = root.send_fields(NEW, typed(**{"p-0-every": "300"}))
    told = visible(root.page(answer.location))
    assert "Draft" in told and "With Water (Low): up to" in told
    assert "water" not in rulebook.all_in_force(POLICY)
    row = rulebook.versions(POLICY, "with-water")[0]
    assert (row.state, row.created_by_id, row.why) == ("draft", actor.id, "Agreed in May")


def test_what_was_typed_becomes_the_agreement(root):
    root.send_fields(NEW, typed())
    data = rulebook.versions(POLICY, "with-water")[0].data
    assert data["when"] == {"department": ["water"]}
    assert data["agreement"] == {
        "kind": "ola", "department": "water", "owner": OWNER, "valid_from": "2026-05-01", "review_on": "2027-05-01",
    }  # fmt: skip
    steps = [
        {"at": "80%", "do": "escalate-to-group", "urgent": False, "to": "crew"},
        {"at": -5400, "do": "notify-team", "urgent": True},
    ]
    common = {"clock": "ola", "calendar": "", "steps": steps}
    assert data["targets"] == [
        common | {"seconds": 7200, "when": {"priority": ["critical"]}},
        common | {"seconds": 30_600, "when": {}},
    ]
    assert data["pauses"]["ola"] == ["waiting_requester"]


def test_an_agreement_with_a_supplier_or_a_customer_holds_for_that_party(root):
    lamps = typed(kind="ua", department=None, supplier="lamps", title="Lamps", **{"p-0-clock": "ua"})
    root.send_fields("/admin/rulebook/new/policy?kind=ua", lamps)
    assert rulebook.versions(POLICY, "lamps")[0].data["when"] == {"supplier": ["lamps"]}
    school = typed(kind="sla", department=None, customer="school", title="School", **{
        "p-0-clock": "statutory", "p-0-unit": "days", "p-0-critical": "", "p-0-every": "50", "p-0-narrow": "yes",
        "p-0-when-service": ["leak"], "when-type": ["request"],
    })  # fmt: skip
    root.send_fields("/admin/rulebook/new/policy?kind=sla", school)
    data = rulebook.versions(POLICY, "school")[0].data
    assert data["when"] == {"type": ["request"], "customer": ["school"]}
    assert (data["targets"][0]["days"], data["targets"][0]["when"]) == (50, {"service": ["leak"]})
    assert "50 calendar days" in visible(root.page(f"/admin/rulebook/{rulebook.versions(POLICY, 'school')[0].id}"))


@pytest.mark.parametrize(("fields", "wrong"), [
    ({"title": ""}, "title"),
    ({"department": ""}, "department"),
    ({"owner": ""}, "owner"),
    ({"owner": "stranger@example.org"}, "owner"),
    ({"valid_from": "soon"}, "valid_from"),
    ({"valid_until": "2026-04-01"}, "valid_until"),
    ({"order": "first"}, "order"),
    ({"p-0-every": "8:75"}, "p-0-every"),
    ({"p-0-critical": "0"}, "p-0-critical"),
    ({"p-0-critical": "99999"}, "p-0-critical"),
    ({"p-0-critical": "", "p-0-every": ""}, "p-0-every"),
    ({"p-0-clock": "resolution"}, "p-0-clock"),
    ({"p-0-clock": ""}, "p-0-clock"),
    ({"p-0-unit": "days", "p-0-every": "8:30"}, "p-0-every"),
    ({"p-0-s-0-at": "most"}, "p-0-s-0-at"),
    ({"p-0-s-1-at": "-2"}, "p-0-s-1-at"),
    ({"p-0-s-1-do": ""}, "p-0-s-1-do"),
    ({"p-0-s-1-do": "dance"}, "p-0-s-1-do"),
    ({"p-0-s-0-to": ""}, "p-0-s-0-to"),
    ({"p-0-s-0-to": OWNER}, "p-0-s-0-to"),
    ({"p-0-s-1-do": "escalate-to-group", "p-0-s-1-at": "80", "p-0-s-1-unit": "percent", "p-0-s-1-to": "crew"},
     "p-0-s-0-at"),
    ({"when-service": ["moon"]}, "when-service"),
    ({"p-0-narrow": "yes", "p-0-when-service": ["moon"]}, "p-0-when"),
    ({"pause-ola": ["closed"]}, "pauses"),
])  # fmt: skip
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(root, fields, wrong):
    answer = root.send_fields(NEW, typed(**fields), status=422)
    assert f'href="#{wrong}"' in answer.text, re.findall(r'href="#([^"]+)"', answer.text)
    assert f'id="{wrong}-error"' in answer.text
    assert f'id="{wrong}"' in answer.text
    assert not [row for row in rulebook.versions(POLICY) if row.key == "with-water"]
    for name, value in typed(**fields).items():
        if isinstance(value, str) and value not in ("moon", "dance", "resolution"):
            assert value in answer.text, (name, value)


def test_nothing_promised_is_no_agreement(root):
    bare = {name: None for name in typed() if name.startswith("p-0")}
    answer = root.send_fields(NEW, typed(**bare), status=422)
    assert 'href="#promises"' in answer.text


@pytest.mark.parametrize(("act", "more", "gone"), [
    ("add", "p-1-clock", ""),
    ("more-0", "p-0-s-2-at", ""),
    ("less-0-0", "p-0-s-0-at", "p-0-s-1-at"),
    ("drop-0", "title", "p-0-clock"),
    ("narrow-0", "p-0-when-service", ""),
    ("up-0", "p-0-clock", ""),
])  # fmt: skip
def test_rows_come_and_go_by_buttons_and_nothing_is_saved(root, act, more, gone):
    answer = root.send_fields(NEW, typed(act=act), status=200)
    assert f'name="{more}"' in answer.text
    assert not gone or f'name="{gone}"' not in answer.text
    assert 'value="With Water"' in answer.text
    assert not [row for row in rulebook.versions(POLICY) if row.key == "with-water"]


@pytest.mark.parametrize(
    "act", ["drop-9", "less-0-9", "less-9-0", "more-9", "narrow-9", "up-9", "drop", "explode", "up--1"]
)
def test_a_button_that_there_is_not_does_nothing(root, act):
    assert 'name="p-0-s-1-at"' in root.send_fields(NEW, typed(act=act), status=200).text


def test_a_row_goes_higher(root):
    second = {name.replace("p-0", "p-1"): value for name, value in typed().items() if name.startswith("p-0")}
    answer = root.send_fields(NEW, typed(act="up-1", **second | {"p-1-every": "77:00"}), status=200)
    assert answer.text.index('value="77:00"') < answer.text.index('value="8:30"')


def test_changing_nothing_says_the_same(root):
    agreed()
    for key in ("water", "default"):
        page = root.page(f"{at(key)}/edit")
        fields = MultiDict(_fields(page))
        fields["owner"] = OWNER
        answer = root.send_fields(f"{at(key)}/edit", fields.to_dict(flat=False))
        told = visible(root.page(answer.location))
        if key == "water":
            assert "It says the same." in told
        else:
            assert "Owner not there Olga Owner" in told and told.count("not there") == 1


def _fields(page):
    """What a browser would send of the form as it stands."""
    body = page[page.rindex("<form", 0, page.index('class="admin-form')) :]
    body = body[: body.index("</form>")]
    for found in re.finditer(r"<input\b[^>]*>", body):
        name, value = (re.search(rf'{part}="([^"]*)"', found[0]) for part in ("name", "value"))
        if name and name[1] != "csrf_token" and ('type="checkbox"' not in found[0] or " checked" in found[0]):
            yield name[1], value[1] if value else ""
    for found in re.finditer(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', found[2]) or re.search(
            r'<option value="([^"]*)"', found[2]
        )
        yield found[1], chosen[1]
    for found in re.finditer(r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', body, re.DOTALL):
        yield found[1], found[2]


def test_a_draft_is_compared_and_put_in_force_from_its_page(root):
    agreed()
    answer = root.send_fields(
        f"{at('water')}/edit", typed(title="With Water", **{"p-0-critical": "", "p-0-every": "6"})
    )
    told = visible(root.page(answer.location))
    assert "Department (OLA), Low 4 hours, the department&#39;s hours 6 hours, the department&#39;s hours" in told
    put = {"when": "now", "why": "As agreed", "day": "", "time": ""}
    root.send_fields(f"{answer.location}/put-in-force", put, at=answer.location)
    assert rulebook.in_force(POLICY, "water").value.targets[0].seconds == 6 * 3600


def test_the_usual_promises_cannot_be_narrowed_by_their_form(root):
    page = root.page(f"{at('default')}/edit")
    assert "hold for every request" in visible(page) and 'name="when-service"' not in page
    fields = dict(_fields(page)) | {"owner": OWNER, "when-service": "leak"}
    answer = root.send_fields(f"{at('default')}/edit", fields, status=422)
    assert "they can ask for nothing" in visible(answer.text)


def test_a_new_one_begins_with_who_makes_it_and_a_look_after_a_year(root):
    page = root.page("/admin/rulebook/new/policy?kind=ua")
    assert re.search(r'<option value="root@city.example" selected', page)
    today = clock.now().date()
    assert f'value="{(today + timedelta(days=365)).isoformat()}"' in page
    assert "Lamps Ltd" in page


def test_any_garbage_is_an_answer_and_no_fault(root):
    for fields in (
        {"kind": "nonsense"}, {"reopen": "never"}, {"p-0-unit": "weeks"}, {"p-0-calendar": "moon"},
        {"p-0-s-0-unit": "moons"}, {"terms": "x" * 30_000}, {"order": "9" * 30}, {"p-0-clock": "x\x00"},
        {"pause-resolution": ["waiting_requester", "x"]}, {"kept": ["moon"]},
    ):  # fmt: skip
        answer = root.send(NEW, **typed(**fields))
        assert answer.status_code in (303, 422), fields


def test_what_the_form_shows_is_read_back_as_it_was():
    version = agreed()
    data = version.value.to_dict()
    with current_app.test_request_context():
        again = rulebook.READ[POLICY](reading.read(form.shown(data)))
    assert again.targets == version.value.targets
    assert again.agreement == version.value.agreement
    assert again.when == version.value.when
