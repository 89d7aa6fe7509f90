"""Routing one message in a worker: 1,000 rules, a classifier, and a choice among the people of 50 departments.

Fifty at a time, as a worker takes them: messages are decided by the rules, which are asked in order, and by the
classifier where none of them holds; then a department's fifty tickets are given to somebody. And each alone, which is
the worst case. Ten people a department are present, each with some work already. ``chosen`` is the choice with its
locks and reads, ``given`` with the ticket, its journal and the commit besides. The budget is on a message's share of
fifty, in the processor of the worker; what one alone takes is told beside it.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import insert, text

from benchmarks.routing_rules import _entries, _word
from benchmarks.tick import installation
from helpdesk import clock
from helpdesk.db import commit, db, insert_many, insert_numbered, table
from helpdesk.models.catalogue import Department
from helpdesk.models.learning import RoutingModel
from helpdesk.models.people import Membership, Person, Staff
from helpdesk.models.presence import Presence
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import assignment, catalogue, rulebook, triage
from helpdesk.services.arrival import Arrival
from helpdesk.services.assignment import backlog, settings
from helpdesk.services.assignment.people import desk
from helpdesk.services.people import Contact
from helpdesk.vocabulary import RulebookKind
from routing import TextClassifier, choose_agent

RULES, DEPARTMENTS, PEOPLE, EACH_HAS = 1_000, 50, 10, 10
TOGETHER, BATCHES, ALONE, WARM, CHARACTERS = 50, 20, 100, 50, 500
EXAMPLES = 250
BUDGET_MS = 5.0
Row = dict[str, Any]


@dataclass(frozen=True)
class Spent:
    """Milliseconds that passed, and those of them in which the worker's own processor was busy."""

    passed: float
    worked: float

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.passed + other.passed, self.worked + other.worked)

    def shared(self, by: int) -> "Spent":
        """What each of so many took."""
        return Spent(self.passed / by, self.worked / by)


def run() -> list[Row]:
    """A row for each part, fifty at a time and alone, and one for all parts of each."""
    with installation():
        places = _house(clock.now())
        arrivals = _arrivals(clock.now(), WARM + ALONE + BATCHES * TOGETHER)
        alone = [_one(arrival, places[at % DEPARTMENTS]) for at, arrival in enumerate(arrivals[: WARM + ALONE])][WARM:]
        rest = arrivals[WARM + ALONE :]
        batches = [rest[start : start + TOGETHER] for start in range(0, len(rest), TOGETHER)]
        fifty = [_many(batch, places[at]) for at, batch in enumerate(batches)]
    together = _figures("fifty at a time: all", [one["decided"] + one["given"] for one in fifty])
    budget = {"budget": "met" if together["processor p95_ms"] <= BUDGET_MS else "missed"}
    return [
        *(_figures(f"fifty at a time: {name}", [one[name] for one in fifty]) for name in ("decided", "given")),
        together | budget,
        *(_figures(f"alone: {name}", [one[name] for one in alone]) for name in ("decided", "chosen", "given")),
        _figures("alone: decided, chosen", [one["decided"] + one["chosen"] for one in alone]),
    ]


def _many(batch: list[Arrival], place: int) -> Row:
    """A message's share of fifty that are decided, and of fifty tickets of a department that are given to somebody."""
    _, decided = _timed(lambda: _decided(batch))
    ids = [_ticket(place, clock.now()) for _ in batch]
    given, spent = _timed(lambda: assignment.drain(place, clock.now()))
    _settle(ids, given)
    return {"decided": decided.shared(len(batch)), "given": spent.shared(len(batch))}


def _one(arrival: Arrival, place: int) -> Row:
    """A message decided, and a ticket of that department given to somebody."""
    _, decided = _timed(lambda: _decided([arrival]))
    ids = [_ticket(place, clock.now())]
    _, chosen = _timed(lambda: _choose(place))
    commit()  # as a worker does: a rollback would make the driver forget its prepared statements
    given, spent = _timed(lambda: assignment.drain(place, clock.now()))
    _settle(ids, given)
    return {"decided": decided, "chosen": chosen, "given": spent}


def _decided(arrivals: list[Arrival]) -> None:
    found = triage.decide(arrivals)
    db.session.commit()
    if any(one.proposal is None for one in found):
        raise SystemExit("the classifier was not asked")


def _settle(ids: list[int], given: int) -> None:
    """Closes them, so that the next find everybody with as much work as these did."""
    if given != len(ids):
        raise SystemExit(f"{given} tickets were given, not {len(ids)}")
    db.session.execute(text("update ticket set status = 'closed' where id = any(:ids)"), {"ids": ids})
    commit()


def _timed(act: Callable[[], Any]) -> tuple[Any, Spent]:
    begun, worked = time.perf_counter(), time.process_time()
    found = act()
    return found, Spent((time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000)


def _choose(place: int) -> object:
    """What the worker does to find somebody for the department's next ticket."""
    now, rule = clock.now(), settings.of(place)
    here = desk(place, now)
    (free,) = next(iter(backlog.portions(rule, now)))
    asked = backlog.asked(free, rule, here.weights)
    return choose_agent(here.roster(asked), here.need(asked), rule.turn)


def _figures(name: str, taken: list[Spent]) -> Row:
    passed, worked = [one.passed for one in taken], [one.worked for one in taken]
    return {
        "what": name,
        "median_ms": statistics.median(passed),
        "p95_ms": statistics.quantiles(passed, n=20)[-1],
        "processor median_ms": statistics.median(worked),
        "processor p95_ms": statistics.quantiles(worked, n=20)[-1],
        "measured": len(taken),
    }


def _house(at: datetime) -> list[int]:
    """Departments that hand out their work, people at their desks, rules and a classifier in force."""
    always = {"calendar_key": rulebook.ALWAYS}
    rows = [always | {"key": f"d{number}", "names": {"en": f"D{number}"}} for number in range(DEPARTMENTS)]
    places = list(db.session.execute(insert(table(Department)).returning(table(Department).c.id), rows).scalars())
    _people(places, at)
    rules = [_rule(number, words) for number, words in enumerate(_entries(RULES))]
    rulebook.enact(RulebookKind.RULESET, "default", {"rules": rules}, title="Many", at=at)
    _classifier(at)
    catalogue.changed(at)
    for place in places:
        assignment.save_department(SYSTEM, place, mode="push", at=at)
    commit()
    return places


def _rule(number: int, words: list[str]) -> Row:
    then = {"department": f"d{number % DEPARTMENTS}"}
    return {"key": f"r{number}", "title": f"r{number}", "when": {"words": {"any": words[1:2]}}, "then": then}


def _people(places: list[int], at: datetime) -> None:
    for place in places:
        people = [{"name": f"P{place}-{at_}", "language": "el", "created_at": at.isoformat()} for at_ in range(PEOPLE)]
        ids = insert_numbered(table(Person), people)
        staff = [{"person_id": id_, "role": "agent", "active": True, "languages": ["el", "en"], "skills": [],
                  "capacity": 1000, "signature": "", "calendar_key": None} for id_ in ids]  # fmt: skip
        insert_many(table(Staff), staff)
        insert_many(table(Membership), [{"staff_id": id_, "department_id": place, "lead": False} for id_ in ids])
        there = {"state": "available", "without": [], "changed_at": at, "seen_at": clock.NEVER}
        insert_many(table(Presence), [there | {"person_id": id_} for id_ in ids])
        insert_many(table(Ticket), [_row(place, at, id_) for id_ in ids for _ in range(EACH_HAS)])


def _row(place: int, at: datetime, assignee_id: int | None) -> Row:
    return {
        "type": "request", "status": "open", "channel": "email", "subject": "Θέμα", "language": "el",
        "impact": "medium", "urgency": "medium", "priority": "normal", "priority_reason": "", "received_at": at,
        "created_at": at, "updated_at": at, "next_due_at": clock.NEVER, "department_id": place,
        "assignee_id": assignee_id, "version": 1, "routing": {}, "escalation_level": 0, "major": False,
        "restricted": False, "tags": [], "form": {}, "reopened": 0, "tracking_version": 1, "owner_by_default": False,
        "escalation_told": 0,
    }  # fmt: skip


def _ticket(place: int, at: datetime) -> int:
    made = insert(table(Ticket)).values(_row(place, at, None)).returning(table(Ticket).c.id)
    id_ = int(db.session.execute(made).scalar_one())
    commit()
    return id_


def _classifier(at: datetime) -> None:
    """Trained on texts of which each department has its own words, so that it is sure as often as not."""
    chance = Random(3)
    texts = [(f"d{at_ % DEPARTMENTS}", f"θέμα{at_ % DEPARTMENTS} " + _said(chance, 200)) for at_ in range(EXAMPLES)]
    made = TextClassifier().fit([one[1] for one in texts], [one[0] for one in texts])
    row = {"number": 1, "state": "in_force", "data": made.to_bytes(), "why": "by hand", "examples": len(texts),
           "thresholds": {}, "figures": {}, "trained_at": at}  # fmt: skip
    db.session.execute(insert(table(RoutingModel)).values(row))


def _said(chance: Random, characters: int) -> str:
    return " ".join(_word(chance) for _ in range(characters // 4))[:characters]


def _arrivals(at: datetime, many: int) -> list[Arrival]:
    chance = Random(5)
    return [
        Arrival("email", at, Contact(email=f"a{number}@example.org"), "Θέμα", _said(chance, CHARACTERS))
        for number in range(many)
    ]
