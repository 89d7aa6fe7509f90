"""Registers blueprints, error pages and template globals."""

from flask import Flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from helpdesk.db import end_reading
from helpdesk.errors import HelpdeskError
from helpdesk.web import admin, desk, elsewhere, errors, guards, language, log, portal, safety, supervise, templating
from helpdesk.web.api import api, problems
from helpdesk.web.auth import auth
from helpdesk.web.chat import embedded
from helpdesk.web.chat import room as chat
from helpdesk.web.health import health
from helpdesk.web.hooks import hooks
from helpdesk.web.sounds import sounds
from helpdesk.web.stats import stats

BLUEPRINTS = (
    portal.doors,
    portal.portal,
    desk.room,
    desk.streams,
    supervise.room,
    admin.room,
    auth,
    chat,
    embedded,
    elsewhere.files,
    health,
    hooks,
    sounds,
    stats,
    api,
)


def register(app: Flask) -> None:
    """Puts every page and door on the application."""
    safety.register(app)
    elsewhere.register(app)
    guards.register(app)
    language.register(app)
    log.register(app)
    templating.register(app)
    errors.register(app, _problem)
    app.teardown_request(_end_reading)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def _end_reading(error: BaseException | None) -> None:
    if error is None:
        end_reading()


def _problem(error: HelpdeskError | HTTPException) -> ResponseReturnValue:
    return problems.from_error(error) if isinstance(error, HelpdeskError) else problems.from_http(error)
