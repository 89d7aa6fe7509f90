"""Whole lives of requests, driven by the services that pages and the API call; every letter caught as it leaves."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import callbacks, replies, tickets
from helpdesk.vocabulary import ActorKind
from tests.builders import a_citizen, a_department, a_supplier, a_ticket, an_administrator, an_agent

SECRET = "ΜΥΣΤΙΚΟ"
"""Stands in every word that is not for citizens."""

BREAK = timedelta(hours=2)


@dataclass
class Life:
    """A request, and what its citizen should be told: the beginnings of subjects, in order."""

    language: str
    at: datetime
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ours = a_department(names={"el": "Ηλεκτροφωτισμός", "en": "Street lighting"}, phone="2310 000000")
        self.other = a_department(names={"el": "Ύδρευση", "en": "Water"})
        self.agent, self.chief = an_agent(self.ours, self.other, email=None), an_administrator(email=None)
        citizen = a_citizen(language=self.language)
        subject = "Φως" if self.language == "el" else "Lamp"
        self.ticket: Ticket = a_ticket(
            department_id=self.ours.id,
            requester=citizen,
            language=self.language,
            subject=subject,
            text="Δεν ανάβει." if self.language == "el" else "It is dark.",
            received_at=self.at,
        )
        self.address = str(citizen.email)
        self.told.append("received")
        ground.commit()

    @property
    def citizen(self) -> Actor:
        return Actor(ActorKind.CITIZEN, self.ticket.requester_id)

    def then(self, *headline: str) -> datetime:
        """The next moment by day, at which this is told."""
        self.at += BREAK
        self.told += headline
        return self.at


def secret(what: str) -> str:
    """Words that nobody outside may ever read."""
    return f"{SECRET} {what}"


def takes(life: Life) -> None:
    at = life.then("taken_up")
    tickets.take(life.agent, life.ticket.id, at=at)
    replies.note(life.agent, life.ticket.id, secret("note"), at=at)


def answers(life: Life) -> None:
    replies.reply(life.agent, life.ticket.id, "…", at=life.then("answered"))


def takes_and_answers(life: Life) -> None:
    at = life.then("answered")
    tickets.take(life.agent, life.ticket.id, at=at)
    replies.reply(life.agent, life.ticket.id, "…", at=at)


def asks(life: Life) -> None:
    fields = {"reason": "needs_information", "note": secret("ask")}
    replies.reply(life.agent, life.ticket.id, "…", then="wait", then_fields=fields, at=life.then("answered"))


def waits(reason: str, headline: str) -> Callable[[Life], None]:
    def wait(life: Life) -> None:
        tickets.wait(life.agent, life.ticket.id, reason, note=secret(reason), at=life.then(headline))

    return wait


def goes_on(life: Life) -> None:
    tickets.resume(life.agent, life.ticket.id, at=life.then("resumed"))


def engages(life: Life) -> None:
    supplier = a_supplier(names={"el": secret("supplier"), "en": secret("supplier")})
    tickets.suppliers.engage(life.agent, life.ticket.id, supplier.id, secret("order"), at=life.then("waits"))


def supplier_answers(life: Life) -> None:
    tickets.suppliers.answered(life.agent, life.ticket.id, secret("done"), at=life.then("resumed"))


def transfers(life: Life) -> None:
    to = life.other.id if life.ticket.department_id == life.ours.id else life.ours.id
    tickets.transfer(life.agent, life.ticket.id, to, secret("why"), secret("more"), at=life.then("transferred"))


def escalates(life: Life) -> None:
    chief = life.chief.id
    tickets.escalate(life.agent, life.ticket.id, secret("help"), person=chief, at=life.then("escalated"))


def lacks_documents(life: Life) -> None:
    tickets.mark_incomplete(life.agent, life.ticket.id, "…", at=life.then("incomplete"))


def has_documents(life: Life) -> None:
    tickets.mark_complete(life.agent, life.ticket.id, secret("papers"), at=life.then("resumed"))


def extends(life: Life) -> None:
    tickets.extend(life.agent, life.ticket.id, 10, "…", at=life.then("extended"))


def promises_call(life: Life) -> None:
    at = life.then("call")
    callbacks.promise(life.agent, life.ticket.id, at + BREAK, at + 2 * BREAK, secret("call"), at=at)


def calls_off(life: Life) -> None:
    callbacks.cancel(life.agent, life.ticket.id, secret("off"), at=life.then("call_off"))


def forwards(life: Life) -> None:
    tickets.forward(life.agent, life.ticket.id, "ΔΕΔΔΗΕ", "…", at=life.then("forwarded"))


def resolves(life: Life) -> None:
    tickets.resolve(life.agent, life.ticket.id, "solved", "…", at=life.then("resolved"))


def reopens(life: Life) -> None:
    tickets.reopen(life.agent, life.ticket.id, secret("again"), at=life.then("reopened"))


def rejects(life: Life) -> None:
    tickets.reject(life.citizen, life.ticket.id, "…", at=life.then("reopened"))


def confirms(life: Life) -> None:
    tickets.confirm(life.citizen, life.ticket.id, at=life.then())


def closes(life: Life) -> None:
    tickets.close(life.agent, life.ticket.id, at=life.then("closed"))


def cancels(life: Life) -> None:
    tickets.cancel(life.agent, life.ticket.id, secret("spam"), at=life.then("cancelled"))


def citizen_writes(life: Life) -> None:
    replies.citizen_writes(life.citizen, life.ticket.id, "…", at=life.then())


DOCUMENT = waits("needs_document", "needs")
APPROVAL = waits("approval", "waits")
DATE = waits("agreed_date", "scheduled")
END = (resolves, confirms), (resolves, closes), (cancels,), (forwards, closes), (resolves, rejects, resolves, closes)
MIDDLE = (
    (answers,), (asks, citizen_writes), (DOCUMENT, citizen_writes), (DOCUMENT, goes_on), (APPROVAL, goes_on),
    (DATE, goes_on), (engages, supplier_answers), (transfers,), (escalates,), (lacks_documents, has_documents),
    (promises_call, calls_off), (resolves, reopens), (answers, answers), (DATE, DATE, goes_on),
)  # fmt: skip


def script(number: int) -> list[Callable[[Life], None]]:
    """The acts of one life: a beginning, some of what may happen, an end; each once in thirty lives at least."""
    dice = random.Random(number)
    middle = [MIDDLE[number % len(MIDDLE)], *dice.sample(MIDDLE, 3)]
    begin = (takes, takes_and_answers)[number % 2]
    once = [extends] if number % 3 == 0 else []
    return [begin, *(act for part in middle for act in part), *once, *END[number % len(END)]]


def parsed(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def refreshed(life: Life) -> None:
    ground.commit()
    db.session.expire_all()
