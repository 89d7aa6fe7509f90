"""Whether data can be used as configuration: what the leaf packages say, and what a body needs beyond."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import routing
import sla
from helpdesk import clock
from helpdesk.errors import Invalid
from helpdesk.services import workmodels
from helpdesk.services.rulebook.informing import InformingRules
from helpdesk.vocabulary import WAITING_STATUS, RulebookKind, Status, WaitingReason
from sla.waiting import WaitingEnd, WaitingRules

READ: Mapping[RulebookKind, Callable[[dict[str, Any]], Any]] = {
    RulebookKind.RULESET: routing.Ruleset.from_dict,
    RulebookKind.CALENDAR: sla.Calendar.from_dict,
    RulebookKind.POLICY: sla.Policy.from_dict,
    RulebookKind.MATRIX: sla.Matrix.from_dict,
    RulebookKind.WAITING: WaitingRules.from_dict,
    RulebookKind.MAJOR_CRITERIA: sla.Criteria.from_dict,
    RulebookKind.INFORMING: InformingRules.from_dict,
    RulebookKind.MODEL: workmodels.read,
}
LARGEST = 500_000
"""Characters of a version's data as JSON."""
FURTHEST = timedelta(days=50 * 366)
"""How far ahead a special day may lie: beyond it is a slip of the pen, and each of the years would be computed."""


def _(message: str) -> str:
    """Marks a message for translation; the page translates it."""
    return message


def check(kind: RulebookKind, data: dict[str, Any]) -> Any:
    """Reads the data as the leaf package does; raises Invalid that names the wrong field."""
    _check_size(data)
    try:
        value = READ[kind](data)
    except ValueError as error:
        field = getattr(error, "field", "data")
        reason = getattr(error, "reason", str(error))
        told = f"This {kind.value} cannot be used: {error}"
        raise Invalid(told, code="malformed", fields={field: reason}) from None
    if isinstance(value, sla.Calendar):
        _check_opens(value, clock.now())
    if isinstance(value, WaitingRules):
        _check_reasons(value)
    return value


def _check_reasons(rules: WaitingRules) -> None:
    """Every reason has its rule, and what waits for others than the citizen is never resolved by silence."""
    known = dict(rules.rules)
    for reason in known.keys() ^ set(WaitingReason):
        told = "is needed" if reason not in known else f"one of {', '.join(WaitingReason)}"
        raise Invalid("Each reason to wait has one rule.", fields={f"reasons.{reason}": told})
    for reason, rule in rules.rules:
        asks = WAITING_STATUS[WaitingReason(reason)] is Status.WAITING_REQUESTER
        if rule.end is WaitingEnd.RESOLVED and not asks:
            told = _("Only waiting for the citizen may end in resolved.")
            raise Invalid(told, fields={f"reasons.{reason}.end": told})


def _check_size(data: dict[str, Any]) -> None:
    told = json.dumps(data, ensure_ascii=False)
    if len(told) > LARGEST:
        raise Invalid("This is too large.", fields={"data": f"at most {LARGEST} characters"})
    if "\\u0000" in told:
        raise Invalid("The data has characters that cannot be kept.", fields={"data": "no character NUL"})


def _check_opens(calendar: sla.Calendar, now: datetime) -> None:
    last = (now + FURTHEST).date()
    if far := [day for day in _special_days(calendar) if day > last]:
        field = f"special.{far[0].isoformat()}"
        raise Invalid("A special day lies too far ahead.", fields={field: _("This day lies too far ahead.")})
    try:
        calendar.require_openings(now)
    except sla.NeverOpens:
        told = _("It must open at least once in three years: give at least one open period.")
        raise Invalid(_("This calendar never opens."), fields={"hours": told}) from None


def _special_days(calendar: sla.Calendar) -> Iterable[date]:
    return (*calendar.holidays, *(day for day, _periods in calendar.special))
