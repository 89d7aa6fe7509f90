"""The rulebook's pages: every version can be read, compared, edited as a draft, and put in force now or on its day."""

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.services import house, rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, a_service, a_supervisor, an_administrator
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("rules")

CALENDAR, MATRIX, POLICY, RULESET = (
    RulebookKind.CALENDAR, RulebookKind.MATRIX, RulebookKind.POLICY, RulebookKind.RULESET,
)  # fmt: skip
NIGHT = {"tz": "Europe/Athens", "hours": {"mon": [["22:00", "06:00"]]}}


@pytest.fixture
def actor():
    found = an_administrator()
    ground.commit()
    return found


@pytest.fixture
def root(app, actor):
    return StaffBrowser(app, actor)


def here(kind=CALENDAR):
    return f"/admin/rulebook/{rulebook.in_force(kind).id}"


def page_of(answer):
    return answer.location.split("?")[0]


def a_draft(actor, data=NIGHT, kind=CALENDAR, key="default"):
    return rulebook.make_draft(actor, kind, key, data, title="Night", at=clock.now())


def test_every_version_of_every_kind_can_be_read(root):
    rulebook.enact(RULESET, "default", {"rules": [
        {"key": "leak", "title": "Leaks", "when": {"words": {"any": ["διαρροή", "leak"]}}, "then": {"impact": "high"}},
    ]}, at=NOON)  # fmt: skip
    assert "No longer in force" in visible(root.page("/admin/rulebook"))
    for kind in RulebookKind:
        for row in rulebook.versions(kind):
            assert f"{row.key}@{row.number}" in visible(root.page(f"/admin/rulebook/{row.id}"))
    policy = visible(root.page(here(POLICY)))
    assert "Critical High Normal Low Counted in First response 1 hour 2 hours 8 hours 16 hours" in policy
    shown = visible(root.page(here(RULESET)))
    assert "words: any of: διαρροή, leak" in shown and "Impact: High" in shown
    root.page("/admin/rulebook/999999", 404)


def test_every_version_of_every_kind_that_has_a_form_can_be_taken_up(root):
    a_service()
    for kind in RulebookKind:
        for row in rulebook.versions(kind):
            root.page(f"/admin/rulebook/{row.id}/edit")


def test_the_pages_are_for_administrators(app, root, actor):
    draft = a_draft(actor)
    supervisor = StaffBrowser(app, a_supervisor(a_department()))
    for path in (
        f"{here()}/edit",
        f"{here()}/special-days",
        "/admin/rulebook/new/calendar",
        f"/admin/rulebook/{draft}",
    ):
        root.page(path)
        supervisor.page(path, 403)
    for act in ("put-in-force", "discard", "call-off", "retire", "edit", "special-days", "calendar-file"):
        answer = supervisor.send(f"/admin/rulebook/{draft}/{act}", at="/auth/account", why="Mine")
        assert answer.status_code == 403, act
    assert rulebook.record(draft).state == "draft"


def test_a_draft_is_compared_with_what_is_in_force_in_words(root, actor):
    shown = visible(root.page(f"/admin/rulebook/{a_draft(actor)}"))
    assert "What differs from version 1" in shown
    assert "Monday 08:00–15:00 22:00–06:00" in shown
    assert "Tuesday 08:00–15:00 closed" in shown
    assert "Sunday closed closed" not in shown, "what stays the same is not told"


def test_any_two_versions_can_be_compared(root, actor):
    first, second = a_draft(actor), a_draft(actor, NIGHT | {"hours": {"tue": [["22:00", "06:00"]]}})
    shown = visible(root.page(f"/admin/rulebook/{second}?with={first}"))
    assert "What differs from version 2" in shown and "Monday 22:00–06:00 closed" in shown


def test_days_that_change_alike_are_told_as_one_stretch(root, actor):
    november = [f"2027-11-{day:02}" for day in range(1, 31)]
    shown = visible(root.page(f"/admin/rulebook/{a_draft(actor, NIGHT | {'holidays': november})}"))
    assert "Mon 1 Nov 2027 – Tue 30 Nov 2027 as every week closed" in shown


def test_rules_and_promises_are_compared_by_name(root, actor):
    rule = {"key": "leak", "title": "Leaks", "when": {"words": {"any": ["leak"]}}, "then": {"impact": "high"}}
    draft = a_draft(actor, {"rules": [rule]}, RULESET)
    shown = visible(root.page(f"/admin/rulebook/{draft}"))
    assert "Leaks (leak) not there words: any of: leak" in shown and "→ Impact: High" in shown
    data = rulebook.in_force(POLICY).value.to_dict()
    data["targets"][0]["seconds"] = 7200
    assert "2 hours" in visible(root.page(f"/admin/rulebook/{a_draft(actor, data, POLICY)}"))


def test_a_reason_is_asked_for_and_what_was_typed_stays(root, actor):
    draft = a_draft(actor)
    path = f"/admin/rulebook/{draft}"
    answer = root.send_fields(f"{path}/put-in-force", {"when": "day", "day": "2099-01-02"}, at=path, status=422)
    assert 'id="why-error"' in answer.text and 'href="#why"' in answer.text and "2099-01-02" in answer.text
    answer = root.send_fields(f"{path}/put-in-force", {"when": "day", "why": "Law"}, at=path, status=422)
    assert 'id="day-error"' in answer.text and 'value="Law"' in answer.text
    assert rulebook.record(draft).state == "draft"


def test_a_draft_is_put_in_force_at_once(root, actor):
    draft = a_draft(actor)
    path = f"/admin/rulebook/{draft}"
    answer = root.send_fields(f"{path}/put-in-force", {"when": "now", "why": "Decision 12"}, at=path)
    assert page_of(answer) == path
    row = rulebook.record(draft)
    assert (row.state, row.why, row.in_force_by_id) == ("in_force", "Decision 12", actor.id)
    shown = visible(root.page(path))
    assert "It is in force." in shown and "Decision 12" in shown


def test_a_draft_waits_for_its_day_in_the_bodys_zone_and_is_called_off(root, actor):
    draft = a_draft(actor)
    path = f"/admin/rulebook/{draft}"
    given = {"when": "day", "day": "2098-06-01", "time": "07:30", "why": "Summer"}
    root.send_fields(f"{path}/put-in-force", given, at=path)
    row = rulebook.record(draft)
    assert (row.state, row.starts_at.isoformat()) == ("scheduled", "2098-06-01T04:30:00+00:00")
    assert "It will hold from 1 Jun 2098, 07:30 on." in visible(root.page(path))
    assert "Waits for its day" in visible(root.page("/admin/rulebook"))
    root.send_fields(f"{path}/call-off", {}, at=path)
    assert rulebook.record(draft).state == "draft"
    root.send_fields(f"{path}/call-off", {}, at=path, status=409)


def test_a_day_that_could_not_be_kept_is_told_on_its_page(root, actor):
    rulebook.enact(CALENDAR, "night", NIGHT, at=NOON)
    promise = {"targets": [{"clock": "resolution", "seconds": 60, "calendar": "night"}]}
    draft = a_draft(actor, promise, POLICY, "fast")
    rulebook.start(actor, draft, why="Law", starts_at=NOON + timedelta(days=1), at=NOON)
    rulebook.retire(actor, rulebook.in_force(CALENDAR, "night").id, why="No night", at=NOON)
    assert rulebook.start_due(NOON + timedelta(days=2)) == 0
    shown = visible(root.page(f"/admin/rulebook/{draft}"))
    assert "could not: something it needs is not in force any more" in shown


def test_a_draft_is_discarded_and_an_earlier_version_comes_back_as_a_new_one(root, actor):
    first = rulebook.in_force(CALENDAR)
    draft = a_draft(actor)
    root.send_fields(f"/admin/rulebook/{draft}/discard", {}, at=f"/admin/rulebook/{draft}")
    assert rulebook.record(draft).state == "discarded"
    rulebook.start(actor, a_draft(actor), why="Night")
    old = f"/admin/rulebook/{first.id}"
    assert "Go back to this version" in visible(root.page(old))
    made = root.send_fields(f"{old}/put-in-force", {"when": "now", "why": "As it was"}, at=old)
    assert page_of(made) != old
    assert rulebook.in_force(CALENDAR).value == first.value and rulebook.in_force(CALENDAR).number == 4


def test_a_version_is_taken_out_of_force_with_a_reason_unless_somebody_needs_it(root):
    rulebook.enact(CALENDAR, "night", NIGHT, at=NOON)
    path = f"/admin/rulebook/{rulebook.in_force(CALENDAR, 'night').id}"
    assert "Take it out of force" in visible(root.page(path))
    assert "Take it out of force" not in visible(root.page(here()))
    answer = root.send_fields(f"{path}/retire", {}, at=path, status=422)
    assert 'id="retire-why-error"' in answer.text
    root.send_fields(f"{path}/retire", {"why": "Nobody works at night"}, at=path)
    assert "Nobody works at night" in visible(root.page(path))
    refused = root.send_fields(f"{here()}/retire", {"why": "x"}, at=path, status=422)
    assert "stays in force until another version takes its place" in visible(refused.text)


MATRIX_FORM = {f"{at}-{to}": "normal" for at in ("high", "medium", "low") for to in ("high", "medium", "low")}


def test_the_matrix_is_edited_with_guidance(root):
    given = (
        MATRIX_FORM
        | {"title": "Priorities", "high-high": "critical"}
        | {"high-high-words-en": "Danger to life", "high-high-words-el": "Κίνδυνος ζωής"}
    )
    made = root.send_fields(f"{here(MATRIX)}/edit", given)
    row = rulebook.record(int(page_of(made).rpartition("/")[2]))
    assert (row.state, row.data["high"]["high"], row.data["low"]["low"]) == ("draft", "critical", "normal")
    assert row.data["guidance"] == {"high": {"high": {"el": "Κίνδυνος ζωής", "en": "Danger to life"}}}
    shown = visible(root.page(made.location))
    assert "Impact: High, Urgency: Medium High Normal" in shown and "Danger to life" in shown
    again = root.page(f"{made.location}/edit")
    assert "Danger to life" in again and "Κίνδυνος ζωής" in again
    assert "Κίνδυνος ζωής" in visible(root.page(f"{made.location}?language=el"))
    refused = root.send_fields(f"{here(MATRIX)}/edit", given | {"low-low": "urgent"}, status=422)
    assert 'href="#low-low"' in refused.text and 'id="low-low-error"' in refused.text


def test_a_type_gets_a_matrix_of_its_own_once(root):
    page = root.page("/admin/rulebook/new/matrix")
    assert 'value="complaint"' in page and 'value="security-incident"' in page
    given = MATRIX_FORM | {"title": "Complaints", "key": "complaint"}
    made = root.send_fields("/admin/rulebook/new/matrix", given)
    assert rulebook.record(int(page_of(made).rpartition("/")[2])).key == "complaint"
    assert 'value="complaint"' not in root.page("/admin/rulebook/new/matrix")
    root.send_fields("/admin/rulebook/new/matrix", given, status=422)
    root.send_fields("/admin/rulebook/new/matrix", given | {"key": "anything"}, status=422)


def test_what_has_no_editor_of_its_own_is_edited_as_data(root):
    path = f"{here(RULESET)}/edit"
    made = root.send_fields(path, {"title": "Rules", "data": '{"rules": [], "addresses": {}}'})
    assert rulebook.record(int(page_of(made).rpartition("/")[2])).state == "draft"
    for data, told in (("{", "Check brackets"), ("[]", "an object in braces"), ('{"rules": [{"key": 1}]}', "rules[0]")):
        refused = root.send_fields(path, {"title": "Rules", "data": data}, status=422)
        assert told in visible(refused.text) and 'id="data-error"' in refused.text
    assert rulebook.in_force(RULESET).number == 1


def test_two_who_edit_one_draft_do_not_overwrite_each_other(root, actor):
    draft = a_draft(actor)
    path = f"/admin/rulebook/{draft}/edit"
    given = {"title": "Night", "tz": "Europe/Athens", "mon-0-from": "21:00", "mon-0-to": "05:00"}
    root.send_fields(path, given)
    answer = root.send_fields(path, given)
    states = [row.state for row in rulebook.versions(CALENDAR, "default")]
    assert answer.status_code == 303 and states == ["draft", "draft", "discarded", "in_force"]


def test_a_name_of_its_own_gives_new_hours_a_key_and_a_taken_one_is_refused(root):
    given = {"title": "Νυχτερινό", "tz": "Europe/Athens", "mon-0-from": "22:00", "mon-0-to": "06:00"}
    made = root.send_fields("/admin/rulebook/new/calendar", given)
    row = rulebook.record(int(page_of(made).rpartition("/")[2]))
    assert (row.key, row.number, row.state) == ("nychterino", 1, "draft")
    refused = root.send_fields("/admin/rulebook/new/calendar", given | {"key": "default"}, status=422)
    assert 'id="key-error"' in refused.text
    refused = root.send_fields("/admin/rulebook/new/calendar", given | {"title": ""}, status=422)
    assert 'id="title-error"' in refused.text
    for path in ("/admin/rulebook/new/ruleset", "/admin/rulebook/new/nothing"):
        root.page(path, 404)


def test_the_title_of_the_usual_one_is_not_written_down_in_the_readers_language(root):
    given = MATRIX_FORM | {"title": "The usual one"}
    made = root.send_fields(f"{here(MATRIX)}/edit", given)
    assert rulebook.record(int(page_of(made).rpartition("/")[2])).title == "default"


def test_what_was_done_stands_in_the_log(root, actor):
    draft = a_draft(actor)
    root.send_fields(
        f"/admin/rulebook/{draft}/put-in-force", {"when": "now", "why": "Law"}, at=f"/admin/rulebook/{draft}"
    )  # fmt: skip
    shown = visible(root.page("/admin/log?kind=rulebook"))
    assert "Version of the rulebook Night (2) put in force" in shown
    assert [deed.act for deed in house.deeds("rulebook").rows] == ["put-in-force", "drafted"]
