"""Accounts of monitoring systems: where they call, what becomes of it, their secret, and a test call."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.errors import HelpdeskError, Invalid
from helpdesk.services import catalogue, watchers
from helpdesk.services.watchers import Kept
from helpdesk.web.admin import words
from helpdesk.web.admin.room import room
from helpdesk.web.desk.gravity import LEVELS
from helpdesk.web.desk.words import LEVEL
from helpdesk.web.guards import admin, current_actor
from helpdesk.web.templating import say


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


@room.get("/monitoring")
@admin
def monitoring() -> ResponseReturnValue:
    """All accounts, and the form for another."""
    return _list()


def _list(error: Invalid | None = None) -> ResponseReturnValue:
    page = render_template("admin/monitoring.html", rows=watchers.listed(), **_form({}, error))
    return page, error.status if error else 200


def _form(row: dict[str, Any], error: Invalid | None) -> dict[str, Any]:
    """What the form shows: what was typed after a refusal, else what is kept."""
    typed = {**row, **(request.form.to_dict() if error else {})}
    if error:
        typed |= {name: name in request.form for name in ("resolves", "active")}
    return {
        "typed": typed, "problem": say(error.detail) if error else "", "wrong": error.fields if error else {},
        "services": [(one.key, words.name(one.names)) for one in catalogue.services(all_=True)],
        "impacts": words.options(LEVEL),
    }  # fmt: skip


def _settings() -> dict[str, Any]:
    form, most = request.form, request.form.get("most_an_hour", "20").strip()
    return {
        "service": form.get("service", ""), "impact": form.get("impact", "medium"), "resolves": "resolves" in form,
        "most_an_hour": int(most) if most.isdecimal() and len(most) < 6 else 0,
    }  # fmt: skip


@room.post("/monitoring")
@admin
def make_monitoring() -> ResponseReturnValue:
    """Another account; its secret is shown this once."""
    try:
        kept = watchers.create(current_actor(), request.form.get("name", ""), _settings(), at=clock.now())
    except Invalid as error:
        return _list(error)
    return _account(kept.id, kept=kept)


@room.get("/monitoring/<int(max=999999999999999):id>")
@admin
def monitoring_account(id: int) -> ResponseReturnValue:
    """One account with what it reported."""
    return _account(id)


def _account(id_: int, error: Invalid | None = None, kept: Kept | None = None) -> ResponseReturnValue:
    row, signals = watchers.named(id_)
    shown = {**row.settings, "name": row.name, "active": row.active}
    base = current_app.config["SETTINGS"].public_base_url.rstrip("/")
    page = render_template(
        "admin/monitoring_account.html", row=row, signals=signals, secret=kept.secret if kept else "",
        address=f"{base}/hooks/monitoring/{row.id}/", levels=LEVELS, **_form(shown, error),
    )  # fmt: skip
    return page, error.status if error else 200, {"Cache-Control": "no-store"}


@room.post("/monitoring/<int(max=999999999999999):id>")
@admin
def change_monitoring(id: int) -> ResponseReturnValue:
    """What becomes of its reports."""
    active = "active" in request.form
    try:
        watchers.change(current_actor(), id, request.form.get("name", ""), _settings(), active, at=clock.now())
    except Invalid as error:
        return _account(id, error)
    flash(say(_("The account was saved.")), "done")
    return redirect(url_for("admin.monitoring_account", id=id), 303)


@room.post("/monitoring/<int(max=999999999999999):id>/rotate")
@admin
def rotate_monitoring(id: int) -> ResponseReturnValue:
    """Another secret, shown this once."""
    return _account(id, kept=watchers.rotate(current_actor(), id, at=clock.now()))


@room.post("/monitoring/<int(max=999999999999999):id>/test")
@admin
def test_monitoring(id: int) -> ResponseReturnValue:
    """A signed call through the same door."""
    try:
        watchers.try_out(current_actor(), id, at=clock.now())
        flash(say(_("The test call was proven and kept. It counts as information and opens nothing.")), "done")
    except HelpdeskError as error:
        return _account(id, Invalid(error.detail))
    return redirect(url_for("admin.monitoring_account", id=id), 303)
