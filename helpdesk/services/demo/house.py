"""Sets the fictional municipality up through the services that administrators use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from helpdesk.db import db, table
from helpdesk.models.post import ChannelAccount
from helpdesk.permissions import SYSTEM, Actor
from helpdesk.services import accounts, catalogue, rulebook
from helpdesk.services.demo import promises, rules
from helpdesk.services.demo.departments import DEPARTMENTS, DOMAIN, NAMES, TEAMS
from helpdesk.services.demo.offers import CATEGORIES, EXAMPLES, SERVICES
from helpdesk.services.demo.parties import CUSTOMERS, SUPPLIERS
from helpdesk.services.demo.people import AGENTS, address_of
from helpdesk.vocabulary import ActorKind, ChannelKind, Role, RulebookKind


@dataclass(frozen=True)
class Member:
    """Somebody who works in the municipality: as the actor that services take, with what they can do."""

    actor: Actor
    skills: frozenset[str]
    calendar: str


@dataclass(frozen=True)
class House:
    """The municipality as it stands, by the keys of its data."""

    departments: Mapping[str, int]
    calendars: Mapping[str, str]
    members: tuple[Member, ...]
    accounts: Mapping[str, int]

    def of(self, department: str) -> list[Member]:
        """The agents of a department."""
        id_ = self.departments[department]
        return [one for one in self.members if one.actor.role is Role.AGENT and id_ in one.actor.departments]

    def key_of(self, department_id: int) -> str:
        """The key of a department."""
        return next(key for key, id_ in self.departments.items() if id_ == department_id)


def build(password_hash: str, at: datetime) -> House:
    """Everything but the requests; all its people have the same password."""
    _enact_calendars(at)
    departments = _departments(at)
    _teams(departments, at)
    _services(departments, _categories(at), at)
    _parties(at)
    rulebook.ensure_defaults(at)
    rulebook.enact(RulebookKind.RULESET, "default", rules.ruleset(), title="Διανομή αιτημάτων", at=at)
    members = tuple(_member(person, departments, password_hash, at) for person in AGENTS)
    _compose_teams(members, at)
    for made in promises.agreements(at):
        rulebook.enact(RulebookKind.POLICY, made.key, made.data, title=made.title, at=at)
    calendars = {str(item["key"]): str(item["calendar_key"]) for item in DEPARTMENTS}
    return House(departments, calendars, members, _accounts(departments))


def _enact_calendars(at: datetime) -> None:
    for key, (title, data) in rules.calendars(at.year).items():
        rulebook.enact(RulebookKind.CALENDAR, key, data, title=title, at=at)


def _departments(at: datetime) -> dict[str, int]:
    names = ("key", "names", "descriptions", "phone", "calendar_key")
    return {
        item["key"]: catalogue.save(SYSTEM, "department", at=at, **{name: item[name] for name in names})
        for item in DEPARTMENTS
    }


def _teams(departments: Mapping[str, int], at: datetime) -> None:
    for key, department, el, en in TEAMS:
        names = {"el": el, "en": en}
        catalogue.save(SYSTEM, "team", at=at, key=key, department_id=departments[department], names=names)


def _categories(at: datetime) -> dict[str, int]:
    known: dict[str, int] = {}
    for key, parent, el, en in CATEGORIES:
        above = known[parent] if parent else None
        names, examples = {"el": el, "en": en}, EXAMPLES.get(key, {})
        known[key] = catalogue.save(SYSTEM, "category", at=at, key=key, parent_id=above, names=names, examples=examples)
    return known


def _services(departments: Mapping[str, int], categories: Mapping[str, int], at: datetime) -> None:
    for item in SERVICES:
        given = {name: value for name, value in item.items() if name not in ("department", "category")}
        places = {"department_id": departments[item["department"]], "category_id": categories[item["category"]]}
        lawful = {"application": item["key"] in promises.APPLICATIONS}
        catalogue.save(SYSTEM, "service", at=at, **given, **places, **lawful)


def _parties(at: datetime) -> None:
    for kind, known in (("customer", CUSTOMERS), ("supplier", SUPPLIERS)):
        for item in known:
            catalogue.save(SYSTEM, kind, at=at, **item)


def _member(person: Mapping[str, Any], departments: Mapping[str, int], password_hash: str, at: datetime) -> Member:
    ids = [departments[key] for key in person["departments"]]
    role = Role(person["role"])
    leads = ids if role is Role.SUPERVISOR else []
    id_ = catalogue.create_staff(
        SYSTEM,
        email=address_of(person["user"]),
        name=person["name"],
        role=role,
        department_ids=ids,
        leads=leads,
        password_hash=password_hash,
        language=person["languages"][0],
        languages=person["languages"],
        skills=person["skills"],
        capacity=person["capacity"],
        calendar_key=person["calendar_key"],
        at=at,
    )
    actor = Actor(ActorKind.STAFF, id_, role, frozenset(ids), frozenset(leads), person["languages"][0], person["name"])
    return Member(actor, frozenset(person["skills"]), person["calendar_key"])


def _compose_teams(members: tuple[Member, ...], at: datetime) -> None:
    for key, department, *_ in TEAMS:
        id_ = catalogue.id_of("department", department)
        staff = [one.actor.id for one in members if id_ in one.actor.departments and one.actor.role is Role.AGENT]
        catalogue.compose_team(SYSTEM, catalogue.id_of("team", key), [one for one in staff if one], at=at)


def _accounts(departments: Mapping[str, int]) -> dict[str, int]:
    """One address a department; the first speaks for the whole body."""
    rows = [
        {
            "kind": ChannelKind.EMAIL.value,
            "address": f"{item['address']}@{DOMAIN}",
            "name": NAMES["el"],
            "department_id": departments[item["key"]],
            "is_default": place == 0,
        }
        for place, item in enumerate(DEPARTMENTS)
    ]
    rows[0]["department_id"] = None
    made = db.session.execute(insert(table(ChannelAccount)).returning(table(ChannelAccount).c.id), rows).scalars()
    accounts.changed()
    return dict(zip([str(item["key"]) for item in DEPARTMENTS], made, strict=True))


def mailboxes() -> dict[str, str]:
    """The department's address, by its key."""
    return {str(item["key"]): f"{item['address']}@{DOMAIN}" for item in DEPARTMENTS}
