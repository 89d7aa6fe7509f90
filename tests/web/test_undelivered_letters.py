"""Letters that an address sends back again and again stand together, and one click lets them all be."""

import pytest
from sqlalchemy import select

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.post import Outbound
from helpdesk.services import rulebook
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_agent
from tests.web.staff_browser import StaffBrowser, visible
from tests.web.test_supervise import a_parcel

HERE = "/supervise/post"


@pytest.fixture
def boss(session, app):
    rulebook.ensure_defaults(NOON)
    place = a_department()
    found = StaffBrowser(app, a_supervisor(place))
    ticket = a_ticket(department_id=place.id)
    for number in range(3):
        a_parcel(ticket, external_id=f"gone{number}@x", payload={"to_address": "gone@lost.example", "subject": "s"})
    a_parcel(ticket, external_id="other@x", payload={"to_address": "other@lost.example", "subject": "s"})
    ground.commit()
    return found


def states():
    query = select(Outbound.payload["to_address"].astext, Outbound.state).order_by(Outbound.id)
    return [tuple(row) for row in db.session.execute(query)]


def test_an_address_stands_once_with_its_earlier_letters_folded_away(boss):
    page = visible(boss.page(HERE))
    assert "2 earlier letters" in page or "2 προηγούμενες επιστολές" in page


def test_all_letters_to_an_address_are_let_be_at_once_and_no_others(boss):
    ids = [str(id_) for id_ in db.session.execute(select(Outbound.id).order_by(Outbound.id)).scalars()]
    boss.send_fields(f"{HERE}/outgoing/let-be", {"number": ids[:3]}, at=HERE)
    db.session.expire_all()
    assert [state for _, state in states()] == ["withdrawn"] * 3 + ["refused"]
    boss.send_fields(f"{HERE}/outgoing/let-be", {"number": ids[:3]}, at=HERE)


def test_agents_let_nothing_be(boss, app):
    agent = StaffBrowser(app, an_agent())
    ground.commit()
    agent.send_fields(f"{HERE}/outgoing/let-be", {"number": "1"}, at="/desk", status=403)
