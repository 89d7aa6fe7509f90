"""The requests that this browser may read, kept in its signed session: number and version of the tracking code."""

from flask import session

from helpdesk.web.guards import TRACKED

MOST = 20
"""A cookie has room for so many; the oldest is dropped first, and its code opens it again."""


def remember(number: int, version: int) -> None:
    """Lets this browser read the request until the code is renewed."""
    known = {name: kept for name, kept in session.get(TRACKED, {}).items() if name != str(number)}
    newest = [*known.items(), (str(number), version)][-MOST:]
    session[TRACKED] = dict(newest)


def numbers() -> list[str]:
    """The numbers, the last opened first."""
    return list(reversed(session.get(TRACKED, {})))
