"""What follows from what: the one table from event to consequences. Only create_app imports it."""

from helpdesk import events
from helpdesk.services import (
    acknowledgements,
    callbacks,
    care,
    chats,
    dialling,
    informing,
    journal,
    learning,
    majors,
    news,
    procedures,
    signals,
    timers,
    undelivered,
    unreached,
)
from helpdesk.services.chats import echoing

EVENTS: tuple[type[events.Event], ...] = tuple(events.Event.__subclasses__())

UNTOLD = frozenset({events.MoveRefused})
"""Facts that change nothing anybody looks at."""


def register() -> None:
    """Fills the journal's table; idempotent. The order here is the order in which they run."""
    table: dict[type[events.Event], tuple[journal.Reaction, ...]] = {
        events.TicketOpened: (procedures.attach, majors.opened, timers.start, acknowledgements.acknowledge),
        events.TicketClassified: (timers.retarget, timers.renew, majors.classified, procedures.reattach),
        events.TicketReopened: (timers.renew, timers.retarget, majors.reopened),
        events.TicketTransferred: (timers.renew, timers.retarget, learning.settle_transferred, callbacks.follow),
        events.TicketResolved: (learning.settle_resolved, majors.resolved, procedures.fulfilled, callbacks.end),
        events.TicketCancelled: (callbacks.end,),
        events.TicketMerged: (callbacks.end,),
        events.CallBackGivenUp: (unreached.tell,),
        events.SupplierEngaged: (timers.renew,),
        events.ApplicationCompleted: (timers.renew,),
        events.CompetenceDenied: (timers.renew,),
        events.CallBackPromised: (timers.renew,),
        events.DeadlineExtended: (timers.extend,),
        events.MajorDeclared: (timers.rebind,),
        events.MajorRevoked: (timers.rebind,),
        events.ConcernedChanged: (care.concerned,),
        events.DeliverySettled: (undelivered.tell, echoing.echo),
        events.ReplySent: (echoing.echo, callbacks.wrote),
    }
    for moving in signals.MOVING:
        table[moving] = (*table.get(moving, ()), timers.follow)
    told: tuple[type[events.Event], ...] = (events.TicketOpened, *informing.SEEN)
    for event in told:
        table[event] = (*table.get(event, ()), informing.tell)
    for event in EVENTS:
        if event in UNTOLD:
            continue
        table[event] = (*table.get(event, ()), news.tell)
    chats.register()
    dialling.register()
    journal.EARLY.update((procedures.attach, majors.opened, timers.start, acknowledgements.acknowledge, news.tell))
    journal.LATE.update((timers.follow, informing.tell))
    journal.REACTIONS.clear()
    journal.REACTIONS.update(table)
