"""A signed-in browser for tests of staff pages: sends forms with the token of the page they stand on."""

import re
from typing import Any

from flask import Flask, g
from werkzeug.test import TestResponse

from helpdesk import clock
from helpdesk.permissions import Actor
from helpdesk.services import access

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class StaffBrowser:
    """What somebody who works here sees and sends."""

    def __init__(self, app: Flask, actor: Actor | None, language: str = "en") -> None:
        self.client = app.test_client()
        self.language = language
        self.client.set_cookie("language", language)
        if actor is not None:
            assert actor.id is not None
            self.enter(access.open_session(actor.id, "a test", clock.now()))

    def enter(self, token: str) -> None:
        with self.client.session_transaction() as kept:
            kept["_user_id"], kept["_fresh"] = token, True

    def get(self, path: str) -> TestResponse:
        """A page, as a request of its own: the test's application context would carry the last one's along."""
        for name in list(g):
            g.pop(name)
        return self.client.get(path)

    def page(self, path: str, status: int = 200) -> str:
        answer = self.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.text

    def send(self, path: str, *, at: str = "", **given: Any) -> TestResponse:
        """Sends a form to ``path``, with the token of the page ``at`` (default: the same)."""
        found = _TOKEN.search(self.get(at or path).text)
        data = {name: value for name, value in given.items() if value is not None}
        return self.client.post(path, data=data | {"csrf_token": found[1] if found else ""})

    def send_fields(self, path: str, fields: dict[str, Any], *, at: str = "", status: int = 303) -> TestResponse:
        """The same for fields whose names are no Python names; it must end with that status."""
        answer = self.send(path, at=at, **fields)
        assert answer.status_code == status, (path, answer.status_code, visible(answer.text)[:1500])
        return answer


def visible(page: str) -> str:
    """The words of a page without its tags."""
    bare = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())
