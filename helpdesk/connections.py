"""Connections of the pool: one that lay idle is asked whether it still lives, one just used is believed.

Asking costs three round trips, as much as the statements of a small request together. What is lost within that second
(a database that ends between two requests) is one refusal with 503, after which the pool forgets all its connections.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from psycopg import Connection, OperationalError
from sqlalchemy.exc import DisconnectionError

IDLE = 1.0
"""Seconds after which a connection is asked."""

_BACK_AT = "helpdesk.back_at"


def came_back(connection: Connection[Any] | None, record: Any) -> None:
    """Notes when a connection was last of use."""
    record.info[_BACK_AT] = monotonic()


def ask_whether_it_lives(connection: Connection[Any], record: Any, _: Any) -> None:
    """Raises DisconnectionError for a dead one, whereupon the pool makes another."""
    if monotonic() - record.info.get(_BACK_AT, monotonic()) < IDLE:
        return
    try:
        connection.autocommit = True
        connection.execute("select 1")
        connection.autocommit = False
    except OperationalError as lost:
        raise DisconnectionError("the database closed this connection") from lost


POOL_EVENTS: list[tuple[Callable[..., None], str]] = [(came_back, "checkin"), (ask_whether_it_lives, "checkout")]
"""For ``create_engine(pool_events=…)``."""
