"""Setting up the house: departments, teams, services, categories, customers, suppliers. For administrators."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from helpdesk import clock
from helpdesk.db import db, unit
from helpdesk.errors import Invalid, NotFound
from helpdesk.models.catalogue import Category, Department, Service, Team
from helpdesk.models.parties import CustomerBody, Supplier
from helpdesk.permissions import Actor
from helpdesk.services import house, rulebook
from helpdesk.services.catalogue import standing, tree
from helpdesk.services.catalogue.reading import changed, current
from helpdesk.services.catalogue.standing import require
from helpdesk.vocabulary import Level, RulebookKind, TicketType

KINDS: Mapping[str, type[Any]] = {
    "department": Department,
    "team": Team,
    "service": Service,
    "category": Category,
    "customer": CustomerBody,
    "supplier": Supplier,
}
PHASES = ("proposed", "planned", "live", "retired")
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@unit()
def save(actor: Actor, kind: str, id_: int | None = None, *, at: datetime | None = None, **given: Any) -> int:
    """Makes (without an id) or changes a department, team, service, category, customer body or supplier; its id.

    A new thing without a key gets one from its name. Raises Forbidden, NotFound, Invalid that names the wrong fields.
    """
    require(actor)
    moment, new = at or clock.now(), id_ is None
    row = KINDS[kind]() if id_ is None else db.session.get(KINDS[kind], id_)
    if row is None:
        raise NotFound(f"There is no such {kind}.")
    if new and not given.get("key"):
        given["key"] = key_from(given.get("names") or {})
    if kind == "category" and (new or given.get("parent_id", row.parent_id) != row.parent_id):
        given.setdefault("position", tree.last_place(given.get("parent_id")))
    _check(kind, row, given, new=new)
    different = house.changes(row, given, standing.UNTOLD)
    for name, value in given.items():
        setattr(row, name, value)
    db.session.add(row)
    if kind == "category" and not new and given.get("active") is False:
        tree.retire(row)
    changed(moment)
    if different:
        house.record(actor, "made" if new else "changed", kind, row.id, moment, different)
    return int(row.id)


_LATIN = str.maketrans(
    dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)) | {"θ": "th", "χ": "ch", "ψ": "ps"}
)


def key_from(names: Mapping[str, str]) -> str:
    """A key out of a name: the English one, else the Greek one in Latin letters."""
    name = str(names.get("en") or names.get("el") or "").lower()
    plain = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", plain.translate(_LATIN)).strip("-")[:60].strip("-")


def _check(kind: str, row: Any, given: Mapping[str, Any], *, new: bool) -> None:
    wrong: dict[str, str] = {}
    if unknown := [name for name in given if name not in row.__mapper__.columns]:
        wrong |= dict.fromkeys(unknown, "There is no such field.")
    if new or "key" in given:
        wrong |= _key_errors(kind, row, str(given.get("key", "")))
    if new and "department_id" in row.__mapper__.columns and given.get("department_id") is None:
        wrong["department_id"] = "Choose the department that answers for it."
    if new or "names" in given:
        names = given.get("names") or {}
        wrong |= {} if any(str(text).strip() for text in names.values()) else {"names": "Give a name."}
    wrong |= _reference_errors(given)
    wrong |= _code_errors(given)
    wrong |= standing.errors(row, given) if kind != "category" and not wrong else {}
    wrong |= _place_errors(kind, row, given)
    if given.get("calendar_key") and given["calendar_key"] not in rulebook.all_in_force(RulebookKind.CALENDAR):
        wrong["calendar_key"] = "Choose a calendar that is in force."
    if wrong:
        raise Invalid(f"The {kind} cannot be saved like this.", fields=wrong)


def _key_errors(kind: str, row: Any, key: str) -> dict[str, str]:
    if not _KEY.fullmatch(key):
        return {"key": "Use small Latin letters, digits and hyphens, at most 63."}
    model = KINDS[kind]
    other = db.session.execute(select(model.id).where(model.key == key)).scalar()
    return {"key": "Another one has this key."} if other not in (None, row.id) else {}


def _reference_errors(given: Mapping[str, Any]) -> dict[str, str]:
    references = {
        "department_id": Department,
        "category_id": Category,
        "parent_id": Category,
        "customer_id": CustomerBody,
        "supplier_id": Supplier,
    }
    return {
        name: "Choose one that exists."
        for name, model in references.items()
        if name in given and not _exists(model, given[name], optional=name != "department_id")
    }


def _exists(model: type[Any], id_: int | None, *, optional: bool) -> bool:
    return optional if id_ is None else db.session.get(model, id_) is not None


def _place_errors(kind: str, row: Any, given: Mapping[str, Any]) -> dict[str, str]:
    """Nothing stands under itself, and no successor leads back."""
    if kind == "service":
        return standing.succession_errors(current().services, row, given)
    if kind != "category":
        return {}
    wrong = standing.succession_errors(current().categories, row, given)
    if row.id is not None and row.id in {one.id for one in tree.ancestors(given.get("parent_id"))}:
        wrong["parent_id"] = "A category cannot stand under itself."
    return wrong


def _code_errors(given: Mapping[str, Any]) -> dict[str, str]:
    sets = {"phase": PHASES, "type": tuple(TicketType), "impact": tuple(Level), "urgency": tuple(Level)}
    return {
        name: "Choose one of the list." for name, codes in sets.items() if name in given and given[name] not in codes
    }
