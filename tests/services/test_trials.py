"""Other routing rules on a text and on past tickets: where they would go, and whether that would be right."""

from datetime import date

import pytest

from helpdesk.errors import Forbidden, Invalid, NotFound
from helpdesk.services import catalogue, rulebook, trials
from helpdesk.vocabulary import RulebookKind
from tests.builders import NOON, a_department, a_ticket, an_administrator, an_agent
from tests.web.staff_browser import StaffBrowser, visible

LAMP = {"key": "lamp", "title": "Lamps", "when": {"words": {"any": ["λάμπα"]}}}


@pytest.fixture
def stage(session):
    """Rules in force that send lamps to the wrong department, and a draft that sends them to the right one."""
    rulebook.ensure_defaults(NOON)
    right, wrong = a_department(), a_department()
    catalogue.changed(NOON)
    admin = an_administrator()
    rulebook.enact(RulebookKind.RULESET, "default", ruleset(wrong), title="Now", at=NOON)
    draft = rulebook.make_draft(admin, RulebookKind.RULESET, "default", ruleset(right), at=NOON)
    return admin, right, wrong, draft


def ruleset(place):
    return {"rules": [LAMP | {"then": {"department": place.key}}]}


def test_a_text_is_decided_by_both_and_nothing_is_kept(stage):
    admin, right, wrong, draft = stage
    tried = trials.try_text(admin, id_of(draft), "Βλάβη", "Η λάμπα δεν ανάβει")
    assert (tried.now.department_id, tried.then.department_id, tried.differs) == (wrong.id, right.id, True)
    assert not trials.try_text(admin, id_of(draft), "Κάδος", "Ο κάδος γέμισε").differs


def id_of(draft):
    return draft if isinstance(draft, int) else draft.id


def test_past_tickets_tell_what_is_right_before_and_after(stage):
    admin, right, wrong, draft = stage
    done = {"status": "closed", "resolved_at": NOON, "text": "Η λάμπα δεν ανάβει"}
    for _ in range(3):
        a_ticket(department_id=right.id, **done)
    a_ticket(department_id=wrong.id, **done)
    a_ticket(department_id=right.id, text="Η λάμπα έσβησε")
    a_ticket(department_id=right.id, text="Άλλο θέμα")
    a_ticket(department_id=right.id, routing={"by": "staff"}, **done)
    run = trials.start(admin, id_of(draft), NOON.date(), NOON.date(), at=NOON)
    trials.work(run)
    row = trials.trial(admin, run)
    found = trials.Tally(**row.found)
    assert (row.state, row.done, found.n, found.changed, found.known) == ("done", 7, 6, 5, 4)
    assert (found.right_now, found.right_then, found.wrong_now, found.wrong_then) == (1, 3, 3, 1)
    assert (found.triage_now, found.triage_then) == (1, 1)
    assert found.moves == {f"{wrong.id}>{right.id}": 5} and len(found.shown) == 5
    trials.work(run)
    assert trials.trial(admin, run).done == 7, "what is done is not done again"


def test_what_makes_no_sense_is_refused(stage):
    admin, _, _, draft = stage
    with pytest.raises(Invalid):
        trials.start(admin, id_of(draft), date(2026, 11, 2), date(2026, 11, 1))


def test_only_rules_of_routing_are_tried_so(stage):
    admin, *_ = stage
    with pytest.raises(NotFound):
        trials.start(admin, rulebook.in_force(RulebookKind.MATRIX).id, NOON.date(), NOON.date())


def test_only_administrators_try(stage):
    *_, draft = stage
    agent = an_agent()
    with pytest.raises(Forbidden):
        trials.try_text(agent, id_of(draft), "a", "b")


def test_the_page_shows_both_outcomes_and_the_trial_its_figures(app, stage):
    admin, right, wrong, draft = stage
    a_ticket(department_id=right.id, status="closed", resolved_at=NOON, text="Η λάμπα δεν ανάβει")
    browser, path = StaffBrowser(app, admin), f"/admin/rulebook/{id_of(draft)}/try-routing"
    told = {"on": "text", "subject": "Βλάβη", "text": "Η λάμπα δεν ανάβει", "channel": "email", "language": "el"}
    page = visible(browser.send_fields(path, told, status=200).text)
    assert "It would go elsewhere" in page and right.names["en"] in page and wrong.names["en"] in page
    day = NOON.date().isoformat()
    answer = browser.send_fields(path, {"on": "past", "from": day, "to": day})
    trials.work(int(answer.location.rsplit("/", 1)[1]))
    page = visible(browser.page(answer.location))
    assert "1 (100%)" in page and "0 (0%)" in page and "better" in page
    assert "Choose a later day." in browser.send_fields(
        path, {"on": "past", "from": day, "to": "2020-01-01"}, status=422
    ).text  # fmt: skip
