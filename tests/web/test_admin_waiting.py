"""The editor of rules of waiting: a form whose result is a draft; what is wrong stands beside its field."""

import re

import pytest

from helpdesk import db as ground
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind, WaitingReason
from tests.builders import an_administrator
from tests.web.staff_browser import StaffBrowser, visible

pytestmark = pytest.mark.usefixtures("rules")


@pytest.fixture
def root(app):
    actor = an_administrator()
    ground.commit()
    return StaffBrowser(app, actor)


def edit() -> str:
    return f"/admin/rulebook/{rulebook.in_force(RulebookKind.WAITING).id}/edit"


def named(key: str) -> str:
    """``approval_first_days`` as the form's field: ``approval-first_days``."""
    return re.sub(r"_(longest_days|first_days|again_days|warn_days|end)$", r"-\1", key)


def filled(root: StaffBrowser, **changed: str) -> dict[str, str]:
    """The form as the page shows it, but for what is changed."""
    form = dict(re.findall(r'name="([a-z_]+-[a-z_]+)" value="([^"]*)"', root.page(edit())))
    ends = {f"{reason}-end": "open" for reason in WaitingReason}
    return {"title": "Longer", "why": "Winter"} | ends | form | {named(key): one for key, one in changed.items()}


def newest() -> dict[str, dict[str, object]]:
    reasons: dict[str, dict[str, object]] = rulebook.versions(RulebookKind.WAITING)[0].data["reasons"]
    return reasons


def test_the_form_shows_every_reason_and_only_the_citizen_s_silence_may_resolve(root):
    page = root.page(edit())
    for reason in WaitingReason:
        assert f'name="{reason}-longest_days"' in page
    assert '<select id="needs_document-end"' in page
    assert '<select id="approval-end"' not in page


def test_saving_makes_a_draft_with_what_was_changed_and_leaves_what_is_in_force(root):
    before = rulebook.in_force(RulebookKind.WAITING).value
    form = filled(
        root,
        needs_document_longest_days="45",
        needs_document_end="resolved",
        approval_first_days="",
        approval_again_days="",
    )
    answer = root.send(edit(), **form)
    assert answer.status_code == 303, visible(answer.text)
    assert newest()["needs_document"] == {
        "longest_days": 45, "first_days": 5, "again_days": 7, "warn_days": 5, "end": "resolved",
    }  # fmt: skip
    assert rulebook.in_force(RulebookKind.WAITING).value == before
    text = visible(root.page(answer.location))
    assert "45 days" in text
    assert "it is resolved, if the citizen was told before" in text


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("approval_longest_days", "0", "At least one day."),
        ("approval_longest_days", "900", "At most two years: 732 days."),
        ("approval_longest_days", "soon", "A whole number of days."),
        ("approval_first_days", "60", "Less than the longest wait."),
        ("appointment_again_days", "3", "Give the first reminder, too."),
        ("approval_end", "resolved", "Only waiting for the citizen may end in resolved."),
        ("needs_document_end", "vanished", "Choose one of the list."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(root, field, typed, told):
    count = len(rulebook.versions(RulebookKind.WAITING))
    answer = root.send(edit(), **filled(root, **{field: typed}))
    assert answer.status_code == 422
    assert f'id="{named(field)}-error"' in answer.text
    assert told in visible(answer.text)
    assert "cannot be used" not in answer.text
    assert len(rulebook.versions(RulebookKind.WAITING)) == count


def test_a_resolution_in_the_end_wants_a_last_reminder(root):
    answer = root.send(edit(), **filled(root, needs_document_end="resolved", needs_document_warn_days="0"))
    assert 'id="needs_document-warn_days-error"' in answer.text
