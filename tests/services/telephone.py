"""A town with telephones: a simulated carrier, the application's own door, people at desks, one virtual clock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from channels.phone.simulator.face import Face
from channels.phone.simulator.line import Line
from channels.phone.simulator.network import Network, Number, Phone
from helpdesk import clock
from helpdesk.db import db
from helpdesk.models.calls import Call, CallLeg, MissedCall, PhoneMenu, PhoneNumber
from helpdesk.models.catalogue import Department
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import accounts, calls, catalogue, journal, presence, rulebook
from tests.builders import NOON, a_department
from tests.services.crew import a_member

ACCOUNT, TOKEN = "AC" + "1" * 32, "t" * 32
OURS, CITIZEN = "+302101000001", "+306944123456"
DESKS = [f"+3021020000{number:02}" for number in range(10, 40)]


class Town:
    """Everything that a call needs. Time passes only in `wait`."""

    def __init__(self, client: FlaskClient, begins: datetime = NOON) -> None:
        self.client = client
        self.network = Network(self._post, ACCOUNT, TOKEN, begins)
        self.face = Face(self.network)
        self.network.api = self.face.url
        self.department: Department = a_department(names={"el": "Καθαριότητα", "en": "Cleaning"})
        self.account = self._account()
        self.number = self._number()
        self.answers: list[int] = []
        self.down = False
        self.members: list[Actor] = []

    def _account(self) -> Any:
        row = {"kind": "phone", "address": ACCOUNT, "name": "phone", "active": True}
        secrets = accounts.seal({"auth_token": TOKEN})
        settings = {"account_sid": ACCOUNT, "base_url": self.face.url}
        made = accounts.ChannelAccount(**row, settings=settings, secrets=secrets)
        db.session.add(made)
        db.session.flush()
        accounts.changed()
        base = f"http://127.0.0.1:8000/hooks/phone/{made.id}/"
        self.network.numbers[OURS] = Number(base + "voice/inbound", base + "call/status", base + "voice/fallback")
        return made

    def _number(self) -> PhoneNumber:
        made = PhoneNumber(
            account_id=self.account.id, number=OURS, names={"el": "Κέντρο", "en": "Switchboard"},
            department_id=self.department.id, calendar_key="always", languages=["el"], voicemail=True,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        return made

    def _post(self, url: str, body: bytes, headers: Any) -> tuple[int, bytes]:
        if self.down:
            raise OSError("connection refused")
        parts = urlsplit(url)
        answer = self.client.post(parts.path, data=body, headers=dict(headers), query_string=parts.query)
        self.answers.append(answer.status_code)
        return answer.status_code, answer.data

    @property
    def now(self) -> datetime:
        return self.network.at()

    def menu(self, *options: dict[str, Any]) -> None:
        """The number asks what it is about."""
        menu = PhoneMenu(key="m", names={"el": "Μ", "en": "M"}, tree={"options": list(options)}, changed_at=NOON)
        db.session.add(menu)
        db.session.flush()
        self.number.menu_id = menu.id
        db.session.flush()

    def agent(self, phone: Phone | None = None, **given: Any) -> Actor:
        """Somebody at the desk with a telephone, which behaves as told."""
        member = a_member(self.department, at=self.now, languages=["el", "en"], **given)
        telephone = DESKS[len(self.members)]
        calls.sit_at(member, telephone, at=self.now)
        self.network.phones[telephone] = phone if phone is not None else Phone(answers=3, presses="1")
        self.members.append(member)
        return member

    def wait(self, seconds: float, step: float = 1.0) -> None:
        """Time passes at the carrier, and the clock and the worker do their part."""
        for _ in range(int(seconds / step)):
            with self.face.lock:
                self.network.advance(step)
            calls.tick(self.now)
            for member in self.members:
                presence.seen(member.id or 0, self.now)
            db.session.expire_all()

    def rings(self, caller: str = CITIZEN) -> Line:
        """A citizen calls."""
        with self.face.lock:
            return self.network.call(caller, OURS)

    def line_to(self, telephone: str) -> Line | None:
        """The newest line to a telephone."""
        return next((line for line in reversed(self.network.lines.values()) if line.called == telephone), None)


def the_call(line: Line) -> Call:
    """Ours of that line."""
    query = select(Call).join(CallLeg, CallLeg.call_id == Call.id).where(CallLeg.sid == line.sid)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one()


def facts(ticket_id: int | None) -> list[str]:
    """What the journal of a request says."""
    journal.flush()
    return [fact.event.type for fact in journal.of(ticket_id or 0)]


def missed() -> list[MissedCall]:
    """All missed calls."""
    return list(db.session.execute(select(MissedCall).order_by(MissedCall.id)).scalars())


def tickets() -> list[Ticket]:
    """All requests, the oldest first."""
    return list(db.session.execute(select(Ticket).order_by(Ticket.id)).scalars())


@contextmanager
def a_town(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, begins: datetime = NOON) -> Iterator[Town]:
    """Opened for one test."""
    rulebook.ensure_defaults(NOON - timedelta(days=1))
    town = Town(client, begins)
    thread = threading.Thread(target=town.face.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(clock, "now", lambda: town.now)
    catalogue.changed(NOON)
    try:
        yield town
    finally:
        town.face.shutdown()
        town.face.server_close()
        thread.join()


NIGHT = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
