"""Tells a citizen that it takes longer than promised: why, in plain words, who has it, by when, and whom to ring."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.services import automatic, informing
from helpdesk.services.correspondence import Notice
from helpdesk.vocabulary import PublicChange, Reader, Telling
from sla import StepAction

CODE = "delayed"


def _(message: str) -> str:
    """Marks a message for translation; it is translated in the citizen's language."""
    return message


WHY: Mapping[str, str] = {
    "citizen": _("We still need something from you, which we asked you for."),
    "supplier": _("A company that works for us has to do its part first, and has not finished."),
    "other_department": _("Another of our services has to answer first."),
    "approval": _("Somebody who decides such things has to agree first."),
    "date": _("It hangs on the day that was agreed."),
    "many": _("We have received many requests, and yours has not had its turn yet."),
    "work": _("It needs more work than we thought."),
}
"""Why it takes long, by what the ticket waits for or is stuck on."""

_BY_STATUS = {
    "waiting_requester": "citizen",
    "waiting_supplier": "supplier",
    "waiting_internal": "other_department",
    "scheduled": "date",
}

_STANDS = text(
    """
    select ticket.status, ticket.waiting_reason, ticket.waiting_until, ticket.assignee_id, ticket.language,
           department.phone,
           (select due_at from ticket_clock where ticket_id = ticket.id and name = :clock and cycle = :cycle) as due_at,
           exists (select from ticket_clock where ticket_id = ticket.id and name = 'ua' and stopped_at is null
                   and state <> 'withdrawn') as engaged
    from ticket left join department on department.id = ticket.department_id
    where ticket.id = :id
    """
)


def tell(ticket_id: int, key: tuple[int, str, int, str], at: datetime, opens: datetime, *, missed: bool) -> bool:
    """Writes to the requester, to leave when it may; whether there was anybody to write to.

    The letter also stands on the ticket, so that whoever answers the phone knows what was said. Where the rules of
    informing say that nobody is told, or who asked cannot be written to, the owner is to ring.
    """
    reached = informing.reached(ticket_id, PublicChange.DELAYED, at)
    if reached is None or reached.telling is not Telling.LETTER:
        informing.keep([reached] if reached else [])
        return False
    _, clock, cycle, _ = key
    row = db.session.execute(_STANDS, {"id": ticket_id, "clock": clock, "cycle": cycle}).one()
    language = i18n.chosen(row.language)
    values = {
        "why": i18n.gettext(language, WHY[_stuck(row)]),
        "missed": missed,
        "promised_at": row.due_at,
        "until": row.waiting_until if row.waiting_until and row.waiting_until > at else None,
        "phone": row.phone or "",
    }
    leaves = informing.leaves(PublicChange.DELAYED, Reader.REQUESTER, opens)
    notice = Notice(ticket_id, "delayed", values=values, automatic=True, delay=leaves - at)
    sent = automatic.send([notice], CODE, at)
    informing.keep([informing.sent(reached, sent[0] if sent else None, leaves)])
    return bool(sent)


def _stuck(row: Row[Any]) -> str:
    if row.waiting_reason == "approval":
        return "approval"
    if row.engaged:
        return "supplier"
    return _BY_STATUS.get(row.status) or ("work" if row.assignee_id is not None else "many")


_FIRST = text(
    """
    select step from clock_step
    where ticket_id = :id and clock = :clock and cycle = :cycle and step like :tells order by id limit 1
    """
)


def told_before(ticket_id: int, clock: str, cycle: int, step: str) -> bool:
    """Whether an earlier step of this cycle tells it, so that nobody hears the same twice."""
    told = {"id": ticket_id, "clock": clock, "cycle": cycle, "tells": f"%:{StepAction.TELL_CITIZEN.value}%"}
    return bool(db.session.execute(_FIRST, told).scalar() != step)
