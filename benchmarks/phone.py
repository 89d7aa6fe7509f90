"""Webhooks of the telephone: fifty calls in progress, signed, through the web's processes; then without a database."""

import queue
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks import body
from benchmarks.ground import Client, Place, place, running
from channels.twilio_carrier import SIGNATURE, sign
from helpdesk import clock, config, create_app
from helpdesk.db import commit, db
from helpdesk.models.calls import PhoneNumber
from helpdesk.services import accounts, catalogue

CALLS, SECONDS, ROUND, HANDS = 50, 30, 2.0, 12
"""Calls in progress; for so long each asks every so many seconds what to do next, by so many connections."""

BUDGET, APOLOGY = 0.150, 0.050
"""Seconds: 95 of 100 webhooks are answered by then; the apology without a database."""

ACCOUNT, TOKEN, OURS = "AC" + "1" * 32, "t" * 32, "+302101000001"


def run(sizes: tuple[int, ...] = (CALLS,)) -> list[dict[str, Any]]:
    """Rows: a webhook with so many calls in progress, and the apology with the database stopped."""
    with place() as at, ExitStack() as parts:
        body.make(at.environment)
        carrier = _Carrier(at, _furnished(at))
        parts.enter_context(running(at, "web"))
        rows = [_talked(carrier, size) for size in sizes]
        at.servers.stop()
        return [*rows, *_without(carrier)]


def _furnished(at: Place) -> int:
    """A number of ours, always open, where nobody is free: whoever calls waits."""
    app = create_app(config.load(at.environment))
    with app.app_context():
        settings = {"account_sid": ACCOUNT, "base_url": "http://127.0.0.1:9"}
        account = accounts.ChannelAccount(
            kind="phone", address=ACCOUNT, name="phone", active=True, settings=settings,
            secrets=accounts.seal({"auth_token": TOKEN}),
        )  # fmt: skip
        db.session.add(account)
        db.session.flush()
        names = {"el": "Κέντρο", "en": "Switchboard"}
        department = next(iter(catalogue.departments())).id
        number = PhoneNumber(account_id=account.id, number=OURS, names=names, department_id=department)
        number.calendar_key, number.voicemail = "always", True
        db.session.add(number)
        commit()
        made = account.id
        db.engine.dispose()
    return made


@dataclass
class _Carrier:
    """Posts signed forms as the carrier does; what it took is kept by kind."""

    at: Place
    account: int
    took: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def ask(self, client: Client, path: str, kind: str, **facts: str) -> str:
        """One webhook; the words that came back."""
        given = urlencode({"AccountSid": ACCOUNT, "CallStatus": "in-progress", "To": OURS} | facts).encode()
        path = f"/hooks/phone/{self.account}/{path}"
        url = self.at.environment["PUBLIC_BASE_URL"] + path
        headers = {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE: sign(url, given, TOKEN)}
        answer = client.ask("POST", path, given, headers)
        self.took.setdefault(kind, []).append(answer.seconds)
        if answer.status not in {200, 204}:
            self.wrong.append(f"{kind} {answer.status}")
        return answer.body.decode()


def _talked(carrier: _Carrier, count: int) -> dict[str, Any]:
    """Calls begin one after another, choose a language, wait in rounds, and hang up at the end."""
    due: queue.PriorityQueue[tuple[float, int]] = queue.PriorityQueue()
    begun = time.monotonic()
    for number in range(count):
        due.put((begun + number * ROUND / count, number))
    steps = dict.fromkeys(range(count), 0)
    hands = [
        threading.Thread(target=_hand, args=(carrier, due, steps, begun + SECONDS)) for _ in range(min(HANDS, count))
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    took = sorted(value for values in carrier.took.values() for value in values)
    carrier.took.clear()
    return _row(f"{count} calls in progress", took, BUDGET, carrier)


def _hand(carrier: _Carrier, due: "queue.PriorityQueue[tuple[float, int]]", steps: dict[int, int], end: float) -> None:
    client = Client(carrier.at.port)
    while time.monotonic() < end:
        try:
            moment, number = due.get(timeout=0.5)
        except queue.Empty:
            continue
        time.sleep(max(0.0, moment - time.monotonic()))
        _step(carrier, client, number, steps[number])
        steps[number] += 1
        due.put((moment + ROUND, number))


def _step(carrier: _Carrier, client: Client, number: int, step: int) -> None:
    """What a caller's telephone does next: begin, choose, wait; every tenth round they hang up and call again."""
    call, facts = f"CA{step // 10:016}{number:016}", {"From": f"+3069441{number:05}"}
    act = step % 10
    if act == 0:
        carrier.ask(client, "voice/inbound", "inbound", CallSid=call, Direction="inbound", **facts)
    elif act == 1:
        carrier.ask(client, "voice/language/1", "language", CallSid=call, Digits="1", **facts)
    elif act == 9:
        told = {"CallStatus": "completed", "SequenceNumber": "3", "Direction": "inbound"}
        carrier.ask(client, "call/status", "status", CallSid=call, **(facts | told))
    else:
        carrier.ask(client, "voice/hold/999", "hold", CallSid=call, **facts)


def _without(carrier: _Carrier) -> list[dict[str, Any]]:
    """The database is stopped: the carrier's second address, and a call that comes in all the same."""
    client, rows = Client(carrier.at.port), []
    for path, kind in (("voice/fallback", "second address"), ("voice/inbound", "a call comes in")):
        for number in range(200):
            words = carrier.ask(client, path, kind, CallSid=f"CB{number:032}", From="+306944123456")
            if "τεχνικό πρόβλημα" not in words:
                carrier.wrong.append(f"{kind}: no apology")
        budget = APOLOGY if kind == "second address" else None
        rows.append(_row(f"no database: {kind}", sorted(carrier.took.pop(kind)), budget, carrier))
    return rows


def _row(what: str, took: list[float], budget: float | None, carrier: _Carrier) -> dict[str, Any]:
    p95 = took[int(len(took) * 0.95) - 1]
    row = {
        "what": what, "webhooks": len(took), "p50 ms": took[len(took) // 2] * 1000, "p95 ms": p95 * 1000,
        "max ms": took[-1] * 1000, "wrong": len(carrier.wrong), "clock": f"{clock.now():%H:%M}",
    }  # fmt: skip
    if budget is not None:
        row["budget"] = "met" if p95 < budget and not carrier.wrong else "missed"
    return row
