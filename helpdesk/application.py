"""create_app: the only place where everything meets; reached as ``helpdesk:create_app``, imported by nobody."""

from flask import Flask

from helpdesk import config, web
from helpdesk.backstage import create_backstage


def create_app(settings: config.Settings | None = None) -> Flask:
    """The whole application. ``settings`` default to the environment's; raises BadSetting."""
    app = create_backstage(settings)
    web.register(app)
    return app
