"""The log of what people were told, as stored; and the share of letters that left in time, counted twice."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from helpdesk import db as ground
from helpdesk.db import db, table
from helpdesk.errors import NotFound
from helpdesk.models.informing import Informed
from helpdesk.models.post import Outbound
from helpdesk.services import informing, replies, reports, tickets
from helpdesk.services.reports import Period
from tests.builders import NOON, a_department, a_ticket, an_administrator, an_agent

pytestmark = pytest.mark.usefixtures("body")

HOUR = timedelta(hours=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
_OUT = table(Outbound)


def test_it_tells_every_letter_and_every_change_without_one(agent, ticket):
    tickets.take(agent, ticket.id, at=NOON + HOUR)
    replies.reply(agent, ticket.id, "Ερχόμαστε.", at=NOON + HOUR + informing.GRACE / 2)
    tickets.wait(agent, ticket.id, "needs_document", at=NOON + 2 * HOUR)
    ground.flush_pending()
    told = [(row.change, row.telling, row.template, row.state) for row in informing.log(agent, ticket.id)][::-1]
    assert told == [
        ("", "letter", "received", "waiting"),
        ("taken_up", "replaced", "progress", "withdrawn"),
        ("", "letter", "answered", "waiting"),
        ("needs_citizen", "letter", "progress", "waiting"),
    ]
    assert informing.log(agent, ticket.id)[0].rules == "default@1"


def test_it_is_for_those_who_may_read_the_ticket(ticket):
    ticket.restricted = True
    ground.commit()
    with pytest.raises(NotFound):
        informing.log(an_agent(a_department()), ticket.id)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_share_of_letters_in_time_is_what_counting_letter_by_letter_gives(agent, seed):
    dice, boss, now = random.Random(seed), an_administrator(), NOON + timedelta(days=4)
    for _ in range(12):
        at = NOON + timedelta(minutes=dice.randrange(3 * 1440))
        ticket = a_ticket(department_id=next(iter(agent.departments)), received_at=at)
        tickets.take(agent, ticket.id, at=at + HOUR)
        if dice.random() < 0.5:
            replies.reply(agent, ticket.id, "…", at=at + HOUR + dice.choice([timedelta(seconds=9), HOUR]))
        if dice.random() < 0.7:
            tickets.wait(agent, ticket.id, "supplier_works", at=at + 3 * HOUR)
    ground.flush_pending()
    for row in db.session.query(Outbound).filter_by(state="waiting").all():
        fate = dice.choice(["sent", "sent", "late", "refused", "waiting"])
        late = timedelta(minutes=dice.randrange(16, 900)) if fate == "late" else timedelta(minutes=dice.randrange(15))
        values = {"state": "sent" if fate == "late" else fate, "settled_at": row.due_at + late, "attempts": 1}
        db.session.execute(update(_OUT).where(_OUT.c.id == row.id).values(**values))
    db.session.expire_all()
    found = reports.figure(boss, "told_in_time", NOVEMBER, now=now).whole
    assert (found.n, found.met) == counted(now)
    listed = reports.tickets_of(boss, "told_in_time", NOVEMBER, limit=500, now=now).rows
    assert len(listed) == found.n > 10 and 0 < found.met < found.n


def counted(now) -> tuple[int, int]:
    """Letter by letter."""
    leaves = {note.external_id: note.leaves_at for note in db.session.query(Informed) if note.external_id}
    judged = met = 0
    for row in db.session.query(Outbound).filter(Outbound.ticket_id.is_not(None)):
        until = (leaves.get(row.external_id) or row.created_at) + timedelta(minutes=15)
        left = row.state == "sent" and row.settled_at <= now
        if row.state == "withdrawn" or not (left or until < now):
            continue
        judged += 1
        met += left and row.settled_at <= until
    return judged, met
