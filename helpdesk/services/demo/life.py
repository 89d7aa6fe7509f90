"""One request of the demo: who asks, who works on it, and the verbs of both, each at the stage's moment."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select

from helpdesk.db import db, table
from helpdesk.models.tickets import Message, Ticket
from helpdesk.permissions import Actor
from helpdesk.services import accounts, intake, replies, tickets
from helpdesk.services.demo import letters
from helpdesk.services.demo.case import Case
from helpdesk.services.demo.departments import DEPARTMENTS, DOMAIN
from helpdesk.services.demo.letters import Citizen
from helpdesk.services.demo.offers import SERVICES
from helpdesk.services.demo.stage import Stage
from helpdesk.services.intake import NewTicket
from helpdesk.vocabulary import ActorKind, ChannelKind, Direction

_TICKETS, _MESSAGES = table(Ticket).c, table(Message)
_STANDING = select(_TICKETS.status, _TICKETS.department_id, _TICKETS.requester_id).where(
    _TICKETS.id == bindparam("number")
)
_BOXES = {item["key"]: item["address"] for item in DEPARTMENTS}
_OFFERS = {item["key"]: item for item in SERVICES}


class Life:
    """The life of one request."""

    def __init__(self, stage: Stage, case: Case) -> None:
        self.stage, self.chance = stage, stage.chance
        self.case = case.told(self.chance)
        self.citizen: Citizen = letters.citizen(case.language, self.chance)
        self.number = 0
        self.place = "citizen-service"
        self.agent: Actor = stage.house.members[0].actor
        self.pace = 5.0 if self.chance.random() < 0.1 else 1.0

    @property
    def now(self) -> datetime:
        """The stage's moment."""
        return self.stage.now

    def row(self) -> Row[Any, Any, Any]:
        """The ticket as it stands: its status, department and requester."""
        return db.session.execute(_STANDING, {"number": self.number}).one()

    def look(self) -> bool:
        """Notes who has it now: its department, the front desk while it is in triage; whether it is there by right."""
        id_ = self.row().department_id
        self.place = self.stage.house.key_of(id_) if id_ else "citizen-service"
        return id_ is not None

    def hand_on(self, department: str, reason: str) -> None:
        """Gives it to another department."""
        to = self.stage.house.departments[department]
        tickets.transfer(self.agent, self.number, to, reason, at=self.now)
        self.place = department

    def worked(self, low: float, high: float) -> datetime:
        """After so many minutes of the department's open time."""
        minutes = self.chance.uniform(low, high) * self.pace
        calendar = self.stage.calendars[self.stage.house.calendars[self.place]]
        return calendar.after(self.now, timedelta(minutes=minutes))

    def later(self, low: float, high: float) -> datetime:
        """After so many hours by anybody's watch, not in the middle of the night."""
        at = self.now + timedelta(hours=self.chance.uniform(low, high))
        return at + timedelta(hours=9) if at.hour < 5 else at

    def choose_agent(self) -> None:
        """Whoever of the department has the hand for it."""
        self.agent = self.chance.choice(self.stage.house.of(self.place)).actor

    def by_mail(self) -> None:
        """The citizen writes to the department's address, or to the general one."""
        offer = _OFFERS.get(self.case.service)
        box = _BOXES[offer["department"]] if offer and self.chance.random() < 0.6 else _BOXES["citizen-service"]
        self._mail(f"{box}@{DOMAIN}", self.case.subject, self.case.text)

    def by_form(self) -> None:
        """The citizen fills in the form of the service."""
        raw = letters.form(self.citizen, self.case, self._fields())
        name = f"form-{self.now.timestamp():.6f}-{self.citizen.email}"
        self.number = letters.arrives(ChannelKind.WEBFORM, letters.form_account(), name, raw, self.now) or 0

    def in_person(self, channel: ChannelKind) -> None:
        """The front desk takes it down, by phone or at the counter."""
        self.agent = self.chance.choice(self.stage.house.of("citizen-service")).actor
        taken = NewTicket(
            self.case.subject, self.case.text, self.citizen.name, phone=self.citizen.phone, channel=channel,
            email=self.citizen.email, language=self.citizen.language, service=self.case.service or "other",
            fields=self._fields(),
        )  # fmt: skip
        self.number = intake.take_down(self.agent, taken, at=self.now).ticket_id or 0

    def answers_by_mail(self, words: str) -> None:
        """The citizen answers our last letter."""
        ours = (_MESSAGES.c.ticket_id == self.number, _MESSAGES.c.direction == Direction.OUTBOUND)
        query = select(_MESSAGES.c.external_id).where(*ours, _MESSAGES.c.external_id.is_not(None))
        last = db.session.execute(query.order_by(_MESSAGES.c.id.desc()).limit(1)).scalar() or ""
        account = accounts.book().speaking_for(ChannelKind.EMAIL, self.row().department_id)
        assert account is not None
        self._mail(accounts.reply_address(account, self.number), f"Re: {self.case.subject}", words, last)

    def says(self, words: str) -> None:
        """The citizen says more, by mail or by the pages of the request."""
        if self.chance.random() < 0.6:
            self.answers_by_mail(words)
        else:
            replies.citizen_writes(self.asker(), self.number, words, at=self.now)

    def asker(self) -> Actor:
        """The citizen as the actor that services take."""
        return Actor(ActorKind.CITIZEN, self.row().requester_id)

    def _mail(self, to: str, subject: str, words: str, last: str = "") -> None:
        raw = letters.mail(self.citizen, to, subject, words, self.now, last)
        account = accounts.book().receiving(ChannelKind.EMAIL, [to])
        assert account is not None
        name = f"mail-{self.now.timestamp():.6f}-{self.citizen.email}"
        self.number = letters.arrives(ChannelKind.EMAIL, account.id, name, raw, self.now) or self.number

    def _fields(self) -> dict[str, str]:
        """What the service's form asks beside the common questions."""
        offer = _OFFERS.get(self.case.service, {})
        return {item["name"]: _filled(item, self.case, self.chance) for item in offer.get("fields", ())}


def _filled(item: dict[str, Any], case: Case, chance: random.Random) -> str:
    if item["kind"] == "choice":
        return str(chance.choice(item["choices"])["value"])
    return case.place if item["name"] == "place" else f"{chance.randint(100_000, 999_999)}"
