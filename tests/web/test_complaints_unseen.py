"""A complaint about a colleague is on no page and in no answer of the API they may ask for, whatever their role."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import BuildError

from helpdesk import clock
from helpdesk.db import commit, db
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, intake, replies, rulebook, tickets
from helpdesk.services.intake import NewTicket
from helpdesk.vocabulary import Role
from tests.builders import NOON, a_department, an_account, an_agent
from tests.web.browsers import Browser
from tests.web.machine import Machine

MARK = "ξεδιαντροπος"
"""Stands in the subject, the words and the name of who complains, and nowhere else in the body."""

SAID = "έβρισε"
"""By which it is searched for; pages may echo that."""

STREAMS = frozenset({"desk.stream", "desk.live"})
"""They do not end; what they tell, `test_complaints.py` asks of the service."""

VIEWS = ("mine", "unassigned", "departments", "risk", "all", "any", "owned", "waiting", "breached")
ASKED = (
    *(f"/desk?view={view}&sort={sort}" for view in VIEWS for sort in ("due", "newest", "oldest")),
    f"/desk?q={SAID}", f"/desk?q={SAID}&view=any", f"/desk/new?subject={SAID}",
)  # fmt: skip
ASKED_BY_MACHINE = ("/tickets?status=open&limit=100", "/tickets?limit=100")


@pytest.fixture(autouse=True)
def body(session):
    rulebook.ensure_defaults(NOON)
    an_account(is_default=True)


class Scene:
    """A department, somebody complained of, a colleague of the same role, and the complaint, which is talked about."""

    def __init__(self, role: Role) -> None:
        here = a_department()
        self.rude, self.colleague, writer = an_agent(here, role=role), an_agent(here, role=role), an_agent(here)
        catalogue.changed(NOON)
        now = clock.now()
        new = NewTicket(
            f"Ο υπάλληλος είναι {MARK}", f"Με {SAID}, ο {MARK}.", name=f"Άννα {MARK}", email="anna@example.org",
            department=here.key, complained_of=[self.rude.id or 0],
        )  # fmt: skip
        self.number = intake.take_down(writer, new, at=now).ticket_id
        tickets.take(writer, self.number, at=now)
        replies.note(writer, self.number, f"Ρώτησα: {MARK}.", at=now)
        replies.reply(writer, self.number, f"Το εξετάζουμε, {MARK}.", at=now)
        tickets.escalate(writer, self.number, f"Σοβαρό: {MARK}", at=now)
        commit()
        self.values = self._values(here.key)

    def _values(self, key: str) -> dict[str, Any]:
        """What addresses ask for: by the names that they give it."""
        query = text("select id from message where ticket_id = :id order by id limit 1")
        message = db.session.execute(query, {"id": self.number}).scalar_one()
        words = {"verb": "take", "step": "x", "key": key, "name": "resolution", "path": "departments", "kind": "matrix"}
        numbers = {"number": self.number, "message_id": message, "id": self.number, "person_id": self.rude.id}
        return words | numbers


def addresses(app: Flask, scene: Scene, *prefixes: str) -> Iterator[str]:
    """Every address that can be read under these prefixes, about this ticket where one is named."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not rule.rule.startswith(prefixes) or rule.endpoint in STREAMS:
            continue
        values = {name: scene.values.get(name, scene.number) for name in rule.arguments}
        try:
            yield adapter.build(rule.endpoint, values)
        except BuildError:
            continue


def shown(app: Flask, client: Any, scene: Scene, actor: Actor) -> set[str]:
    """The addresses whose answer has the mark."""
    browser, machine = Browser(app, actor, language="el"), Machine(client, actor)
    pages = {*addresses(app, scene, "/desk", "/supervise", "/admin"), *ASKED}
    doors = {one.removeprefix("/api/v1") for one in addresses(app, scene, "/api/v1")} | set(ASKED_BY_MACHINE)
    found = {one for one in pages if _has(browser.open(one))}
    return found | {f"api {one}" for one in doors if _has(machine.get(one))}


def _has(answer: Any) -> bool:
    return MARK in answer.text


@pytest.mark.parametrize("role", list(Role))
def test_whom_it_is_about_finds_it_nowhere_and_a_colleague_does(app, client, role):
    scene = Scene(role)
    assert shown(app, client, scene, scene.rude) == set()
    seen = shown(app, client, scene, scene.colleague)
    assert {f"/desk?q={SAID}", "api /tickets?limit=100", f"/desk/tickets/{scene.number}"} <= seen
    assert len(seen) > 12, seen
