"""The inbox: keeps what arrived, once, before anyone tries to understand it; processes and replays it."""

from helpdesk.services.inbox.keeping import Incoming, filed, fingerprint, keep, piped
from helpdesk.services.inbox.processing import nudge, process, process_one, replay

__all__ = ["Incoming", "filed", "fingerprint", "keep", "nudge", "piped", "process", "process_one", "replay"]
