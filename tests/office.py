"""Fixtures of a plain office: a body with its default rules and one address, a department, somebody in it, a ticket.

A test file that wants another department or agent defines its own under the same name.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session

from helpdesk import create_app
from helpdesk.db import db
from helpdesk.models.catalogue import Department
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import Actor
from helpdesk.services import rulebook
from helpdesk.vocabulary import ActorKind
from tests import conftest
from tests.builders import NOON, a_department, a_supervisor, a_ticket, an_account, an_agent
from tests.web.machine import Machine


@pytest.fixture
def rules(session: scoped_session[Session]) -> None:
    """The default rules are in force."""
    rulebook.ensure_defaults(NOON)


@pytest.fixture
def body(rules: None) -> None:
    """A body with its default rules and one address."""
    an_account(is_default=True)


@pytest.fixture
def department(session: scoped_session[Session]) -> Department:
    """A department of that body."""
    return a_department()


@pytest.fixture
def agent(department: Department) -> Actor:
    """Somebody who works there."""
    return an_agent(department)


@pytest.fixture
def boss(department: Department) -> Actor:
    """Who supervises it."""
    return a_supervisor(department)


@pytest.fixture
def ticket(department: Department) -> Ticket:
    """A new ticket of that department."""
    return a_ticket(department_id=department.id)


@pytest.fixture
def citizen(ticket: Ticket) -> Actor:
    """Who asked."""
    return Actor(ActorKind.CITIZEN, ticket.requester_id)


@pytest.fixture
def place(session: scoped_session[Session]) -> Department:
    """A department where several people work."""
    return a_department()


@pytest.fixture
def anna(place: Department) -> Actor:
    """One of them."""
    return an_agent(place, name="Άννα")


@pytest.fixture
def machine(client: FlaskClient, agent: Actor) -> Machine:
    """A program that acts for the agent through the API."""
    return Machine(client, agent)


@pytest.fixture
def house(own_database: str, redis_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, where a commit is one and stays."""
    app = create_app(conftest.settings_for(own_database, redis_url, tmp_path))
    yield app
    with app.app_context():
        db.engine.dispose()
