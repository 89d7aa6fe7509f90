"""Messages of which nobody tells: the carrier is asked whether it has them. What it does not have is never sent again
by guess: it counts as not sent, and goes by the next way where there is one."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from channels import registry
from channels.carrier import Carrier, TextFound
from channels.port import ChannelError, Tiding
from channels.text_forms import RANKS
from helpdesk.db import db, end_reading, unit
from helpdesk.services import accounts, outbox
from helpdesk.services.equipment import settings_of
from helpdesk.services.outbox import Outcome
from helpdesk.services.texting import sending
from helpdesk.services.texts import reports
from helpdesk.vocabulary import Delivery

log = logging.getLogger(__name__)
EARLIER = timedelta(seconds=30)
"""How much the carrier's clock may be behind ours."""
NOT_THERE = 3
"""So often it is asked, at growing distance, before a message that it does not name counts as never taken."""
GIVEN_UP = 12

_DUE = text(
    """
    select text_message.*, outbound.state as stands, outbound.payload->>'text' as words,
           outbound.payload->>'content_sid' as content_sid
    from text_message join outbound on outbound.id = text_message.outbound_id
    where text_message.look_at <= :at and outbound.state <> 'sending'
    order by text_message.look_at limit 20
    """
)


def carrier_of(account_id: int) -> tuple[Carrier, str] | None:
    """The carrier of a number of ours and what stands before numbers on it; None for one out of use."""
    account = accounts.book().by_id.get(account_id)
    if account is None:
        return None
    channel: Any = registry.get(account.kind)
    made: Carrier = channel.carrier(settings_of(channel, account))
    return made, str(channel.prefix)


def look(at: datetime) -> int:
    """Asks about what is due; how much that was. Nothing is open in the database meanwhile."""
    rows = list(db.session.execute(_DUE, {"at": at}))
    for row in rows:
        _look(row, at)
    return len(rows)


def _look(row: Row[Any], at: datetime) -> None:
    known, account = carrier_of(row.account_id), accounts.book().by_id.get(row.account_id)
    end_reading()
    if known is None or account is None or row.looks >= GIVEN_UP:
        _rest(row.outbound_id)
        return
    carrier, prefix = known
    try:
        listed = _listed(carrier, row, prefix, account.address)
    except ChannelError as why:
        log.warning("the carrier cannot be asked for a message", extra={"why": str(why)[:200]})
        _later(row.outbound_id, at, row.looks)
        return
    _found(row, listed, at)


def _listed(carrier: Carrier, row: Row[Any], prefix: str, ours: str) -> Sequence[TextFound]:
    """The message itself where its name is known, else all between the two numbers since it was asked for."""
    if row.sid is None:
        return carrier.texts(prefix + row.number, prefix + ours, row.asked_at - EARLIER)
    found = carrier.text(row.sid)
    return [found] if found is not None else []


_TAKEN = text("select sid from text_message where sid = any(:sids)")


@unit()
def _found(row: Row[Any], listed: Sequence[TextFound], at: datetime) -> None:
    """By its name; where that was lost, one with the same words that no other message of ours is."""
    others = set(db.session.execute(_TAKEN, {"sids": [one.sid for one in listed]}).scalars()) - {row.sid}
    fits = [one for one in listed if one.sid == row.sid or (row.sid is None and one.sid not in others)]
    if row.sid is None and not row.content_sid:
        fits = [one for one in fits if one.body.strip() == (row.words or "").strip()]
    found = fits[-1] if fits else None
    if found is not None:
        _hold(row.outbound_id)
        tiding = Tiding(found.sid, found.status, RANKS.get(found.status, 0), error=found.error)
        if not reports.apply(row, tiding, at) or tiding.rank < 5:
            _later(row.outbound_id, at, row.looks)
    elif row.sid is None and row.looks + 1 >= NOT_THERE and row.stands == Delivery.UNKNOWN:
        _rest(row.outbound_id)
        outbox.told(row.outbound_id, Outcome(Delivery.REFUSED, "not-sent the carrier never took it"), at)
    else:
        _later(row.outbound_id, at, row.looks)


_HOLD = text("select 1 from text_message where outbound_id = :id for update")
_LATER = text("update text_message set look_at = :at, looks = looks + 1 where outbound_id = :id")
_REST = text("update text_message set look_at = null where outbound_id = :id")


def _hold(outbound_id: int) -> None:
    db.session.execute(_HOLD, {"id": outbound_id})


@unit()
def _later(outbound_id: int, at: datetime, looks: int) -> None:
    due = at + sending.FIRST_LOOK * min(2**looks, 240)
    db.session.execute(_LATER, {"id": outbound_id, "at": due})


@unit()
def _rest(outbound_id: int) -> None:
    db.session.execute(_REST, {"id": outbound_id})
