"""Past tickets as they arrived, decided anew by two versions of the rules, and what that comes to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Row, text

from helpdesk.db import db
from helpdesk.services import accounts, rulebook, triage
from helpdesk.services.arrival import Arrival, Wish
from helpdesk.services.people import Contact
from helpdesk.services.triage import Decided

LISTED = 50
"""Tickets with another department that are kept to be shown."""

TRIAGE = 0
"""Stands for no department."""

_PAST = text(
    """
    select ticket.id, ticket.subject, ticket.channel, ticket.language, ticket.form, ticket.automatic,
           ticket.received_at, ticket.service_id, ticket.department_id, ticket.routing, ticket.resolution_code,
           ticket.resolved_at, said.text, said.reply_text, said.authentication, inbound.account_id,
           person.email, person.phone
    from ticket left join person on person.id = ticket.requester_id
    left join lateral (
      select message.text, message.reply_text, message.authentication, message.inbound_id from message
      where message.ticket_id = ticket.id and message.direction = 'inbound' order by message.at, message.id limit 1
    ) said on true
    left join inbound on inbound.id = said.inbound_id
    where ticket.id = any(:ids) and coalesce(ticket.routing->>'by', '') <> 'staff' order by ticket.id
    """
)


@dataclass
class Tally:
    """What many tickets come to. Of those whose right department is known: how often each version finds it.

    ``moves`` counts by "from>to" (ids, 0 for triage); ``shown`` are tickets that would go elsewhere, with both
    departments and the right one, where it is known.
    """

    n: int = 0
    changed: int = 0
    known: int = 0
    right_now: int = 0
    right_then: int = 0
    wrong_now: int = 0
    wrong_then: int = 0
    triage_now: int = 0
    triage_then: int = 0
    moves: dict[str, int] = field(default_factory=dict)
    shown: list[dict[str, Any]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Takes another portion in."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.moves = dict(Counter(self.moves) + Counter(other.moves))
        self.shown = [*self.shown, *other.shown][:LISTED]

    def to_dict(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


_COUNTS = tuple(name for name in Tally.__dataclass_fields__ if name not in ("moves", "shown"))


def tally(ids: Sequence[int], version_id: int, against_id: int | None) -> Tally:
    """Both decisions for each of these tickets; those that a colleague took down by hand are left out."""
    rows = db.session.execute(_PAST, {"ids": list(ids)}).all()
    arrivals = [_arrival(row) for row in rows]
    now = triage.decide(arrivals, rulebook.version(against_id) if against_id is not None else None)
    then = triage.decide(arrivals, rulebook.version(version_id))
    return _counted(zip(rows, now, then, strict=True))


def _arrival(row: Row[Any]) -> Arrival:
    """As it came in, as far as it is kept: what a form asked for is what the ticket is about."""
    form = row.channel == "webform"
    return Arrival(
        channel=row.channel,
        received_at=row.received_at,
        contact=Contact(email=row.email or "", phone=row.phone or ""),
        subject=row.subject,
        text=row.text or "",
        reply_text=row.reply_text,
        language=row.language,
        account=accounts.book().by_id.get(row.account_id) if row.account_id else None,
        automatic=row.automatic,
        authentication=row.authentication,
        wish=Wish(service_id=row.service_id if form else None, fields=row.form),
    )


def _counted(decided: Iterable[tuple[Row[Any], Decided, Decided]]) -> Tally:
    found = Tally()
    for row, now, then in decided:
        right = _right(row)
        _count(found, right, now.department_id, then.department_id)
        if now.department_id != then.department_id:
            move = f"{now.department_id or TRIAGE}>{then.department_id or TRIAGE}"
            found.changed, found.moves[move] = found.changed + 1, found.moves.get(move, 0) + 1
            places = {"now": now.department_id, "then": then.department_id, "right": right}
            found.shown = [*found.shown, {"number": row.id, "subject": row.subject[:120], **places}][:LISTED]
    return found


def _right(row: Row[Any]) -> int | None:
    """The department that resolved it, which is where it belonged."""
    belongs = row.resolved_at is not None and row.resolution_code != "not_competent"
    return row.department_id if belongs else None


def _count(found: Tally, right: int | None, now: int | None, then: int | None) -> None:
    found.n += 1
    found.triage_now += now is None
    found.triage_then += then is None
    if right is not None:
        found.known += 1
        found.right_now += now == right
        found.right_then += then == right
        found.wrong_now += now is not None and now != right
        found.wrong_then += then is not None and then != right
