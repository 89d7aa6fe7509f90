"""Everything that administrators changed: when, who, what, and from which value to which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from helpdesk.services import accounts, catalogue, handbook, house, rulebook
from helpdesk.web.admin import words
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin
from helpdesk.web.templating import say

_CODES = {"phase": words.PHASE, "type": words.TYPE, "impact": words.LEVEL, "urgency": words.LEVEL, "role": words.ROLE}


@dataclass(frozen=True)
class Deed:
    """One act in words; ``changes`` holds the field, what it was, what it is."""

    at: datetime
    who: str
    kind: str
    name: str
    act: str
    href: str
    changes: Sequence[tuple[str, str, str]]


def told(rows: Sequence[Row[Any]]) -> list[Deed]:
    """The acts in the page's language, each thing by its name of today."""
    names = _names(rows)
    kinds = {code: say(word) for code, word in words.KIND.items()}
    acts = {code: say(word) for code, word in words.ACT.items()}
    return [
        Deed(
            row.at,
            row.who or say("The system"),
            kinds.get(row.kind, row.kind),
            names.get((row.kind, row.thing_id), ""),
            acts.get(row.act, row.act),
            _address(row),
            _changes(row) if row.act == "changed" else (),
        )
        for row in rows
    ]


def _address(row: Row[Any]) -> str:
    path = words.PATHS.get(row.kind, "")
    return f"/admin/{path}" + (f"/{row.thing_id}" if row.thing_id is not None else "") if path else ""


def _changes(row: Row[Any]) -> list[tuple[str, str, str]]:
    return [(say(words.FIELD.get(name, name)), *_pair(name, pair)) for name, pair in row.data.items()]


def _pair(name: str, pair: Sequence[Any] | None) -> tuple[str, str]:
    return (_value(name, pair[0]), _value(name, pair[1])) if pair else ("", "")


def _value(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return " / ".join(str(text) for text in value.values() if text)
    if isinstance(value, list):
        return ", ".join(_one(name, item) for item in value)
    return _one(name, value)


def _one(name: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if name in _CODES:
        return say(_CODES[name].get(str(value), str(value)))
    return _referred(name, value)


def _referred(name: str, value: Any) -> str:
    """What an id means, where it is one of the catalogue's."""
    known = catalogue.current()
    places: dict[str, Mapping[int, Any]] = {
        "department_id": known.departments, "departments": known.departments, "leads": known.departments,
        "category_id": known.categories, "parent_id": known.categories, "service_id": known.services,
        "customer_id": known.customers, "levels": known.teams,
    }  # fmt: skip
    if name in ("members", "owner_id", "default_owner_id", "lead_id", "process_manager"):
        person = known.colleagues.get(value)
        return person.name if person else str(value)
    row = places.get(name, {}).get(value)
    return words.name(row.names) if row is not None else str(value)


def _names(rows: Sequence[Row[Any]]) -> dict[tuple[str, int | None], str]:
    known = catalogue.current()
    held: dict[str, Mapping[int, Any]] = {
        "department": known.departments, "team": known.teams, "service": known.services, "category": known.categories,
        "customer": known.customers, "supplier": known.suppliers,
    }  # fmt: skip
    found: dict[tuple[str, int | None], str] = {
        (kind, id_): words.name(row.names) for kind, things in held.items() for id_, row in things.items()
    }
    found |= {("person", id_): person.name for id_, person in known.colleagues.items()}
    for kind in handbook.KINDS:
        ids = {row.thing_id for row in rows if row.kind == kind}
        found |= {(kind, id_): words.name(titles) for id_, titles in handbook.titles(kind, ids).items()}
    if any(row.kind == "account" for row in rows):
        found |= {("account", row.id): row.address for row in accounts.rows()}
    ids = {row.thing_id for row in rows if row.kind == "rulebook"}
    found |= {("rulebook", row.id): f"{words.titled(row)} ({row.number})" for row in rulebook.records(ids)}
    return found


@room.get("/log")
@admin
def log() -> ResponseReturnValue:
    """A page of acts, the newest first."""
    kind = request.args.get("kind", "")
    kind = kind if kind in words.KIND else ""
    page = house.deeds(kind, request.args.get("before", type=int))
    return render_template("admin/log.html", deeds=told(page.rows), next=page.next, kind=kind, kinds=words.KIND)
