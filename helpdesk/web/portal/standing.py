"""The one sentence on top of a request, in the language of the page."""

from datetime import datetime, timedelta
from typing import Any

from helpdesk.services import publicly
from helpdesk.services.publicly import Standing
from helpdesk.web import language


def standing(row: Any, at: datetime, closes_after: timedelta | None) -> Standing:
    """How the request stands, in plain words."""
    return publicly.standing(row, at, closes_after, language.current())


def joined(ahead: Any, at: datetime, closes_after: timedelta | None) -> Standing:
    """How a request stands that goes on in another one: as that one does, but what its own citizen has to do."""
    return publicly.joined(ahead, at, closes_after, language.current())
