"""Reminders while a ticket waits: to the citizen who is asked, else to the colleagues whose ticket it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from helpdesk import events, i18n
from helpdesk.db import db
from helpdesk.permissions import SYSTEM
from helpdesk.services import accounts, alerts, automatic, journal, outbox, pauses, rulebook
from helpdesk.services.correspondence import CARRIER, Notice
from helpdesk.services.pauses import Terms
from sla.waiting import Wait, WaitingEnd

CODE = "reminder"


def _(message: str) -> str:
    """Marks a message for translation; it is translated in the reader's language."""
    return message


NEEDS = {
    "needs_information": _("We need some information from you before we can go on."),
    "needs_document": _("We need a document from you before we can go on."),
    "needs_confirmation": _("We need your confirmation before we can go on."),
}
FOR_COLLEAGUES = {
    "needs_information": _("It waits for information from the citizen."),
    "needs_document": _("It waits for a document from the citizen."),
    "needs_confirmation": _("It waits for the citizen's confirmation."),
    "supplier_works": _("It waits for a supplier."),
    "other_department": _("It waits for another department."),
    "approval": _("It waits for an approval."),
    "appointment": _("It waits for an appointment."),
    "agreed_date": _("It waits for an agreed date."),
}


def remind(row: Row[Any], terms: Terms, until: datetime | None, now: datetime, *, last: bool = False) -> bool:
    """Reminds whoever is waited for, as a fact; whether that was the citizen.

    A citizen who cannot or will not be written to by a machine is left to the colleagues.
    """
    if pauses.asks_citizen(row.reason):
        message_id = _tell_citizen(row, terms, until, now, last)
        if message_id is not None:
            journal.record(row.id, events.WaitingReminded(message_id, last), SYSTEM, now)
            return True
    _tell_colleagues(row, until, now)
    journal.record(row.id, events.WaitingReminded(None, last, to="staff"), SYSTEM, now)
    return False


def _tell_citizen(row: Row[Any], terms: Terms, until: datetime | None, now: datetime, last: bool) -> int | None:
    """The message as it stands on the ticket; None where nobody could be written to."""
    if not automatic.welcome([row.id]):
        return None
    language = i18n.chosen(row.language)
    values = {
        "need": i18n.gettext(language, NEEDS.get(row.reason, NEEDS["needs_information"])),
        "asked": _question(row.id),
        "since": row.since,
        "until": until,
        "last": last,
        "ends": last and terms.rule.end is WaitingEnd.RESOLVED,
    }
    sent = automatic.send([Notice(row.id, "reminder", values=values, automatic=True)], CODE, now)
    return sent[0].message_id if sent else None


_QUESTION = text(
    """
    select message.text from message
    where ticket_id = :id and direction = 'outbound' and audience = 'public' and automatic is null
      and delivery_state is distinct from 'withdrawn'
    order by at desc, id desc limit 1
    """
)


def _question(ticket_id: int) -> str:
    """What we asked: the last words of a person of ours."""
    return str(db.session.execute(_QUESTION, {"id": ticket_id}).scalar() or "")


def _tell_colleagues(row: Row[Any], until: datetime | None, now: datetime) -> None:
    """A letter to the owner and to who works on it; to those who lead where it is nobody's."""
    book = accounts.book()
    if book.default(CARRIER) is None:
        return
    readers = alerts.readers(alerts.HANDS, row.id) or alerts.readers(alerts.LEADS, row.id)
    outbox.put([_letter(reader, row, book, until, now) for reader in readers], now)


def _letter(reader: Row[Any], row: Row[Any], book: accounts.AddressBook, until: datetime | None, now: datetime) -> Any:
    language = i18n.chosen(reader.language)
    what = i18n.gettext(language, FOR_COLLEAGUES.get(row.reason, FOR_COLLEAGUES["other_department"]))
    opens = rulebook.calendar_for(reader.calendar_key).value.next_opening(now) if reader.calendar_key else now
    return alerts.parcel(
        reader, book, "waiting", opens, what=what, since=row.since, until=until, unreached=row.reason in NEEDS
    )


def farewell(row: Row[Any], wait: Wait) -> str:
    """The public words with which a request ends whose citizen stayed silent."""
    language, asked = i18n.chosen(row.language), wait.warned_at or wait.since
    told = _(
        "We asked you for something we need and reminded you of it, last on %(day)s, but had no answer. So we end this"
        " request. If you still need it, answer this message: we will gladly go on."
    )
    return i18n.gettext(language, told) % {"day": i18n.day(asked, language)}
