"""What splitting and marking take."""

from typing import Annotated

from pydantic import Field

from helpdesk.vocabulary import Care
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.moves import Move
from helpdesk.web.api.shapes.words import Body, Id, KeyName, Line, Text

Messages = Annotated[list[Id], Field(max_length=50)]


class Split(Move):
    """Which messages of the citizen, or which words of theirs (``text``), become a ticket of its own."""

    messages: Messages = Field(default_factory=list)
    text: Body | None = None
    subject: Line | None = None
    service: KeyName | None = None
    department: KeyName | None = None


class PersonChange(Incoming):
    """Whether somebody is to be handled with care (null: no more), and why; they never read it."""

    care: Annotated[Care, Field(strict=False)] | None
    care_reason: Annotated[Text, Field(max_length=300)] = ""
