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
