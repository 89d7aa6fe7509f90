"""A signed-in browser for tests of the desk: opens pages and sends forms with the token they carry."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g
from sqlalchemy import event
from werkzeug.test import TestResponse

from helpdesk import clock
from helpdesk.db import commit, db
from helpdesk.permissions import Actor
from helpdesk.services import access


class Browser:
    """What one member of staff does at the desk."""

    def __init__(self, app: Flask, actor: Actor, language: str = "en") -> None:
        self.client, self.language = app.test_client(), language
        assert actor.id is not None
        token = access.open_session(actor.id, "test", clock.now())
        with self.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        self.client.set_cookie("language", language)

    def open(self, address: str, **given: Any) -> TestResponse:
        """A page."""
        return self._fresh(lambda: self.client.get(address, **given))

    def send(self, address: str, *, page: str = "/desk/new", **form: Any) -> TestResponse:
        """A form, with the token of a page."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.open(page).text)
        assert token is not None
        data = {"csrf_token": token.group(1)} | form
        return self._fresh(lambda: self.client.post(address, data=data, content_type="multipart/form-data"))

    def _fresh(self, act: Any) -> Any:
        """Each request begins with nothing remembered and all kept, and leaves nothing unread behind."""
        commit()
        for name in list(g):
            g.pop(name)
        response = act()
        for name in list(g):
            g.pop(name)
        db.session.expire_all()
        return response


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    engine = db.engines[None]
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
