"""Letters to those who may approve: what they are asked, by whom, for which ticket."""

from collections.abc import Sequence

from sqlalchemy import text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.services import accounts, alerts, outbox
from helpdesk.services.catalogue import Colleague
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.hands import Hand
from helpdesk.services.workmodels import Step

_READERS = text(
    """
    select person.id as person_id, person.email, person.name, person.language, ticket.id, ticket.subject,
           ticket.department_id
    from ticket join person on person.id = any(:people) and person.email is not null
    where ticket.id = :ticket order by person.id
    """
)


def ask(hand: Hand, step: Step, whom: Sequence[Colleague], note: str) -> None:
    """Puts a letter for each into the outbox, in the reader's language."""
    book = accounts.book()
    if not whom or book.default(CARRIER) is None:
        return
    db.session.flush()
    rows = db.session.execute(_READERS, {"people": [one.id for one in whom], "ticket": hand.ticket.id}).all()
    parcels = [
        alerts.parcel(
            row, book, "approval", hand.at,
            step=i18n.pick(step.texts, i18n.chosen(row.language)), agent=hand.actor.name, note=note.strip(),
        )
        for row in rows
    ]  # fmt: skip
    outbox.put(parcels, hand.at)
