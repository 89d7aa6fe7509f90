"""Problems and known errors as they come and go."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from helpdesk.vocabulary import Audience, ProblemState, Readership
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.words import Id, KeyName, Number, Text

Told = dict[Literal["el", "en"], Annotated[Text, Field(max_length=8_000)]]
"""A text in several languages: ``{"el": "…", "en": "…"}``."""


def _day(value: Any) -> Any:
    """A day as RFC 3339 writes it, and nothing looser."""
    if value is None:
        return None
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("must be a day as RFC 3339 writes it: 2026-12-01")
    return value


Day = Annotated[date, Field(strict=False), BeforeValidator(_day)]


class NewProblem(Incoming):
    """A cause to be looked for; ``ticket`` is one that it caused. Without an owner it is the token's person's."""

    titles: Told
    symptoms: Told | None = None
    causes: Told | None = None
    workarounds: Told | None = None
    audience: Annotated[Audience, Field(strict=False)] = Audience.INTERNAL
    service: KeyName | None = None
    category: KeyName | None = None
    owner: Id | None = None
    review_on: Day | None = None
    ticket: Number | None = None


class ProblemChange(Incoming):
    """What becomes different; the version is the one that was read."""

    version: Id
    titles: Told | None = None
    symptoms: Told | None = None
    causes: Told | None = None
    workarounds: Told | None = None
    audience: Annotated[Audience, Field(strict=False)] | None = None
    service: KeyName | None = None
    category: KeyName | None = None
    owner: Id | None = None
    review_on: Day | None = None
    active: bool | None = None


class ProblemMove(Incoming):
    """A move of a problem; with ``version`` only if nobody changed it meanwhile."""

    version: Id | None = None


class Declare(ProblemMove):
    """A known error has a workaround, or says that there is ``none_yet``."""

    workarounds: Told | None = None
    none_yet: bool = False


class Review(ProblemMove):
    """When it is looked at again."""

    review_on: Day


class Problem(BaseModel):
    """A problem; ``tickets`` and ``uses`` count what it caused and where its workaround helped."""

    id: int
    version: int
    state: ProblemState
    titles: dict[str, str]
    symptoms: dict[str, str]
    causes: dict[str, str]
    workarounds: dict[str, str]
    no_workaround: bool
    audience: Audience
    active: bool
    service: str | None
    category: str | None
    owner: int
    review_on: date | None
    opened_at: datetime
    declared_at: datetime | None
    resolved_at: datetime | None
    tickets: int
    uses: int


class KnownError(BaseModel):
    """A known error that fits a ticket, or the problem it is ``linked`` to."""

    id: int
    titles: dict[str, str]
    workarounds: dict[str, str]
    no_workaround: bool
    audience: Audience
    state: ProblemState
    linked: bool
    used_at: datetime | None


class HelpfulArticle(BaseModel):
    """A help article that fits a ticket."""

    key: str
    titles: dict[str, str]
    audience: Readership


class Help(BaseModel):
    """What may help with a ticket, the best first."""

    known_errors: list[KnownError]
    articles: list[HelpfulArticle]


class Draft(BaseModel):
    """A help article that nobody reads yet; administrators go on with it under that id."""

    id: int
