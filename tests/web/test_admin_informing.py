"""The form of who is told what: its result is a draft that is put in force; what is wrong stands beside its field."""

import re

import pytest

from helpdesk import db as ground
from helpdesk.services import rulebook
from helpdesk.vocabulary import PublicChange, Reader, RulebookKind
from tests.builders import a_department, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("rules")

INFORMING = RulebookKind.INFORMING


@pytest.fixture
def root(app):
    actor = an_administrator()
    ground.commit()
    return StaffBrowser(app, actor)


def edit() -> str:
    return f"/admin/rulebook/{rulebook.in_force(INFORMING).id}/edit"


def filled(page: str) -> dict[str, str]:
    """The form as a browser would send it unchanged: what is disabled or not ticked is not sent."""
    ticked = re.findall(r'<input type="checkbox" name="([\w-]+)" value="yes"[^>]* checked>', page)
    typed = re.findall(r'<input type="(?:time|number)"[^>]* name="(\w+)" value="([^"]*)"', page)
    return {"title": "Kinder", "why": "Decision 7"} | dict.fromkeys(ticked, "yes") | dict(typed)


def newest() -> dict:
    return rulebook.versions(INFORMING)[0].data


def test_saving_the_form_as_it_is_changes_no_rule(root):
    before = rulebook.in_force(INFORMING).value
    root.send_fields(edit(), filled(root.page(edit())))
    assert type(before).from_dict(newest()).known == before.known
    assert newest()["quiet"] == {"from": "21:00", "to": "08:00", "closed_days": False}


def test_a_draft_says_what_changes_and_holds_when_it_is_put_in_force(root):
    form = filled(root.page(edit())) | {"from": "22:30", "to": "07:00", "closed_days": "yes", "within_minutes": "20"}
    del form["taken_up-told"]
    form |= {"transferred-language": "en", "escalated-on_behalf": "yes"}
    made = root.send_fields(edit(), form).location
    assert rulebook.in_force(INFORMING).value.of(PublicChange.TAKEN_UP, Reader.REQUESTER)
    text = visible(root.page(made))
    assert "From 22:30 to 07:00. Also on days on which the usual hours are closed." in text and "20 minutes" in text
    root.send_fields(f"{made}/put-in-force", {"when": "now", "why": "Decision 7"}, at=made)
    value = rulebook.in_force(INFORMING).value
    assert value.of(PublicChange.TAKEN_UP, Reader.REQUESTER) is None
    assert value.of(PublicChange.TRANSFERRED, Reader.REQUESTER).language == "en"
    assert value.of(PublicChange.ESCALATED, Reader.ON_BEHALF).keeps_quiet
    assert (value.quiet.closed_days, value.within_minutes) == (True, 20)


def test_what_everybody_must_learn_at_once_cannot_be_taken_off_by_a_forged_form(root):
    form = filled(root.page(edit())) | {"resolved-told": "", "resolved-may_decline": "yes", "opened-keeps_quiet": "yes"}
    root.send_fields(edit(), form)
    told = {change: newest()["rules"][change]["requester"] for change in ("resolved", "opened")}
    assert not any(rule["may_decline"] or rule["keeps_quiet"] for rule in told.values())
    page = root.page(edit())
    assert re.search(r'name="resolved-told" value="yes"[^>]* checked disabled>', page)


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("from", "25:00", "A time like 21:00."),
        ("to", "", "A time like 21:00."),
        ("within_minutes", "0", "At least one minute."),
        ("within_minutes", "soon", "A whole number of minutes."),
        ("taken_up-language", "xx", "Choose one of the list."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(root, field, typed, told):
    count = len(rulebook.versions(INFORMING))
    form = filled(root.page(edit())) | {field: typed, "closed_days": "yes"}
    answer = root.send_fields(edit(), form, status=422)
    assert f'id="{field}-error"' in answer.text or f'href="#{field}"' in answer.text
    assert told in visible(answer.text)
    assert 'name="closed_days" value="yes" checked' in answer.text
    assert len(rulebook.versions(INFORMING)) == count


def test_the_form_is_for_administrators(app, root):
    agent = an_agent(a_department())
    ground.commit()
    assert StaffBrowser(app, agent).get(edit()).status_code == 403
