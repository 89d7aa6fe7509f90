"""Departments and teams as administrators keep them, and what all registers ask alike."""

from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services import catalogue
from helpdesk.web.admin import words
from helpdesk.web.admin.fields import Field, Group, Kind, Option
from helpdesk.web.admin.things import Line, Thing
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


NAMES = Field("names", _("Name"), Kind.TEXTS, required=True, most=120)
ABOUT = Field(
    "descriptions", _("Description"), Kind.AREAS, _("One or two plain sentences that citizens read."), most=500
)
ACTIVE = Field("active", _("In use"), Kind.FLAG, _("What is not in use stays in the history and is offered no more."))


def key_field(row: Any) -> Field:
    """Rules and addresses name a thing by its key, so that it is chosen once."""
    if row is None:
        return Field(
            "key",
            _("Key"),
            hint=_("For addresses and rules: small Latin letters. Left empty, the name gives it."),
            most=63,
        )
    return Field("key", _("Key"), hint=_("Rules and addresses name it so; it stays."), fixed=True)


def saver(kind: str) -> Any:
    def save(actor: Actor, id_: int | None, values: dict[str, Any]) -> int:
        return catalogue.save(actor, kind, id_, **values)

    return save


def owner(row: Any, about: str) -> Field:
    """Who of us answers for it."""
    chosen = row.owner_id if row is not None else None
    return Field("owner_id", _("Owner"), Kind.CHOICE, about, options=_people(chosen), none=_("Nobody yet"))


def _people(chosen: int | None) -> list[Option]:
    """Everybody who works here, and whoever was chosen when they did."""
    return [(one.id, one.name) for one in catalogue.colleagues(all_=True) if one.active or one.id == chosen]


def reached(which: str, about: str) -> list[Field]:
    """How somebody is reached: name, e-mail, phone."""
    return [
        Field(f"{which}_name", _("Name"), hint=about, most=120),
        Field(f"{which}_email", _("E-mail"), Kind.EMAIL, most=254),
        Field(f"{which}_phone", _("Phone"), Kind.TEL, most=40),
    ]


def _answered(field: Field) -> list[Group]:
    return [
        Group(_("Who answers for it"), [field]),
        Group(_("When that does not help"), reached("escalation", _("Whom to turn to when it cannot help."))),
    ]


def _lead(row: Any) -> Field:
    chosen = row.lead_id if row is not None else None
    return Field(
        "lead_id", _("Leads it"), Kind.CHOICE, options=_people(chosen), none=_("Whoever leads the department"),
    )  # fmt: skip


def _name_of(person_id: int | None) -> str:
    person = catalogue.current().colleagues.get(person_id or 0)
    return person.name if person else say("Nobody yet")


def _department_groups(row: Any) -> list[Group]:
    hours = Field(
        "calendar_key", _("Opening hours"), Kind.CHOICE, _("Promised times count in these hours."),
        options=words.calendars(), none=_("The body's usual hours"),
    )  # fmt: skip
    phone = Field("phone", _("Phone"), Kind.TEL, _("Citizens see it beside the department."), most=40)
    return [
        Group(_("What it is"), [NAMES, ABOUT, key_field(row)]),
        Group(_("How it works"), [hours, phone, ACTIVE]),
        *_answered(owner(row, _("Whoever answers for it, and hears first when something goes wrong."))),
    ]


def _department_lines() -> list[Line]:
    titles = dict(words.calendars())
    usual, known = say("The body's usual hours"), catalogue.current()
    people = [place for person in known.colleagues.values() if person.active for place in person.departments]
    offered = [row.department_id for row in known.services.values() if row.phase == "live"]
    return [
        Line(
            row.id, words.name(row.names), row.key,
            (
                titles.get(row.calendar_key, usual), _name_of(row.owner_id), str(people.count(row.id)),
                str(offered.count(row.id)),
            ),
            "" if row.active else say("not in use"), also=words.every(row.names),
        )
        for row in catalogue.departments(all_=True)
    ]  # fmt: skip


def _team_groups(row: Any) -> list[Group]:
    place = Field(
        "department_id", _("Department"), Kind.CHOICE, required=True,
        options=words.departments(row.department_id if row else None), none=_("Choose"),
    )  # fmt: skip
    people = [(person.id, person.name) for person in catalogue.colleagues()]
    members = Field("members", _("Members"), Kind.CHOICES, options=people)
    return [
        Group(_("What it is"), [NAMES, place, key_field(row), ACTIVE]),
        Group(_("Who belongs to it"), [members]),
        *_answered(_lead(row)),
    ]


def _team_lines() -> list[Line]:
    known = catalogue.current()
    members = [team for person in known.colleagues.values() if person.active for team in person.teams]
    return [
        Line(
            row.id, words.name(row.names), row.key,
            (words.name(known.departments[row.department_id].names), _name_of(row.lead_id), str(members.count(row.id))),
            "" if row.active else say("not in use"), also=words.every(row.names),
        )
        for row in known.teams.values()
    ]  # fmt: skip


class _TeamWithMembers:
    """A team's row with those who belong to it, as its form shows them."""

    def __init__(self, row: Any) -> None:
        self._row = row
        self.members = [person.id for person in catalogue.colleagues() if row.id in person.teams]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _find_team(id_: int) -> Any:
    row = catalogue.current().teams.get(id_)
    return _TeamWithMembers(row) if row is not None else None


def _save_team(actor: Actor, id_: int | None, values: dict[str, Any]) -> int:
    members = values.pop("members")
    return catalogue.save_team(actor, id_, members, **values)


def needs_department() -> tuple[str, str] | None:
    if catalogue.departments():
        return None
    return say("First comes a department: it answers what is asked."), "departments"


def title(row: Any) -> str:
    return words.name(row.names)


THINGS = (
    Thing(
        "departments", _("Departments"), _("Department"), _("New department"),
        _("The parts of the body that answer requests."),
        _("There is no department yet. Make the first one: requests need somebody who answers."),
        (_("Opening hours"), _("Owner"), _("People"), _("Live services")),
        _department_groups, _department_lines, lambda id_: catalogue.current().departments.get(id_),
        saver("department"), _("The department was saved."), title, lambda: {"active": True},
    ),
    Thing(
        "teams", _("Teams"), _("Team"), _("New team"),
        _("Groups of people within a department, to which requests can be given."),
        _("There is no team yet. Small departments need none."),
        (_("Department"), _("Leads it"), _("People")),
        _team_groups, _team_lines, _find_team, _save_team, _("The team was saved."), title, lambda: {"active": True},
        needs=needs_department,
    ),
)  # fmt: skip
