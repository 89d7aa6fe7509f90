"""Read by gunicorn as its configuration file (not imported): workers share one load, and end with their master."""

import ctypes
import os
import signal
import sys
from typing import Any

from gevent import monkey

monkey.patch_all()  # before the application is loaded in the master: modules keep what they found at import

_PR_SET_PDEATHSIG = 1


def post_fork(server: Any, worker: Any) -> None:
    """In each new worker: have the kernel end it when the master is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != server.pid:
            os._exit(1)
