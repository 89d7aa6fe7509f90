"""create_backstage: the application without its pages, for workers, mail, clock and commands, which serve none."""

from datetime import timedelta

from flask import Flask

from helpdesk import config, logs
from helpdesk.connections import POOL_EVENTS
from helpdesk.db import db as database
from helpdesk.services import bot, conditions, dialogue, reactions


def create_backstage(settings: config.Settings | None = None) -> Flask:
    """Database, services and what follows from what. ``settings`` default to the environment's; raises BadSetting."""
    logs.configure()
    settings = settings or config.load()
    app = Flask("helpdesk", template_folder="../templates", static_folder="static")
    app.config.update(_flask_settings(settings), SETTINGS=settings)
    database.init_app(app)
    reactions.register()
    conditions.register()
    dialogue.register(bot.PARTNER)
    return app


def _flask_settings(settings: config.Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.old_secret_keys),
        "SQLALCHEMY_DATABASE_URI": settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1),
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,
            "pool_events": POOL_EVENTS,
            "pool_size": 10,
            "max_overflow": 20,
            "connect_args": {"options": "-c timezone=UTC -c jit=off", "application_name": "helpdesk"},
        },
        "REDIS_URL": settings.redis_url,
        "DATA_DIR": settings.data_dir,
        "SESSION_COOKIE_SECURE": settings.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "MAX_CONTENT_LENGTH": 30 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 200,
    }
