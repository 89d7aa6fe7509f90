"""Steps while what does them is killed at random: ten thousand that come due, every one once, every letter once."""

import os
import shlex
import signal
import subprocess
import time
from contextlib import ExitStack
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import body
from benchmarks.ground import PROGRAMS, ROOT, Place, place, procfile
from benchmarks.tick import plant
from helpdesk import clock, config, create_app
from helpdesk.db import commit, db
from helpdesk.models.people import Person, Staff
from helpdesk.services import rulebook
from helpdesk.vocabulary import RulebookKind

TICKETS, KILLS, SECONDS = 2_500, 200, 200
"""Four steps a ticket; they come due one after another over so many seconds, while so many are killed."""

HOUR = 3600
PARTS = ("clock", "clock", "worker")
WAIT = 300
"""Seconds after the last kill in which all that is owed must have been done."""


def run() -> list[dict[str, Any]]:
    """One row: how many were due, done, done twice, and the same of the letters that the steps sent."""
    with place() as at:
        body.make(at.environment)
        _promise(at)
        with at.engine.begin() as connection:
            begin = clock.now() + timedelta(seconds=5)
            received = begin - timedelta(seconds=HOUR)
            apart = f"{SECONDS / TICKETS:.6f} seconds"
            plant(connection, count=TICKETS, received=received, due=begin, now=begin, apart=apart,
                  calendar=rulebook.ALWAYS, first=HOUR, last=HOUR, seed="k")  # fmt: skip
        begun = time.monotonic()
        killed = _let_live_and_kill(at)
        return [_row(at, killed, time.monotonic() - begun)]


def _promise(at: Place) -> None:
    """At the due moment of each of two clocks: breached, and the owner is told by mail."""
    app = create_app(config.load(at.environment))
    with app.app_context():
        steps = [{"at": 0, "do": "breach"}, {"at": 0, "do": "notify-owner", "urgent": True}]
        targets = [
            {"clock": name, "seconds": HOUR, "calendar": rulebook.ALWAYS, "when": when, "steps": steps}
            for when in ({"priority": ["normal"]}, {})
            for name in ("first_response", "resolution")
        ]
        rulebook.enact(RulebookKind.POLICY, rulebook.DEFAULT, {"targets": targets}, at=clock.now())
        person = Person(name="Ρέα", email="rea@city.example", language="el", created_at=clock.now())
        db.session.add(person)
        db.session.flush()
        db.session.add(Staff(person_id=person.id, role="agent"))
        commit()
        db.engine.dispose()


def _let_live_and_kill(at: Place) -> int:
    """Runs the parts, kills one after another at random and starts it again; how many were killed."""
    at.rows("update ticket set owner_id = (select person_id from staff limit 1) returning id")
    chance = Random(7)
    with ExitStack() as ends:
        parts = [_part(at, name) for name in PARTS]
        ends.callback(lambda: [_end(part) for part in parts])
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.2, 2 * SECONDS / KILLS))
            which = chance.randrange(len(PARTS))
            _kill(parts[which])
            parts[which] = _part(at, PARTS[which])
        _until_done(at)
    return KILLS


def _part(at: Place, name: str) -> subprocess.Popen[bytes]:
    environment = at.environment | {"PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    command = shlex.split(procfile()[name])
    return subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)


def _kill(part: subprocess.Popen[bytes]) -> None:
    os.killpg(part.pid, signal.SIGKILL)
    part.wait()


def _end(part: subprocess.Popen[bytes]) -> None:
    part.terminate()
    part.wait(timeout=30)


def _until_done(at: Place) -> None:
    """Until every step has fired and every letter is settled, or the time is up."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until and (_owed(at) or at.value(_UNSETTLED)):
        time.sleep(1)


def _owed(at: Place) -> int:
    return 4 * TICKETS - int(at.value("select count(*) from ticket_event where type = 'clock_step_fired'"))


_UNSETTLED = "select count(*) from outbound where state = 'waiting'"
_INTERRUPTED = "select count(*) from outbound where state in ('sending', 'unknown')"
"""Automatic letters whose sender was killed between two lines of the talk: shown, never repeated blindly."""

_DISTINCT = """
    select count(distinct (ticket_id, data->>'clock', data->>'cycle', data->>'step')) from ticket_event
    where type = 'clock_step_fired'
"""


def _row(at: Place, killed: int, seconds: float) -> dict[str, Any]:
    fired = int(at.value("select count(*) from ticket_event where type = 'clock_step_fired'"))
    distinct, letters = int(at.value(_DISTINCT)), int(at.value("select count(*) from outbound"))
    sent, interrupted = _sent(at), int(at.value(_INTERRUPTED))
    once = fired == distinct == 4 * TICKETS and letters == 2 * TICKETS <= len(set(sent)) + interrupted
    return {
        "due": 4 * TICKETS,
        "fired": fired,
        "twice": fired - distinct,
        "letters": letters,
        "ids sent": len(set(sent)),
        "interrupted": interrupted,
        "repeated": len(sent) - len(set(sent)),
        "late": int(at.value("select count(*) from ticket_event where type = 'clock_step_fired' and "
                             "coalesce(cast(data->>'late_seconds' as int), 0) > 0")),
        "killed": killed,
        "seconds": seconds,
        "budget": "met" if once else "missed",
    }  # fmt: skip


def _sent(at: Place) -> list[str]:
    """The Message-IDs of what left; a letter whose sender was killed in between may be there again with its own id."""
    sink = Path(at.environment["SMTP_URL"].removeprefix("file://"))
    return [str(message_from_bytes(file.read_bytes())["Message-ID"]) for file in sink.glob("*.eml")]
