"""Letters about tickets: to whom, by which of our addresses, in which thread, with which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.services import accounts, body, letters, outbox, tracking
from helpdesk.services.accounts import AddressBook
from helpdesk.services.outbox import Enclosure, Parcel
from helpdesk.vocabulary import ChannelKind

CARRIER = ChannelKind.EMAIL
"""The channel that carries letters, whichever way the request came."""

UNDO = timedelta(seconds=30)
"""How long an answer by a human waits, so that it can be taken back."""

THREAD = 12
"""How many Message-IDs a thread names: mail clients need few, and header lines stay short."""


@dataclass(frozen=True)
class Notice:
    """A letter to the requester of a ticket. ``values`` go to the template beside those every letter has."""

    ticket_id: int
    template: str
    message_id: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    automatic: bool = False
    enclosures: tuple[Enclosure, ...] = ()
    delay: timedelta = timedelta()
    language: str = ""
    """Another than the ticket's own."""


def send(notices: Sequence[Notice], at: datetime) -> list[Parcel]:
    """Puts letters into the outbox; tickets whose requester has no address are left out of the answer."""
    parcels = compose(notices, at)
    outbox.put(parcels, at)
    return parcels


@dataclass(frozen=True)
class Answer:
    """What an agent wrote, as it goes to a citizen: under which template, signed how, with what, after what delay."""

    text: str
    template: str = "answered"
    agent: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    delay: timedelta = UNDO
    values: Mapping[str, Any] = field(default_factory=dict)


def answer(ticket_id: int, message_id: int, answer: Answer, at: datetime) -> bool:
    """Sends it to who asked, their own last words quoted; False without an address."""
    values = {"text": answer.text, "agent": answer.agent, "quoted": _last_words(ticket_id), **answer.values}
    notice = Notice(ticket_id, answer.template, message_id, values, enclosures=answer.enclosures, delay=answer.delay)
    return bool(send([notice], at))


def compose(notices: Sequence[Notice], at: datetime, facts: Mapping[int, Row[Any]] | None = None) -> list[Parcel]:
    """The finished parcels, in the order of the notices; one statement for all tickets and one for our addresses.

    Whoever has the ``FACTS`` of the tickets at hand gives them.
    """
    if facts is None:
        facts = _facts([notice.ticket_id for notice in notices])
    book = accounts.book()
    return [
        _parcel(notice, facts[notice.ticket_id], book, at)
        for notice in notices
        if notice.ticket_id in facts and book.default(CARRIER)
    ]


FACTS = """
           ticket.id, ticket.subject, ticket.language, ticket.tracking_version, ticket.department_id,
           person.email, person.name, department.names as department, ticket.protocol_number,
           case when ticket.protocol_number is not null then
               (select protocol_entry.at from protocol_entry where protocol_entry.ticket_id = ticket.id)
           end as protocol_at,
           array(select spoken.external_id from (
                   select message.external_id, message.at, message.id from message
                   where message.ticket_id = ticket.id and message.external_id is not null
                     and message.audience = 'public'
                   order by message.at desc, message.id desc limit :thread) as spoken
                 order by spoken.at, spoken.id) as thread"""
"""What a letter tells of its ticket, as columns; ``:thread`` is bound."""

BESIDE_TICKET = """
    join person on person.id = ticket.requester_id and person.email is not null
    left join department on department.id = ticket.department_id"""
"""Where those columns come from, beside the ticket."""

_FACTS = text(f"select {FACTS} from ticket {BESIDE_TICKET} where ticket.id = any(:ids)").bindparams(  # noqa: S608
    bindparam("thread", THREAD)
)


def _facts(ticket_ids: Sequence[int]) -> dict[int, Row[Any]]:
    return {row.id: row for row in db.session.execute(_FACTS, {"ids": list(ticket_ids)})}


def _parcel(notice: Notice, row: Row[Any], book: AddressBook, at: datetime) -> Parcel:
    account = book.speaking_for(CARRIER, row.department_id)
    assert account is not None
    language = i18n.chosen(notice.language, row.language)
    letter = letters.render(notice.template, language, **_values(row, language) | dict(notice.values))
    return Parcel(
        kind=account.kind,
        account_id=account.id,
        external_id=outbox.mint(account.address),
        to_address=row.email,
        to_name=row.name,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        reply_to=accounts.reply_address(account, row.id),
        in_reply_to=row.thread[-1] if row.thread else "",
        references=tuple(row.thread),
        enclosures=notice.enclosures,
        template=notice.template,
        automatic=notice.automatic,
        ticket_id=row.id,
        message_id=notice.message_id,
        due_at=at + notice.delay,
        language=language,
    )


def _values(row: Row[Any], language: str) -> dict[str, Any]:
    return {
        "number": row.id,
        "subject": row.subject,
        "department": i18n.pick(row.department, language) if row.department else "",
        "link": tracking.link(row.id, row.tracking_version, language),
        "code": tracking.code_of(row.id, row.tracking_version),
        "body_name": body.name(language),
        "protocol_number": row.protocol_number,
        "protocol_at": row.protocol_at,
    }


_LAST_WORDS = text(
    """
    select coalesce(reply_text, text) from message
    where ticket_id = :id and direction = 'inbound' and audience = 'public' and automatic is null
    order by at desc, id desc limit 1
    """
)


def _last_words(ticket_id: int) -> str:
    return str(db.session.execute(_LAST_WORDS, {"id": ticket_id}).scalar() or "")
