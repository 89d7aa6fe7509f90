"""Who of a department can be given work at a moment: present, in their hours, with how much they have already."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, any_, bindparam, select, text

from helpdesk import i18n
from helpdesk.db import db, table
from helpdesk.models.presence import Presence as PresenceRow
from helpdesk.permissions import Actor, Guarded, may
from helpdesk.services import absences, catalogue, presence, rulebook
from helpdesk.services.assignment.settings import WHOLE, Weights, weights
from helpdesk.services.catalogue import Colleague
from helpdesk.services.presence import Presence
from helpdesk.vocabulary import WAITING, ActorKind, Role, WorkKind
from routing import Choice, Need, OnDuty

_PRESENCE = table(PresenceRow)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Asked:
    """What one piece of work asks of whoever gets it; ``ticket`` guards who may see it, where it has one."""

    kind: WorkKind
    weight: int
    language: str = ""
    skills: frozenset[str] = frozenset()
    team_id: int | None = None
    ticket: Guarded | None = None
    last_agent: int | None = None
    not_to: frozenset[int] = frozenset()


@dataclass
class Desk:
    """The people of a department at a moment; what is given meanwhile is counted at once."""

    people: Mapping[int, Colleague]
    there: Mapping[int, Presence]
    loads: dict[int, int]
    weights: Weights
    at: datetime
    given: dict[int, datetime] = field(default_factory=dict)

    def has_room(self, kind: WorkKind) -> bool:
        """Whether anybody present could take anything more."""
        return any(self.loads[id_] < person.capacity * WHOLE for id_, person in self.present(kind))

    def present(self, kind: WorkKind) -> Iterable[tuple[int, Colleague]]:
        """Those who are there for a kind of work, by id."""
        return ((id_, person) for id_, person in self.people.items() if self.there[id_].takes(kind))

    def roster(self, asked: Asked) -> list[OnDuty]:
        """Everybody as they stand towards a piece of work."""
        return [self._on_duty(person, asked) for person in self.people.values()]

    def _on_duty(self, person: Colleague, asked: Asked) -> OnDuty:
        there = self.there[person.id]
        return OnDuty(
            key=str(person.id),
            allowed=_may_answer(person, asked),
            present=there.takes(asked.kind),
            skills=frozenset(person.skills),
            languages=spoken(person),
            capacity=person.capacity * WHOLE,
            load=self.loads[person.id],
            last_given_at=self.given.get(person.id, there.given_at),
        )

    def need(self, asked: Asked) -> Need:
        """The same for `choose_agent`. A language that nobody here speaks cannot be asked for."""
        heard = any(asked.language in spoken(person) for person in self.people.values())
        last = str(asked.last_agent) if asked.last_agent is not None else None
        return Need(skills=asked.skills, language=asked.language if heard else "", weight=asked.weight, last_agent=last)

    def give(self, person_id: int, weight: int) -> None:
        """Counts what somebody was given; the order of giving decides whose turn is next."""
        self.loads[person_id] += weight
        self.given[person_id] = max([self.at, *(moment + _TICK for moment in self.given.values())])

    def keep_turns(self) -> None:
        """Writes down when each was given work last."""
        for person_id, moment in self.given.items():
            db.session.execute(_GIVEN, {"id": person_id, "at": moment})


_GIVEN = text("update presence set given_at = :at where person_id = :id")


def spoken(person: Colleague) -> frozenset[str]:
    """In which languages somebody answers; of whom nothing is told in the body's own."""
    return frozenset(person.languages) or frozenset({i18n.DEFAULT})


def _may_answer(person: Colleague, asked: Asked) -> bool:
    if person.id in asked.not_to or (asked.team_id is not None and asked.team_id not in person.teams):
        return False
    return asked.ticket is None or may(actor_of(person), "reply", asked.ticket)


def actor_of(person: Colleague) -> Actor:
    """A colleague as the one who acts: for asking what they may."""
    return Actor(
        ActorKind.STAFF,
        person.id,
        Role(person.role),
        frozenset(person.departments),
        frozenset(person.leads),
        name=person.name,
    )


_HELD = (
    select(_PRESENCE)
    .where(_PRESENCE.c.person_id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    .order_by(_PRESENCE.c.person_id)
    .with_for_update(key_share=True)
)


_SEEN = select(_PRESENCE).where(_PRESENCE.c.person_id == any_(bindparam("ids", type_=ARRAY(BigInteger))))


@dataclass(frozen=True)
class Room:
    """How many of a department are there for a kind of work, and how many of them could take one more."""

    present: int
    free: int


def room(department_id: int, kind: WorkKind, at: datetime) -> Room:
    """The same for a question that hands out nothing and holds nobody."""
    here = desk(department_id, at, hold=False)
    weight = here.weights.running(kind) if kind is not WorkKind.TICKET else WHOLE
    there = [here.loads[id_] + weight <= person.capacity * WHOLE for id_, person in here.present(kind)]
    return Room(len(there), sum(there))


def desk(department_id: int, at: datetime, *, hold: bool = True) -> Desk:
    """The department's people, held until the transaction ends: nobody else hands them work meanwhile."""
    people = {person.id: person for person in _of_department(department_id)}
    rows = db.session.execute(_HELD if hold else _SEEN, {"ids": list(people)}).all()
    there = presence.whole(people, rows, at)
    return Desk(people, _in_hours(people, there, department_id, at), *_loads(people, at), at)


def _of_department(department_id: int) -> list[Colleague]:
    """Its members, and the members of its teams."""
    known = catalogue.current()
    teams = {team.id for team in known.teams.values() if team.department_id == department_id}
    return [
        person
        for person in known.colleagues.values()
        if person.active and (department_id in person.departments or not teams.isdisjoint(person.teams))
    ]


def on_leave(at: datetime) -> frozenset[int]:
    """Who is away at that moment by the calendar of absences."""
    return frozenset(absences.away(at))


def _in_hours(
    people: Mapping[int, Colleague], there: Mapping[int, Presence], department_id: int, at: datetime
) -> dict[int, Presence]:
    """Outside their working hours, and on leave, people may sit at the desk and are given nothing."""
    usual = catalogue.current().departments[department_id].calendar_key
    opened: dict[str | None, bool] = {}
    for person in people.values():
        key = person.calendar_key or usual
        if key not in opened:
            opened[key] = rulebook.calendar_for(key).value.is_open(at)
    away = on_leave(at)
    return {
        id_: one if opened[people[id_].calendar_key or usual] and id_ not in away else replace(one, kinds=frozenset())
        for id_, one in there.items()
    }


_LOADS = text(
    """
    select assignee_id as person_id, channel, status = any(:waiting) as waits, count(*) as n, 0 as weight
    from ticket where is_open and assignee_id = any(:ids) group by assignee_id, channel, status = any(:waiting)
    union all
    select person_id, '', false, 0, sum(weight) from offer
    where person_id = any(:ids) and state in ('offered', 'accepted')
      and (state = 'accepted' or expires_at > :at) and (state = 'offered' or kind <> 'ticket')
    group by person_id
    """
)


def _loads(ids: Collection[int], at: datetime) -> tuple[dict[int, int], Weights]:
    known = weights()
    return loads(ids, at, known), known


def loads(ids: Collection[int], at: datetime, known: Weights) -> dict[int, int]:
    """What each has already, in hundredths: open requests, what is on offer to them, running chats and calls."""
    found = dict.fromkeys(ids, 0)
    values: dict[str, Any] = {"ids": list(ids), "waiting": [status.value for status in WAITING], "at": at}
    for row in db.session.execute(_LOADS, values):
        found[row.person_id] += int(row.weight) + row.n * known.ticket(row.channel, waits=row.waits)
    return found


def told(choice: Choice, asked: Asked, need: Need) -> dict[str, Any]:
    """A choice as the journal keeps it: the reason, among how many, and what was asked of them."""
    why: dict[str, Any] = {"reason": choice.reason.value, "able": choice.able}
    if need.language:
        why["language"] = need.language
    if asked.skills:
        why["skills"] = sorted(asked.skills)
    return why
