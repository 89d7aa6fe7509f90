"""Whatever anybody does in whatever order: one owner, one open stay, and a journal that explains every row."""

import os

import pytest

from helpdesk.db import db
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import may
from helpdesk.services import journal
from tests.checking import faults
from tests.lives.house import read
from tests.lives.walking import ACTS, Walk, explained

pytestmark = pytest.mark.usefixtures("body")

WALKS = int(os.environ.get("HELPDESK_WALKS", "4"))
"""How many; a long walk of the whole house is ``HELPDESK_WALKS=200 pytest tests/lives/test_walks.py``."""

STEPS = 60


@pytest.mark.parametrize("seed", range(WALKS))
def test_after_every_act_all_that_must_hold_holds(seed):
    walk = Walk(seed)
    for _ in range(STEPS):
        if walk.step():
            db.session.expire_all()
            assert _wrong(walk) == [], walk.done
            assert faults(walk.now) == [], walk.done


def _wrong(walk: Walk) -> list[object]:
    """What does not hold of a ticket, by number."""
    found: list[object] = []
    for number in walk.numbers:
        ticket = db.session.get_one(Ticket, number)
        told = explained(journal.of(number))
        found += [(number, name, value) for name, value in told.items() if getattr(ticket, name) != value]
        found += [(number, what) for what in _unkept(ticket, walk)]
    return found


def _unkept(ticket: Ticket, walk: Walk) -> list[str]:
    stays = [one for one in read(ticket, walk.now).get("ola", []) if one.is_open and one.state != "withdrawn"]
    handlers = [actor for actor in walk.staff if actor.id in {ticket.owner_id, ticket.assignee_id}]
    rules = {
        "one owner where it has a department": ticket.department_id is None or ticket.owner_id is not None,
        "at most one open stay": len(stays) <= 1,
        "an open stay in each department": not ticket.is_open or len(stays) == (ticket.department_id is not None),
        "a reason exactly where it waits": (ticket.waiting_reason is None) == (not _waits(ticket)),
        "nobody has a complaint about themselves": all(may(one, "read", ticket) for one in handlers),
    }
    return [told for told, holds in rules.items() if not holds]


def _waits(ticket: Ticket) -> bool:
    return ticket.status.startswith("waiting") or ticket.status == "scheduled"


def test_a_long_walk_does_most_of_what_can_be_done():
    walk = Walk(101)
    for _ in range(4 * STEPS):
        walk.step()
    done = set(walk.done)
    assert len(done) > len(ACTS) * 0.75, sorted(set(ACTS) - done)
    assert _wrong(walk) == []
