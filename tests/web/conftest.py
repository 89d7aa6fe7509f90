"""Limits on how often something is asked are off but where a test turns them on; no catalogue of another test stays."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from helpdesk.services import body, rulebook
from helpdesk.web.safety import limiter
from tests.builders import NOON


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    """Many tests ask from one address within a minute."""
    limiter.enabled = False
    yield
    limiter.enabled = True


@pytest.fixture(autouse=True)
def own_catalogue(app: Flask) -> None:
    """The process remembers the catalogue by a counter, which the rolled-back test before has taken back too."""
    app.extensions.pop("catalogue", None)


@pytest.fixture
def house_in_order(app: Flask, session: scoped_session[Session]) -> Iterator[None]:
    """The default rules are in force, and what the process remembers of the body goes with the test."""
    rulebook.ensure_defaults(NOON)
    body.forget_name()
    yield
    for kept in ("catalogue", "rulebook_versions"):
        app.extensions.pop(kept, None)
    body.forget_name()
