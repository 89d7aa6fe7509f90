"""A line of a file of stories, read strictly: what is wrong is named by its path."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from helpdesk.errors import Invalid
from helpdesk.vocabulary import ChannelKind

NAMES = frozenset({"key", "ticket", "policy", "calendar", "story"})
TICKET = frozenset(
    {
        "subject", "text", "channel", "language", "requester", "department", "service", "type", "impact", "urgency",
        "tags",
    }
)  # fmt: skip
REQUESTER = frozenset({"name", "email", "phone"})

VERBS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "open": (frozenset(), frozenset({"by"})),
    "write": (frozenset({"text"}), frozenset()),
    "reply": (frozenset({"by", "text"}), frozenset()),
    "note": (frozenset({"by", "text"}), frozenset()),
    "take": (frozenset({"by"}), frozenset()),
    "assign": (frozenset({"by"}), frozenset({"to"})),
    "transfer": (frozenset({"by", "department", "reason"}), frozenset({"note", "not_competent"})),
    "escalate": (frozenset({"by", "reason"}), frozenset({"team", "to"})),
    "classify": (frozenset({"by"}), frozenset({"type", "service", "impact", "urgency", "priority", "reason"})),
    "wait": (frozenset({"by", "reason"}), frozenset({"until", "note"})),
    "resume": (frozenset({"by"}), frozenset()),
    "resolve": (frozenset({"by", "code", "text"}), frozenset()),
    "confirm": (frozenset(), frozenset({"by"})),
    "reject": (frozenset(), frozenset({"by", "text"})),
    "reopen": (frozenset({"reason"}), frozenset({"by"})),
    "close": (frozenset({"by"}), frozenset()),
    "cancel": (frozenset({"by", "reason"}), frozenset()),
    "merge": (frozenset({"by", "into"}), frozenset({"different_people", "note"})),
    "unmerge": (frozenset({"by"}), frozenset()),
    "engage-supplier": (frozenset({"by", "supplier", "text"}), frozenset()),
    "supplier-answered": (frozenset({"by"}), frozenset({"text"})),
    "forward": (frozenset({"by", "to", "text"}), frozenset({"email", "phone"})),
    "deny-competence": (frozenset({"by", "reason"}), frozenset()),
    "no-reply-needed": (frozenset({"by", "reason"}), frozenset({"note"})),
    "mark-incomplete": (frozenset({"by", "text"}), frozenset({"until"})),
    "mark-complete": (frozenset({"by"}), frozenset({"note"})),
    "extend": (frozenset({"by", "days", "reason"}), frozenset()),
    "promise-call-back": (frozenset({"by", "begins_at", "ends_at"}), frozenset({"note"})),
    "move-call-back": (frozenset({"begins_at", "ends_at"}), frozenset({"by", "note"})),
    "ring-call-back": (frozenset({"by"}), frozenset()),
    "dial-call-back": (frozenset({"by", "outcome"}), frozenset({"note"})),
    "cancel-call-back": (frozenset(), frozenset({"by", "note"})),
}
"""What a step may do: the members it needs and those it may have, beside ``at`` and ``do``."""


FLAGS = frozenset({"not_competent", "different_people"})
NUMBERS = frozenset({"days"})
MOMENTS = frozenset({"until", "begins_at", "ends_at"})
"""Members that are no texts: true or false, whole numbers, moments."""


@dataclass(frozen=True)
class Step:
    """Something done at a moment; ``by`` is an address of staff, empty for the citizen."""

    at: datetime
    do: str
    by: str
    more: Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One story as its line tells it."""

    key: str
    ticket: Mapping[str, Any]
    policy: Mapping[str, Any] | None
    calendar: Mapping[str, Any] | None
    steps: tuple[Step, ...]


def wrong(path: str, why: str) -> Invalid:
    """The refusal that names the member."""
    return Invalid(f"{path}: {why}", code="bad-story", fields={path: why})


def read(line: str) -> Told:
    """The story of a line. Raises Invalid."""
    try:
        data = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError) as why:
        raise wrong("line", f"no JSON object: {why}") from None
    known = _object(data, "line", NAMES)
    steps = _steps(known.get("story"))
    key = _text(known["key"], "key") if "key" in known else hashlib.sha256(line.strip().encode()).hexdigest()[:32]
    return Told(
        key=key,
        ticket=_ticket(known.get("ticket")),
        policy=_object(known["policy"], "policy") if "policy" in known else None,
        calendar=_object(known["calendar"], "calendar") if "calendar" in known else None,
        steps=steps,
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member stands twice in one object")
    return found


def _object(value: Any, path: str, allowed: frozenset[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise wrong(path, "must be an object")
    for name in value:
        if allowed is not None and name not in allowed:
            raise wrong(f"{path}.{name}", f"is not known; known are {', '.join(sorted(allowed))}")
    return value


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise wrong(path, "must be a text that is not empty")
    return value


def _ticket(value: Any) -> Mapping[str, Any]:
    known = _object(value, "ticket", TICKET)
    for name in ("subject", "text"):
        _text(known.get(name), f"ticket.{name}")
    for name in TICKET - {"requester", "tags"}:
        if name in known:
            _text(known[name], f"ticket.{name}")
    if known.get("channel", "api") not in set(ChannelKind):
        raise wrong("ticket.channel", f"must be one of {', '.join(ChannelKind)}")
    requester = _object(known.get("requester", {}), "ticket.requester", REQUESTER)
    for name, text in requester.items():
        _text(text, f"ticket.requester.{name}")
    tags = known.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) and tag for tag in tags):
        raise wrong("ticket.tags", "must be a list of texts")
    return known


def _steps(value: Any) -> tuple[Step, ...]:
    if not isinstance(value, list) or not value:
        raise wrong("story", "must be a list of steps, the first of them open")
    steps = tuple(_step(one, f"story[{place}]") for place, one in enumerate(value))
    for place, (before, after) in enumerate(pairwise(steps), start=1):
        if after.at < before.at:
            raise wrong(f"story[{place}].at", "lies before the step before it")
        if after.do == "open":
            raise wrong(f"story[{place}].do", "a story opens once")
    if steps[0].do != "open":
        raise wrong("story[0].do", "a story begins with open")
    return steps


def _step(value: Any, path: str) -> Step:
    known = _object(value, path)
    do = str(known.get("do"))
    if do not in VERBS:
        raise wrong(f"{path}.do", f"must be one of {', '.join(VERBS)}")
    needed, possible = VERBS[do]
    _object(value, path, needed | possible | {"at", "do"})
    for name in sorted(needed - NUMBERS):
        _text(known.get(name), f"{path}.{name}")
    for name in sorted(needed & NUMBERS):
        _whole(known.get(name), f"{path}.{name}")
    nullable = {"to"} if do == "assign" else set()
    for name in sorted(known.keys() - NUMBERS - nullable):
        (_flag if name in FLAGS else _text)(known[name], f"{path}.{name}")
    more = {name: given for name, given in known.items() if name not in ("at", "do", "by")}
    more |= {name: _moment(more[name], f"{path}.{name}") for name in sorted(MOMENTS & more.keys())}
    return Step(_moment(known.get("at"), f"{path}.at"), do, str(known.get("by", "")), more)


def _flag(value: Any, path: str) -> None:
    if not isinstance(value, bool):
        raise wrong(path, "must be true or false")


def _whole(value: Any, path: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong(path, "must be a whole number")


def _moment(value: Any, path: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise wrong(path, "must be a moment such as 2026-03-09T10:15:00+02:00") from None
    if moment.tzinfo is None:
        raise wrong(path, "must say its zone, such as +02:00 or Z")
    return moment
