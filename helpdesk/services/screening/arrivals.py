"""Judges arrivals before they become tickets: lists, what a spam filter said, and how many one sender sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.services import marks
from helpdesk.services.arrival import Arrival
from helpdesk.services.screening import senders
from helpdesk.services.screening.senders import Verdict

WINDOW = timedelta(hours=1)
MOST_OF_A_SENDER = 300
"""Mails of one address an hour; what comes beyond waits for a person, for no citizen writes so much."""


class Held(StrEnum):
    """Why an arrival waits for a person."""

    BLOCKED = "blocked"
    SPAM = "spam"
    FLOOD = "flood"


def judge(arrivals: Sequence[Arrival], at: datetime) -> list[Held | None]:
    """Why each is held back; None lets it pass. An allowed sender passes always, whatever a filter says."""
    told = [arrival.contact.email for arrival in arrivals]
    said = senders.verdicts({address for address in told if address})
    marked = [marks.mark("sender", address) if address else "" for address in told]
    counts = marks.counted([one for one in marked if one], at, WINDOW)
    return [
        _why(arrival, said.get(address), counts.get(one, 0))
        for arrival, address, one in zip(arrivals, told, marked, strict=True)
    ]


def _why(arrival: Arrival, verdict: Verdict | None, count: int) -> Held | None:
    if verdict is Verdict.ALLOW:
        return None
    if verdict is Verdict.BLOCK:
        return Held.BLOCKED
    if arrival.spam:
        return Held.SPAM
    return Held.FLOOD if count > MOST_OF_A_SENDER else None
