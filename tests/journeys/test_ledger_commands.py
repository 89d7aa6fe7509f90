"""helpdesk sla explain, sla verify and check, as an operator runs them."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.services import timers
from tests.builders import a_ticket
from tests.conftest import settings_for
from tests.journeys.post import department, helpdesk, office


@pytest.fixture
def app(worker_name: str, redis_url: str, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with office(f"ledger_{worker_name}", settings_for(database_url, redis_url, tmp_path)) as body:
        yield body


@pytest.fixture
def number(app: Flask) -> int:
    """A ticket of thirty days ago that nobody answered."""
    ticket = a_ticket(received_at=clock.now() - timedelta(days=30), department_id=department("water").id)
    ground.commit()
    timers.tick()
    return ticket.id


def test_the_ledger_adds_up_to_the_second(app, number):
    told = json.loads(helpdesk(app, "sla", "explain", str(number), "--json").stdout)
    assert [item["name"] for item in told["clocks"]] == ["first_response", "resolution"]
    for item in told["clocks"]:
        assert item["state"] == "breached"
        assert (item["policy"], item["policy_why"], item["calendar"]) == ("default@1", "only", "default@1")
        assert sum(row["seconds"] for row in item["rows"] if row["activity"] == "running") == item["elapsed_seconds"]
        assert {row["activity"] for row in item["rows"]} == {"running", "closed-hours"}
        assert all(row["to"] == after["from"] for row, after in zip(item["rows"], item["rows"][1:], strict=False))
        assert datetime.fromisoformat(item["rows"][0]["from"]) == datetime.fromisoformat(item["started_at"])
        told_before = ["90%:tell-citizen"] if item["name"] == "resolution" else []
        assert [step["step"] for step in item["steps"]] == ["80%:warn", *told_before, "+0:breach"]


def test_the_ledger_is_for_people_too(app, number):
    said = helpdesk(app, "sla", "explain", str(number)).stdout
    assert "resolution (cycle 1): breached" in said
    assert "policy default@1 (only), calendar default@1" in said


def test_the_trial_of_risk_is_told_to_people_and_to_machines(app, number):
    said = helpdesk(app, "sla", "risk").stdout
    assert "Learned from 0 clocks" in said or "There is no past" in said
    told = json.loads(helpdesk(app, "sla", "risk", "--json").stdout)
    assert {"learned", "judged", "unforetold", "whole", "ages", "clocks", "bins"} <= set(told)
    assert told["judged"] + told["learned"] == 2


def test_a_number_nobody_has_is_one_line(app):
    done = helpdesk(app, "sla", "explain", "1")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_verify_and_check_are_silent_until_something_is_wrong(app, number):
    for command in (("sla", "verify"), ("check",)):
        done = helpdesk(app, *command)
        assert (done.returncode, done.stdout) == (0, ""), done
    db.session.execute(text("update ticket_clock set due_at = due_at - interval '1 minute'"))
    ground.commit()
    for command in (("sla", "verify"), ("check",)):
        done = helpdesk(app, *command)
        assert done.returncode == 1
        assert f"ticket {number}" in done.stdout
        assert "due_at" in done.stdout
