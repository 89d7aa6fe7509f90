"""Merges at the same moment, on connections of their own: one after the other, never a circle, never a lost word."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from helpdesk.db import commit, db
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import invariants, replies, rulebook, tickets
from tests.builders import NOON, a_department, a_ticket, an_account, an_agent
from tests.races import at_once


@pytest.fixture
def stage(house: Flask) -> tuple[Actor, list[int]]:
    """An agent and three tickets by different people."""
    with house.app_context():
        rulebook.ensure_defaults(NOON)
        an_account(is_default=True)
        department = a_department()
        agent = an_agent(department)
        numbers = [a_ticket(department_id=department.id).id for _ in range(3)]
        commit()
        return agent, numbers


def merging(agent: Actor, number: int, into: int) -> Callable[[], Any]:
    return lambda: tickets.merge(agent, number, into, different_people=True)


def _faults() -> list[str]:
    """What is wrong but for clocks, which the tickets of this house do not have, and owners, who were not asked for."""
    told = [str(fault) for fault in invariants.broken()]
    return [one for one in told if "clock" not in one and "answers for it" not in one]


def standing(house: Flask, numbers: list[int]) -> list[tuple[str, int | None]]:
    with house.app_context():
        assert _faults() == []
        rows = [db.session.get_one(Ticket, number) for number in numbers]
        return [(row.status, row.survivor_id) for row in rows]


def test_two_that_merge_into_each_other_leave_one_survivor(house, stage):
    agent, (first, second, _) = stage
    ends = at_once(house, merging(agent, first, second), merging(agent, second, first))
    assert sorted(ends) == ["circle", "done"]
    assert sorted(status for status, _ in standing(house, [first, second])) == ["merged", "new"]


def test_a_chain_made_at_once_ends_on_one_survivor_whoever_comes_first(house, stage):
    agent, (first, second, third) = stage
    ends = at_once(house, merging(agent, first, second), merging(agent, second, third))
    assert ends == ["done", "done"]
    assert standing(house, [first, second, third]) == [("merged", third), ("merged", third), ("new", None)]


def test_one_ticket_merged_into_two_at_once_goes_on_in_one(house, stage):
    agent, (first, second, third) = stage
    ends = at_once(house, merging(agent, first, second), merging(agent, first, third))
    assert sorted(ends) == ["done", "illegal-move"]
    [(status, survivor)] = standing(house, [first])
    assert status == "merged" and survivor in (second, third)


def test_a_reply_written_while_its_ticket_is_merged_is_sent_before_or_refused(house, stage):
    agent, (first, second, _) = stage
    ends = at_once(house, merging(agent, first, second), lambda: replies.reply(agent, first, "Ερχόμαστε."))
    assert ends[0] == "done" and ends[1] in ("done", "merged")
    with house.app_context():
        assert db.session.query(Message).filter_by(text="Ερχόμαστε.").count() == (ends[1] == "done")
