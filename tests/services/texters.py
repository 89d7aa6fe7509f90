"""A town that writes: the simulated carrier with numbers for short messages, beside mail and the telephone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from channels.phone.simulator import messages
from channels.phone.simulator.network import Number
from channels.phone.simulator.things import Sms
from helpdesk.db import db
from helpdesk.models.people import Person
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import accounts, inbox, outbox, texts
from tests.builders import an_account
from tests.services.crew import a_member
from tests.services.telephone import CITIZEN, OURS, Town, a_town

WHATSAPP = "whatsapp:"


class Texters:
    """The town, and what people in it write."""

    def __init__(self, town: Town) -> None:
        self.town, self.network = town, town.network
        an_account(is_default=True)
        self.sms = self._account("sms")
        self.whatsapp = self._account("whatsapp", WHATSAPP)
        self.agent: Actor = a_member(town.department, at=town.now, languages=["el", "en"])

    def _account(self, kind: str, prefix: str = "") -> Any:
        settings = {"through": self.town.account.id}
        made = accounts.ChannelAccount(
            kind=kind, address=OURS, name="", active=True, settings=settings, department_id=self.town.department.id
        )
        db.session.add(made)
        db.session.flush()
        accounts.changed()
        base = f"http://127.0.0.1:8000/hooks/{kind}/{made.id}/"
        known = self.network.numbers.get(prefix + OURS) or Number(base)
        self.network.numbers[prefix + OURS] = Number(known.url, known.tells, known.fallback, f"{base}message/inbound")
        return made

    def writes(self, body: str, sender: str = CITIZEN, *, prefix: str = "", files: Sequence[Any] = ()) -> Sms:
        """A citizen writes, and the worker takes it in."""
        with self.town.face.lock:
            made = messages.write(self.network, prefix + sender, prefix + OURS, body, files, "Μαρία" if prefix else "")
        self.work()
        return made

    def work(self) -> None:
        """The worker and the clock do their part now."""
        while inbox.process():
            pass
        while outbox.deliver():
            pass
        db.session.expire_all()

    def wait(self, seconds: float, step: float = 5.0) -> None:
        """Time passes at the carrier, and the worker and the clock do their part."""
        for _ in range(int(seconds / step)):
            with self.town.face.lock:
                self.network.advance(step)
            self.work()
            outbox.sweep()
            texts.tick(self.town.now)
        self.work()

    def out(self, body: str = "") -> list[Sms]:
        """What the carrier took from us, of those with these words."""
        return [one for one in self.network.texts if not one.inbound and body in one.body]


def tickets() -> list[Ticket]:
    """All requests, the oldest first."""
    query = select(Ticket).order_by(Ticket.id).execution_options(populate_existing=True)
    return list(db.session.execute(query).scalars())


def said(ticket_id: int) -> list[Message]:
    """What was said on one, the oldest first."""
    query = select(Message).where(Message.ticket_id == ticket_id).order_by(Message.id)
    return list(db.session.execute(query.execution_options(populate_existing=True)).scalars())


def with_email(number: str, address: str) -> None:
    """The person of a number has an address, too."""
    db.session.execute(select(Person).where(Person.phone == number)).scalars().one().email = address
    db.session.flush()


@contextmanager
def texters(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Texters]:
    """Opened for one test."""
    with a_town(client, monkeypatch) as town:
        yield Texters(town)
