"""The table of what runs by the clock: each at its pace, and none holds up another."""

import logging

import pytest

from helpdesk.jobs import schedule
from helpdesk.jobs.schedule import Periodic


def test_each_runs_at_its_pace_and_one_that_fails_holds_up_nobody(app, session, monkeypatch, caplog):
    done: list[str] = []

    def fails() -> None:
        raise ValueError("poison")

    table = (
        Periodic("bad", 1, fails),
        Periodic("often", 1, lambda: done.append("often")),
        Periodic("seldom", 3, lambda: done.append("seldom")),
    )
    monkeypatch.setattr(schedule, "SCHEDULE", table)
    due = dict.fromkeys((item.name for item in table), 0.0)
    with caplog.at_level(logging.ERROR):
        for second in range(4):
            schedule.step(due, float(second))
    assert done == ["often", "seldom", "often", "often", "often", "seldom"]
    assert [record.act for record in caplog.records] == ["bad"] * 4


@pytest.mark.parametrize("item", schedule.SCHEDULE, ids=lambda item: item.name)
def test_everything_in_the_table_runs_on_an_empty_body(app, session, item):
    item.act()
