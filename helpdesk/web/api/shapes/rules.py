"""Versions of rules as they come and go."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from helpdesk.vocabulary import VersionState
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.outgoing import Outgoing
from helpdesk.web.api.shapes.words import Id, Line, Moment, Text


class RulesVersion(Outgoing):
    """One version: what it says, its state, and who made it and put it in force, by id; null: the system.

    ``name`` is how tickets and ledgers name it; ``starts_at`` the moment from which it shall hold, or was to.
    """

    key: str
    number: int
    name: str
    title: str
    state: VersionState
    data: dict[str, Any]
    why: str
    created_at: datetime
    created_by: int | None
    starts_at: datetime | None
    in_force_at: datetime | None
    in_force_by: int | None
    retired_at: datetime | None
    retired_why: str


class RulesDraft(Incoming):
    """A new version, which decides nothing before it is put in force. Without a title it keeps the last one."""

    data: dict[str, Any]
    title: Annotated[Text, Field(max_length=120)] = ""
    why: Annotated[Text, Field(max_length=500)] = ""


class PutInForce(Incoming):
    """Which version holds, from when (at once without ``from``), and why. An earlier one comes back as a new one."""

    number: Id
    why: Annotated[Line, Field(max_length=500)]
    starts: Annotated[Moment | None, Field(alias="from")] = None
