"""Tells who asked, once, that their request goes on together with another, or by itself again."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import text

from helpdesk.db import db
from helpdesk.events import TicketMerged
from helpdesk.services import automatic, correspondence
from helpdesk.services.correspondence import Notice
from helpdesk.services.journal import Recorded

GRACE = timedelta(minutes=1)
"""How long the letter waits: what was merged by mistake and parted at once is never told."""

_NAMED = text(
    """
    select ticket.id, other.id as other
    from unnest(cast(:ids as bigint[]), cast(:others as bigint[])) as pair(id, other_id)
    join ticket on ticket.id = pair.id
    join ticket as other on other.id = pair.other_id and other.requester_id = ticket.requester_id
    """
)
_UNSAID = text(
    """
    update outbound set state = 'withdrawn', settled_at = :at
    where ticket_id = any(:ids) and template = 'merged' and state = 'waiting' and attempts = 0
    returning ticket_id
    """
)


def tell_merged(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketMerged. The other request is named only to who asked in it too."""
    merges = {fact.ticket_id: fact.event.into_id for fact in facts if isinstance(fact.event, TicketMerged)}
    pairs = {"ids": list(merges), "others": list(merges.values())}
    named = {row.id: row.other for row in db.session.execute(_NAMED, pairs)}
    letters = [
        Notice(id_, "merged", values={"other": named.get(id_, "")}, automatic=True, delay=GRACE)
        for id_ in automatic.welcome(list(merges))
    ]
    if letters:
        correspondence.send(letters, max(fact.at for fact in facts))


def tell_unmerged(facts: Sequence[Recorded]) -> None:
    """The reaction to TicketUnmerged: takes the letter back that has not left, else sends another."""
    parted, at = [fact.ticket_id for fact in facts], max(fact.at for fact in facts)
    unsaid = set(db.session.execute(_UNSAID, {"ids": parted, "at": at}).scalars())
    told = automatic.welcome([id_ for id_ in parted if id_ not in unsaid])
    if told:
        correspondence.send([Notice(id_, "unmerged", automatic=True) for id_ in told], at)
