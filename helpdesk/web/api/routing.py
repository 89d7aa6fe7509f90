"""Routing by machine: rules tried before they hold, the classifier's standing and versions, what was misrouted."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from helpdesk import clock
from helpdesk.permissions import Actor
from helpdesk.services import catalogue, learning, records, rulebook, trials
from helpdesk.services.learning import Demands
from helpdesk.services.reports import periods, routing
from helpdesk.services.triage import Decided
from helpdesk.vocabulary import RulebookKind, VersionState
from helpdesk.web.api import shapes
from helpdesk.web.api.operations import operation
from helpdesk.web.api.reports import QUERIES
from helpdesk.web.api.shapes import routing as told

_MONTH = timedelta(days=30)


@operation("POST", "/rulesets/{key}/try-text", scope="read", answer=told.TriedText, body=told.TrialText)
def try_text(actor: Actor, key: str, given: told.TrialText) -> told.TriedText:
    """Decides a text by the rules in force and by another version of them; keeps nothing. For administrators."""
    rulebook.require(actor)
    row = rulebook.numbered(RulebookKind.RULESET, key, given.number)
    tried = trials.try_text(
        actor, row.id, given.subject, given.text, channel=given.channel, address=given.address,
        sender=given.sender or "", language=given.language, service=given.service or "",
    )  # fmt: skip
    return told.TriedText(now=_outcome(tried.now), then=_outcome(tried.then))


def _outcome(decided: Decided) -> told.Outcome:
    return told.Outcome(
        ruleset=decided.ruleset, by=decided.by, department=decided.department or None,
        service=decided.service or None, impact=decided.impact, urgency=decided.urgency, tags=list(decided.tags),
        restricted=decided.restricted, confidence=decided.confidence, reasons=[dict(one) for one in decided.reasons],
    )  # fmt: skip


@operation("POST", "/rulesets/{key}/trials", scope="administer", answer=told.Trial, body=told.TrialWanted, status=201)
def begin_routing_trial(actor: Actor, key: str, given: told.TrialWanted) -> told.Trial:
    """Lets a worker decide past requests anew by another version of the rules; changes none of them."""
    rulebook.require(actor)
    row = rulebook.numbered(RulebookKind.RULESET, key, given.number)
    return _trial(trials.trial(actor, trials.start(actor, row.id, given.first, given.last)))


@operation("GET", "/routing-trials/{id}", scope="read", answer=told.Trial)
def read_routing_trial(actor: Actor, id: int) -> told.Trial:
    """How far a trial is, and what it came to. For administrators."""
    return _trial(trials.trial(actor, id))


def _trial(row: Row[Any]) -> told.Trial:
    found = asdict(trials.Tally(**row.found))
    moves = [(*move.split(">"), count) for move, count in sorted(found.pop("moves").items(), key=lambda one: -one[1])]
    counts = {name: found[name] for name in told.Trial.model_fields if name in found}
    return told.Trial(
        id=row.id, ruleset=_name(row.version_id), against=_name(row.against_id) if row.against_id else None,
        first=row.first_on, last=row.last_on, state=row.state, error=row.error, done=row.done, total=row.total,
        moves=[told.Move(now=_place(now), then=_place(then), count=count) for now, then, count in moves], **counts,
    )  # fmt: skip


def _name(version_id: int) -> str:
    row = rulebook.record(version_id)
    return f"{row.key}@{row.number}"


def _place(id_: str) -> str | None:
    row = catalogue.current().departments.get(int(id_))
    return row.key if row else None


@operation(
    "POST", "/tickets/{number}/actions/choose-department", scope="write", answer=shapes.Ticket,
    body=told.ChosenDepartment, name="choose-department_ticket",
)  # fmt: skip
def choose_department(actor: Actor, number: int, given: told.ChosenDepartment) -> shapes.Ticket:
    """Says where a request belongs that waits in triage or that the classifier sent, which teaches the classifier."""
    learning.choose(actor, number, given.department, version=given.version)
    return shapes.Ticket(**records.changed(actor, number))


@operation("GET", "/classifier", scope="read", answer=told.Classifier)
def read_classifier(actor: Actor) -> told.Classifier:
    """What people made of the classifier's proposals, what is asked of it, and its versions. For supervisors."""
    learning.require(actor)
    return _classifier()


def _classifier() -> told.Classifier:
    found, asked = learning.measured(clock.now(), _MONTH), learning.demands()
    missing = max(0, asked.proven - learning.proven())
    versions = [_version(row) for row in learning.versions()]
    return told.Classifier(**asdict(asked), missing=missing, **asdict(found), versions=versions)


def _version(row: Row[Any]) -> told.ModelVersion:
    held = row.state == VersionState.IN_FORCE
    return told.ModelVersion(
        number=row.number, in_force=held, trained_at=row.trained_at, why=row.why, examples=row.examples,
        alone_from=row.thresholds,
    )  # fmt: skip


@operation("POST", "/classifier/put-back", scope="administer", answer=told.Classifier, body=told.PutBack)
def put_back_classifier(actor: Actor, given: told.PutBack) -> told.Classifier:
    """Lets an earlier version of the classifier be asked again."""
    learning.put_back(actor, given.number)
    return _classifier()


@operation("PUT", "/classifier/demands", scope="administer", answer=told.Classifier, body=told.ClassifierDemands)
def demand_of_classifier(actor: Actor, given: told.ClassifierDemands) -> told.Classifier:
    """Says how often it must be right, and how long people must have watched it, before it sends anything alone."""
    learning.demand(actor, Demands(given.precision, given.proven))
    return _classifier()


@operation("GET", "/reports/routing", scope="read", answer=told.RoutingReport, queries=QUERIES)
def read_routing_report(actor: Actor, department: str | None, **days: str | None) -> told.RoutingReport:
    """What was sent where first, handed on, came back, and the time that cost, by department and by means."""
    period = periods.read(days["from"], days["to"], clock.now())
    found = routing.report(actor, period, catalogue.id_of("department", department) if department else None)
    keys: Mapping[int, str] = {row.id: row.key for row in catalogue.departments(all_=True)}
    return told.RoutingReport(
        first=period.first,
        last=period.last,
        whole=told.Misrouted(**asdict(found.whole)),
        departments=[
            told.DepartmentMisrouted(department=keys[id_], **asdict(one))
            for id_, one in found.by_department.items()
            if id_ in keys
        ],
        means=[
            told.MeansMisrouted(by=by, title=title, **asdict(one)) for (by, title), one in found.by_means.items()
        ],
    )  # fmt: skip
