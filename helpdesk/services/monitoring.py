"""Signals become incidents: an exception opens one or is added to it, a warning is noted, information is counted."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from channels.port import Reported
from helpdesk import events, i18n
from helpdesk.db import db, savepoint, table
from helpdesk.errors import HelpdeskError
from helpdesk.models.monitoring import Signal
from helpdesk.models.tickets import Ticket
from helpdesk.permissions import SYSTEM
from helpdesk.services import accounts, notices, tickets
from helpdesk.services.accounts import Account
from helpdesk.services.arrival import Arrival, Wish
from helpdesk.services.hands import held
from helpdesk.services.intake import batch
from helpdesk.services.people import Contact
from helpdesk.vocabulary import FINISHED, Level, SignalLevel, SignalState, TicketType

_ROWS, _TICKETS = table(Signal), table(Ticket)
FLOOD = "flood"
"""The key under which everything goes that is more than an account may open in an hour."""
EVERY = timedelta(minutes=10)
"""How often an incident that is open hears of the same trouble again; what comes between is counted."""
MOST_AN_HOUR = 20


def _(message: str) -> str:
    """Marks a message for translation; it is said in the body's own language."""
    return message


MANY = _("Monitoring reports more troubles than one by one make sense")
OVER = _("Monitoring reports that it is over.")


@dataclass(frozen=True)
class Call:
    """A kept call: by which account, as which row of the inbox, when."""

    account: Account
    inbound_id: int
    at: datetime

    def setting(self, name: str, usual: Any) -> Any:
        """What the account says, else what is usual."""
        found = self.account.settings.get(name)
        return usual if found in (None, "") else found


@dataclass(frozen=True)
class Outcome:
    """On which ticket a call ended (None: it was only counted), and whether it opened one."""

    ticket_id: int | None = None
    opened: bool = False


def take(inbound_id: int, account_id: int, reported: Iterable[Reported], at: datetime) -> Outcome:
    """Works off a kept call in the caller's transaction; where its gravest part ended."""
    account = accounts.book().by_id.get(account_id)
    if account is None:
        return Outcome()
    call = Call(account, inbound_id, at)
    ends = [_one(call, signal) for signal in reported]
    return next((end for end in ends if end.opened), next((end for end in ends if end.ticket_id), Outcome()))


def _one(call: Call, signal: Reported) -> Outcome:
    before = _noted(call, signal)
    ticket_id = _open_ticket(before)
    if not signal.firing:
        return _recovered(call, signal, before, ticket_id)
    if signal.level == SignalLevel.INFORMATION:
        return Outcome()
    if ticket_id is not None:
        return _again(call, signal, before, ticket_id)
    return _opened(call, signal) if signal.level == SignalLevel.EXCEPTION else Outcome()


def _noted(call: Call, signal: Reported) -> Row[Any]:
    """Counts it; the row as it stood before, held until the commit: two workers never open two incidents of it."""
    same = (_ROWS.c.account_id == call.account.id, _ROWS.c.key == signal.key)
    fresh = {
        "account_id": call.account.id, "key": signal.key, "title": signal.title, "level": signal.level,
        "state": SignalState.RECOVERED.value, "first_at": call.at, "last_at": call.at,
    }  # fmt: skip
    db.session.execute(insert(_ROWS).values(fresh).on_conflict_do_nothing())
    before = db.session.execute(select(_ROWS).where(*same).with_for_update()).one()
    state = SignalState.FIRING if signal.firing else SignalState.RECOVERED
    values = {
        "title": signal.title, "level": signal.level, "state": state.value, "last_at": call.at,
        "reports": _ROWS.c.reports + 1, "recovered_at": None if signal.firing else call.at,
    }  # fmt: skip
    db.session.execute(update(_ROWS).where(*same).values(values))
    return before


def _open_ticket(row: Row[Any]) -> int | None:
    query = select(_TICKETS.c.id).where(_TICKETS.c.id == row.ticket_id, _TICKETS.c.status.not_in(FINISHED))
    return db.session.execute(query).scalar() if row.ticket_id else None


def _again(call: Call, signal: Reported, before: Row[Any], ticket_id: int) -> Outcome:
    """The incident that is open hears of it; not more often than people can read."""
    worse = before.level != signal.level and signal.level == SignalLevel.EXCEPTION
    if worse or before.said_at is None or before.said_at <= call.at - EVERY:
        _say(call, signal, ticket_id, f"{signal.title}\n\n{signal.text}".strip())
    return Outcome(ticket_id)


def _say(call: Call, signal: Reported, ticket_id: int, words: str) -> None:
    with held(SYSTEM, ticket_id, "note", None, call.at) as hand:
        message = notices.note(hand, words)
        fact = events.SignalReported(signal.level, call.inbound_id, message.id)
        hand.record(fact if signal.firing else events.SignalRecovered(call.inbound_id, message.id))
    _set(call, signal.key, said_at=call.at)


def _opened(call: Call, signal: Reported) -> Outcome:
    """A new incident, unless the account opens too many: then all further ones go on one."""
    if signal.key != FLOOD and _lately(call) >= int(call.setting("most_an_hour", MOST_AN_HOUR)):
        title = i18n.gettext(i18n.DEFAULT, MANY)
        flood = replace(signal, key=FLOOD, title=title, text=f"{signal.title}\n{signal.text}".strip())
        return _one(call, flood)
    [taken] = batch.take_in([_arrival(call, signal)], call.at)
    assert taken.ticket_id is not None
    with held(SYSTEM, taken.ticket_id, "note", None, call.at) as hand:
        hand.record(events.SignalReported(signal.level, call.inbound_id, taken.message_id))
    _set(call, signal.key, ticket_id=taken.ticket_id, opened_at=call.at, said_at=call.at)
    return Outcome(taken.ticket_id, opened=True)


def _lately(call: Call) -> int:
    """How many incidents the account opened within an hour."""
    since = (_ROWS.c.account_id == call.account.id, _ROWS.c.opened_at > call.at - timedelta(hours=1))
    return int(db.session.execute(select(func.count()).select_from(_ROWS).where(*since)).scalar_one())


def _arrival(call: Call, signal: Reported) -> Arrival:
    service = signal.service or str(call.setting("service", ""))
    impact = str(call.setting("impact", Level.MEDIUM))
    return Arrival(
        channel=call.account.kind,
        received_at=call.at,
        contact=Contact("", "", "", i18n.DEFAULT),
        subject=signal.title,
        text=signal.text or signal.title,
        language=i18n.DEFAULT,
        inbound_id=call.inbound_id,
        account=call.account,
        may_answer=False,
        wish=Wish(service=service, type=TicketType.INCIDENT, impact=impact, urgency=Level.HIGH),
    )


def _recovered(call: Call, signal: Reported, before: Row[Any], ticket_id: int | None) -> Outcome:
    """The incident hears of it once; it is resolved only where the account says so, and never a major one."""
    if ticket_id is None or before.state != SignalState.FIRING:
        return Outcome(ticket_id)
    over = i18n.gettext(i18n.DEFAULT, OVER)
    _say(call, signal, ticket_id, f"{over}\n\n{signal.text or signal.title}")
    if call.setting("resolves", False):
        _resolve(ticket_id, over, call.at)
    return Outcome(ticket_id)


def _resolve(ticket_id: int, words: str, at: datetime) -> None:
    """What people must decide about stays open: a major incident, a ticket that another trouble still strikes."""
    firing = select(func.count()).select_from(_ROWS)
    firing = firing.where(_ROWS.c.ticket_id == ticket_id, _ROWS.c.state == SignalState.FIRING)
    major = db.session.execute(select(_TICKETS.c.major).where(_TICKETS.c.id == ticket_id)).scalar()
    if major or db.session.execute(firing).scalar_one():
        return
    try:
        with savepoint():
            tickets.resolve(SYSTEM, ticket_id, "solved", words, at=at)
    except HelpdeskError:
        return


def _set(call: Call, key: str, **values: Any) -> None:
    same = (_ROWS.c.account_id == call.account.id, _ROWS.c.key == key)
    db.session.execute(update(_ROWS).where(*same).values(values))
