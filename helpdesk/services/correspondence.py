"""Letters about tickets: to whom, by which of our addresses, in which thread, with which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, text

from helpdesk import i18n
from helpdesk.db import db
from helpdesk.services import accounts, body, letters, outbox, tracking
from helpdesk.services.outbox import Enclosure, Parcel
from helpdesk.services.texting import routes
from helpdesk.services.texting.routes import Ground, Way, Whom
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
    by: str = ""
    """The only channel by which it may go; empty: the first that reaches them."""
    content_sid: str = ""
    variables: tuple[str, ...] = ()
    """Approved words, where a channel takes no others."""


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
    by: str = ""
    content_sid: str = ""
    variables: tuple[str, ...] = ()


def answer(ticket_id: int, message_id: int, answer: Answer, at: datetime) -> str:
    """Sends it to who asked, their own last words quoted; by which channel, empty where nothing reaches them."""
    values = {"text": answer.text, "agent": answer.agent, "quoted": _last_words(ticket_id), **answer.values}
    notice = Notice(
        ticket_id, answer.template, message_id, values, enclosures=answer.enclosures, delay=answer.delay, by=answer.by,
        content_sid=answer.content_sid, variables=answer.variables,
    )  # fmt: skip
    return next((parcel.kind for parcel in send([notice], at)), "")


def compose(notices: Sequence[Notice], at: datetime, facts: Mapping[int, Row[Any]] | None = None) -> list[Parcel]:
    """The finished parcels, in the order of the notices; one statement for all tickets and one for our addresses.

    Whoever has the ``FACTS`` of the tickets at hand gives them.
    """
    if facts is None:
        facts = _facts([notice.ticket_id for notice in notices])
    ground = Ground.of(accounts.book(), [whom(facts[one.ticket_id]) for one in notices if one.ticket_id in facts])
    known = [(notice, facts[notice.ticket_id]) for notice in notices if notice.ticket_id in facts]
    found = [_parcel(notice, row, ground, at) for notice, row in known]
    return [parcel for parcel in found if parcel is not None]


def whom(row: Row[Any]) -> Whom:
    """Who is to be reached, of a ticket's facts."""
    return Whom(row.came_by, row.department_id, row.email, row.phone)


FACTS = """
           ticket.id, ticket.subject, ticket.language, ticket.tracking_version, ticket.department_id,
           ticket.channel as came_by, ticket.restricted, person.email, person.phone, person.name,
           department.names as department, ticket.protocol_number,
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
    join person on person.id = ticket.requester_id and coalesce(person.email, person.phone) is not null
    left join department on department.id = ticket.department_id"""
"""Where those columns come from, beside the ticket."""

_FACTS = text(f"select {FACTS} from ticket {BESIDE_TICKET} where ticket.id = any(:ids)").bindparams(  # noqa: S608
    bindparam("thread", THREAD)
)


def _facts(ticket_ids: Sequence[int]) -> dict[int, Row[Any]]:
    return {row.id: row for row in db.session.execute(_FACTS, {"ids": list(ticket_ids)})}


def _parcel(notice: Notice, row: Row[Any], ground: Ground, at: datetime) -> Parcel | None:
    """By the first way that is open, with the letter in reserve where a short message should not arrive."""
    language = i18n.chosen(notice.language, row.language)
    values = _values(row, language) | dict(notice.values)
    if notice.content_sid:
        found = next((one for one in routes.ways(whom(row), ground, at) if one.kind == notice.by and one.account), None)
    else:
        found = routes.way(whom(row), ground, at, by=notice.by)
    if found is None:
        return None
    if not found.is_text:
        return _letter(notice, row, found, values, language, at)
    email = routes.way(whom(row), ground, at, by=CARRIER) if not notice.by or notice.by == found.kind else None
    second = _letter(notice, row, email, values, language, at) if email else None
    return _text(notice, row, found, values, language, at, second)


def _letter(notice: Notice, row: Row[Any], way: Way, values: Mapping[str, Any], language: str, at: datetime) -> Parcel:
    assert way.account is not None
    letter = letters.render(notice.template, language, **values)
    return Parcel(
        kind=way.kind,
        account_id=way.account.id,
        external_id=outbox.mint(way.account.address),
        to_address=way.address,
        to_name=row.name,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        reply_to=accounts.reply_address(way.account, row.id),
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


def _text(
    notice: Notice, row: Row[Any], way: Way, values: Mapping[str, Any], language: str, at: datetime,
    second: Parcel | None,
) -> Parcel:  # fmt: skip
    """Short; of a restricted request nothing but that there is news, and where it can be read."""
    assert way.account is not None
    told = {**values, "files": bool(notice.enclosures)}
    return Parcel(
        kind=way.kind,
        account_id=way.account.id,
        external_id=outbox.mint(way.account.address),
        to_address=way.address,
        to_name=row.name,
        subject="",
        text=letters.short(notice.template, language, secret=row.restricted and not notice.content_sid, **told),
        template=notice.template,
        automatic=notice.automatic,
        ticket_id=row.id,
        message_id=notice.message_id,
        due_at=at + notice.delay,
        language=language,
        content_sid=notice.content_sid,
        variables=notice.variables,
        instead=second,
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
