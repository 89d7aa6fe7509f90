"""helpdesk sla what-if, as an operator runs it: drafts by id or from files, for people and for programs."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from helpdesk import clock
from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind
from tests.builders import a_ticket
from tests.conftest import settings_for
from tests.journeys.post import department, helpdesk, office

LONG = {"targets": [{"clock": "first_response", "seconds": 3600 * 2000}]}


@pytest.fixture
def app(worker_name: str, redis_url: str, database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with office(f"what_if_{worker_name}", settings_for(database_url, redis_url, tmp_path)) as body:
        yield body


@pytest.fixture
def number(app: Flask) -> int:
    """A ticket of thirty days ago that nobody answered."""
    ticket = a_ticket(received_at=clock.now() - timedelta(days=30), department_id=department("water").id)
    ground.commit()
    return ticket.id


def written(folder: Path, data: object) -> str:
    path = folder / "draft.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def counts(app: Flask) -> list[int]:
    tables = ("ticket_event", "ticket_clock", "rulebook", "replay_run", "clock_step")
    found = [db.session.execute(text(f"select count(*) from {name}")).scalar_one() for name in tables]
    db.session.rollback()
    return found


def test_a_policy_from_a_file_is_compared_and_nothing_is_written(app, number, tmp_path):
    before = counts(app)
    told = json.loads(helpdesk(app, "sla", "what-if", "--policy", written(tmp_path, LONG), "--json").stdout)
    assert told["clocks"]["first_response"]["before"] == {"met": 0, "breached": 1, "n": 1, "share": 0.0}
    assert told["clocks"]["first_response"]["after"]["n"] == 0
    flips = {(flip["change"], flip["clock"], flip["department"], flip["count"]) for flip in told["flips"]}
    assert ("mended", "first_response", "water", 1) in flips
    assert ("dropped", "resolution", "water", 1) in flips
    assert {one["ticket_id"] for one in told["changed"]} == {number}
    assert counts(app) == before


def test_a_draft_of_the_rulebook_is_told_for_people(app, number):
    draft = rulebook.make_draft(SYSTEM, RulebookKind.POLICY, "default", LONG)
    ground.commit()
    said = helpdesk(app, "sla", "what-if", "--draft", str(draft), "--department", "water").stdout
    assert "1 tickets under policy default@2: 1 would have gone otherwise" in said
    assert "first_response  0.0% of 1 -> nothing judged" in said
    assert f"{number} first_response 1: mended (breached -> running)" in said
    none = helpdesk(app, "sla", "what-if", "--draft", str(draft), "--to", "2020-01-01").stdout
    assert none.startswith("0 tickets")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "one version"),
        (("--draft", "999999"), "no version 999999"),
        (("--policy", "{file}"), "targets"),
        (("--policy", "{file}", "--department", "nowhere"), "no department nowhere"),
    ],
)
def test_what_cannot_be_tried_is_said_in_a_line_and_ends_with_two(app, tmp_path, options, words):
    data = LONG if "nowhere" in options else {"targets": []}
    path = written(tmp_path, data)
    done = helpdesk(app, "sla", "what-if", *(option.format(file=path) for option in options))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
