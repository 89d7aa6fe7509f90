"""Files: looked at by a virus scanner."""

from helpdesk.background import awake
from helpdesk.db import db
from helpdesk.services import scanning


def scan() -> None:
    """Looks at all that waits, as long as the scanner answers."""
    awake("files.scan")
    try:
        while scanning.work_off():
            db.session.remove()
    finally:
        db.session.remove()
