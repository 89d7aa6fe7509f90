"""Several acts at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from helpdesk.errors import HelpdeskError


def at_once(house: Flask, *acts: Callable[[], Any]) -> list[str]:
    """What became of each: done, or the code of its refusal; none waits for ever, any other fault is the test's."""
    ends, faults, start = ["?"] * len(acts), [], threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        with house.app_context():
            start.wait(60)
            try:
                act()
                ends[place] = "done"
            except HelpdeskError as refused:
                ends[place] = refused.code
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not faults
    return ends
