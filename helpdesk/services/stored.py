"""Which files of the store some row still names: one answer for all who check them or delete them."""

from collections.abc import Collection

from sqlalchemy import text

from helpdesk import storage
from helpdesk.db import db, unit

_NAMED = text(
    """
    select sha256 from attachment where sha256 = any(:names)
    union select stored from inbound where stored = any(:names)
    union select file->>'sha256' from scheduled_reply, jsonb_array_elements(scheduled_reply.files) as file
          where file->>'sha256' = any(:names)
    union select sha256 from recording where sha256 = any(:names)
    union select sha256 from phone_prompt where sha256 = any(:names)
    """
)


def named(names: Collection[str]) -> set[str]:
    """Those of the files (SHA-256 of their bytes) that belong to something."""
    return set(db.session.execute(_NAMED, {"names": list(names)}).scalars()) if names else set()


def drop(names: Collection[str]) -> None:
    """Deletes those that nothing names any more; called after the commit that took the last name away.

    What dies here leaves a file that ``helpdesk check`` tells of, and no row without its file.
    """
    for name in sorted(set(names) - _now(names)):
        storage.remove(name)


@unit()
def _now(names: Collection[str]) -> set[str]:
    return named(names)
