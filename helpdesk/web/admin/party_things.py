"""Customer bodies and suppliers as administrators keep them."""

from collections.abc import Mapping
from typing import Any

from helpdesk.permissions import Actor
from helpdesk.services import catalogue
from helpdesk.web.admin import words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.house_things import ACTIVE, NAMES, key_field
from helpdesk.web.admin.things import Line, Thing
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def customers() -> Mapping[int, Any]:
    """The register of customer bodies."""
    return catalogue.current().customers


def suppliers() -> Mapping[int, Any]:
    """The register of suppliers."""
    return catalogue.current().suppliers


def _groups(row: Any) -> list[Group]:
    known = catalogue.colleagues(all_=True)
    people = [(one.id, one.name) for one in known if one.active or (row is not None and one.id == row.owner_id)]
    owner = Field(
        "owner_id", _("Owner"), Kind.CHOICE, _("Who of us looks after the relationship and is told of its agreements."),
        options=people, none=_("Nobody yet"),
    )  # fmt: skip
    return [
        Group(_("Who it is"), [NAMES, key_field(row), ACTIVE]),
        Group(_("Whom to talk to"), [*_person("contact", _("The usual contact.")), owner]),
        Group(_("When that does not help"), _person("escalation", _("Who decides there, when the contact cannot."))),
    ]


def _person(which: str, about: str) -> list[Field]:
    return [
        Field(f"{which}_name", _("Name"), hint=about, most=120),
        Field(f"{which}_email", _("E-mail"), Kind.EMAIL, most=254),
        Field(f"{which}_phone", _("Phone"), Kind.TEL, most=40),
    ]


def _line(row: Any, counted: int) -> Line:
    person = catalogue.current().colleagues.get(row.owner_id or 0)
    contact = row.contact_name or row.contact_email or row.contact_phone
    return Line(
        row.id, words.name(row.names), row.key, (contact, person.name if person else say("Nobody yet"), str(counted)),
        "" if row.active else say("not in use"), also=words.every(row.names),
    )  # fmt: skip


def _customer_lines() -> list[Line]:
    commissioned = [row.customer_id for row in catalogue.current().services.values()]
    return [_line(row, commissioned.count(row.id)) for row in customers().values()]


def _supplier_lines() -> list[Line]:
    engaged = catalogue.engagements()
    return [_line(row, engaged.get(row.id, 0)) for row in suppliers().values()]


def _saver(kind: str) -> Any:
    def save(actor: Actor, id_: int | None, values: dict[str, Any]) -> int:
        return catalogue.save(actor, kind, id_, **values)

    return save


def _title(row: Any) -> str:
    return words.name(row.names)


THINGS = (
    Thing(
        "customers", _("Customer bodies"), _("Customer body"), _("New customer body"),
        _("Public bodies and units that commission services from you. Agreements are made with them."),
        _("There is no customer body yet. Where you serve your own citizens only, you need none."),
        (_("Contact"), _("Owner"), _("Services")),
        _groups, _customer_lines, lambda id_: customers().get(id_), _saver("customer"),
        _("The customer body was saved."), _title, lambda: {"active": True},
    ),
    Thing(
        "suppliers", _("Suppliers"), _("Supplier"), _("New supplier"),
        _("Those outside who do part of the work under a contract. Agents engage them on a ticket."),
        _("There is no supplier yet. Make one where others work for you, such as for street lights."),
        (_("Contact"), _("Owner"), _("Engaged now")),
        _groups, _supplier_lines, lambda id_: suppliers().get(id_), _saver("supplier"),
        _("The supplier was saved."), _title, lambda: {"active": True},
    ),
)  # fmt: skip
