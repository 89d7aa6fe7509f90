"""Lists and forms of administration: the pages that every kind of thing shares."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.web.admin import chat_things, fields, help_things, house_things, offer_things, party_things
from helpdesk.web.admin.room import room
from helpdesk.web.admin.things import Line, Thing
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say
from routing import fold

_ALL = (*house_things.THINGS, *offer_things.THINGS, *party_things.THINGS, *help_things.THINGS, *chat_things.THINGS)
THINGS: Mapping[str, Thing] = {thing.path: thing for thing in _ALL}
_PATH = "/<any({}):path>".format(", ".join(f'"{path}"' for path in THINGS))
MOST = 200
"""Lines of a list; where there are more, the search finds them."""


@room.get(_PATH)
@admin
def things(path: str) -> ResponseReturnValue:
    """All things of a kind, or those a search finds."""
    thing, words = THINGS[path], request.args.get("q", "").strip()[:100]
    lines = [line for line in thing.lines() if _has(line, words)]
    shown, more = lines[:MOST], len(lines) > MOST
    return render_template("admin/list.html", thing=thing, lines=shown, more=more, q=words, needs=thing.needs())


def _has(line: Line, words: str) -> bool:
    return not words or fold(words) in fold(" ".join((line.name, line.note, line.also, *line.cells)))


@room.get(f"{_PATH}/new")
@admin
def new_thing(path: str) -> ResponseReturnValue:
    """An empty form."""
    thing = THINGS[path]
    values = fields.shown(thing.groups(None), None) | thing.start()
    if thing.ordered:
        values["parent_id"] = request.args.get("parent", "")
    return _form(thing, None, values)


@room.post(f"{_PATH}/new")
@admin
def make_thing(path: str) -> ResponseReturnValue:
    """Makes one."""
    return _save(THINGS[path], None)


@room.get(f"{_PATH}/<int:id>")
@admin
def thing(path: str, id: int) -> ResponseReturnValue:
    """The form of one that there is."""
    known, row = _found(path, id)
    return _form(known, row, fields.shown(known.groups(row), row))


@room.post(f"{_PATH}/<int:id>")
@admin
def change_thing(path: str, id: int) -> ResponseReturnValue:
    """Changes one."""
    known, row = _found(path, id)
    return _save(known, row)


def _found(path: str, id: int) -> tuple[Thing, Any]:
    row = THINGS[path].find(id)
    if row is None:
        abort(404)
    return THINGS[path], row


def _save(thing: Thing, row: Any) -> ResponseReturnValue:
    groups = thing.groups(row)
    sent = fields.typed(groups, request.form)
    try:
        id_ = thing.save(current_actor(), None if row is None else row.id, fields.read(groups, sent))
    except Invalid as error:
        kept = {} if row is None else fields.shown(groups, row)
        return _form(thing, row, kept | sent, error)
    flash(say(thing.saved), "done")
    return redirect(url_for("admin.thing", path=thing.path, id=id_), 303)


def _form(thing: Thing, row: Any, values: Mapping[str, Any], error: HelpdeskError | None = None) -> ResponseReturnValue:
    page = render_template(
        "admin/form.html",
        thing=thing,
        row=row,
        groups=thing.groups(row),
        values=values,
        problem=say(error.detail) if error else "",
        wrong=error.fields if error else {},
        back=url_for("admin.things", path=thing.path),
    )
    return page, error.status if error else 200
