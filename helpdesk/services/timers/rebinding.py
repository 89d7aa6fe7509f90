"""A ticket that comes under another policy than it opened with: declared a major incident, or none after all."""

from collections.abc import Iterator, Sequence

from helpdesk import events
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import journal
from helpdesk.services.journal import Recorded
from helpdesk.services.signals import RENEWED
from helpdesk.services.timers import offers
from helpdesk.services.timers.offers import Offer, Scoped
from helpdesk.services.timers.promises import started
from helpdesk.services.timers.readings import journals, promises
from helpdesk.services.timers.retargeting import movable, retargeted
from helpdesk.vocabulary import ClockName


def rebind(facts: Sequence[Recorded]) -> None:
    """The reaction to a declaration and to its end: what was promised is promised anew by the policy that holds now.

    What elapsed so far stays; the law's deadline, and what departments and suppliers promised the house, stay as
    they are.
    """
    moments = {fact.ticket_id: fact for fact in facts}
    known, offer = journals(list(moments)), offers.current()
    for row in db.session.execute(offers.SCOPES, {"ids": list(moments)}).all():
        fact = moments[row.id]
        for one in rebound(row, known.get(row.id, ()), fact, offer):
            journal.record(row.id, one, SYSTEM, fact.at)


def rebound(row: Scoped, facts: Sequence[Recorded], fact: Recorded, offer: Offer) -> Iterator[events.Event]:
    """The facts that say what is promised from now on."""
    scope = offers.scope(row)
    choice = offer.choose(scope)
    if choice is None:
        return
    policy = offer.policies[choice.key]
    for one in movable(facts, fact.at):
        wanted = None
        if one.promise.clock not in RENEWED:
            wanted = offer.term(one.promise.clock, policy, scope, row.calendar_key)
        if wanted and (wanted.target, wanted.calendar) != (one.promise.target, one.promise.calendar):
            yield retargeted(wanted, one.cycle, one.since)
    new = offer.term(ClockName.UPDATE, policy, scope, row.calendar_key, choice.why)
    if new and isinstance(fact.event, events.MajorDeclared) and ClockName.UPDATE not in promises(facts):
        yield started(new, 1, fact.at, fact.at)
