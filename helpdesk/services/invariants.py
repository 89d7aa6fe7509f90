"""What must hold of the whole database: found wrong, it is told in one line; nothing is changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select, text

from helpdesk import clock, storage
from helpdesk.db import db, table
from helpdesk.models.tickets import Attachment
from helpdesk.services import stored, timers

_FRESH = timedelta(hours=1)
"""A file this young may belong to a message that is not committed yet."""

_ROWS = 5_000

Progress = Callable[[str, int, int], None]
"""Told what is looked at, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Fault:
    """Something wrong: with what, and how."""

    thing: str
    what: str

    def __str__(self) -> str:
        return f"{self.thing}: {self.what}"


QUESTIONS: dict[str, str] = {
    "the protocol": """
        select 'protocol of ' || protocol_year.year as thing,
               'has ' || count(protocol_entry.number) || ' entries, its last is ' || protocol_year.last as what
        from protocol_year left join protocol_entry on protocol_entry.year = protocol_year.year
            and protocol_entry.number between 1 and protocol_year.last
        group by protocol_year.year, protocol_year.last having protocol_year.last <> count(protocol_entry.number)
        union all
        select 'ticket ' || coalesce(ticket.id, protocol_entry.ticket_id), 'has another number than the protocol says'
        from (select id, protocol_number from ticket where protocol_number is not null) as ticket
        full join protocol_entry on protocol_entry.ticket_id = ticket.id
        where ticket.protocol_number is distinct from protocol_entry.number || '/' || protocol_entry.year
    """,
    "raw messages": """
        select 'inbound ' || id as thing,
               case when state = 'processed' then 'processed without a ticket'
                    when state in ('held', 'discarded') then state || ' without a reason'
                    when state = 'unreadable' then 'unreadable without a reason'
                    else 'in a state nobody works on: ' || state end as what
        from inbound
        where (state = 'processed' and (processed_at is null
                                       or (ticket_id is null and outcome is distinct from 'settled')))
           or (state = 'unreadable' and error is null) or (state in ('held', 'discarded') and reason is null)
           or state not in ('kept', 'processed', 'unreadable', 'held', 'discarded')
        order by id
    """,
    "messages of raw ones": """
        select 'inbound ' || inbound.id, 'made ' || count(*) || ' messages'
        from inbound join message on message.inbound_id = inbound.id
        group by inbound.id having count(*) > 1 order by inbound.id
    """,
    "outgoing messages": """
        select 'outbound ' || id,
               case when state = 'sending' then 'being sent, by nobody'
                    when state = 'waiting' then 'waits although it was settled'
                    else state || ' without a moment' end
        from outbound
        where (state = 'sending' and claimed_at is null) or (state = 'waiting' and settled_at is not null)
           or (state not in ('waiting', 'held', 'sending') and settled_at is null)
        order by id
    """,
    "shown deliveries": """
        select 'message ' || message.id, 'shows ' || coalesce(message.delivery_state, 'nothing') || ', its letter is '
               || outbound.state
        from outbound join message on message.id = outbound.message_id
        where not exists (select from outbound later where later.message_id = message.id and later.id > outbound.id)
          and message.delivery_state is distinct from outbound.state
          and not (outbound.state = 'sending' and message.delivery_state = 'waiting')
        order by message.id
    """,
    "openings": """
        select 'ticket ' || ticket.id, 'its journal does not begin with its opening'
        from ticket left join lateral (
            select type from ticket_event where ticket_id = ticket.id order by ticket_event.id limit 1) as first on true
        where first.type is distinct from 'ticket_opened'
          and not exists (select from journal_tombstone where journal_tombstone.ticket_id = ticket.id)
        order by ticket.id
    """,
    "statuses": """
        select 'ticket ' || ticket.id, 'is ' || ticket.status || ', its journal says ' || told.status
        from ticket join lateral (
            select case type when 'status_changed' then data->>'status' when 'ticket_resolved' then 'resolved'
                             when 'ticket_reopened' then 'open' when 'ticket_closed' then 'closed'
                             when 'ticket_merged' then 'merged'
                             when 'ticket_unmerged' then (
                                 select merge.data->>'previous' from ticket_event as merge
                                 where merge.ticket_id = ticket.id and merge.type = 'ticket_merged'
                                   and merge.id < ticket_event.id order by merge.id desc limit 1)
                             else 'cancelled' end as status
            from ticket_event where ticket_id = ticket.id and type in ('status_changed', 'ticket_resolved',
                 'ticket_reopened', 'ticket_closed', 'ticket_cancelled', 'ticket_merged', 'ticket_unmerged')
            order by ticket_event.id desc limit 1) as told on told.status is distinct from ticket.status
        order by ticket.id
    """,
    "owners": """
        select 'ticket ' || ticket.id,
               case when ticket.owner_id is null then 'has a department and nobody who answers for it'
                    when not owner.active then 'its owner works here no more'
                    else 'who works on it works here no more' end
        from ticket left join staff as owner on owner.person_id = ticket.owner_id
        left join staff as worker on worker.person_id = ticket.assignee_id
        where ((ticket.is_open or ticket.status = 'resolved') and ticket.department_id is not null
               and ticket.owner_id is null and exists (select from staff where staff.active))
           or (ticket.is_open and (not owner.active or not worker.active))
        order by ticket.id
    """,
    "merged tickets": """
        select 'ticket ' || ticket.id,
               case when (ticket.status = 'merged') <> (ticket.survivor_id is not null)
                      or (ticket.survivor_id is null) <> (ticket.merged_into_id is null)
                    then 'is ' || ticket.status || ' and goes on in ' || coalesce(ticket.survivor_id::text, 'none')
                    else 'goes on in ' || ticket.survivor_id || ', which was merged too' end
        from ticket left join ticket as survivor on survivor.id = ticket.survivor_id
        where (ticket.status = 'merged') <> (ticket.survivor_id is not null)
           or (ticket.survivor_id is null) <> (ticket.merged_into_id is null) or survivor.status = 'merged'
        order by ticket.id
    """,
    "engagements and missing documents": """
        select 'ticket ' || ticket.id, 'its journal says otherwise of its ' || told.what
        from ticket cross join lateral (values
            ('supplier', ticket.supplier_id is not null, (
                select type = 'supplier_engaged' from ticket_event where ticket_id = ticket.id
                and type in ('supplier_engaged', 'supplier_answered', 'ticket_cancelled')
                order by id desc limit 1)),
            ('documents', ticket.incomplete_since is not null, (
                select type = 'application_incomplete' from ticket_event where ticket_id = ticket.id
                and type in ('application_incomplete', 'application_completed') order by id desc limit 1))
            ) as told(what, shown, journal)
        where told.shown <> coalesce(told.journal, false)
          and not exists (select from journal_tombstone where journal_tombstone.ticket_id = ticket.id)
        order by ticket.id
    """,
    "waiting": """
        select 'ticket ' || ticket.id, 'waits, and no clock looks after it'
        from ticket left join ticket_wait on ticket_wait.ticket_id = ticket.id
        where ticket.status in ('waiting_requester', 'waiting_supplier', 'waiting_internal', 'scheduled')
          and (ticket_wait.ticket_id is null
               or (ticket.waiting_until is not null and ticket_wait.next_at is null))
        order by ticket.id
    """,
    "places for calls": """
        select 'call window ' || slot.id, 'says ' || slot.booked || ' are booked, there are ' || count(promise.id)
        from callback_slot as slot left join callback_promise as promise on promise.slot_id = slot.id
        group by slot.id having slot.booked <> count(promise.id)
        union all
        select 'call window ' || slot.id, 'keeps ' || slot.held || ' places, for ' || count(hold.id) || ' forms'
        from callback_slot as slot left join callback_hold as hold on hold.slot_id = slot.id
        group by slot.id having slot.held <> count(hold.id)
    """,
    "promised calls": """
        select 'ticket ' || promise.ticket_id,
               case when not ticket.is_open then 'is over and owes a call'
                    when promise.state = 'ringing' and attempt.id is null then 'is rung, by nobody'
                    when promise.state <> 'ringing' and attempt.id is not null then 'is rung, and nobody waits for it'
                    else 'is to be rung and cannot be: ' || coalesce(promise.ended, '') end
        from callback_promise as promise join ticket on ticket.id = promise.ticket_id
        left join callback_attempt as attempt on attempt.promise_id = promise.id and attempt.ended_at is null
        where (promise.state in ('scheduled', 'ringing', 'retry_wait')
               and (not ticket.is_open or promise.ended_at is not null))
           or ((promise.state = 'ringing') <> (attempt.id is not null))
        union all
        select 'telephone ' || right(phone, 3), 'was promised ' || count(*) || ' calls at once'
        from callback_promise
        where phone <> '' and origin <> 'agent' and state in ('scheduled', 'ringing', 'retry_wait')
        group by phone having count(*) > 1
    """,
    "chats": """
        select 'chat ' || chat.id,
               case when (chat.state = 'active') <> (chat.agent_id is not null) then 'is ' || chat.state || ', and has '
                         || coalesce('agent ' || chat.agent_id, 'nobody')
                    when chat.state in ('queued', 'active', 'paused', 'left') and chat.ticket_id is null
                         then 'is ' || chat.state || ' and no request'
                    else 'has ' || told.n || ' lines, its last is ' || chat.seq end
        from chat cross join lateral (
            select count(*) as n, coalesce(max(seq), 0) as last from chat_line where chat_id = chat.id) as told
        where (chat.state = 'active') <> (chat.agent_id is not null) or told.n <> chat.seq or told.last <> chat.seq
           or (chat.state in ('queued', 'active', 'paused', 'left') and chat.ticket_id is null)
        order by chat.id
    """,
    "set-aside waiting": """
        select 'ticket ' || ticket_id, 'its waiting was set aside: ' || error
        from ticket_wait where error is not null order by ticket_id
    """,
    "set-aside steps": """
        select 'ticket ' || ticket_id, 'what the step ' || step || ' does was set aside: ' || error
        from clock_step where again_at is not null order by ticket_id, id
    """,
    "set-aside clocks": """
        select 'ticket ' || ticket_id, 'its clock ' || name || ' was set aside: ' || error
        from ticket_clock where error is not null order by ticket_id
    """,
}
"""What is looked at, and the question whose every answer is a fault."""


def broken(now: datetime | None = None, progress: Progress | None = None) -> Iterator[Fault]:
    """Everything that is wrong; nothing where all is well."""
    moment, tell = now or clock.now(), progress or _silent
    for at, (name, question) in enumerate(QUESTIONS.items()):
        tell(name, at, len(QUESTIONS))
        for row in db.session.execute(text(question)):
            yield Fault(*row)
    for found in timers.verify(moment, lambda done, total: tell("clocks", done, total)):
        yield Fault(f"ticket {found.ticket_id}", f"{found.what} is {found.kept}, the journal says {found.true}")
    yield from _missing_files(tell)
    yield from _orphan_files(moment, tell)


def _silent(*_: Any) -> None:
    return


def _missing_files(tell: Progress) -> Iterator[Fault]:
    """Attachments whose bytes are gone."""
    rows, last = table(Attachment), 0
    query = select(rows.c.id, rows.c.sha256, rows.c.message_id)
    while found := db.session.execute(query.where(rows.c.id > last).order_by(rows.c.id).limit(_ROWS)).all():
        last = found[-1].id
        tell("attachments", last, last)
        for row in found:
            if not storage.exists(row.sha256):
                yield Fault(f"attachment {row.id}", f"the file of message {row.message_id} is missing")


def _orphan_files(now: datetime, tell: Progress) -> Iterator[Fault]:
    """Files that nothing names, folder by folder."""
    if not storage.is_local():
        return
    root = Path(current_app.config["DATA_DIR"]) / "attachments"
    folders = sorted(path for path in root.glob("*") if path.is_dir())
    for at, folder in enumerate(folders, start=1):
        tell("files", at, len(folders))
        names = {path.name for path in folder.iterdir() if _settled(path, now)}
        for name in sorted(names - stored.named(names)):
            yield Fault(f"file {folder.name}/{name}", "belongs to no attachment")


def _settled(path: Path, now: datetime) -> bool:
    return now.timestamp() - path.stat().st_mtime > _FRESH.total_seconds()
