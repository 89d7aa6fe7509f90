"""Waiting under other rules: what may last less long would have ended sooner."""

from collections.abc import Sequence
from datetime import datetime

from helpdesk import events
from helpdesk.permissions import SYSTEM
from helpdesk.services.journal import Recorded
from helpdesk.services.replay.tickets import Told
from helpdesk.services.replay.worlds import Worlds
from helpdesk.vocabulary import WAITING, Status
from sla import waiting

_ENDING = (events.StatusChanged, events.TicketResolved, events.TicketCancelled, events.TicketMerged)
TIME_OVER = "time_over"


def shortened(facts: Sequence[Recorded], told: Told, worlds: Worlds, now: datetime) -> Sequence[Recorded]:
    """The journal with waiting ended where the rules that are tried would have ended it.

    What may last longer under them lasts as long as it did: nobody knows when it would have ended.
    """
    assert worlds.waiting is not None
    found, since, reason = list(facts), None, ""
    for at, fact in enumerate(facts):
        if not isinstance(fact.event, events.StatusChanged) or fact.event.status not in WAITING:
            continue
        if since is None or fact.event.reason != reason or fact.event.previous not in WAITING:
            since, reason = fact.at, fact.event.reason or ""
        hours = worlds.offer(fact.at, ()).calendar_of(told.calendar_key).value
        limit = waiting.limit(worlds.waiting.of(reason), since, hours)
        end = next((one.at for one in facts[at + 1 :] if isinstance(one.event, _ENDING)), now)
        if fact.at < limit < end:
            opened = events.StatusChanged(Status.OPEN.value, fact.event.status, TIME_OVER)
            found.append(Recorded(fact.ticket_id, limit, SYSTEM.kind.value, None, opened))
    return sorted(found, key=lambda fact: fact.at)
