"""A house in which anybody tries anything: seeded acts by everybody on a few requests, and a row told from facts."""

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.errors import HelpdeskError
from helpdesk.models.catalogue import Department
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import catalogue, intake, participation, replies, splitting, tickets
from helpdesk.services.intake import NewTicket
from helpdesk.services.journal import Recorded
from helpdesk.vocabulary import (
    TERMINAL,
    WAITING,
    ActorKind,
    CallOutcome,
    Level,
    NoReplyReason,
    Priority,
    TicketType,
    WaitingReason,
)
from tests.builders import NOON, a_department, a_supervisor, a_supplier, an_administrator, an_agent
from tests.lives.house import agree, promise

GAPS = (timedelta(seconds=20), timedelta(minutes=7), timedelta(hours=3), timedelta(days=2))
SAYS = "Μια κουβέντα."


class Walk:
    """Two departments with agreements of their own, somebody in each role, three requests to begin with, and dice."""

    def __init__(self, seed: int) -> None:
        self.dice, self.now = random.Random(seed), NOON
        self.places = [a_department(), a_department()]
        for place in self.places:
            agreed = {"when": {"department": [place.key]}, "agreement": {"kind": "ola", "department": place.key}}
            agree(f"ola-{place.key}", {"targets": [{"clock": "ola", "seconds": 7200}]} | agreed)
        agree("everything", promise())
        here, there = self.places
        self.suppliers = [a_supplier().key, a_supplier().key]
        self.staff = [an_agent(here), an_agent(here), an_agent(there), a_supervisor(here), an_administrator()]
        catalogue.changed(NOON)
        self.numbers = [self._opens(place) for place in (here, there, None)]
        self.done: list[str] = []

    def _opens(self, place: Department | None) -> int:
        who = self.dice.choice(["maria", "nikos"])
        new = NewTicket(
            "Λάμπα", "Δεν ανάβει.", name=who, email=f"{who}@example.org", department=place.key if place else None
        )
        number = intake.take_down(self.staff[0], new, at=self.now).ticket_id
        ground.commit()
        return number

    def step(self) -> bool:
        """Somebody tries something a little later; whether it was done."""
        self.now += self.dice.choice(GAPS)
        if all(db.session.get_one(Ticket, one).status in TERMINAL for one in self.numbers[-3:]):
            self.numbers.append(self._opens(self.dice.choice(self.places)))
        number, verb = self.dice.choice(self.numbers[-4:]), self.dice.choice(list(ACTS))
        try:
            ACTS[verb](self, self._somebody(number), number)
            ground.commit()
        except HelpdeskError:
            db.session.rollback()
            return False
        self.done.append(verb)
        return True

    def _somebody(self, number: int) -> Actor:
        asks = Actor(ActorKind.CITIZEN, db.session.get_one(Ticket, number).requester_id)
        return self.dice.choice([*self.staff, *self.staff, asks, asks, SYSTEM])

    def person(self) -> int:
        return self.dice.choice(self.staff).id or 0

    def place(self) -> int:
        return self.dice.choice(self.places).id

    def other(self, number: int) -> int:
        return self.dice.choice([one for one in self.numbers if one != number])

    def move(self, verb: str, actor: Actor, number: int, **fields: Any) -> None:
        tickets.VERBS[verb](actor, number, at=self.now, **fields)

    def splits(self, actor: Actor, number: int) -> None:
        """A part becomes a request of its own, with which the walk goes on."""
        first = text("select min(id) from message where ticket_id = :id and direction = 'inbound'")
        message = db.session.execute(first, {"id": number}).scalar_one()
        new = splitting.split(actor, number, [message], "", "Μέρος", at=self.now)
        self.numbers.append(new.id)

    def writes(self, actor: Actor, number: int) -> None:
        """What comes late opens a request that follows."""
        message = replies.citizen_writes(actor, number, SAYS, at=self.now)
        if message.ticket_id not in self.numbers:
            self.numbers.append(message.ticket_id)


Act = Callable[[Walk, Actor, int], object]


def _moves(verb: str, given: Callable[[Walk, int], Mapping[str, Any]] = lambda walk, number: {}) -> Act:
    return lambda walk, actor, number: walk.move(verb, actor, number, **given(walk, number))


def _classifies(walk: Walk, actor: Actor, number: int) -> None:
    fields = {"type": TicketType, "impact": Level, "urgency": Level, "priority": Priority}
    name = walk.dice.choice(list(fields))
    tickets.classify(actor, number, reason="έτσι", at=walk.now, **{name: walk.dice.choice(list(fields[name]))})


def _window(walk: Walk, number: int) -> Mapping[str, Any]:
    return {"begins_at": walk.now + timedelta(hours=1), "ends_at": walk.now + timedelta(hours=3)}


def _chosen(name: str, among: Iterable[Any]) -> Callable[[Walk, int], Mapping[str, Any]]:
    return lambda walk, number: {name: walk.dice.choice(list(among))}


ACTS: Mapping[str, Act] = {
    **{verb: _moves(verb) for verb in ("take", "resume", "confirm", "reject", "close", "unmerge", "record-closure")},
    **{verb: _moves(verb) for verb in ("supplier-answered", "mark-complete", "cancel-call-back")},
    **{verb: _moves(verb, lambda *_: {"reason": SAYS}) for verb in ("de-escalate", "reopen", "deny-competence")},
    "cancel": lambda walk, *who: walk.dice.random() < 0.3 and walk.move("cancel", *who, reason=SAYS),
    "assign": _moves("assign", lambda walk, _: {"assignee_id": walk.dice.choice([None, walk.person()])}),
    "transfer": _moves("transfer", lambda walk, _: {"department_id": walk.place(), "reason": SAYS}),
    "hand-over": _moves("transfer", lambda w, _: {"department_id": w.place(), "reason": SAYS, "hand_over": True}),
    "escalate": _moves("escalate", lambda walk, _: {"reason": SAYS, "person": walk.dice.choice([None, walk.person()])}),
    "wait": _moves("wait", _chosen("reason", WaitingReason)),
    "resolve": _moves("resolve", lambda *_: {"code": "solved", "text": SAYS}),
    "forward": _moves("forward", lambda *_: {"to": "Περιφέρεια", "text": SAYS}),
    "merge": _moves("merge", lambda walk, number: {"into": walk.other(number), "different_people": True}),
    "engage-supplier": _moves(
        "engage-supplier", lambda walk, _: {"supplier": walk.dice.choice(walk.suppliers), "text": SAYS}
    ),
    "no-reply-needed": _moves("no-reply-needed", _chosen("reason", NoReplyReason)),
    "mark-incomplete": _moves("mark-incomplete", lambda *_: {"text": SAYS}),
    "extend": _moves("extend", lambda *_: {"days": 10, "reason": SAYS}),
    "promise-call-back": _moves("promise-call-back", _window),
    "dial-call-back": _moves("dial-call-back", _chosen("outcome", CallOutcome)),
    "classify": _classifies,
    "set-owner": lambda walk, *who: tickets.set_owner(*who, walk.person(), at=walk.now),
    "restrict": lambda walk, *who: tickets.restrict(*who, walk.dice.random() < 0.5, at=walk.now),
    "complain-of": lambda walk, *who: tickets.complain_of(*who, [walk.person()], at=walk.now),
    "link": lambda walk, actor, number: tickets.link(actor, number, walk.other(number), at=walk.now),
    "join": lambda walk, actor, number: participation.join(actor, number, walk.other(number), at=walk.now),
    "reply": lambda walk, *who: replies.reply(*who, SAYS, at=walk.now),
    "note": lambda walk, *who: replies.note(*who, SAYS, at=walk.now),
    "write": Walk.writes,
    "split": Walk.splits,
}
"""Every move of the table, and what else can be done to a request."""


def _stands(status: str, reason: str | None = None) -> Mapping[str, Any]:
    return {"status": status, "waiting_reason": reason if status in WAITING else None}


TOLD: Mapping[str, Callable[[dict[str, Any]], Mapping[str, Any]]] = {
    "ticket_routed": lambda data: {"department_id": data["department_id"], "owner_id": data["owner_id"]},
    "ticket_assigned": lambda data: {"assignee_id": data["assignee_id"]},
    "owner_changed": lambda data: {"owner_id": data["owner_id"]},
    "ticket_transferred": lambda data: {"department_id": data["department_id"]},
    "status_changed": lambda data: _stands(data["status"], data["reason"]),
    "ticket_resolved": lambda data: _stands("resolved"),
    "ticket_reopened": lambda data: _stands("open"),
    "ticket_closed": lambda data: _stands("closed"),
    "ticket_cancelled": lambda data: _stands("cancelled"),
    "restriction_changed": lambda data: {"restricted": data["restricted"]},
    "ticket_escalated": lambda data: {"escalation_level": data["level"]},
    "ticket_deescalated": lambda data: {"escalation_level": data["level"]},
    "ticket_classified": lambda data: {name: data[name] for name in ("priority", "impact", "urgency")},
}


def explained(facts: Iterable[Recorded]) -> dict[str, Any]:
    """What the journal says a ticket's row must be, as far as anything was said."""
    row: dict[str, Any] = {}
    before: dict[str, Any] = {}
    for fact in facts:
        data = vars(fact.event)
        if fact.type == "ticket_merged":
            before = {"status": data["previous"], "waiting_reason": data["reason"]}
            row |= {"status": "merged", "waiting_reason": None}
        elif fact.type == "ticket_unmerged":
            row |= before
        elif fact.type in TOLD:
            row |= TOLD[fact.type](data)
    return row
