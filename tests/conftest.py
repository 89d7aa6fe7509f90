"""Fixtures for all: the application on a real database, rolled back after each test."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse
from xdist.remote import Producer

from helpdesk import create_app
from helpdesk.config import Settings
from helpdesk.db import db
from tests.scheduling import OneBrowser

pytest_plugins = ["tests.servers", "tests.office"]

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneBrowser:
    """How tests are dealt to the workers."""
    return OneBrowser(config, log)


def settings_for(database_url: str, redis_url: str, folder: Path) -> Settings:
    """Settings of a test installation whose outgoing mail lands in ``folder/sink``."""
    (folder / "sink").mkdir(exist_ok=True)
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        public_base_url="http://127.0.0.1:8000",
        secret_key="s" * 40,
        channel_keys=(KEY,),
        metrics_token="m" * 40,
        smtp_url=f"file://{folder}/sink",
        data_dir=folder,
        body_name="Δήμος Δοκιμής",
    )


class Browser(FlaskClient):
    """A browser whose requests know nothing of each other but by cookie.

    Under the context of `session` they would share Flask's ``g``, and with it who was signed in before.
    """

    def open(self, *args: Any, **given: Any) -> TestResponse:
        """Sends one request."""
        for name in list(g) if g else ():
            g.pop(name)
        return super().open(*args, **given)


@pytest.fixture(scope="session")
def app(database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application a worker, on the worker's own database."""
    app = create_app(settings_for(database_url, redis_url, tmp_path_factory.mktemp("data")))
    app.config.update(TESTING=True)
    app.test_client_class = Browser
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    """An application context whose every commit is undone at the end."""
    for kept in ("catalogue", "rulebook_versions"):
        app.extensions.pop(kept, None)  # their counts go back with the rollback of the test before
    with app.app_context():
        engine = db.engines[None]
        with engine.connect() as connection:
            whole = connection.begin()
            connection.begin_nested()  # so that the session joins by savepoints of its own
            db.engines[None] = connection
            try:
                yield db.session
            finally:
                db.session.remove()
                db.engines[None] = engine
                whole.rollback()


@pytest.fixture
def client(app: Flask, session: scoped_session[Session]) -> FlaskClient:
    """A browser without a sign-in, on the rolled-back session."""
    return app.test_client()
