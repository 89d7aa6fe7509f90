"""Calls back: times that are free, asking for one, and what is owed."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from helpdesk.vocabulary import PromiseOrigin, PromiseState, PromiseWay
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.outgoing import Outgoing
from helpdesk.web.api.shapes.words import Email, KeyName, Moment, Text


class CallTime(Outgoing):
    """A window in which the department can ring, and how many calls still fit into it."""

    begins_at: datetime
    ends_at: datetime
    free: int


class CallTimes(Outgoing):
    """The windows that are free, the earliest first."""

    items: list[CallTime]


class NewCallback(Incoming):
    """Asks for a call in the free window that begins then. ``phone`` is a number the body rings; else 422.

    With another ``way`` they are written to at that time: then no ``phone`` is needed, but an ``email``."""

    department: KeyName
    begins_at: Moment
    way: PromiseWay = PromiseWay.PHONE
    phone: Annotated[Text, Field(max_length=40)] = ""
    name: Annotated[Text, Field(min_length=1, max_length=200)]
    email: Email | None = None
    about: Annotated[Text, Field(max_length=2000)] = ""
    language: Annotated[str, Field(pattern="^(el|en)$")] = "el"


class Callback(Outgoing):
    """A promised call: on which ticket, its window, how it stands. ``at_risk``: it may be missed, or was."""

    ticket: int
    department: str | None
    begins_at: datetime
    ends_at: datetime
    state: PromiseState
    origin: PromiseOrigin
    way: PromiseWay
    due_at: datetime
    attempts: int
    at_risk: bool = False


class Callbacks(Outgoing):
    """The calls that are owed, those at risk first."""

    items: list[Callback]


class CrowdedTime(Outgoing):
    """A window in which more calls are promised than can be made, and the tickets whose calls wait in it."""

    department: str
    begins_at: datetime
    ends_at: datetime
    promised: int
    capacity: int
    tickets: list[int]


class CrowdedTimes(Outgoing):
    """Those windows, the earliest first; empty where all that is promised fits."""

    items: list[CrowdedTime]


class CallbackFigures(Outgoing):
    """Shares from 0 to 1, lengths in seconds, null where nothing counts. ``late``: those that rang too late, or not.
    ``to_talk``: from asking until they were on the line; ``to_ring``: until their telephone rang first."""

    first: date
    last: date
    promised: int
    kept: int
    share_kept: float | None
    late_median: float | None
    late_p90: float | None
    reached: int
    unreachable: int
    reach_rate: float | None
    attempts_per_reach: float | None
    to_talk_median: float | None
    to_talk_p90: float | None
    to_ring_median: float | None
    to_ring_p90: float | None
