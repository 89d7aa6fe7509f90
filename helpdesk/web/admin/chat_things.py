"""Places on other sites where the chat is embedded, as administrators keep them."""

from typing import Any

from flask import url_for

from helpdesk.permissions import Actor
from helpdesk.services import catalogue
from helpdesk.services.chats import widgets
from helpdesk.web.admin import words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.house_things import ACTIVE, NAMES, key_field, title
from helpdesk.web.admin.things import Line, Thing
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


class _Place:
    """A row as its form shows it: origins one on a line, the secret never."""

    def __init__(self, row: Any) -> None:
        self._row = row
        self.origins = "\n".join(row.origins)
        self.secret = ""
        colour = f' data-colour="{row.colour}"' if row.colour else ""
        self.embed = f'<script src="{url_for("embedded.loader")}" defer data-widget="{row.key}"{colour}></script>'

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _groups(row: Any) -> list[Group]:
    origins = Field(
        "origins", _("Sites"), Kind.AREA,
        _("Which sites may show the chat, one on a line, such as https://www.city.example. No other can."),
        required=True, most=2000,
    )  # fmt: skip
    place = Field(
        "department_id", _("Department"), Kind.CHOICE, _("Who answers there, unless the citizen says otherwise."),
        options=words.departments(row.department_id if row else None), none=_("As the routing rules say"),
    )  # fmt: skip
    required = Field(
        "identity_required", _("Only who is signed in there"), Kind.FLAG,
        _("The site proves with the secret who is signed in; nobody else can chat."),
    )  # fmt: skip
    secret = Field(
        "secret", _("New secret"), Kind.SECRET,
        _("At least 32 characters, known to the site's server alone. Left empty, it stays."), most=200,
    )  # fmt: skip
    colour = Field(
        "colour", _("Colour"), Kind.TEXT,
        _("Of the button and the chat's head, such as #0b4f6c; the words on it are black or white, whichever reads."),
        most=7,
    )  # fmt: skip
    shown = [Field("embed", _("To be put into the site"), fixed=True)] if row is not None else []
    return [
        Group(_("Where it is"), [NAMES, key_field(row), origins, colour, *shown, ACTIVE]),
        Group(_("Who chats there"), [place, required, secret]),
    ]


def _lines() -> list[Line]:
    known = catalogue.current().departments
    return [
        Line(
            row.id, words.name(row.names), row.key,
            (", ".join(row.origins), words.name(known[row.department_id].names) if row.department_id in known else ""),
            "" if row.active else say("not in use"), also=words.every(row.names),
        )
        for row in widgets.every()
    ]  # fmt: skip


def _find(id_: int) -> Any:
    row = next((one for one in widgets.every() if one.id == id_), None)
    return _Place(row) if row is not None else None


def _save(actor: Actor, id_: int | None, values: dict[str, Any]) -> int:
    given = {name: value for name, value in values.items() if name != "embed"}
    given["colour"] = str(given.get("colour") or "")
    given["origins"] = str(given.get("origins") or "").split()
    return widgets.save(actor, id_, **given)


THINGS = (
    Thing(
        "widgets", _("Chat on other sites"), _("Place of the chat"), _("New place"),
        _("Sites of the body on which citizens find a button that opens the chat."),
        _("There is no place yet. The chat stands on your own page; make one to show it on another site, too."),
        (_("Sites"), _("Department")),
        _groups, _lines, _find, _save, _("The place was saved."), title, lambda: {"active": True},
    ),
)  # fmt: skip
