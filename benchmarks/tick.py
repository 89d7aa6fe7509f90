"""What a tick of the clock costs: with nothing due and with a thousand overdue, among few and many open tickets."""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, NullPool, create_engine, text

from benchmarks import body
from helpdesk import clock, config, create_app, migrations
from helpdesk.db import db
from helpdesk.embedded import Servers
from helpdesk.services import timers

GROWTH = 1.2
"""From the smallest to the largest body a tick may take this much longer: it costs what is due, not what is open."""

_NAMES = (
    "type, status, channel, subject, language, impact, urgency, priority, received_at, created_at, updated_at,"
    " next_due_at, department_id, requester_id, policy_id"
)
FILL = f"""
    with person as (insert into person (name, email, created_at) values ('Α', 'a' || :seed || '@example.org', :now)
                    returning id),
    made as (
        insert into ticket ({_NAMES})
        select 'request', 'open', 'email', 'Θέμα ' || number, 'el', 'medium', 'medium', 'normal',
               cast(:received as timestamptz) + number * cast(:apart as interval),
               cast(:received as timestamptz) + number * cast(:apart as interval),
               cast(:received as timestamptz) + number * cast(:apart as interval),
               cast(:due as timestamptz) + number * cast(:apart as interval), department.id, person.id, policy.id
        from generate_series(1, :count) as number, person,
             (select id from department order by id limit 1) as department,
             (select id from rulebook where kind = 'policy' and key = 'default' and state = 'in_force') as policy
        returning id, policy_id, received_at, next_due_at),
    facts as (
        insert into ticket_event (ticket_id, type, at, actor_kind, data)
        select id, 'ticket_opened', received_at, 'system',
               jsonb_build_object('channel', 'email', 'received_at',
                                  to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00')) from made
        union all
        select made.id, 'clock_started', made.received_at, 'system', jsonb_build_object(
                   'clock', clock.name, 'cycle', 1, 'target_seconds', clock.seconds, 'policy_id', made.policy_id,
                   'calendar_id', calendar.id, 'target_key', clock.name || '[priority=normal]')
        from made, (values ('first_response', cast(:first as int)), ('resolution', :last)) as clock(name, seconds),
             (select id from rulebook where kind = 'calendar' and key = :calendar and state = 'in_force') as calendar
        order by 1, 2 desc)
    insert into ticket_clock (ticket_id, name, cycle, state, started_at, due_at, target_seconds, next_step_at,
                              policy_id, calendar_id, target_key)
    select made.id, clock.name, 1, 'running', made.received_at, made.next_due_at, clock.seconds, made.next_due_at,
           made.policy_id, calendar.id,
           clock.name || '[priority=normal]'
    from made, (values ('first_response', cast(:first as int)), ('resolution', :last)) as clock(name, seconds),
         (select id from rulebook where kind = 'calendar' and key = :calendar and state = 'in_force') as calendar
"""


@contextmanager
def installation() -> Iterator[Flask]:
    """Durable servers with a small body, and the application on them."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    folder.chmod(0o711)
    servers = Servers(folder / "data")
    servers.start()
    try:
        engine = create_engine(servers.database_url, poolclass=NullPool)
        with engine.begin() as connection:
            migrations.upgrade(connection)
        environment = os.environ | servers.environment()
        body.make(environment)
        app = create_app(config.load(environment))
        with app.app_context():
            yield app
            db.engine.dispose()
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def fill(count: int, *, overdue: bool, seed: str) -> None:
    """Open tickets with two running clocks each and the journals that say so: overdue for weeks, or far from due."""
    now = clock.now()
    received = now - timedelta(days=60) if overdue else now
    due = now - timedelta(days=1) if overdue else now + timedelta(days=300)
    values = {"count": count, "received": received, "due": due, "now": now, "apart": "0", "calendar": "default"}
    values |= {"first": 28_800, "last": 144_000}
    with db.engine.begin() as connection:
        plant(connection, **values, seed=seed)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def plant(connection: Connection, **values: Any) -> None:
    """Writes ``count`` tickets received from ``received`` on, ``apart`` from each other, due from ``due`` on."""
    connection.execute(text(FILL), values)


def measured(opened: int, overdue: int, rounds: int) -> dict[str, Any]:
    """Medians of a tick that finds nothing and of one that finds so many tickets overdue."""
    idle, busy = [], []
    for at in range(rounds):
        idle.append(_timed(lambda: timers.tick()))
        fill(overdue, overdue=True, seed=f"{opened}-{at}")
        fired = 0
        begun = time.perf_counter()
        fired = timers.tick()
        busy.append(time.perf_counter() - begun)
        if fired != 4 * overdue:
            raise SystemExit(f"of {4 * overdue} steps {fired} fired")
    spent = statistics.median(busy)
    return {
        "open tickets": opened,
        "nothing due ms": statistics.median(idle) * 1000,
        "overdue tickets": overdue,
        "steps": 4 * overdue,
        "tick s": spent,
        "ms a ticket": spent / overdue * 1000,
        "steps/s": 4 * overdue / spent,
        "rounds": rounds,
    }


def _timed(act: Any) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def run(sizes: tuple[int, ...] = (10_000, 100_000), overdue: int = 1_000, rounds: int = 5) -> list[dict[str, Any]]:
    """The table, one row a size; the last says whether the growth stays within its budget."""
    rows, opened = [], 0
    with installation():
        for size in sizes:
            fill(size - opened, overdue=False, seed=str(size))
            opened = size
            rows.append(measured(size, overdue, rounds))
    growth = rows[-1]["tick s"] / rows[0]["tick s"]
    rows[-1] |= {"growth": growth, "budget": "met" if growth <= GROWTH else "missed"}
    return rows


def main() -> None:
    """Runs it alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, nargs="+", default=[10_000, 100_000], metavar="N")
    parser.add_argument("--overdue", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    for row in run(tuple(wanted.open), wanted.overdue, wanted.rounds):
        print("\n".join(f"{name}: {value}" for name, value in row.items()), end="\n\n")


if __name__ == "__main__":
    main()
