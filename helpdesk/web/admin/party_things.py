"""Customer bodies and suppliers as administrators keep them."""

from collections.abc import Mapping
from typing import Any

from helpdesk import i18n
from helpdesk.services import catalogue
from helpdesk.web.admin import words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.house_things import ACTIVE, NAMES, key_field, owner, reached, saver, title
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


TONGUE = Field(
    "language", _("Language"), Kind.CHOICE, _("In which we write to the contact."), options=list(i18n.LANGUAGES.items())
)


def _groups(row: Any) -> list[Group]:
    about = _("Who of us looks after the relationship and is told of its agreements.")
    return [
        Group(_("Who it is"), [NAMES, key_field(row), ACTIVE]),
        Group(_("Whom to talk to"), [*reached("contact", _("The usual contact.")), TONGUE, owner(row, about)]),
        Group(_("When that does not help"), reached("escalation", _("Who decides there, when the contact cannot."))),
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


THINGS = (
    Thing(
        "customers", _("Customer bodies"), _("Customer body"), _("New customer body"),
        _("Public bodies and units that commission services from you. Agreements are made with them."),
        _("There is no customer body yet. Where you serve your own citizens only, you need none."),
        (_("Contact"), _("Owner"), _("Services")),
        _groups, _customer_lines, lambda id_: customers().get(id_), saver("customer"),
        _("The customer body was saved."), title, lambda: {"active": True},
    ),
    Thing(
        "suppliers", _("Suppliers"), _("Supplier"), _("New supplier"),
        _("Those outside who do part of the work under a contract. Agents engage them on a ticket."),
        _("There is no supplier yet. Make one where others work for you, such as for street lights."),
        (_("Contact"), _("Owner"), _("Engaged now")),
        _groups, _supplier_lines, lambda id_: suppliers().get(id_), saver("supplier"),
        _("The supplier was saved."), title, lambda: {"active": True},
    ),
)  # fmt: skip
