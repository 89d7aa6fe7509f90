"""Holds every incident against the criteria in force, when it opens and when it becomes another; the answer is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from helpdesk import events
from helpdesk.db import db, pending
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal, rulebook
from helpdesk.services.journal import Recorded
from helpdesk.services.majors import proposing
from helpdesk.services.rulebook import Version
from helpdesk.vocabulary import Criterion, RulebookKind, TicketType
from sla import Criteria, Incident
from sla.major import Finding

_DECIDING = frozenset({"type", "service_id", "priority", "impact"})
"""What must have changed for the answer to be another."""


@dataclass(frozen=True)
class Case:
    """An incident as the criteria look at it, with what is around it."""

    ticket_id: int
    service_id: int | None
    service: str
    priority: str
    impact: str
    recent: Sequence[datetime]
    standing: bool
    """Whether its service has an open proposal or a major incident that lasts: one is enough."""


def opened(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketOpened: one statement for all incidents of the transaction, none where there are none."""
    expected = {opening.id: opening.type for opening in pending("openings")}
    ids = [fact.ticket_id for fact in facts if expected.get(fact.ticket_id, TicketType.INCIDENT) == TicketType.INCIDENT]
    _check(ids, max(fact.at for fact in facts))


def classified(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketClassified: once more, where what the criteria look at became another."""
    ids = {
        fact.ticket_id
        for fact in facts
        if isinstance(fact.event, events.TicketClassified)
        and fact.event.ticket_type == TicketType.INCIDENT
        and _DECIDING & fact.event.previous.keys()
    }
    _check(sorted(ids), max(fact.at for fact in facts))


def _check(ids: Sequence[int], at: datetime) -> None:
    version = rulebook.all_in_force(RulebookKind.MAJOR_CRITERIA).get(rulebook.DEFAULT) if ids else None
    if version is None:
        return
    criteria: Criteria = version.value
    found = [(case, _judged(case, criteria, at)) for case in _cases(ids, criteria, at)]
    for case, finding in found:
        journal.record(case.ticket_id, _fact(finding, version), SYSTEM, at)
    for case, finding in _first_of_each(found):
        proposing.by_criterion(case.ticket_id, case.service_id, finding, at)


def _judged(case: Case, criteria: Criteria, at: datetime) -> Finding:
    return criteria.judge(Incident(case.service, case.priority, case.impact, case.recent), at)


def _fact(finding: Finding, version: Version) -> events.MajorCriteriaChecked:
    met = finding.criterion or Criterion.NONE.value
    return events.MajorCriteriaChecked(met, version.id, finding.similar, finding.minutes)


def _first_of_each(found: Iterable[tuple[Case, Finding]]) -> Iterable[tuple[Case, Finding]]:
    """What is to be proposed: of each service the first that meets a criterion; of those without one each."""
    met: dict[Any, tuple[Case, Finding]] = {}
    for case, finding in found:
        if finding.criterion and not case.standing:
            met.setdefault(case.service_id or ("alone", case.ticket_id), (case, finding))
    return met.values()


_CASES = text(
    """
    select ticket.id, ticket.service_id, coalesce(service.key, '') as service, ticket.priority, ticket.impact,
           ticket.major or exists (select from major_proposal where state = 'open' and (
                       service_id = ticket.service_id or ticket_id = ticket.id))
                   or exists (select from major_incident where ended_at is null
                              and ticket.service_id = any(service_ids)) as standing
    from ticket left join service on service.id = ticket.service_id
    where ticket.id = any(:ids) and ticket.type = 'incident' order by ticket.id
    """
)

_WITH_RECENT = text(
    f"""
    with incident as ({_CASES.text})
    select incident.*, array(select other.received_at from ticket as other
                             where other.type = 'incident' and other.service_id = incident.service_id
                               and other.received_at > :since
                             order by other.received_at desc limit :most) as recent
    from incident order by incident.id
    """  # noqa: S608 - our own words
)


def _cases(ids: Sequence[int], criteria: Criteria, at: datetime) -> list[Case]:
    widest = criteria.widest
    asked = {"ids": list(ids), "since": at - timedelta(minutes=widest.minutes), "most": widest.count}
    return [
        Case(row.id, row.service_id, row.service, row.priority, row.impact, row.recent, row.standing)
        for row in db.session.execute(_WITH_RECENT, asked)
    ]
