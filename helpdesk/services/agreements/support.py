"""Departments and suppliers that may take longer than the customer was promised, among what is in force."""

from collections.abc import Mapping
from datetime import datetime

import sla
from helpdesk.services import catalogue, rulebook
from helpdesk.vocabulary import ClockName, RulebookKind
from sla import Policy, Scope, Target


def weak(now: datetime, instead: Mapping[str, Policy] | None = None) -> list[sla.Gap]:
    """Each such pair of promises, with ``instead`` in the place of what is in force by its key."""
    held = {key: version.value for key, version in rulebook.all_in_force(RulebookKind.POLICY).items()}
    places = {row.key: row.calendar_key for row in catalogue.departments(all_=True)}
    offered = _offered()

    def calendar_of(target: Target, scope: Scope) -> sla.Calendar:
        own = None if target.clock == ClockName.UA else places.get(scope.department)
        key = target.calendar or (rulebook.ALWAYS if target.days else own)
        calendar: sla.Calendar = rulebook.calendar_for(key).value
        return calendar

    def real(scope: Scope) -> bool:
        place = offered.get(scope.service)
        return place is None or scope.department not in places or scope.department == place

    return sla.gaps({**held, **(instead or {})}, calendar_of, now, real)


def _offered() -> Mapping[str, str]:
    """The department of each service, by their keys."""
    known = catalogue.current()
    return {row.key: known.departments[row.department_id].key for row in known.services.values()}
