"""Setting up the house is for administrators, whichever door they come through, and each act is kept."""

import pytest
from flask import current_app

from helpdesk.cli import assets
from helpdesk.errors import Forbidden, NotFound, Stale
from helpdesk.permissions import SYSTEM
from helpdesk.services import access, addresses, body, handbook, holidays, house, patience, rulebook
from helpdesk.services.holidays import Approved
from helpdesk.vocabulary import RulebookKind
from helpdesk.web.admin.icons import SERVICE_ICONS
from tests.builders import NOON, a_department, a_supervisor, an_account, an_administrator, an_agent


@pytest.fixture(autouse=True)
def house_in_order(session):
    rulebook.ensure_defaults(NOON)
    for name in ("catalogue", "rulebook_versions"):
        current_app.extensions.pop(name, None)
    body.forget_name()
    yield
    for name in ("catalogue", "rulebook_versions"):
        current_app.extensions.pop(name, None)
    body.forget_name()


@pytest.mark.parametrize("somebody", [an_agent, a_supervisor])
def test_nobody_else_sets_up_the_house(somebody):
    actor, account = somebody(a_department()), an_account()
    calendar = rulebook.in_force(RulebookKind.CALENDAR)
    texts = {"titles": {"el": "Α"}, "texts": {"el": "Β"}}
    for act in (
        lambda: body.save(actor, {"el": "Δήμος"}, {}, NOON),
        lambda: addresses.save(actor, "email", None, NOON, address="a@b.example", secrets={}),
        lambda: addresses.try_out(actor, account.id, NOON),
        lambda: handbook.save(actor, "reply", None, NOON, **texts),
        lambda: handbook.end_outage(actor, 1, NOON),
        lambda: holidays.approve(actor, calendar.id, [Approved(NOON.date(), "")], NOON),
        lambda: access.invite(actor, actor.id, NOON),
    ):
        with pytest.raises(Forbidden):
            act()
    assert house.deeds().rows == []


def test_what_is_not_there_cannot_be_changed():
    root = an_administrator()
    for act in (
        lambda: addresses.save(root, "email", 99_999, NOON, address="a@b.example", secrets={}),
        lambda: addresses.try_out(root, 99_999, NOON),
        lambda: handbook.save(root, "article", 99_999, NOON, titles={"el": "Α"}, bodies={"el": "Β"}),
        lambda: handbook.end_outage(root, 99_999, NOON),
        lambda: access.invite(root, 99_999, NOON),
    ):
        with pytest.raises(NotFound):
            act()


def test_an_outage_ends_once():
    root = an_administrator()
    id_ = handbook.save(root, "outage", None, NOON, titles={"el": "Α"}, texts={"el": "Β"}, begins_at=NOON)
    handbook.end_outage(root, id_, NOON)
    with pytest.raises(Stale):
        handbook.end_outage(root, id_, NOON)
    assert [row.act for row in house.deeds("outage").rows] == ["ended", "made"]


def test_the_body_keeps_what_it_did_not_decide():
    assert body.days() == patience.DAYS
    body.save(an_administrator(), {"el": "Δήμος"}, {"close_after_days": 3}, NOON)
    assert body.days() == patience.DAYS | {"close_after_days": 3}
    assert body.name("en") == "Δήμος"


def test_the_first_administrator_can_be_made_while_nobody_works_here_and_gets_a_rulebook():
    current_app.extensions.pop("rulebook_versions", None)
    token = access.first_token(NOON)
    with pytest.raises(NotFound):
        access.make_first_administrator("not it", "Ελένη", "e@polis.example", "a long enough password", NOON)
    id_ = access.make_first_administrator(token, "Ελένη", "e@polis.example", "a long enough password", NOON, "en")
    [deed] = house.deeds().rows
    assert (deed.person_id, deed.kind, deed.thing_id) == (id_, "person", id_)
    assert access.first_token(NOON) is None
    assert SYSTEM.id is None


@pytest.mark.parametrize("name", SERVICE_ICONS)
def test_every_picture_is_in_the_set_that_is_brought(name):
    assert name in assets.ICONS
