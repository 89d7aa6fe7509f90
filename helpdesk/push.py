"""The live streams alone, for bodies that let them run apart: the same application, and nothing else is found there.

``gunicorn -k gevent "helpdesk.push:create_app()"``; the proxy sends ``/live`` and the streams of chats here.
"""

from flask import Flask, abort, request

from helpdesk import application, config

STREAMS = frozenset({"live.live_stream", "chat.listen", "health.live", "health.ready"})
"""What is found here; all of it also stands in ``web``."""


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application with its streams only. ``settings`` default to the environment's; raises BadSetting."""
    app = application.create_app(settings)
    app.before_request_funcs.setdefault(None, []).insert(0, _streams_alone)
    return app


def _streams_alone() -> None:
    if request.endpoint not in STREAMS:
        abort(404)
