"""How models were followed: the share with one, fulfilled at once, steps done of those that must be."""

from datetime import timedelta

import pytest

from helpdesk.db import commit
from helpdesk.errors import Forbidden
from helpdesk.services import procedures, tickets
from helpdesk.services.reports import models
from helpdesk.services.reports.periods import read
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_agent
from tests.procedures import enact, step

pytestmark = pytest.mark.usefixtures("body")


def test_it_counts_what_has_a_model_what_was_fulfilled_at_once_and_what_was_left_out():
    department = a_department()
    agent, boss = an_agent(department), a_supervisor(department)
    enact(step("look"), step("write"), step("extra", mandatory=False))
    mine = [a_ticket(department_id=department.id, type="request") for _ in range(3)]
    a_ticket(department_id=department.id, type="complaint")
    commit()
    for place, ticket in enumerate(mine[:2]):
        procedures.do(agent, ticket.id, "look", at=NOON)
        if place:
            procedures.skip(boss, ticket.id, "write", "Έγινε ήδη", at=NOON)
        else:
            procedures.do(agent, ticket.id, "write", at=NOON)
        tickets.resolve(agent, ticket.id, "fulfilled", "Έτοιμο", at=NOON)
    tickets.reopen(agent, mine[0].id, "Όχι ακόμη", at=NOON + timedelta(hours=1))
    period = read("2026-11-24", "2026-11-24", NOON + timedelta(days=1))
    found = models.report(boss, period, department.id)
    assert (found.received, found.share) == (4, 75.0)
    assert (found.whole.n, found.whole.fulfilled, found.whole.at_once) == (3, 2, 1)
    assert (found.whole.at_once_share, found.whole.adherence) == (50.0, 75.0)
    assert list(found.by_model) == ["a-model"]
    with pytest.raises(Forbidden):
        models.report(agent, period)
