"""Letters about approvals: to those who may give one what they are asked, to who asked how it was decided."""

from collections.abc import Sequence

from sqlalchemy import text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.services import accounts, alerts, outbox
from helpdesk.services.correspondence import CARRIER
from helpdesk.services.hands import Hand
from helpdesk.services.procedures.reading import Standing
from helpdesk.services.workmodels import Step
from helpdesk.vocabulary import StepState

_READERS = text(
    """
    select person.id as person_id, person.email, person.name, person.language, ticket.id, ticket.subject,
           ticket.department_id
    from ticket join person on person.id = any(:people) and person.email is not null
    where ticket.id = :ticket order by person.id
    """
)


def ask(hand: Hand, step: Step, whom: Sequence[int], note: str) -> None:
    """Puts a letter for each into the outbox, in the reader's language."""
    _put(hand, "approval", step, whom, note)


def decided(hand: Hand, standing: Standing, state: StepState, note: str) -> None:
    """Tells who asked for it, by letter, that it was given or refused, by whom and with which words."""
    whom = [standing.asked_by_id] if standing.asked_by_id is not None else []
    _put(hand, "approval_decided", standing.step, whom, note, approved=state is StepState.APPROVED)


def _put(hand: Hand, template: str, step: Step, whom: Sequence[int], note: str, **more: bool) -> None:
    book = accounts.book()
    if not whom or book.default(CARRIER) is None:
        return
    db.session.flush()
    rows = db.session.execute(_READERS, {"people": list(whom), "ticket": hand.ticket.id}).all()
    parcels = [
        alerts.parcel(
            row, book, template, hand.at,
            step=i18n.pick(step.texts, i18n.chosen(row.language)), agent=hand.actor.name, note=note.strip(), **more,
        )
        for row in rows
    ]  # fmt: skip
    outbox.put(parcels, hand.at)
