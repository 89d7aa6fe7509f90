"""Whatever the hour at which the demo is started, its desk shows every kind of work."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, scoped_session

from helpdesk.db import db, table, unit
from helpdesk.models.post import Inbound
from helpdesk.models.tickets import Link, Message, Ticket
from helpdesk.services import timers, views
from helpdesk.services.demo import house, scenes
from helpdesk.services.demo.stage import Stage
from helpdesk.vocabulary import InboundState
from tests.checking import faults

HOURS = {
    "at noon": datetime(2026, 11, 26, 11, 0, tzinfo=UTC),
    "in the night": datetime(2026, 11, 25, 1, 40, tzinfo=UTC),
    "on a Sunday morning": datetime(2026, 11, 29, 6, 5, tzinfo=UTC),
    "at Easter": datetime(2026, 4, 13, 9, 0, tzinfo=UTC),
}
tickets, messages, links, inbound = table(Ticket).c, table(Message).c, table(Link).c, table(Inbound).c


@unit()
def _played(now: datetime) -> Stage:
    begins = now - timedelta(days=35)
    stage = Stage(house.build("no password", begins - timedelta(days=30)), Random(1), begins)
    scenes.enter(stage, now)
    stage.play(now, lambda _: None)
    return stage


def _count(*conditions: object) -> int:
    return db.session.execute(select(func.count(tickets.id.distinct())).where(*conditions)).scalar_one()  # type: ignore[arg-type]


@pytest.mark.parametrize("hour", HOURS)
def test_every_kind_of_work_stands_on_the_desk(session: scoped_session[Session], hour: str) -> None:
    now = HOURS[hour]
    stage = _played(now)
    assert stage.refused == []
    is_open = tickets.is_open
    assert _count(is_open, tickets.next_due_at < now) >= 3
    assert _count(is_open, tickets.next_due_at.between(now, now + views.HORIZON)) >= 2
    assert _count(is_open, tickets.assignee_id.is_(None), tickets.department_id.is_not(None)) >= 4
    assert _count(tickets.department_id.is_(None)) >= 3
    assert _count(tickets.restricted) == 1
    waiting = db.session.execute(select(tickets.waiting_reason).where(tickets.waiting_until > now)).scalars()
    assert {"needs_information", "supplier_works", "appointment", "other_department"} <= set(waiting)
    assert _count(tickets.id == messages.ticket_id, messages.delivery_state == "refused") >= 1
    assert db.session.execute(select(func.count()).where(links.kind == "duplicate")).scalar_one() == 1
    assert db.session.execute(select(func.count()).where(inbound.state == InboundState.UNREADABLE)).scalar_one() == 1
    per_ticket = select(messages.ticket_id, func.count().label("said")).group_by(messages.ticket_id).subquery()
    assert db.session.execute(select(func.max(per_ticket.c.said))).scalar_one() >= 20
    assert list(timers.verify(now)) == []
    assert faults(now) == []
