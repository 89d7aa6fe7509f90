"""How tests speak to the API: as a person's program, with a token."""

import json
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpdesk.db import db
from helpdesk.models.people import Person
from helpdesk.permissions import Actor
from helpdesk.services import tokens
from tests.builders import NOON


class Machine:
    """A program that acts for somebody."""

    def __init__(self, client: FlaskClient, actor: Actor, scopes: tuple[str, ...] = tokens.SCOPES) -> None:
        person = db.session.get_one(Person, actor.id)
        self.client = client
        self.token = tokens.create(person.email or "", scopes=scopes, at=NOON)

    def ask(self, method: str, path: str, given: Any = None, **headers: str) -> TestResponse:
        """One request; ``given`` goes as JSON, underscores in the names of headers become hyphens."""
        told = {"Authorization": f"Bearer {self.token}"} | {name.replace("_", "-"): v for name, v in headers.items()}
        data = None if given is None else json.dumps(given)
        kind = None if given is None else "application/json"
        return self.client.open(
            f"/api/v1{path}", method=method, data=data, content_type=kind, headers=told, buffered=True
        )

    def get(self, path: str, **headers: str) -> TestResponse:
        """Reads."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, given: Any = None, **headers: str) -> TestResponse:
        """Makes or moves."""
        return self.ask("POST", path, given, **headers)

    def patch(self, path: str, given: Any) -> TestResponse:
        """Changes."""
        return self.ask("PATCH", path, given)
