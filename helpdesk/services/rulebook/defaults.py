"""What a new body begins with."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import sla
from helpdesk.db import unit
from helpdesk.services.rulebook import informing
from helpdesk.services.rulebook.enacting import enact
from helpdesk.services.rulebook.guidance import GUIDANCE
from helpdesk.services.rulebook.reading import ALWAYS, DEFAULT, all_in_force, in_force
from helpdesk.vocabulary import RULES, WAITING_STATUS, RulebookKind, Status


@lru_cache(maxsize=1)
def defaults() -> Mapping[RulebookKind, dict[str, Any]]:
    """Office hours, a promise for each priority, the usual matrix, danger first, an end to waiting, who is told."""
    hours = {"critical": (1, 8), "high": (2, 16), "normal": (8, 40), "low": (16, 80)}
    steps = [{"at": "80%", "do": "warn"}, {"at": 0, "do": "breach"}]
    tell = [*steps, {"at": "90%", "do": "tell-citizen"}]
    targets = [
        {"clock": name, "seconds": amounts[at] * 3600, "when": {"priority": [priority]}, "steps": told}
        for at, (name, told) in enumerate((("first_response", steps), ("resolution", tell)))
        for priority, amounts in hours.items()
    ]
    targets += lawful()
    week = {day: [["08:00", "15:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    return {
        RulebookKind.CALENDAR: {"tz": "Europe/Athens", "hours": week},
        RulebookKind.POLICY: {"targets": targets},
        RulebookKind.MATRIX: sla.DEFAULT_MATRIX.to_dict() | {"guidance": GUIDANCE},
        RulebookKind.RULESET: {"rules": [danger()]},
        RulebookKind.WAITING: {"reasons": _waiting()},
        RulebookKind.INFORMING: informing.USUAL.to_dict(),
        RulebookKind.MAJOR_CRITERIA: {
            "similar": {"count": 5, "minutes": 30},
            "priority": {"priorities": ["critical"], "impacts": ["high"]},
        },
    }


MAJOR = "major-incident"
"""The policy that a major incident is under, whatever its priority."""


def _for_majors() -> dict[str, Any]:
    """Round the clock: seen in minutes, told about every hour, over in four."""
    steps = [{"at": "75%", "do": "warn", "urgent": True}, {"at": 0, "do": "breach", "urgent": True}]
    amounts = {"acknowledge": 15, "first_response": 30, "update": 60, "resolution": 240}
    return {
        "targets": [
            {"clock": name, "seconds": minutes * 60, "calendar": ALWAYS, "steps": steps}
            for name, minutes in amounts.items()
        ],
        "pauses": {},
        "order": 1,
        "when": {"major": [sla.YES]},
    }


DANGER = (
    "φωτιά", "πυρκαγιά", "έκρηξη", "ηλεκτροπληξία", "πλημμύρα", "κατάρρευση", "διαρροή αερίου", "κίνδυνος",
    "τραυματίας", "εγκλωβισμένος", "fire", "explosion", "electrocution", "flood", "collapse", "gas leak", "danger",
    "injured", "trapped",
)  # fmt: skip
"""Words of danger to people, in both languages; a rule knows them before any classifier is asked."""


def danger(title: str = "Danger to people", tag: str = "emergency") -> dict[str, Any]:
    """The first rule of a body: what tells of danger comes before everything else, wherever it belongs."""
    return {
        "key": "danger",
        "title": title,
        "when": {"words": {"any": list(DANGER)}},
        "then": {"priority_floor": "critical", "tags": [tag]},
    }


def lawful() -> list[dict[str, Any]]:
    """What the law promises to every ticket of a type, in days."""
    steps = [{"at": "80%", "do": "notify-owner"}, {"at": 0, "do": "breach"}]
    return [
        {"clock": clock, "days": days, "when": {"type": [kind.value]}, "steps": steps}
        for kind, found in RULES.items()
        for clock, days in found.law
    ]


def _waiting() -> dict[str, dict[str, Any]]:
    """The citizen is asked again every week; whoever waits for others looks at it again; dates come when they come."""
    by_status = {
        Status.WAITING_REQUESTER: {"longest_days": 60, "first_days": 5, "again_days": 7, "warn_days": 5},
        Status.WAITING_SUPPLIER: {"longest_days": 90, "first_days": 7, "again_days": 7, "warn_days": 2},
        Status.WAITING_INTERNAL: {"longest_days": 60, "first_days": 3, "again_days": 7, "warn_days": 2},
        Status.SCHEDULED: {"longest_days": 366, "warn_days": 1},
    }
    return {reason.value: {**by_status[status], "end": "open"} for reason, status in WAITING_STATUS.items()}


@unit()
def ensure_defaults(at: datetime) -> None:
    """Puts a default of every kind in force where there is none; every ticket has a policy."""
    for kind, data in defaults().items():
        _ensure(kind, DEFAULT, data, at)
    zone = in_force(RulebookKind.CALENDAR).value.tz
    _ensure(RulebookKind.CALENDAR, ALWAYS, sla.Calendar.always(zone).to_dict(), at, "Every hour of every day")
    if not any(version.value.when.major for version in all_in_force(RulebookKind.POLICY).values()):
        _ensure(RulebookKind.POLICY, MAJOR, _for_majors(), at, "Major incidents")


def complete(at: datetime) -> None:
    """Gives a body that began under an earlier release what is usual since; one yet to begin is left alone."""
    if all_in_force(RulebookKind.POLICY):
        ensure_defaults(at)


def _ensure(kind: RulebookKind, key: str, data: dict[str, Any], at: datetime, title: str = "") -> None:
    if key not in all_in_force(kind):
        enact(kind, key, data, title=title, at=at)
