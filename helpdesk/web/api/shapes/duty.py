"""What is told of escalations, of who is away, and of who answers."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from helpdesk.vocabulary import Handing
from helpdesk.web.api.shapes.incoming import Incoming
from helpdesk.web.api.shapes.outgoing import Outgoing
from helpdesk.web.api.shapes.words import Id, Moment


class EscalationMeasure(Outgoing):
    """What some escalations come to. Shares are percent of those that moved responsibility; ``seconds`` calendar time.

    ``seconds`` is the average from receipt to a ticket's first; ``stayed`` had nobody above; ``taken_back`` came back.
    """

    n: int
    tickets: int
    functional: int
    hierarchical: int
    stayed: int
    by_clock: int
    taken_back: int
    seconds: float | None
    functional_share: float | None
    hierarchical_share: float | None


class DepartmentEscalations(EscalationMeasure):
    """The same for the department that has the ticket now; null: triage."""

    department: str | None


class EscalationReport(Outgoing):
    """The escalations of a period: the whole, and by department."""

    first: date
    last: date
    whole: EscalationMeasure
    departments: list[DepartmentEscalations]


class NewAbsence(Incoming):
    """Who is away from when until when, who stands in, and what becomes of open cases. The person: the token's."""

    person: Id | None = None
    from_at: Moment
    until_at: Moment
    deputy: Id | None = None
    handing: Annotated[Handing, Field(strict=False)] = Handing.RETURN


class EndAbsence(Incoming):
    """Nothing is needed to end one."""


class Absence(Outgoing):
    """An absence that is not over."""

    id: int
    person: int
    from_at: datetime
    until_at: datetime
    deputy: int | None
    handing: Handing


class Absences(Outgoing):
    """All of them that are not over: there are never many."""

    items: list[Absence]
    next: None = None


class NewOwner(Incoming):
    """Who answers for the case from now on; ``version`` guards against acting on an old state."""

    person: Id
    version: Id | None = None
