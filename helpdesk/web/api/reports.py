"""Figures by machine, as the supervisor's page has them."""

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from helpdesk import clock
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, reports
from helpdesk.services.bot import figures as bot_figures
from helpdesk.services.reports import escalation, models, periods, waiting
from helpdesk.services.reports.escalation import Measures
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import Query, operation
from helpdesk.web.api.shapes.bot import BotArticle, BotCounts, BotReport, UnansweredCluster
from helpdesk.web.api.shapes.procedures import FollowedMeasure, ModelMeasure, ModelsReport
from helpdesk.web.api.shapes.words import KeyName

_Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"})]


QUERIES = (
    Query("from", _Day, "first day, in the body's zone"),
    Query("to", _Day, "last day, today without it"),
    Query("department", KeyName, "key of a department"),
)


@operation("GET", "/reports/{name}", scope="read", answer=shapes.Report, queries=QUERIES)
def read_report(actor: Actor, name: str, department: str | None, **days: str | None) -> shapes.Report:
    """A figure of a period for what the token's person may see; thirty days without a period."""
    now = clock.now()
    period = periods.read(days["from"], days["to"], now)
    place = catalogue.id_of("department", department) if department else None
    found = reports.figure(actor, name, period, place, now=now)
    keys = {row.id: row.key for row in catalogue.departments(all_=True)}
    return shapes.Report(
        name=name,
        label=found.figure.label,
        definition=found.figure.definition,
        unit=found.figure.unit,
        first=period.first,
        last=period.last,
        whole=shapes.Measure(**asdict(found.whole)),
        departments=[
            shapes.DepartmentMeasure(department=keys[id_] if id_ is not None else None, **asdict(value))
            for id_, value in found.departments.items()
        ],
        series=[shapes.PartMeasure(first=day, **asdict(value)) for day, value in found.series],
    )


@operation("GET", "/reports/waiting", scope="read", answer=shapes.WaitingReport, queries=QUERIES)
def read_waiting(actor: Actor, department: str | None, **days: str | None) -> shapes.WaitingReport:
    """The waits that began within a period, for what the token's person may see; thirty days without a period."""
    now = clock.now()
    period = periods.read(days["from"], days["to"], now)
    place = catalogue.id_of("department", department) if department else None
    found = waiting.report(actor, period, place, now=now)
    return shapes.WaitingReport(
        first=period.first,
        last=period.last,
        whole=shapes.WaitingMeasure(**asdict(found.whole)),
        reasons=[shapes.ReasonMeasure(reason=one, **asdict(value)) for one, value in found.by_reason.items()],
        agents=[shapes.AgentMeasure(agent=one, **asdict(value)) for one, value in found.by_agent.items()],
    )


@operation("GET", "/reports/models", scope="read", answer=ModelsReport, queries=QUERIES)
def read_models_report(actor: Actor, department: str | None, **days: str | None) -> ModelsReport:
    """How work by models went, of tickets received within a period; thirty days without a period."""
    period = periods.read(days["from"], days["to"], clock.now())
    found = models.report(actor, period, catalogue.id_of("department", department) if department else None)
    return ModelsReport(
        first=period.first,
        last=period.last,
        received=found.received,
        share=found.share,
        whole=_followed(found.whole),
        models=[ModelMeasure(model=key, **_followed(one).model_dump()) for key, one in found.by_model.items()],
    )


def _followed(one: models.Followed) -> FollowedMeasure:
    return FollowedMeasure(at_once_share=one.at_once_share, adherence=one.adherence, **asdict(one))


@operation("GET", "/reports/escalation", scope="read", answer=shapes.EscalationReport, queries=QUERIES)
def read_escalation(actor: Actor, department: str | None, **days: str | None) -> shapes.EscalationReport:
    """How much was escalated within a period, to what and how soon; thirty days without a period."""
    now = clock.now()
    period = periods.read(days["from"], days["to"], now)
    place = catalogue.id_of("department", department) if department else None
    found = escalation.report(actor, period, place, now=now)
    keys = {row.id: row.key for row in catalogue.departments(all_=True)}
    return shapes.EscalationReport(
        first=period.first,
        last=period.last,
        whole=shapes.EscalationMeasure(**_escalations(found.whole)),
        departments=[
            shapes.DepartmentEscalations(department=keys[id_] if id_ is not None else None, **_escalations(value))
            for id_, value in found.by_department.items()
        ],
    )


def _escalations(value: Measures) -> dict[str, Any]:
    shares = {"functional_share": value.functional_share, "hierarchical_share": value.hierarchical_share}
    return asdict(value) | shares


@operation("GET", "/reports/bot", scope="read", answer=BotReport, queries=QUERIES)
def read_bot_report(actor: Actor, department: str | None, **days: str | None) -> BotReport:
    """How the bot did in conversations that began within a period; thirty days without a period."""
    now = clock.now()
    period = periods.read(days["from"], days["to"], now)
    place = catalogue.id_of("department", department) if department else None
    found = bot_figures.report(actor, period, place, now=now)
    shares = {"confirmed_share": found.whole.confirmed_share, "net_share": found.whole.net_share}
    return BotReport(
        first=period.first,
        last=period.last,
        whole=BotCounts(**asdict(found.whole), **shares),
        reasons=dict(found.reasons),
        unanswered=[
            UnansweredCluster(words=sorted(one.words), asked=one.asked, count=one.count) for one in found.unanswered
        ],
        articles=[
            BotArticle(**{name: value for name, value in asdict(one).items() if name != "title"})
            for one in found.articles
        ],
    )
