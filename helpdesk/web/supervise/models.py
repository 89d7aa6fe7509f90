"""How work by models went, as a page: share with a model, fulfilled at once, adherence."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from helpdesk import clock, i18n
from helpdesk.services import rulebook
from helpdesk.services.reports import models
from helpdesk.services.reports.models import Followed
from helpdesk.vocabulary import RulebookKind
from helpdesk.web import language
from helpdesk.web.guards import current_actor, supervisor
from helpdesk.web.supervise import told
from helpdesk.web.supervise.figures import asked, frame
from helpdesk.web.supervise.room import room


@dataclass(frozen=True)
class Line:
    """A model's line."""

    name: str
    n: str
    fulfilled: str
    at_once: str
    adherence: str


@room.get("/models")
@supervisor
def models_report() -> ResponseReturnValue:
    """The page."""
    wanted, here = asked(clock.now()), language.current()
    report = models.report(current_actor(), wanted.period, wanted.department_id)
    return render_template(
        "supervise/models.html",
        lines=[_line(_name(key, here), one, here) for key, one in report.by_model.items()],
        whole=_line("", report.whole, here),
        received=told.number(report.received, here),
        share=_percent(report.share, here),
        counted=report.whole.n,
        **frame(wanted, clock.now()),
    )


def _name(key: str, here: str) -> str:
    """By its latest version."""
    rows = rulebook.versions(RulebookKind.MODEL, key)
    return i18n.pick(rows[0].data["names"], here) if rows else key


def _line(name: str, one: Followed, here: str) -> Line:
    return Line(
        name,
        told.number(one.n, here),
        told.number(one.fulfilled, here),
        _percent(one.at_once_share, here),
        _percent(one.adherence, here),
    )


def _percent(value: float | None, here: str) -> str:
    return f"{told.number(value, here)}%" if value is not None else told.NOTHING
