"""Services and the tree of categories as administrators keep them."""

from collections.abc import Iterable
from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services import catalogue
from helpdesk.web import language
from helpdesk.web.admin import icons, words
from helpdesk.web.admin.fields import Field, Group, Kind, Option
from helpdesk.web.admin.house_things import ABOUT, ACTIVE, NAMES, key_field, needs_department, owner, saver, title
from helpdesk.web.admin.things import Line, Thing
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


_EXAMPLES = Field(
    "examples", _("Examples"), Kind.AREAS, _("What belongs here, one on a line: agents read it when they choose."),
    most=1000, rows=4,
)  # fmt: skip


def _category_groups(row: Any) -> list[Group]:
    inside = catalogue.below(row.id) if row is not None else set()
    others = _paths(one for one, _ in catalogue.walk() if one.id not in inside)
    parent = Field("parent_id", _("Stands under"), Kind.CHOICE, options=others, none=_("Nothing: it stands on top"))
    successor = Field(
        "successor_id", _("Chosen instead"), Kind.CHOICE,
        _("Where this one is not in use: what still names it gets the other one."),
        options=_paths(one for one, _ in catalogue.walk() if one.active and (row is None or one.id != row.id)),
        none=_("Nothing"),
    )  # fmt: skip
    return [
        Group(_("What it is"), [NAMES, ABOUT, _EXAMPLES, parent, key_field(row)]),
        Group(_("Whether it is chosen"), [ACTIVE, successor]),
    ]


def _paths(rows: Iterable[Any]) -> list[Option]:
    return [(row.id, catalogue.path(row.id, language.current())) for row in rows]


def _category_lines() -> list[Line]:
    known = catalogue.current()
    used = [row.category_id for row in known.services.values()]
    return [
        Line(
            row.id, words.name(row.names), row.key, (_instead(row), str(used.count(row.id))),
            "" if row.active else say("not in use"), depth=min(depth, 4), also=words.every(row.names),
        )
        for row, depth in catalogue.walk()
    ]  # fmt: skip


def _instead(row: Any) -> str:
    """What belongs there, or what is chosen instead of it."""
    if row.active or row.successor_id is None:
        return words.name(row.examples).partition("\n")[0] if row.examples else ""
    return say(_("→ %(name)s"), name=catalogue.path(row.successor_id, language.current()))


def _service_groups(row: Any) -> list[Group]:
    place = Field(
        "department_id", _("Department"), Kind.CHOICE, _("It answers what is asked here."), required=True,
        options=words.departments(row.department_id if row else None), none=_("Choose"),
    )  # fmt: skip
    about = _("Whoever answers for the service: what it promises, and what becomes of it.")
    return [
        Group(_("What citizens see"), [NAMES, ABOUT, *_shown_as(row)]),
        Group(_("Who answers, and how soon"), [place, owner(row, about), *_parties(row), *_classified_as()]),
        Group(_("Where it stands in its life"), _life(row)),
        Group(
            _("What its form asks beside the common fields"),
            [Field("fields", _("Questions"), Kind.QUESTIONS, options=words.options(words.QUESTION))],
        ),
    ]


def _parties(row: Any) -> list[Field]:
    known = catalogue.current()
    customers = [one for one in known.customers.values() if one.active or (row and one.id == row.customer_id)]
    suppliers = [one for one in known.suppliers.values() if one.active or (row and one.id == row.supplier_id)]
    return [
        Field(
            "customer_id", _("Customer body"), Kind.CHOICE, _("Who commissions it; agreements are made with them."),
            options=words.named(customers), none=_("Nobody: it is our own"),
        ),
        Field(
            "supplier_id", _("Supplier"), Kind.CHOICE, _("Who outside does part of it."),
            options=words.named(suppliers), none=_("Nobody: we do all of it"),
        ),
    ]  # fmt: skip


def _shown_as(row: Any) -> list[Field]:
    return [
        Field("icon", _("Picture"), Kind.PICTURE, options=icons.offered(row.icon if row else ""), none=_("No picture")),
        Field("featured", _("On the first page"), Kind.FLAG, _("Among the most used services.")),
        key_field(row),
    ]


def _classified_as() -> list[Field]:
    levels = words.options(words.LEVEL)
    categories = _paths(row for row, _ in catalogue.walk() if row.active)
    return [
        Field("category_id", _("Category"), Kind.CHOICE, options=categories, none=_("No category")),
        Field("type", _("Type"), Kind.CHOICE, required=True, options=words.options(words.TYPE)),
        Field("impact", _("Impact"), Kind.CHOICE, required=True, options=levels),
        Field("urgency", _("Urgency"), Kind.CHOICE, required=True, options=levels),
        Field(
            "application", _("An application by law"), Kind.FLAG,
            _("Each one is entered in the protocol: it gets a number of the year, and the citizen a receipt."),
        ),
    ]  # fmt: skip


def _life(row: Any) -> list[Field]:
    others = [one for one in catalogue.services() if row is None or one.id != row.id]
    return [
        Field(
            "phase", _("Phase"), Kind.CHOICE, _("Only live services take new requests."), required=True,
            options=words.options(words.PHASE),
        ),
        Field(
            "successor_id", _("Who asks is led to"), Kind.CHOICE,
            _("Where this one takes no requests any more: links, forms and rules that name it lead there."),
            options=words.named(others), none=_("Nowhere"),
        ),
    ]  # fmt: skip


def _service_lines() -> list[Line]:
    known = catalogue.current()
    return [
        Line(
            row.id, words.name(row.names), row.key,
            (words.name(known.departments[row.department_id].names), say(words.TYPE[row.type]), _who(row)),
            say(words.PHASE[row.phase]), "met" if row.phase == "live" else "", also=words.every(row.names),
        )
        for row in known.services.values()
    ]  # fmt: skip


def _who(row: Any) -> str:
    person = catalogue.current().colleagues.get(row.owner_id or 0)
    return person.name if person else say("Nobody yet")


def _save_service(actor: Actor, id_: int | None, values: dict[str, Any]) -> int:
    return catalogue.save(actor, "service", id_, **values | {"icon": values["icon"] or ""})


THINGS = (
    Thing(
        "services", _("Services"), _("Service"), _("New service"),
        _("What citizens can ask for. Each has a department that answers and a form of its own."),
        _("There is no service yet. Make the first one: citizens choose among them when they write to you."),
        (_("Department"), _("Type"), _("Owner")),
        _service_groups, _service_lines, lambda id_: catalogue.current().services.get(id_),
        _save_service, _("The service was saved."), title,
        lambda: {"phase": "live", "type": "request", "impact": "medium", "urgency": "medium"},
        needs=needs_department,
    ),
    Thing(
        "categories", _("Categories"), _("Category"), _("New category"),
        _("The tree by which requests are sorted in figures and searches."),
        _("There is no category yet. Figures can do without; a few top ones are a good beginning."),
        (_("For example"), _("Services")),
        _category_groups, _category_lines, lambda id_: catalogue.current().categories.get(id_),
        saver("category"), _("The category was saved."), title, lambda: {"active": True}, ordered=True,
    ),
)  # fmt: skip
