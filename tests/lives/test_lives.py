"""Random lives of tickets by the services of live work, held against an oracle that counts every minute."""

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from helpdesk import db as ground
from helpdesk.db import db
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import callbacks, classification, replies, rulebook, tickets, timers
from helpdesk.vocabulary import ActorKind, RulebookKind
from tests.builders import a_department, a_supplier, a_ticket, an_account, an_agent
from tests.lives.oracle import Fact, Rules, Terms, World, undone
from tests.sla import oracle as minutes

LIVES = int(os.environ.get("HELPDESK_LIVES", "25"))
"""How many lives; a long run is asked for by the environment, as is making a failure small (HELPDESK_SHRINK)."""

BEGINNINGS = (
    datetime(2026, 3, 26, 7, 30, tzinfo=UTC),  # the weekend on which an hour is left out
    datetime(2026, 10, 22, 6, 0, tzinfo=UTC),  # and the one on which it comes twice
    datetime(2026, 12, 22, 11, 45, tzinfo=UTC),  # holidays
)
LONGEST = 40 * 1440
GAPS = st.one_of(st.integers(1, 60), st.sampled_from([90, 240, 480, 700, 1440, 2000, 4000]))

WEEK = ("mon", "tue", "wed", "thu", "fri")
HOURS: dict[str, dict[str, Any]] = {
    "office": {
        "tz": "Europe/Athens",
        "hours": {day: [["08:00", "15:00"]] for day in WEEK},
        "holidays": ["2026-03-25", "2026-10-28", "2026-12-25"],
        "special": {"2026-12-24": [["08:00", "11:30"]]},
    },
    "night": {
        "tz": "Europe/Athens",
        "hours": {"sat": [["22:00", "06:00"]], "wed": [["09:00", "13:00"], ["17:00", "20:00"]]},
    },
    "always": {"tz": "Europe/Athens", "hours": {day: [["00:00", "24:00"]] for day in minutes.DAYS}},
}
PRIORITIES = ("critical", "high", "normal", "low")
PROMISED = {
    "acknowledge": (15, 30, 45, 200),
    "first_response": (30, 60, 180, 500),
    "next_response": (40, 90, 200, 480),
    "update": (120, 240, 420, 900),
    "resolution": (240, 480, 1200, 3000),
}
DELIVERIES = (100, 250, 700, 1600)
STAYS = {"works": (90, 180, 600, 1500), "lights": (60, 60, 60, 60)}
PAUSING = {
    "resolution": ["waiting_requester", "scheduled"],
    "update": ["waiting_requester"],
    "ola": ["waiting_requester", "waiting_supplier"],
    "ua": ["scheduled"],
}
WAITS = {"needs_information": "waiting_requester", "supplier_works": "waiting_supplier", "appointment": "scheduled"}


def _targets(clock: str, amounts: tuple[int, ...], calendar: str = "") -> list[dict[str, Any]]:
    return [
        {"clock": clock, "seconds": amount * 60, "calendar": calendar, "when": {"priority": [priority]}}
        for priority, amount in zip(PRIORITIES, amounts, strict=True)
    ]


def _promised(clock: str, priority: str, department: str, supplier: str) -> Terms | None:
    at, hours = PRIORITIES.index(priority), "night" if department == "lights" else "office"
    if clock == "ola":
        return Terms(STAYS[department][at], hours) if department in STAYS else None
    if clock == "ua":
        return Terms(DELIVERIES[at], "always") if supplier == "lamps" else None
    amounts = PROMISED.get(clock)
    return Terms(amounts[at], "office" if clock == "next_response" else hours) if amounts else None


@cache
def _flags(calendar: str, beginning: datetime) -> list[bool]:
    return minutes.openings(HOURS[calendar], beginning, LONGEST)


@pytest.fixture
def house(session):
    rulebook.ensure_defaults(BEGINNINGS[0])
    for key in ("office", "night"):
        rulebook.enact(RulebookKind.CALENDAR, key, HOURS[key], at=BEGINNINGS[0])
    policy = {
        "targets": [target for name in PROMISED for target in _targets(name, PROMISED[name], _hours_of(name))],
        "pauses": {name: PAUSING[name] for name in ("resolution", "update")},
    }
    for reopen, order in (("continue", 1), ("new-cycle", 2)):
        only = {"type": [{"continue": "incident", "new-cycle": "request"}[reopen]]}
        data = policy | {"reopen": reopen, "order": order, "when": only}
        rulebook.enact(RulebookKind.POLICY, f"sla-{reopen}", data, at=BEGINNINGS[0])
    for key, amounts in STAYS.items():
        agreed = {"targets": _targets("ola", amounts), "pauses": {"ola": PAUSING["ola"]}}
        agreed |= {"when": {"department": [key]}, "agreement": {"kind": "ola", "department": key}}
        rulebook.enact(RulebookKind.POLICY, f"ola-{key}", agreed, at=BEGINNINGS[0])
    contract = {"targets": _targets("ua", DELIVERIES, "always"), "pauses": {"ua": PAUSING["ua"]}}
    contract |= {"when": {"supplier": ["lamps"]}, "agreement": {"kind": "ua", "supplier": "lamps"}}
    for key in ("lamps", "paint"):
        a_supplier(key=key)
    rulebook.enact(RulebookKind.POLICY, "ua-lamps", contract, at=BEGINNINGS[0])
    an_account(is_default=True)
    return {
        key: a_department(key=key, calendar_key="night" if key == "lights" else "office")
        for key in ("works", "lights", "archive")
    }


def _hours_of(clock: str) -> str:
    return "office" if clock == "next_response" else ""


class Lives(RuleBasedStateMachine):
    """One ticket's life; every rule is one act at a later minute."""

    house: dict[str, Any]
    policies: tuple[int, ...]

    @initialize(
        beginning=st.sampled_from(BEGINNINGS),
        kind=st.sampled_from(["incident", "request"]),
        priority=st.sampled_from(PRIORITIES),
        by_staff=st.booleans(),
    )
    def opens(self, beginning: datetime, kind: str, priority: str, by_staff: bool) -> None:
        self.beginning, self.kind, self.minute = beginning, kind, 0
        for id_ in self.policies:
            if rulebook.in_force(RulebookKind.POLICY, rulebook.version(id_).key).id != id_:
                rulebook.put_in_force(SYSTEM, id_, at=beginning)
        self.agent = an_agent(*self.house.values())
        self.first = (priority, "works")
        self.facts = [Fact(0, "opened", by_staff)]
        self.status, self.noticed, self.engaged, self.calls, self.owes = "new", False, False, False, True
        self.rings_again = False
        self.ticket = a_ticket(
            received_at=beginning, type=kind, priority=priority, department_id=self.house["works"].id, by_staff=by_staff
        )
        self.citizen = Actor(ActorKind.CITIZEN, self.ticket.requester_id)

    def _now(self, gap: int) -> datetime:
        self.minute = min(self.minute + gap, LONGEST - 5000)
        return self.beginning + timedelta(minutes=self.minute)

    def _tell(self, name: str, value: Any = None) -> None:
        self.facts.append(Fact(self.minute, name, value))

    def _notice(self) -> None:
        if not self.noticed:
            self.noticed = True
            self._tell("noticed")

    def _stand(self, status: str) -> None:
        self.status = status
        self._tell("stands", status)

    def _work(self) -> None:
        self._notice()
        if self.status == "new":
            self._stand("open")

    @precondition(lambda self: self.status not in ("closed", "cancelled"))
    @rule(gap=GAPS)
    def citizen_writes(self, gap: int) -> None:
        if self.status == "resolved" and gap > 2000:
            return
        replies.citizen_writes(self.citizen, self.ticket.id, "Και κάτι ακόμη.", at=self._now(gap))
        self._tell("wrote")
        self.owes = True
        if self.status == "resolved":
            self.status = "open"
            self._tell("reopened")
        elif self.status == "waiting_requester":
            self._stand("open")

    @precondition(lambda self: self._is_live())
    @rule(gap=GAPS, waits=st.sampled_from([None, *WAITS]), undo=st.booleans())
    def agent_replies(self, gap: int, waits: str | None, undo: bool) -> None:
        then = {"then": "wait", "then_fields": {"reason": waits}} if waits else {}
        message = replies.reply(self.agent, self.ticket.id, "Το κοιτάμε.", at=self._now(gap), **then)
        self._work()
        self._tell("replied", message.id)
        self.owes = self.owes and undo
        if waits:
            self._stand(WAITS[waits])
        if undo:
            replies.withdraw(self.agent, message.id, at=self._now(0))
            self._tell("took_back", message.id)

    @precondition(lambda self: self._is_live())
    @rule(gap=GAPS, reason=st.sampled_from(list(WAITS)))
    def waits(self, gap: int, reason: str) -> None:
        tickets.wait(self.agent, self.ticket.id, reason, at=self._now(gap))
        self._notice()
        self._stand(WAITS[reason])

    @precondition(lambda self: self.status.startswith("waiting") or self.status == "scheduled")
    @rule(gap=GAPS)
    def resumes(self, gap: int) -> None:
        tickets.resume(self.agent, self.ticket.id, at=self._now(gap))
        if self.engaged and self.status == "waiting_supplier":
            self._deliver()
        self._stand("open")

    def _deliver(self) -> None:
        self.engaged = False
        self._tell("delivered")

    @precondition(lambda self: self._is_live())
    @rule(gap=GAPS, to=st.sampled_from(["works", "lights", "archive"]))
    def is_handed_on(self, gap: int, to: str) -> None:
        if db.session.get(Ticket, self.ticket.id).department_id == self.house[to].id:
            return
        tickets.transfer(self.agent, self.ticket.id, self.house[to].id, "Δεν είναι δικό μας.", at=self._now(gap))
        self._notice()
        self._tell("moved", to)

    @precondition(lambda self: self.status not in ("closed", "cancelled"))
    @rule(gap=GAPS, priority=st.sampled_from(PRIORITIES))
    def becomes(self, gap: int, priority: str) -> None:
        if db.session.get(Ticket, self.ticket.id).priority == priority:
            return
        classification.classify(self.agent, self.ticket.id, priority=priority, reason="έτσι", at=self._now(gap))
        self._notice()
        self._tell("became", priority)

    @precondition(lambda self: self._is_live())
    @rule(gap=GAPS)
    def is_resolved(self, gap: int) -> None:
        tickets.resolve(self.agent, self.ticket.id, "solved", "Έγινε.", at=self._now(gap))
        self._notice()
        self._tell("resolved")
        self.status, self.engaged, self.calls, self.owes = "resolved", False, False, False

    @precondition(lambda self: self.status == "resolved")
    @rule(gap=GAPS)
    def is_reopened(self, gap: int) -> None:
        tickets.reopen(self.agent, self.ticket.id, "Πάλι.", at=self._now(gap))
        self.status = "open"
        self._tell("reopened")

    @precondition(lambda self: self._is_live() and not self.calls and self.minute > 5000)
    @rule(gap=GAPS)
    def is_cancelled(self, gap: int) -> None:
        tickets.cancel(self.agent, self.ticket.id, "λάθος", at=self._now(gap))
        self._notice()
        self._tell("dropped")
        self.status = "cancelled"

    @precondition(lambda self: self._is_live() and not self.engaged)
    @rule(gap=GAPS, supplier=st.sampled_from(["lamps", "paint"]))
    def a_supplier_is_engaged(self, gap: int, supplier: str) -> None:
        tickets.VERBS["engage-supplier"](self.agent, self.ticket.id, supplier, "Λυχνία.", at=self._now(gap))
        self._notice()
        self.engaged = True
        self._tell("engaged", supplier)
        self._stand("waiting_supplier")

    @precondition(lambda self: self._is_live() and self.engaged)
    @rule(gap=GAPS)
    def the_supplier_answers(self, gap: int) -> None:
        tickets.VERBS["supplier-answered"](self.agent, self.ticket.id, at=self._now(gap))
        self._deliver()
        if self.status == "waiting_supplier":
            self._stand("open")

    @precondition(lambda self: self._is_live() and self.owes)
    @rule(gap=GAPS)
    def nothing_need_be_answered(self, gap: int) -> None:
        tickets.VERBS["no-reply-needed"](self.agent, self.ticket.id, "thanks", at=self._now(gap))
        self._notice()
        self._tell("unneeded")

    @precondition(lambda self: self._is_live() and not self.calls)
    @rule(gap=GAPS, length=st.integers(10, 3000))
    def a_call_is_promised(self, gap: int, length: int) -> None:
        at = self._now(gap)
        callbacks.promise(self.agent, self.ticket.id, at, at + timedelta(minutes=length), at=at)
        self._notice()
        self.calls, self.rings_again = True, False
        self._tell("promised", self.minute + length)

    @precondition(lambda self: self._is_live() and self.calls)
    @rule(gap=GAPS, outcome=st.sampled_from(["reached", "no_answer", None]))
    def the_citizen_is_rung(self, gap: int, outcome: str | None) -> None:
        at, self.calls, self.rings_again = self._now(gap), False, outcome == "no_answer"
        if outcome is None:
            callbacks.cancel(self.agent, self.ticket.id, at=at)
            self._tell("called_off")
        else:
            callbacks.dial(self.agent, self.ticket.id, outcome, at=at)
            self._tell("rang", outcome == "reached")

    @precondition(lambda self: self._is_live() and not self._owes_a_call())
    @rule(gap=GAPS, lasts=GAPS)
    def it_is_merged_and_parted_again(self, gap: int, lasts: int) -> None:
        if self.minute + gap + lasts > LONGEST - 5000:
            return
        other = a_ticket(requester_id=self.ticket.requester_id, department_id=self.house["works"].id)
        tickets.VERBS["merge"](self.agent, self.ticket.id, other.id, at=self._now(gap))
        self._notice()
        self._tell("merged")
        tickets.VERBS["unmerge"](self.agent, self.ticket.id, at=self._now(lasts))
        self._tell("parted")

    @precondition(lambda self: self._is_live() and not self._owes_a_call() and self.minute > 5000)
    @rule(gap=GAPS)
    def it_is_merged_for_good(self, gap: int) -> None:
        other = a_ticket(requester_id=self.ticket.requester_id, department_id=self.house["works"].id)
        tickets.VERBS["merge"](self.agent, self.ticket.id, other.id, at=self._now(gap))
        self._notice()
        self._tell("merged")
        self.status = "cancelled"

    def _owes_a_call(self) -> bool:
        """What somebody is still to be rung about is not merged."""
        return self.calls or self.rings_again

    def _is_live(self) -> bool:
        return self.status not in ("closed", "cancelled", "resolved")

    @rule(gap=GAPS)
    def another_version_comes_into_force(self, gap: int) -> None:
        """It changes nothing for this ticket: it keeps what it opened with."""
        at = self._now(gap)
        for key in ("sla-continue", "sla-new-cycle"):
            data = rulebook.in_force(RulebookKind.POLICY, key).value.to_dict()
            rulebook.enact(RulebookKind.POLICY, key, data | {"targets": _targets("resolution", (1, 2, 3, 4))}, at=at)

    def teardown(self) -> None:
        if not hasattr(self, "ticket"):
            return
        ground.flush_pending()
        until = self.minute + 1500
        now = self.beginning + timedelta(minutes=until)
        priority, department = self.first
        rules = Rules(_promised, {name: frozenset(them) for name, them in PAUSING.items()}, self.kind == "incident")
        world = World(rules, lambda key, at: _flags(key, self.beginning)[at], priority, department)
        assert self._read(now) == world.live(undone(self.facts), until)

    def _read(self, now: datetime) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for promise, one in timers.read_all({self.ticket.id: now})[self.ticket.id]:
            withdrawn = one.state == "withdrawn"
            found.setdefault(promise.clock.value, []).append(
                {
                    "state": one.state.value,
                    "start": self._at(one.started_at),
                    "stop": self._at(one.stopped_at),
                    "target": one.target // timedelta(minutes=1),
                    "elapsed": one.elapsed / timedelta(minutes=1),
                    "paused": one.paused / timedelta(minutes=1),
                    "breached": None if withdrawn else self._at(one.breached_at),
                    "late": one.late / timedelta(minutes=1),
                    "missed": one.retargeted_after_breach,
                }
            )
        return found

    def _at(self, moment: datetime | None) -> int | None:
        return None if moment is None else (moment - self.beginning) // timedelta(minutes=1)


def test_every_clock_of_a_random_life_is_what_a_minute_by_minute_count_says(house):
    Lives.house = house
    Lives.policies = tuple(rulebook.in_force(RulebookKind.POLICY, key).id for key in ("sla-continue", "sla-new-cycle"))
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink] if "HELPDESK_SHRINK" in os.environ else [Phase.generate],
        ),
    )
    assert list(timers.verify(BEGINNINGS[-1] + timedelta(days=90))) == []
