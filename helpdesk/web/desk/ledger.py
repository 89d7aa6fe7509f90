"""The ledger of a ticket: why each deadline is what it is, drawn to scale and accounted for to the second."""

from flask import render_template

from helpdesk import i18n
from helpdesk.services import conversation, people, rulebook, timers
from helpdesk.services.timers import Ledger
from helpdesk.web import language
from helpdesk.web.desk import causes, choices
from helpdesk.web.desk.accounts import Speaker
from helpdesk.web.desk.room import NUMBER, room
from helpdesk.web.desk.telling import Telling
from helpdesk.web.desk.words import words
from helpdesk.web.guards import agent, current_actor
from sla import tzdata_version


@room.get(f"/tickets/{NUMBER}/ledger")
@agent
def ledger(number: int) -> str:
    """Every cycle of every clock of the ticket."""
    actor, here = current_actor(), language.current()
    ticket, found = conversation.heading(actor, number), timers.ledger(actor, number)
    speaker = _speaker(found, here)
    return render_template(
        "desk/ledger.html",
        ticket=ticket,
        shown=[speaker.shown(account) for account in found.accounts],
        now=speaker.moment(found.now),
        zone=i18n.ZONE.key,
        tzdata=tzdata_version(),
        everything={"all": 1} if ticket.message_count > conversation.NEWEST else {},
        words=words(here),
    )


def _speaker(found: Ledger, here: str) -> Speaker:
    promises = [account.promise for account in found.accounts]
    ids = {version.id for promise in promises for version in (promise.policy, promise.calendar)}
    names = people.names(causes.mentioned(list(found.facts.values())))
    telling = Telling(names, choices.of(here), words(here), found.now)
    return Speaker(found, telling, {row.id: row for row in rulebook.records(ids)})
