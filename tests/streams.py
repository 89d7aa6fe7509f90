"""The end of a test's live streams: nothing of theirs outlives the test, or it would meet servers that are gone."""

import time

from flask import Flask

from helpdesk import background
from helpdesk.services import live


def end_streams(app: Flask) -> None:
    """All streams of ``app`` part and its reader ends; streams opened later find a new one."""
    hub = app.extensions.pop("live", None)
    if hub is None:
        return
    hub.closing = True
    if hub._reader is not None:
        _ends(app, hub)


def _ends(app: Flask, hub: live.Hub) -> None:
    end = time.monotonic() + 30
    while hub._reader.is_alive():  # it waits for news: so there is some
        assert time.monotonic() < end, "the reader of the live stream does not end"
        with app.app_context():
            background.connection().xadd(live._KEY, {"ticket": 0, "department": 0, "kind": "end"})
        hub._reader.join(1)
