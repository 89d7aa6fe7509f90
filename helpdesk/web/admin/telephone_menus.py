"""The menus of the telephone: edited as a small tree, one level a page, tried by pressing keys."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import catalogue
from helpdesk.services.calls import keeping, menus
from helpdesk.services.calls.menus import Does
from helpdesk.web.admin import words
from helpdesk.web.admin.room import room
from helpdesk.web.admin.telephony import problem
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


DOES: Mapping[str, str] = {
    Does.DEPARTMENT: _("leads to a department"),
    Does.MENU: _("leads to more choices"),
    Does.MESSAGE: _("says something, then asks again"),
    Does.CALL_BACK: _("offers a call back"),
    Does.VOICEMAIL: _("takes a message"),
}
ROWS = 6
"""Choices that a page has room for; what is left empty is none."""
_ID = "<int(max=999999999999999):id>"


@room.get("/telephone/menus/new")
@admin
def new_menu() -> ResponseReturnValue:
    """An empty menu."""
    return _menu(None, {}, {"options": []}, "")


@room.get(f"/telephone/menus/{_ID}")
@admin
def phone_menu(id: int) -> ResponseReturnValue:
    """One level of a menu, and what a caller hears there."""
    row = keeping.menu(id)
    return _menu(id, row.names, row.tree, _place())


def _place() -> str:
    return "".join(digit for digit in request.values.get("at", "") if digit in menus.DIGITS)[: menus.DEEPEST]


def _menu(
    id_: int | None, names: Mapping[str, str], tree: Mapping[str, Any], place: str, error: HelpdeskError | None = None
) -> ResponseReturnValue:
    level = _level(tree, place)
    rows = [*level.get("options", ()), *({} for _ in range(ROWS))][: max(ROWS, len(level.get("options", ())) + 1)]
    page = render_template(
        "admin/telephone_menu.html", id=id_, names=names, level=place, rows=rows[: len(menus.DIGITS)], tree=tree,
        heard=menus.at(menus.read(tree), place) if error is None else (), does=words.options(DOES),
        languages=i18n.LANGUAGES, does_words=DOES, known=catalogue.current().departments,
        departments=[(row.id, words.name(row.names)) for row in catalogue.current().departments.values() if row.active],
        **problem(error, {}),
    )  # fmt: skip
    return page, error.status if error else 200


def _level(tree: Mapping[str, Any], place: str) -> Mapping[str, Any]:
    """The part of a tree that stands behind these digits."""
    for digit in place:
        tree = next((item for item in tree.get("options", ()) if str(item.get("digit")) == digit), {})
    return tree


@room.post("/telephone/menus/new")
@admin
def make_menu() -> ResponseReturnValue:
    """Another menu."""
    return _save(None, {"options": []}, "")


@room.post(f"/telephone/menus/{_ID}")
@admin
def change_menu(id: int) -> ResponseReturnValue:
    """One level of it."""
    return _save(id, keeping.menu(id).tree, _place())


def _save(id_: int | None, tree: Mapping[str, Any], place: str) -> ResponseReturnValue:
    form = request.form
    names = {code: form.get(f"name_{code}", "").strip()[:120] for code in i18n.LANGUAGES}
    whole = _with(tree, place, _options(_level(tree, place)))
    try:
        kept = keeping.save_menu(current_actor(), id_, names, whole, at=clock.now())
    except Invalid as error:
        return _menu(id_, names, whole, place, error)
    flash(say(_("The menu was saved.")), "done")
    return redirect(url_for("admin.phone_menu", id=kept, at=place or None), 303)


def _options(level: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The choices as they were typed; what stands below one that stays a menu is kept."""
    below = {str(item["digit"]): item.get("options", []) for item in level.get("options", ())}
    found = []
    for row in range(len(menus.DIGITS)):
        item = _option(row)
        if item is not None:
            if item["does"] == Does.MENU:
                item["options"] = below.get(item["digit"]) or [_first()]
            found.append(item)
    return sorted(found, key=lambda item: str(item["digit"]))


def _first() -> dict[str, Any]:
    """A new submenu begins with a way to people."""
    any_one = next(iter(catalogue.current().departments), None)
    titles = {code: i18n.gettext(code, _("everything else")) for code in i18n.LANGUAGES}
    return {"digit": "1", "titles": titles, "does": Does.DEPARTMENT.value, "department_id": any_one}


def _option(row: int) -> dict[str, Any] | None:
    form = request.form
    titles = {code: form.get(f"title_{code}_{row}", "").strip()[:120] for code in i18n.LANGUAGES}
    if not any(titles.values()):
        return None
    department = form.get(f"department_{row}", "")
    texts = {code: form.get(f"text_{code}_{row}", "").strip()[:500] for code in i18n.LANGUAGES}
    return {
        "digit": form.get(f"digit_{row}", ""), "titles": titles, "does": form.get(f"does_{row}", ""),
        "department_id": int(department) if department.isdecimal() else None, "texts": texts,
    }  # fmt: skip


def _with(tree: Mapping[str, Any], place: str, options: list[dict[str, Any]]) -> dict[str, Any]:
    """The tree with another level in its place."""
    if not place:
        return {**tree, "options": options}
    changed = [
        _with(item, place[1:], options) if str(item.get("digit")) == place[0] else item
        for item in tree.get("options", ())
    ]
    return {**tree, "options": changed}
