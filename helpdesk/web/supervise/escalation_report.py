"""The report of escalations: how many, how many to more knowledge and to more authority, how soon, how many back."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.services import catalogue
from helpdesk.services.reports import escalation
from helpdesk.services.reports.escalation import Measures
from helpdesk.web import language
from helpdesk.web.desk.words import words
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise import told
from helpdesk.web.supervise.figures import asked, frame
from helpdesk.web.supervise.room import room


@dataclass(frozen=True)
class Row:
    """A department's line; the cells in the order of the table."""

    name: str
    cells: Sequence[str]


@room.get("/escalation-report")
@supervisor
def escalation_report() -> ResponseReturnValue:
    """The page."""
    now, here = clock.now(), language.current()
    wanted = asked(now)
    found = escalation.report(current_actor(), wanted.period, wanted.department_id, now=now)
    places, triage = catalogue.current().departments, words(here)["time"]["triage"]
    rows = [
        _row(i18n.pick(places[id_].names, here) if id_ is not None else triage, measures)
        for id_, measures in found.by_department.items()
    ]
    return render_template(
        "supervise/escalation_report.html",
        rows=sorted(rows, key=lambda row: row.name),
        whole=_row("", found.whole),
        counted=found.whole.n + found.whole.taken_back,
        **frame(wanted, now),
    )


def _row(name: str, measures: Measures) -> Row:
    here = language.current()
    shares = (_share(measures.functional_share, here), _share(measures.hierarchical_share, here))
    soon = told.NOTHING if measures.seconds is None else told.hours(measures.seconds, here)
    numbers = (measures.n, measures.tickets, measures.by_clock, measures.stayed, measures.taken_back)
    n, of_tickets, by_clock, stayed, back = (told.number(value, here) for value in numbers)
    return Row(name, (n, of_tickets, *shares, soon, by_clock, stayed, back))


def _share(value: float | None, here: str) -> str:
    return f"{told.number(value, here)}%" if value is not None else told.NOTHING
