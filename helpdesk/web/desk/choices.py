"""What the desk's menus offer: departments, services, colleagues; made once a language and catalogue."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from helpdesk import i18n
from helpdesk.services import authority, catalogue
from helpdesk.web.desk.words import words

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Choices:
    """Menus as (value, text); ``by_id`` are the same things by their id, for forms that change a ticket."""

    departments: Options
    services: Options
    assignees: Options
    departments_by_id: Options
    services_by_id: Options
    categories_by_id: Options
    teams: Options
    known: Any
    language: str

    @property
    def people(self) -> Sequence[tuple[int, str]]:
        """All who work or worked here, by their id."""
        return [(person.id, person.name) for person in self.known.colleagues.values()]

    @property
    def everybody(self) -> Options:
        """All who work here, whatever their department."""
        return [(value, name) for value, name in self.assignees if value.isdecimal()]

    def names(self) -> Mapping[str, Mapping[str, str]]:
        """What the values of the filters mean."""
        return {
            "department": dict(self.departments),
            "service": dict(self.services),
            "assignee": dict(self.assignees),
            "requester": {},
        }

    def colleagues(self, department_id: int | None, but: Collection[int] = ()) -> Options:
        """Who can be given a ticket of that department (of triage: everybody), but some."""
        return [
            (str(person.id), person.name)
            for person in self.known.colleagues.values()
            if person.active
            and person.id not in but
            and (department_id is None or department_id in person.departments or person.role != "agent")
        ]

    def department(self, id_: int | None) -> str:
        """The department's name; empty for none."""
        return dict(self.departments_by_id).get(str(id_), "")

    def department_key(self, id_: int | None) -> str:
        """The key of a department; empty for none."""
        row = self.known.departments.get(id_)
        return str(row.key) if row is not None else ""

    def team(self, id_: int | None) -> str:
        """The team's name; empty for none."""
        return dict(self.teams).get(str(id_), "")

    def above(self, department_id: int | None, but: int | None, team_id: int | None = None) -> Options:
        """Who decides more about tickets of that department (and team) than who works on them, but whoever has it."""
        people = self.known.colleagues.values()
        return [
            (str(person.id), person.name)
            for person in people
            if person.active and person.id != but and authority.rank(person, department_id, team_id)
        ]

    @property
    def suppliers(self) -> Options:
        """Those that can be engaged, by id."""
        rows = self.known.suppliers.values()
        return [(str(row.id), i18n.pick(row.names, self.language)) for row in rows if row.active]

    def supplier(self, id_: int | None) -> str:
        """The supplier's name; empty for none."""
        row = self.known.suppliers.get(id_ or 0)
        return i18n.pick(row.names, self.language) if row else ""

    def category(self, id_: int | None) -> str:
        """The names on the way to a category; empty for none."""
        return catalogue.path(id_, self.language)

    def service(self, id_: int | None) -> str:
        """The service's name; empty for none."""
        return dict(self.services_by_id).get(str(id_), "")


def of(language: str) -> Choices:
    """The menus in that language, as the catalogue stands."""
    return _made(catalogue.current(), language)


@lru_cache(maxsize=8)
def _for(identity: int, language: str) -> list[Choices]:
    return []


def _made(known: Any, language: str) -> Choices:
    kept = _for(id(known), language)
    if not kept or kept[0].known is not known:
        kept[:] = [_make(known, language)]
    return kept[0]


def _make(known: Any, language: str) -> Choices:
    departments = [row for row in known.departments.values() if row.active]
    services = [row for row in known.services.values() if row.phase == "live"]
    people = [person for person in known.colleagues.values() if person.active]
    say = words(language)["choice"]
    return Choices(
        departments=[(row.key, i18n.pick(row.names, language)) for row in departments],
        services=[(row.key, i18n.pick(row.names, language)) for row in services],
        assignees=[("me", say["me"]), ("nobody", say["nobody"]), *((str(person.id), person.name) for person in people)],
        departments_by_id=_by_id(departments, language),
        services_by_id=_by_id(services, language),
        categories_by_id=[(str(row.id), catalogue.path(row.id, language)) for row, _ in catalogue.walk() if row.active],
        teams=_by_id(list(known.teams.values()), language),
        known=known,
        language=language,
    )


def _by_id(rows: Sequence[Any], language: str) -> Options:
    return [(str(row.id), i18n.pick(row.names, language)) for row in rows]
