"""Our mail addresses: kept, and tried with a button that really connects."""

from collections.abc import Mapping, Sequence
from dataclasses import Field as SettingsField
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from channels import registry
from channels.port import form_fields
from helpdesk import clock
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import accounts, addresses, catalogue, sink
from helpdesk.vocabulary import ChannelKind
from helpdesk.web.admin import fields, words
from helpdesk.web.admin.fields import Field, Group, Kind
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say

KIND = ChannelKind.EMAIL


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


_FORGET = {"smtp_url": _("Forget it, and use the body's own server")}


@room.get("/mail-accounts")
@admin
def mail_accounts() -> ResponseReturnValue:
    """All our addresses."""
    rows = [row for row in accounts.rows() if row.kind == KIND]
    return render_template("admin/mail_accounts.html", rows=rows, departments=catalogue.current().departments)


def _groups(row: Any) -> list[Group]:
    own = words.departments(row.department_id if row else None)
    return [
        Group(
            _("The address"),
            [
                Field("address", _("E-mail address"), Kind.EMAIL, required=True, most=254),
                Field("name", _("Name in letters"), hint=_("What citizens see as the sender."), most=120),
                Field(
                    "department_id", _("Department"), Kind.CHOICE, _("It writes from this address, and gets its mail."),
                    options=own, none=_("The whole body"),
                ),
                Field("is_default", _("Speaks for the whole body"), Kind.FLAG, _("For letters of no department.")),
                Field("active", _("In use"), Kind.FLAG, _("Out of use, it neither takes mail nor sends.")),
            ],
        ),
        *(Group(name, _settings(row, named)) for name, named in _by_group().items()),
    ]  # fmt: skip


def _own() -> tuple[SettingsField[Any], ...]:
    return form_fields(registry.get(KIND).settings)


def _by_group() -> dict[str, list[SettingsField[Any]]]:
    found: dict[str, list[SettingsField[Any]]] = {}
    for item in _own():
        found.setdefault(item.metadata["group"], []).append(item)
    return found


def _settings(row: Any, named: Sequence[SettingsField[Any]]) -> list[Field]:
    """The channel's own settings, as its frozen dataclass names them; secrets are written, never shown."""
    found: list[Field] = []
    held = addresses.kept_secrets(row) if row is not None else frozenset()
    for item in named:
        told = item.metadata
        if not told["secret"]:
            kind = Kind.NUMBER if item.type in (int, "int") else Kind.TEXT
            found.append(Field(item.name, told["label"], kind, told["help"], most=500))
            continue
        hint = _("One is kept and is not shown. Write a new one to replace it.") if item.name in held else told["help"]
        found.append(Field(item.name, told["label"], Kind.SECRET, hint, most=4000))
        if item.name in held:
            found.append(Field(f"forget-{item.name}", _FORGET.get(item.name, _("Forget it")), Kind.FLAG))
    return found


def _secret_names() -> frozenset[str]:
    return frozenset(item.name for item in _own() if item.metadata["secret"])


def _sorted_out(values: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the service takes them: what is a setting, what a secret, what is the address's own."""
    known, secret = {item.name for item in _own()}, _secret_names()
    own = {name: value for name, value in values.items() if name not in known and not name.startswith("forget-")}
    settings = {name: values[name] for name in known - secret if values[name] not in (None, "")}
    return own | {
        "settings": settings,
        "secrets": {name: values[name].strip() for name in secret if values[name].strip()},
        "forgotten": frozenset(name for name in secret if values.get(f"forget-{name}")),
    }


@room.get("/mail-accounts/new")
@admin
def new_mail_account() -> ResponseReturnValue:
    """An empty form."""
    return _form(None, _start())


def _start() -> dict[str, Any]:
    usual = {item.name: item.default for item in _own()}
    empty = fields.shown(_groups(None), None)
    return empty | {name: str(usual[name]) for name in usual.keys() - _secret_names()} | {"active": True}


@room.post("/mail-accounts/new")
@admin
def make_mail_account() -> ResponseReturnValue:
    """Makes an address."""
    return _save(None)


@room.get("/mail-accounts/<int:id>")
@admin
def mail_account(id: int) -> ResponseReturnValue:
    """One address, and what became of its last test."""
    row = addresses.find(id) or abort(404)
    return _form(row, _kept(row))


def _kept(row: Any) -> dict[str, Any]:
    held = {name: str(value) for name, value in row.settings.items()}
    return _start() | fields.shown(_groups(row), row) | _usual() | held


def _usual() -> dict[str, str]:
    return {item.name: str(item.default) for item in _own() if not item.metadata["secret"]}


@room.post("/mail-accounts/<int:id>")
@admin
def change_mail_account(id: int) -> ResponseReturnValue:
    """Changes an address."""
    return _save(addresses.find(id) or abort(404))


def _save(row: Any) -> ResponseReturnValue:
    groups = _groups(row)
    sent = fields.typed(groups, request.form)
    try:
        values = _sorted_out(fields.read(groups, sent))
        id_ = addresses.save(current_actor(), KIND, None if row is None else row.id, clock.now(), **values)
    except Invalid as error:
        return _form(row, sent | dict.fromkeys(_secret_names(), ""), error)
    flash(say("The address was saved."), "done")
    return redirect(url_for("admin.mail_account", id=id_), 303)


@room.post("/mail-accounts/<int:id>/test")
@admin
def test_mail_account(id: int) -> ResponseReturnValue:
    """Really connects, and sends a letter to the address itself."""
    row = addresses.find(id) or abort(404)
    try:
        addresses.try_out(current_actor(), id, clock.now())
    except Invalid as error:
        return _form(row, _kept(row), error)
    return redirect(url_for("admin.mail_account", id=id) + "#test", 303)


def _form(row: Any, values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    settings = current_app.config["SETTINGS"]
    page = render_template(
        "admin/mail_account.html", row=row, groups=_groups(row), values=values,
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
        trial=addresses.last_trial(row.id) if row is not None else None, sink=sink.folder() is not None,
        receiver=f"{settings.receive_host}:{settings.receive_port}",
    )  # fmt: skip
    return page, error.status if error else 200
