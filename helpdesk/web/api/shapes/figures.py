"""Figures of a period as the API answers them."""

from datetime import date

from helpdesk.services.reports import Unit
from helpdesk.web.api.shapes.outgoing import Outgoing


class Measure(Outgoing):
    """What a figure came to over ``n`` tickets or promises; durations are seconds, null where nothing was measured.

    ``value`` is the count, the median of office time, or the percentage; ``met`` the promises kept.
    """

    n: int
    value: float | None
    p90: float | None
    calendar_median: float | None
    calendar_p90: float | None
    met: int | None


class DepartmentMeasure(Measure):
    """The same for one department; null: no department yet."""

    department: str | None


class PartMeasure(Measure):
    """The same for a day, week or month, by its first day."""

    first: date


class Report(Outgoing):
    """A figure with its definition: the whole, by department, and part by part."""

    name: str
    label: str
    definition: str
    unit: Unit
    first: date
    last: date
    whole: Measure
    departments: list[DepartmentMeasure]
    series: list[PartMeasure]


class WaitingMeasure(Outgoing):
    """What some waits come to; times in seconds of open time. ``over`` lasted as long as they may, or longer.

    ``ended_by`` counts the ended ones: by an answer, by a colleague, by the clock, or because the request was finished.
    """

    n: int
    running: int
    median: float | None
    p90: float | None
    over: int
    ended_by: dict[str, int]


class ReasonMeasure(WaitingMeasure):
    """The same for a reason to wait."""

    reason: str


class AgentMeasure(WaitingMeasure):
    """The same for who let it wait; null: nobody of the staff."""

    agent: int | None


class WaitingReport(Outgoing):
    """The waits that began within a period: the whole, by reason, and by who let it wait."""

    first: date
    last: date
    whole: WaitingMeasure
    reasons: list[ReasonMeasure]
    agents: list[AgentMeasure]
