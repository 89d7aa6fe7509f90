"""What is told of escalations."""

from datetime import date

from helpdesk.web.api.shapes.outgoing import Outgoing


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
