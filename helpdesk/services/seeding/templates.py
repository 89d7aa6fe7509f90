"""A course as lines of PostgreSQL's COPY with places for what differs from ticket to ticket; pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpdesk.clock import NEVER
from helpdesk.services import pauses
from helpdesk.services.seeding.courses import ESCALATES, Course, Fired, rows
from helpdesk.vocabulary import ActorKind
from sla.waiting import Wait

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ticket": (
        "id", "version", "type", "status", "channel", "subject", "language", "requester_id", "department_id",
        "service_id", "category_id", "customer_id", "owner_id",
        "owner_by_default", "assignee_id", "impact", "urgency", "priority",
        "priority_reason", "routing", "escalation_level", "policy_id", "matrix_id", "received_at", "created_at",
        "updated_at", "acknowledged_at", "first_response_at", "resolved_at", "closed_at", "resolution_code",
        "resolution_text", "waiting_reason", "waiting_until", "next_due_at",
    ),
    "message": (
        "id", "ticket_id", "direction", "audience", "channel", "author_id", "at", "subject", "text", "language",
    ),
    "message_words": ("message_id", "ticket_id", "at", "words"),
    "ticket_event": ("ticket_id", "type", "at", "actor_kind", "actor_id", "data"),
    "ticket_clock": (
        "ticket_id", "name", "cycle", "state", "started_at", "due_at", "paused_at", "stopped_at", "target_seconds",
        "elapsed_seconds", "paused_seconds", "breached_at", "late_seconds", "retargeted_after_breach", "next_step_at",
        "policy_id", "calendar_id", "target_key", "error",
    ),
    "clock_step": ("ticket_id", "clock", "cycle", "step", "due_at", "fired_at"),
    "ticket_wait": ("ticket_id", "reason", "since", "limit_at", "set_by_id", "rules_id", "next_at"),
}  # fmt: skip
"""The tables that are filled, those first to which others point."""


@dataclass(frozen=True)
class Template:
    """Lines by table, with ``%(name)s`` for ``id``, ``who``, ``m1``…, ``subject``, ``text1``…, ``words1``… and moments.

    ``moments`` are those that move with the ticket, by name.
    """

    lines: Mapping[str, str]
    moments: Mapping[str, datetime]
    messages: int


@dataclass
class _Page:
    """Lines under way, and the moments named so far."""

    moments: dict[datetime, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)

    def at(self, moment: datetime | None) -> str | None:
        """The place of a moment; the one that never comes does not move."""
        if moment is None:
            return None
        if moment == NEVER:
            return moment.isoformat()
        name = self.moments.setdefault(moment, f"t{len(self.moments)}")
        return f"%({name})s"

    def put(self, table: str, values: Mapping[str, Any]) -> None:
        """One line, the columns in their order."""
        told = [self._plain(values[name]) for name in COLUMNS[table]]
        self.lines[table] = self.lines.get(table, "") + "\t".join(told) + "\n"

    def _plain(self, value: Any) -> str:
        value = self.at(value) if isinstance(value, datetime) else value
        return "\\N" if value is None else str(value)

    def json(self, data: Mapping[str, Any]) -> str:
        """An object as COPY reads it; known moments and messages become places."""
        text = json.dumps(data, ensure_ascii=False).replace("\\", "\\\\").replace("%", "%%")
        for moment, name in self.moments.items():
            text = text.replace(moment.isoformat(), f"%({name})s")
        return text


def compiled(course: Course) -> Template:
    """The lines of one course."""
    page = _Page()
    page.put("ticket", _ticket(course, page))
    for number in range(1, course.messages + 1):
        _put_message(page, course, number)
    for fact in course.facts:
        page.at(fact.at)
    for fact in course.facts:
        page.put("ticket_event", _event(fact, page))
    for row in rows(course):
        page.put("ticket_clock", row | {"ticket_id": "%(id)s", "target_key": _escaped(row["target_key"])})
    for fired in course.fired:
        page.put("clock_step", _step(fired))
    if course.waiting_until and course.answered:
        page.put("ticket_wait", _wait(course, course.answered, course.waiting_until))
    return Template(page.lines, {name: moment for moment, name in page.moments.items()}, course.messages)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "%%")


def _ticket(course: Course, page: _Page) -> dict[str, Any]:
    last = max(filter(None, (course.received, course.taken, course.answered, course.resolved, course.closed)))
    routing: dict[str, Any] = {"by": "service", "ruleset": "", "reasons": [], "confidence": None}
    return {
        "id": "%(id)s",
        "version": 1 + sum(1 for at in (course.taken, course.answered, course.resolved, course.closed) if at),
        "type": course.scoped.type,
        "status": course.status.value,
        "channel": "webform",
        "subject": "%(subject)s",
        "language": "%(language)s",
        "requester_id": "%(who)s",
        "department_id": course.place.department.id,
        "service_id": course.service.id if course.service else None,
        "category_id": course.service.category_id if course.service else None,
        "customer_id": course.service.customer_id if course.service else None,
        "owner_id": course.agent if course.taken else course.place.owner,
        "owner_by_default": course.taken is None,
        "assignee_id": course.agent if course.taken else None,
        "impact": course.impact,
        "urgency": course.urgency,
        "priority": course.scoped.priority,
        "priority_reason": "matrix",
        "routing": page.json(routing),
        "escalation_level": sum(1 for one in course.fired if one.step.do in ESCALATES),
        "policy_id": course.clocks[0][0].policy.id,
        "matrix_id": course.matrix_id,
        "received_at": course.received,
        "created_at": course.received,
        "updated_at": last,
        "acknowledged_at": course.taken,
        "first_response_at": course.answered,
        "resolved_at": course.resolved,
        "closed_at": course.closed,
        "resolution_code": "solved" if course.resolved else None,
        "resolution_text": "%(text3)s" if course.resolved else None,
        "waiting_reason": "needs_information" if course.waiting_until else None,
        "waiting_until": course.waiting_until,
        "next_due_at": course.next_due,
    }


def _put_message(page: _Page, course: Course, number: int) -> None:
    at = (course.received, course.answered, course.resolved)[number - 1]
    ours = number > 1
    page.put(
        "message",
        {
            "id": f"%(m{number})s",
            "ticket_id": "%(id)s",
            "direction": "outbound" if ours else "inbound",
            "audience": "public",
            "channel": "email" if ours else "webform",
            "author_id": course.agent if ours else "%(who)s",
            "at": at,
            "subject": "" if ours else "%(subject)s",
            "text": f"%(text{number})s",
            "language": "%(language)s",
        },
    )
    words = {"message_id": f"%(m{number})s", "ticket_id": "%(id)s", "at": at, "words": f"%(words{number})s"}
    page.put("message_words", words)


def _wait(course: Course, since: datetime, until: datetime) -> dict[str, Any]:
    """As it stands when the citizen was asked: what the clock does about it comes when it looks."""
    terms = pauses.terms("needs_information", course.place.department.id)
    return {
        "ticket_id": "%(id)s",
        "reason": terms.reason,
        "since": since,
        "limit_at": terms.limit(since),
        "set_by_id": course.agent,
        "rules_id": terms.rules_id,
        "next_at": terms.next_at(Wait(since, until)),
    }


def _event(fact: Any, page: _Page) -> dict[str, Any]:
    data = fact.event.data()
    number = data.get("message_id")
    text = page.json(data if number is None else data | {"message_id": "@message"})
    return {
        "ticket_id": "%(id)s",
        "type": fact.type,
        "at": fact.at,
        "actor_kind": fact.actor_kind.value if isinstance(fact.actor_kind, ActorKind) else fact.actor_kind,
        "actor_id": "%(who)s" if fact.actor_id == -1 else fact.actor_id,
        "data": text.replace('"@message"', f"%(m{number})s"),
    }


def _step(fired: Fired) -> dict[str, Any]:
    return {
        "ticket_id": "%(id)s",
        "clock": fired.promise.clock.value,
        "cycle": fired.cycle,
        "step": _escaped(fired.step.key),
        "due_at": fired.at,
        "fired_at": fired.at,
    }
