"""The first page of administration: what is still needed before citizens can be served, and what is there."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from helpdesk import clock
from helpdesk.services import agreements, catalogue, hooks, house, readiness
from helpdesk.services import dial_brake as brake
from helpdesk.web.admin import log
from helpdesk.web.admin.room import room
from helpdesk.web.guards import admin


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


MANY = 10
"""So many calls of a day that are not proven are told here: a proxy or a secret is wrong, or somebody tries doors."""


@dataclass(frozen=True)
class Step:
    """One step to a working desk."""

    name: str
    title: str
    about: str
    act: str
    path: str


STEPS = (
    Step(
        "name", _("The body's name"), _("It stands on every page and in every letter."), _("Give the name"),
        "settings",
    ),
    Step(
        "department", _("A department"), _("Somebody has to answer what is asked."), _("Make a department"),
        "departments/new",
    ),
    Step(
        "service", _("A service"), _("What citizens can choose when they write to you."), _("Make a service"),
        "services/new",
    ),
    Step(
        "agent", _("An agent in a department"), _("People get a link by e-mail and choose their own password."),
        _("Invite somebody"), "people/new",
    ),
    Step(
        "address", _("A mail address"), _("Letters to it become requests, and answers leave from it."),
        _("Add an address"), "mail-accounts/new",
    ),
    Step(
        "request", _("The first request"), _("Send one yourself, as a citizen would, and answer it on the desk."),
        _("Open the form"), "/ask",
    ),
)  # fmt: skip


@room.get("", strict_slashes=False)
@admin
def overview() -> ResponseReturnValue:
    """How far the body is, and what was done last."""
    ready = readiness.now()
    steps = [(step, getattr(ready, step.name)) for step in STEPS]
    known = catalogue.current()
    counts = {
        "departments": len(catalogue.departments()),
        "services": len(catalogue.services()),
        "people": len(catalogue.colleagues()),
        "teams": len(known.teams),
    }
    done = sum(good for _step, good in steps)
    unproven = hooks.refused_lately(clock.now())
    first = next((at for at, (_step, good) in enumerate(steps) if not good), None)
    return render_template(
        "admin/overview.html", steps=steps, done=done, first=first, counts=counts,
        deeds=log.told(house.deeds(limit=6).rows), overdue=len(agreements.overdue(clock.now())),
        unproven=unproven if unproven >= MANY else 0, carrier=brake.tripped(),
    )  # fmt: skip
