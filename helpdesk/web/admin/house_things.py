"""Departments, teams, services and categories as administrators keep them."""

from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services import catalogue
from helpdesk.web.admin import icons, words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.things import Line, Thing
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


NAMES = Field("names", _("Name"), Kind.TEXTS, required=True, most=120)
_ABOUT = Field(
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


def _saver(kind: str) -> Any:
    def save(actor: Actor, id_: int | None, values: dict[str, Any]) -> int:
        return catalogue.save(actor, kind, id_, **values)

    return save


def _department_groups(row: Any) -> list[Group]:
    hours = Field(
        "calendar_key", _("Opening hours"), Kind.CHOICE, _("Promised times count in these hours."),
        options=words.calendars(), none=_("The body's usual hours"),
    )  # fmt: skip
    phone = Field("phone", _("Phone"), Kind.TEL, _("Citizens see it beside the department."), most=40)
    return [Group(_("What it is"), [NAMES, _ABOUT, key_field(row)]), Group(_("How it works"), [hours, phone, ACTIVE])]


def _department_lines() -> list[Line]:
    titles = dict(words.calendars())
    usual, known = say("The body's usual hours"), catalogue.current()
    people = [place for person in known.colleagues.values() if person.active for place in person.departments]
    offered = [row.department_id for row in known.services.values() if row.phase == "live"]
    return [
        Line(
            row.id, words.name(row.names), row.key,
            (titles.get(row.calendar_key, usual), str(people.count(row.id)), str(offered.count(row.id))),
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
    return [Group(_("What it is"), [NAMES, place, key_field(row)]), Group(_("Who belongs to it"), [members])]


def _team_lines() -> list[Line]:
    known = catalogue.current()
    members = [team for person in known.colleagues.values() if person.active for team in person.teams]
    return [
        Line(
            row.id, words.name(row.names), row.key,
            (words.name(known.departments[row.department_id].names), str(members.count(row.id))),
            also=words.every(row.names),
        )
        for row in known.teams.values()
    ]  # fmt: skip


class _TeamWithMembers:
    """A team's row with those who belong to it, as its form shows them."""

    def __init__(self, row: Any) -> None:
        self.id, self.key, self.names, self.department_id = row.id, row.key, row.names, row.department_id
        people = catalogue.colleagues()
        self.members = [person.id for person in people if row.id in person.teams]


def _find_team(id_: int) -> Any:
    row = catalogue.current().teams.get(id_)
    return _TeamWithMembers(row) if row is not None else None


def _category_groups(row: Any) -> list[Group]:
    others = [(id_, name) for id_, name, _depth in _tree() if row is None or id_ != row.id]
    parent = Field("parent_id", _("Stands under"), Kind.CHOICE, options=others, none=_("Nothing: it stands on top"))
    return [Group("", [NAMES, _ABOUT, parent, key_field(row), ACTIVE])]


def _tree() -> list[tuple[int, str, int]]:
    """The categories in the order of the tree: id, name, depth."""
    rows = catalogue.current().categories.values()

    def below(parent: int | None, depth: int) -> list[tuple[int, str, int]]:
        found: list[tuple[int, str, int]] = []
        for row in rows:
            if row.parent_id == parent:
                found += [(row.id, words.name(row.names), depth), *below(row.id, depth + 1)]
        return found

    return below(None, 0)


def _category_lines() -> list[Line]:
    known = catalogue.current()
    used = [row.category_id for row in known.services.values()]
    return [
        Line(
            id_, name, known.categories[id_].key, (str(used.count(id_)),),
            "" if known.categories[id_].active else say("not in use"), depth=min(depth, 4),
            also=words.every(known.categories[id_].names),
        )
        for id_, name, depth in _tree()
    ]  # fmt: skip


def _service_groups(row: Any) -> list[Group]:
    place = Field(
        "department_id", _("Department"), Kind.CHOICE, _("It answers what is asked here."), required=True,
        options=words.departments(row.department_id if row else None), none=_("Choose"),
    )  # fmt: skip
    return [
        Group(_("What citizens see"), [NAMES, _ABOUT, *_shown_as(row)]),
        Group(_("Who answers, and how soon"), [place, _customer(row), *_classified_as()]),
        Group(
            _("What its form asks beside the common fields"),
            [Field("fields", _("Questions"), Kind.QUESTIONS, options=words.options(words.QUESTION))],
        ),
    ]


def _customer(row: Any) -> Field:
    known = [one for one in catalogue.current().customers.values() if one.active or (row and one.id == row.customer_id)]
    return Field(
        "customer_id", _("Customer body"), Kind.CHOICE, _("Who commissions it; agreements are made with them."),
        options=words.named(known), none=_("Nobody: it is our own"),
    )  # fmt: skip


def _shown_as(row: Any) -> list[Field]:
    return [
        Field("icon", _("Picture"), Kind.PICTURE, options=icons.offered(row.icon if row else ""), none=_("No picture")),
        Field("featured", _("On the first page"), Kind.FLAG, _("Among the most used services.")),
        key_field(row),
    ]


def _classified_as() -> list[Field]:
    categories = [(id_, f"{'– ' * depth}{name}") for id_, name, depth in _tree()]
    phases, levels = words.options(words.PHASE), words.options(words.LEVEL)
    about = _("Only live services take new requests.")
    return [
        Field("category_id", _("Category"), Kind.CHOICE, options=categories, none=_("No category")),
        Field("phase", _("Phase"), Kind.CHOICE, about, required=True, options=phases),
        Field("type", _("Type"), Kind.CHOICE, required=True, options=words.options(words.TYPE)),
        Field("impact", _("Impact"), Kind.CHOICE, required=True, options=levels),
        Field("urgency", _("Urgency"), Kind.CHOICE, required=True, options=levels),
    ]


def _service_lines() -> list[Line]:
    known = catalogue.current()
    return [
        Line(
            row.id, words.name(row.names), row.key,
            (words.name(known.departments[row.department_id].names), say(words.TYPE[row.type]), str(len(row.fields))),
            say(words.PHASE[row.phase]), "met" if row.phase == "live" else "", also=words.every(row.names),
        )
        for row in known.services.values()
    ]  # fmt: skip


def _save_service(actor: Actor, id_: int | None, values: dict[str, Any]) -> int:
    return catalogue.save(actor, "service", id_, **values | {"icon": values["icon"] or ""})


def _save_team(actor: Actor, id_: int | None, values: dict[str, Any]) -> int:
    members = values.pop("members")
    return catalogue.save_team(actor, id_, members, **values)


def _needs_department() -> tuple[str, str] | None:
    if catalogue.departments():
        return None
    return say("First comes a department: it answers what is asked."), "departments"


def _title(row: Any) -> str:
    return words.name(row.names)


THINGS = (
    Thing(
        "departments", _("Departments"), _("Department"), _("New department"),
        _("The parts of the body that answer requests."),
        _("There is no department yet. Make the first one: requests need somebody who answers."),
        (_("Opening hours"), _("People"), _("Live services")),
        _department_groups, _department_lines, lambda id_: catalogue.current().departments.get(id_),
        _saver("department"), _("The department was saved."), _title, lambda: {"active": True},
    ),
    Thing(
        "teams", _("Teams"), _("Team"), _("New team"),
        _("Groups of people within a department, to which requests can be given."),
        _("There is no team yet. Small departments need none."),
        (_("Department"), _("People")),
        _team_groups, _team_lines, _find_team, _save_team, _("The team was saved."), _title,
        needs=_needs_department,
    ),
    Thing(
        "services", _("Services"), _("Service"), _("New service"),
        _("What citizens can ask for. Each has a department that answers and a form of its own."),
        _("There is no service yet. Make the first one: citizens choose among them when they write to you."),
        (_("Department"), _("Type"), _("Questions")),
        _service_groups, _service_lines, lambda id_: catalogue.current().services.get(id_),
        _save_service, _("The service was saved."), _title,
        lambda: {"phase": "live", "type": "request", "impact": "medium", "urgency": "medium"},
        needs=_needs_department,
    ),
    Thing(
        "categories", _("Categories"), _("Category"), _("New category"),
        _("The tree by which requests are sorted in figures and searches."),
        _("There is no category yet. Figures can do without; a few top ones are a good beginning."),
        (_("Services"),),
        _category_groups, _category_lines, lambda id_: catalogue.current().categories.get(id_),
        _saver("category"), _("The category was saved."), _title, lambda: {"active": True},
    ),
)  # fmt: skip
