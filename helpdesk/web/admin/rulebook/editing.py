"""Editing: a form whose saving makes a draft and never changes what is in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from helpdesk import clock
from helpdesk.errors import Invalid
from helpdesk.services import catalogue, rulebook
from helpdesk.vocabulary import RulebookKind, VersionState
from helpdesk.web.admin import words
from helpdesk.web.admin.room import room
from helpdesk.web.admin.rulebook.chapter import Typed
from helpdesk.web.admin.rulebook.chapters import CHAPTERS
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@dataclass(frozen=True)
class Sheet:
    """What is being edited: a kind, and the version it starts from (none: a new key)."""

    kind: RulebookKind
    row: Row[Any] | None

    @property
    def data(self) -> dict[str, Any]:
        """What the form begins with."""
        return dict(self.row.data if self.row is not None else rulebook.defaults().get(self.kind, {}))

    @property
    def replaces(self) -> int | None:
        """The draft whose place the new one takes."""
        return self.row.id if self.row is not None and self.row.state == VersionState.DRAFT else None


@room.get("/rulebook/new/<kind>")
@admin
def new_rules(kind: str) -> ResponseReturnValue:
    """An empty form for one more of a kind."""
    return _open(_new(kind))


@room.post("/rulebook/new/<kind>")
@admin
def make_rules(kind: str) -> ResponseReturnValue:
    """Its first draft."""
    return _save(_new(kind))


def _new(kind: str) -> Sheet:
    if kind not in set(RulebookKind) or not CHAPTERS[RulebookKind(kind)].several:
        abort(404)
    return Sheet(RulebookKind(kind), None)


@room.get("/rulebook/<int:id>/edit")
@admin
def edit_version(id: int) -> ResponseReturnValue:
    """The form with what a version says."""
    return _open(_of(id))


@room.post("/rulebook/<int:id>/edit")
@admin
def draft_version(id: int) -> ResponseReturnValue:
    """A new draft that starts from it."""
    return _save(_of(id))


def _of(id_: int) -> Sheet:
    row = rulebook.record(id_)
    return Sheet(RulebookKind(row.kind), row)


def _open(sheet: Sheet) -> ResponseReturnValue:
    own = {"title": "", "key": "", "why": ""}
    if sheet.row is not None:
        own = {"title": words.titled(sheet.row), "key": sheet.row.key, "why": sheet.row.why if sheet.replaces else ""}
    chapter = CHAPTERS[sheet.kind]
    if sheet.row is None and chapter.begin is not None:
        return _form(sheet, own, chapter.begin(request.args))
    return _form(sheet, own, chapter.editor.shown(sheet.data))


def _save(sheet: Sheet) -> ResponseReturnValue:
    editor = CHAPTERS[sheet.kind].editor
    own = {name: request.form.get(name, "").strip() for name in ("title", "key", "why")}
    typed = editor.sent(request.form)
    if act := request.form.get("act", ""):
        return _form(sheet, own, editor.act(typed, act))
    try:
        id_ = _draft(sheet, own, editor.read(typed))
    except Invalid as error:
        told = _("Please correct what is marked.") if error.code == "malformed" else error.detail
        return _form(sheet, own, typed, Invalid(told, fields=editor.placed(error.fields)))
    flash(say("The draft was kept. Nothing is in force yet."), "done")
    return redirect(url_for("admin.rulebook_version", id=id_), 303)


def _draft(sheet: Sheet, own: Mapping[str, str], data: dict[str, Any]) -> int:
    if not own["title"]:
        raise Invalid(_("Please correct what is marked."), fields={"title": _("This is needed.")})
    title, key = own["title"], ""
    if (row := sheet.row) is not None:  # the name of the usual one is a word of the page, in each language its own
        title, key = row.title if title == words.titled(row) else title, row.key
    return rulebook.make_draft(
        current_actor(), sheet.kind, key or _new_key(sheet.kind, own), data, title=title, why=own["why"],
        instead_of=sheet.replaces, at=clock.now(),
    )  # fmt: skip


def _new_key(kind: RulebookKind, own: Mapping[str, str]) -> str:
    key = own["key"] or catalogue.key_from({"el": own["title"]})
    if rulebook.versions(kind, key):
        raise Invalid(_("Please correct what is marked."), fields={"key": _("Another one has this key.")})
    return key


def _form(sheet: Sheet, own: Mapping[str, str], typed: Typed, error: Invalid | None = None) -> ResponseReturnValue:
    row = sheet.row
    back = url_for("admin.rulebook_version", id=row.id) if row is not None else url_for(CHAPTERS[sheet.kind].home)
    others = rulebook.versions(sheet.kind, row.key) if row is not None else ()
    chapter = CHAPTERS[sheet.kind]
    page = render_template(
        "admin/rulebook/edit.html", sheet=sheet, row=row, chapter=chapter, own=own, typed=typed,
        back=back, place=url_for(CHAPTERS[sheet.kind].home), kind=words.RULEBOOK[sheet.kind], titled=words.titled,
        problem=say(error.detail) if error else "", wrong=error.fields if error else {},
        keys=chapter.keys() if row is None and chapter.keys else None,
        drafted=[one for one in others if one.state == VersionState.DRAFT and one.id != sheet.replaces],
    )  # fmt: skip
    return page, error.status if error else 200
