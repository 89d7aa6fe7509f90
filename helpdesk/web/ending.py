"""The end of a server whose streams are open: they part before it waits for them."""

import signal
from types import FrameType
from typing import Any

from flask import current_app

from helpdesk.services.live import Hub


def notice_the_end(hub: Hub) -> None:
    """Open streams would hold a server that is told to end: they say good-bye within a second instead."""
    if current_app.extensions.get("live-notices-end"):
        return
    current_app.extensions["live-notices-end"] = True
    before = signal.getsignal(signal.SIGTERM)

    def end(number: int, frame: FrameType | None) -> Any:
        hub.closing = True  # a flag and no lock: this is a signal handler
        return before(number, frame) if callable(before) else None

    if callable(before):  # a server that handles the signal itself; elsewhere its default is the right thing
        try:
            signal.signal(signal.SIGTERM, end)
        except ValueError:
            return  # not the main thread: a test's server, which ends otherwise
